/**
 * What the edge hub keeps for one endpoint until it takes it ("Understand extended offline capabilities"; "Route
 * priority and time-to-live"): of what waits, the highest priority goes first, and within it what came first.
 */
import type { OutgoingMessage } from '../../../pipeline/camera-module/hub-connection.js';
import type { Retry } from '../../../pipeline/camera-module/retry-schedule.js';
import type { LossReason } from '../../../pipeline/camera-module/store-and-forward.js';
import type { Clock } from '../../kernel/services.js';

export interface StoredMessage {
  /** Where it came from. */
  readonly module: string;
  readonly message: OutgoingMessage;
  readonly bytes: number;
  /** The lower, the sooner. */
  readonly priority: number;
  readonly expiresAtMs: number;
}

export interface EndpointQueueOptions {
  /** On the device's disk: in the order in which they go. */
  readonly stored: StoredMessage[];
  readonly clock: Clock;
  readonly retry: Retry;
  /** Resolves when something can be delivered. */
  readonly ready: () => Promise<unknown>;
  readonly deliver: (stored: StoredMessage) => Promise<void>;
  /** True for a failure that no retry will mend. */
  readonly isFinal: (error: unknown) => boolean;
  readonly onDelivered: (stored: StoredMessage) => void;
  readonly onRetry: () => void;
  readonly onLost: (stored: StoredMessage, reason: LossReason) => void;
}

export class EndpointQueue {
  private readonly options: EndpointQueueOptions;
  private pumping = false;
  private stopped = false;

  constructor(options: EndpointQueueOptions) {
    this.options = options;
  }

  put(message: StoredMessage): void {
    const { stored } = this.options;
    const behind = stored.findIndex(({ priority }) => priority > message.priority);
    stored.splice(behind === -1 ? stored.length : behind, 0, message);
    this.start();
  }

  start(): void {
    if (!this.pumping && !this.stopped) void this.pump();
  }

  /** Delivers nothing more; what was on its way stays stored. */
  stop(): void {
    this.stopped = true;
  }

  /** Gives up what has waited longer than it may. */
  dropExpired(): void {
    const nowMs = this.options.clock.now();
    for (const each of this.options.stored.filter(({ expiresAtMs }) => expiresAtMs <= nowMs)) {
      this.remove(each);
      this.options.onLost(each, 'expired');
    }
  }

  private async pump(): Promise<void> {
    const { stored, clock, ready, retry } = this.options;
    this.pumping = true;
    while (stored.length > 0) {
      await ready();
      if (this.stopped) return;
      const first = this.firstAlive();
      if (first === undefined) continue;
      const outcome = await this.deliver(first);
      if (this.stopped) return;
      if (outcome === 'again') await clock.sleep(retry.nextDelayMs());
      if (this.stopped) return;
    }
    this.pumping = false;
  }

  private firstAlive(): StoredMessage | undefined {
    const { clock, onLost, stored } = this.options;
    for (let first = stored[0]; first !== undefined; first = stored[0]) {
      if (clock.now() < first.expiresAtMs) return first;
      stored.shift();
      onLost(first, 'expired');
    }
    return undefined;
  }

  private async deliver(message: StoredMessage): Promise<'settled' | 'again'> {
    const { deliver, isFinal, onDelivered, onLost, onRetry } = this.options;
    try {
      await deliver(message);
      if (this.stopped) return 'again';
      if (this.remove(message)) onDelivered(message);
      return 'settled';
    } catch (error) {
      if (this.stopped) return 'again';
      if (!isFinal(error)) {
        onRetry();
        return 'again';
      }
      if (this.remove(message)) onLost(message, 'rejected');
      return 'settled';
    }
  }

  private remove(message: StoredMessage): boolean {
    const { stored } = this.options;
    const index = stored.indexOf(message);
    if (index === -1) return false;
    stored.splice(index, 1);
    return true;
  }
}
