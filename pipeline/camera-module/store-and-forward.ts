import type { Clock } from '../clock.js';
import type { Retry } from './retry-schedule.js';
import { Shelf, type Stored } from './shelf.js';

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
  /** What waits already; by default nothing does. */
  readonly shelf?: Shelf<Item>;
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

/**
 * Keeps items while the way on is closed and hands them on one by one, in the order in which they came. An item
 * that fails is tried again before any other goes.
 */
export class StoreAndForward<Item> {
  private readonly options: StoreAndForwardOptions<Item>;
  private readonly shelf: Shelf<Item>;
  /** Counts the times that it went on; a hand-over of an earlier time has no say any more. */
  private spell = 0;
  private forwarding = false;
  private stopped = false;

  constructor(options: StoreAndForwardOptions<Item>) {
    this.options = options;
    this.shelf = options.shelf ?? new Shelf();
  }

  /** `bytes` is what the item takes of the store. */
  put(item: Item, bytes: number): void {
    const { limits, clock } = this.options;
    const { shelf } = this;
    shelf.counts.in++;
    while (this.isFullFor(bytes)) {
      // The first item is on its way while forwarding, and can no longer be taken back.
      const oldest = limits.overflow === 'drop-oldest' ? shelf.take(this.forwarding ? 1 : 0) : undefined;
      this.lose(oldest?.item ?? item, 'overflow');
      if (oldest === undefined) return;
    }
    const expiresAtMs =
      limits.timeToLiveMs === null ? Number.POSITIVE_INFINITY : clock.now() + limits.timeToLiveMs;
    shelf.push({ item, bytes, expiresAtMs });
    this.start();
  }

  /** Hands nothing more on; what waits, and what was on its way, stays in the store. */
  stop(): void {
    this.stopped = true;
    this.forwarding = false;
    this.spell++;
  }

  /** Goes on with what waits. */
  resume(): void {
    this.stopped = false;
    this.start();
  }

  figures(): StoreFigures {
    const { counts, length, bytes } = this.shelf;
    return { ...counts, queued: length, queuedBytes: bytes };
  }

  private isFullFor(bytes: number): boolean {
    const { maxItems, maxBytes } = this.options.limits;
    return this.shelf.length >= maxItems || this.shelf.bytes + bytes > maxBytes;
  }

  private start(): void {
    if (!this.forwarding && !this.stopped) void this.forwardAll();
  }

  private async forwardAll(): Promise<void> {
    const { spell, shelf } = this;
    this.forwarding = true;
    for (let first = shelf.first; first !== undefined; first = shelf.first) {
      const outcome = await this.forwardOne(first);
      if (spell !== this.spell) return;
      if (outcome === 'again') continue;
      shelf.take(0);
      if (outcome === 'done') shelf.counts.out++;
      else this.lose(first.item, outcome);
    }
    this.forwarding = false;
  }

  private async forwardOne({ item, expiresAtMs }: Stored<Item>): Promise<'done' | 'again' | LossReason> {
    const { clock, forward, isFinal, retry } = this.options;
    const { spell } = this;
    if (clock.now() >= expiresAtMs) return 'expired';
    try {
      await forward(item);
      return 'done';
    } catch (error) {
      if (isFinal(error)) return 'rejected';
      if (spell === this.spell) this.shelf.counts.retried++;
      await clock.sleep(retry.nextDelayMs());
      return 'again';
    }
  }

  private lose(item: Item, reason: LossReason): void {
    this.shelf.counts.dropped++;
    this.options.onLost(item, reason);
  }
}
