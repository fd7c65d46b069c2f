/**
 * Cloud-to-device messages ("Understand cloud-to-device messaging"): a queue for each device, at least once. A message
 * is enqueued, then locked for a receiver, and then completed, rejected (dead-lettered) or abandoned; what is abandoned
 * too often, or is too old, is dead-lettered.
 */
import type { Clock, Timer } from '../kernel/services.js';

export type FeedbackWanted = 'none' | 'positive' | 'negative' | 'full';

export interface CloudToDeviceMessage {
  readonly messageId: string;
  readonly body: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  /** As in a property bag: `cid`, `ct`, `ce`, … */
  readonly system: Readonly<Record<string, string>>;
  /** Epoch milliseconds; null: the hub's default time to live. */
  readonly expiresAtMs: number | null;
  readonly feedback: FeedbackWanted;
}

export interface ReceivedMessage extends CloudToDeviceMessage {
  readonly sequenceNumber: number;
  readonly enqueuedAtMs: number;
  /** 1 for the first delivery. */
  readonly deliveryCount: number;
  readonly lockToken: string;
}

export type FeedbackCode = 'Success' | 'Expired' | 'DeliveryCountExceeded' | 'Rejected' | 'Purged';

export interface Feedback {
  readonly originalMessageId: string;
  readonly deviceId: string;
  readonly statusCode: FeedbackCode;
  readonly atMs: number;
}

export type EnqueueReply =
  | { readonly ok: true; readonly sequenceNumber: number }
  | { readonly ok: false; readonly status: 403 | 413; readonly reason: string };

/** "Cloud-to-device configuration options" (defaults) and "IoT Hub quotas and throttling". */
const MAX_PENDING = 50;
const MAX_BYTES = 64 * 1024;
const MAX_DELIVERIES = 10;
const DEFAULT_TIME_TO_LIVE_MS = 3_600_000;
const LOCK_MS = 60_000;

interface Queued {
  readonly message: CloudToDeviceMessage;
  readonly sequenceNumber: number;
  readonly enqueuedAtMs: number;
  readonly expiresAtMs: number;
  deliveries: number;
  lock: { readonly token: string; readonly timer: Timer } | null;
}

export class CloudToDevice {
  private readonly clock: Clock;
  private readonly queues = new Map<string, Queued[]>();
  private readonly wake: (name: string) => void;
  private readonly feedbackListeners: ((feedback: Feedback) => void)[] = [];
  private sequenceNumber = 0;
  private locks = 0;

  /** `wake` is called when there is something to receive for an identity. */
  constructor(clock: Clock, wake: (name: string) => void) {
    this.clock = clock;
    this.wake = wake;
  }

  onFeedback(listener: (feedback: Feedback) => void): void {
    this.feedbackListeners.push(listener);
  }

  /** Messages that are waiting or locked. */
  pending(name: string): number {
    this.expire(name);
    return this.queues.get(name)?.length ?? 0;
  }

  enqueue(name: string, message: CloudToDeviceMessage): EnqueueReply {
    if (message.body.length > MAX_BYTES) {
      return { ok: false, status: 413, reason: `a message to a device may have ${MAX_BYTES} bytes` };
    }
    if (this.pending(name) >= MAX_PENDING) {
      return { ok: false, status: 403, reason: `${MAX_PENDING} messages wait for '${name}' already` };
    }
    const nowMs = this.clock.now();
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    const sequenceNumber = ++this.sequenceNumber;
    queue.push({
      message,
      sequenceNumber,
      enqueuedAtMs: nowMs,
      expiresAtMs: message.expiresAtMs ?? nowMs + DEFAULT_TIME_TO_LIVE_MS,
      deliveries: 0,
      lock: null,
    });
    this.wake(name);
    return { ok: true, sequenceNumber };
  }

  /** Locks the oldest message that waits for a minute; null when there is none. */
  receive(name: string): ReceivedMessage | null {
    this.expire(name);
    const queued = this.queues.get(name)?.find(({ lock }) => lock === null);
    if (queued === undefined) return null;
    queued.deliveries++;
    const token = `${queued.sequenceNumber}-${++this.locks}`;
    const timer = this.clock.after(LOCK_MS, () => {
      if (this.abandon(name, token)) this.wake(name);
    });
    queued.lock = { token, timer };
    const { message, sequenceNumber, enqueuedAtMs, deliveries } = queued;
    return { ...message, sequenceNumber, enqueuedAtMs, deliveryCount: deliveries, lockToken: token };
  }

  /** The device has it. False: there is no such lock any more. */
  complete(name: string, lockToken: string): boolean {
    return this.settle(name, lockToken, 'Success');
  }

  /** The device will not have it. */
  reject(name: string, lockToken: string): boolean {
    return this.settle(name, lockToken, 'Rejected');
  }

  /** The device could not have it now: it waits for the next delivery, unless there were too many. */
  abandon(name: string, lockToken: string): boolean {
    const queued = this.locked(name, lockToken);
    if (queued === undefined) return false;
    if (queued.deliveries >= MAX_DELIVERIES) return this.settle(name, lockToken, 'DeliveryCountExceeded');
    queued.lock?.timer.cancel();
    queued.lock = null;
    return true;
  }

  /** The receiver went away: what it had locked waits again. */
  abandonAll(name: string): void {
    for (const { lock } of [...(this.queues.get(name) ?? [])]) if (lock) this.abandon(name, lock.token);
  }

  /** Drops all messages of an identity; returns how many. */
  purge(name: string): number {
    const queue = this.queues.get(name) ?? [];
    for (const queued of queue) this.end(name, queued, 'Purged');
    return queue.length;
  }

  private settle(name: string, lockToken: string, code: FeedbackCode): boolean {
    const queued = this.locked(name, lockToken);
    if (queued === undefined) return false;
    this.end(name, queued, code);
    return true;
  }

  private locked(name: string, lockToken: string): Queued | undefined {
    return this.queues.get(name)?.find(({ lock }) => lock?.token === lockToken);
  }

  private expire(name: string): void {
    const nowMs = this.clock.now();
    for (const queued of [...(this.queues.get(name) ?? [])]) {
      if (queued.expiresAtMs <= nowMs) this.end(name, queued, 'Expired');
    }
  }

  private end(name: string, queued: Queued, statusCode: FeedbackCode): void {
    queued.lock?.timer.cancel();
    this.queues.set(
      name,
      (this.queues.get(name) ?? []).filter((each) => each !== queued),
    );
    const { feedback, messageId } = queued.message;
    const isWanted = feedback === 'full' || feedback === (statusCode === 'Success' ? 'positive' : 'negative');
    if (!isWanted) return;
    const record = { originalMessageId: messageId, deviceId: name, statusCode, atMs: this.clock.now() };
    for (const listener of this.feedbackListeners) listener(record);
  }
}
