import type { Clock } from '../clock.js';
import type { Retry } from './retry-schedule.js';

/** What to do when the store is full: keep what waits and lose the new one, or lose what waits longest. */
export type OverflowPolicy = 'keep-oldest' | 'drop-oldest';

export interface StoreLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly overflow: OverflowPolicy;
  /** How long something may wait; null: as long as it takes. */
  readonly timeToLiveMs: number | null;
}

export type LossReason = 'overflow' | 'expired' | 'rejected';

export interface StoreAndForwardOptions<Item> {
  readonly limits: StoreLimits;
  readonly retry: Retry;
  readonly clock: Clock;
  /** Hands one item on; rejects when that failed. */
  readonly forward: (item: Item) => Promise<void>;
  /** True for a failure that no retry will mend: the item is lost, those behind it go on. */
  readonly isFinal: (error: unknown) => boolean;
  readonly onLost: (item: Item, reason: LossReason) => void;
}

export interface StoreFigures {
  readonly in: number;
  readonly out: number;
  readonly dropped: number;
  readonly retried: number;
  readonly queued: number;
  readonly peakQueue: number;
  readonly queuedBytes: number;
}

interface Stored<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly expiresAtMs: number;
}

/**
 * Keeps items while the way on is closed and hands them on one by one, in the order in which they came. An item
 * that fails is tried again before any other goes.
 */
export class StoreAndForward<Item> {
  private readonly options: StoreAndForwardOptions<Item>;
  private waiting: Stored<Item>[] = [];
  private waitingBytes = 0;
  private forwarding = false;
  private stopped = false;
  private entered = 0;
  private left = 0;
  private dropped = 0;
  private retried = 0;
  private peak = 0;

  constructor(options: StoreAndForwardOptions<Item>) {
    this.options = options;
  }

  /** `bytes` is what the item takes of the store. */
  put(item: Item, bytes: number): void {
    const { limits, clock } = this.options;
    this.entered++;
    while (this.isFullFor(bytes)) {
      const oldest = limits.overflow === 'drop-oldest' ? this.takeOldestAtRest() : undefined;
      this.lose(oldest?.item ?? item, 'overflow');
      if (oldest === undefined) return;
    }
    const expiresAtMs =
      limits.timeToLiveMs === null ? Number.POSITIVE_INFINITY : clock.now() + limits.timeToLiveMs;
    this.waiting.push({ item, bytes, expiresAtMs });
    this.waitingBytes += bytes;
    this.peak = Math.max(this.peak, this.waiting.length);
    if (!this.forwarding) void this.forwardAll();
  }

  /** Hands nothing more on; what waits stays in the store. */
  stop(): void {
    this.stopped = true;
  }

  /** After `stop`: goes on with what waits. */
  resume(): void {
    this.stopped = false;
    if (!this.forwarding) void this.forwardAll();
  }

  figures(): StoreFigures {
    return {
      in: this.entered,
      out: this.left,
      dropped: this.dropped,
      retried: this.retried,
      queued: this.waiting.length,
      peakQueue: this.peak,
      queuedBytes: this.waitingBytes,
    };
  }

  private isFullFor(bytes: number): boolean {
    const { maxItems, maxBytes } = this.options.limits;
    return this.waiting.length >= maxItems || this.waitingBytes + bytes > maxBytes;
  }

  /** The first item is on its way while forwarding, and can no longer be taken back. */
  private takeOldestAtRest(): Stored<Item> | undefined {
    const [oldest] = this.waiting.splice(this.forwarding ? 1 : 0, 1);
    if (oldest !== undefined) this.waitingBytes -= oldest.bytes;
    return oldest;
  }

  private async forwardAll(): Promise<void> {
    this.forwarding = true;
    for (let first = this.waiting[0]; first !== undefined && !this.stopped; first = this.waiting[0]) {
      const outcome = await this.forwardOne(first);
      if (outcome === 'again') continue;
      this.waiting.shift();
      this.waitingBytes -= first.bytes;
      if (outcome === 'done') this.left++;
      else this.lose(first.item, outcome);
    }
    this.forwarding = false;
  }

  private async forwardOne({ item, expiresAtMs }: Stored<Item>): Promise<'done' | 'again' | LossReason> {
    const { clock, forward, isFinal, retry } = this.options;
    if (clock.now() >= expiresAtMs) return 'expired';
    try {
      await forward(item);
      return 'done';
    } catch (error) {
      if (isFinal(error)) return 'rejected';
      this.retried++;
      await clock.sleep(retry.nextDelayMs());
      return 'again';
    }
  }

  private lose(item: Item, reason: LossReason): void {
    this.dropped++;
    this.options.onLost(item, reason);
  }
}
