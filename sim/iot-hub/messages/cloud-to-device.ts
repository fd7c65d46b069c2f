/** Cloud-to-device messages ("Understand cloud-to-device messaging"): a queue for each device. */
import type { Clock } from '../../kernel/services.js';
import { type EndOfMessage, type Locked, LockedQueue } from './locked-queue.js';

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

export interface ReceivedMessage extends CloudToDeviceMessage, Omit<Locked<unknown>, 'message'> {}

/** What a receiver may do with a message that it holds. */
export type Settlement = 'complete' | 'reject' | 'abandon';

/** What became of a message whose sender wanted to know. */
export interface Feedback {
  readonly originalMessageId: string;
  readonly deviceId: string;
  readonly statusCode: EndOfMessage;
  readonly atMs: number;
}

export type EnqueueReply =
  | { readonly ok: true; readonly sequenceNumber: number }
  | { readonly ok: false; readonly status: 403 | 413; readonly reason: string };

/** "Cloud-to-device configuration options" (defaults) and "IoT Hub quotas and throttling". */
const MAX_PENDING = 50;
export const MAX_CLOUD_TO_DEVICE_BYTES = 64 * 1024;
const MAX_DELIVERIES = 10;
const DEFAULT_TIME_TO_LIVE_MS = 3_600_000;
/** "The maximum time to live is two days." */
const MAX_TIME_TO_LIVE_MS = 2 * 86_400_000;
const LOCK_MS = 60_000;

export class CloudToDevice {
  private readonly clock: Clock;
  private readonly queues = new Map<string, LockedQueue<CloudToDeviceMessage>>();
  private readonly wake: (name: string) => void;
  private readonly changeListeners: (() => void)[] = [];
  private readonly feedbackListeners: ((feedback: Feedback) => void)[] = [];

  /** `wake` is called when there is something to receive for an identity. */
  constructor(clock: Clock, wake: (name: string) => void) {
    this.clock = clock;
    this.wake = wake;
  }

  onFeedback(listener: (feedback: Feedback) => void): void {
    this.feedbackListeners.push(listener);
  }

  /** `listener` hears of every message that comes or goes. */
  onChanged(listener: () => void): void {
    this.changeListeners.push(listener);
  }

  /** Everything that waits, with the time until which it does. */
  get waiting(): readonly (readonly [name: string, CloudToDeviceMessage])[] {
    return [...this.queues].flatMap(([name, queue]) =>
      queue.messages.map(({ expiresAtMs, message }) => [name, { ...message, expiresAtMs }] as const),
    );
  }

  /** Messages that are waiting or locked. */
  pending(name: string): number {
    return this.queues.get(name)?.length ?? 0;
  }

  enqueue(name: string, message: CloudToDeviceMessage): EnqueueReply {
    if (message.body.length > MAX_CLOUD_TO_DEVICE_BYTES) {
      return {
        ok: false,
        status: 413,
        reason: `a message to a device may have ${MAX_CLOUD_TO_DEVICE_BYTES} bytes`,
      };
    }
    if (this.pending(name) >= MAX_PENDING) {
      return { ok: false, status: 403, reason: `${MAX_PENDING} messages wait for '${name}' already` };
    }
    const nowMs = this.clock.now();
    const expiresAtMs = message.expiresAtMs ?? nowMs + DEFAULT_TIME_TO_LIVE_MS;
    const until = Math.min(expiresAtMs, nowMs + MAX_TIME_TO_LIVE_MS);
    const sequenceNumber = this.queueOf(name).enqueue(message, until);
    for (const listener of this.changeListeners) listener();
    return { ok: true, sequenceNumber };
  }

  /** Locks the oldest message that waits for a minute; null when there is none. */
  receive(name: string): ReceivedMessage | null {
    const locked = this.queues.get(name)?.receive() ?? null;
    if (locked === null) return null;
    const { message, ...delivery } = locked;
    return { ...message, ...delivery };
  }

  /** The device has it. False: there is no such lock any more. */
  complete(name: string, lockToken: string): boolean {
    return this.queues.get(name)?.complete(lockToken) ?? false;
  }

  /** The device will not have it. */
  reject(name: string, lockToken: string): boolean {
    return this.queues.get(name)?.reject(lockToken) ?? false;
  }

  /** The device could not have it now: it waits for the next delivery, unless there were too many. */
  abandon(name: string, lockToken: string): boolean {
    return this.queues.get(name)?.abandon(lockToken) ?? false;
  }

  /** The receiver went away: what it had locked waits again, and that is not counted. */
  release(name: string, lockToken: string): void {
    this.queues.get(name)?.release(lockToken);
  }

  /** Drops all messages of an identity; returns how many. */
  purge(name: string): number {
    return this.queues.get(name)?.purge() ?? 0;
  }

  /** Drops the queue of an identity that is no more, without feedback ("Pending feedback for deleted devices"). */
  forget(name: string): void {
    const queue = this.queues.get(name);
    this.queues.delete(name);
    queue?.purge();
  }

  private queueOf(name: string): LockedQueue<CloudToDeviceMessage> {
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const queue = new LockedQueue<CloudToDeviceMessage>({
      clock: this.clock,
      lockMs: LOCK_MS,
      maxDeliveries: MAX_DELIVERIES,
      onAvailable: () => this.wake(name),
      onEnd: (message, end) => {
        if (this.queues.get(name) === queue) this.tell(name, message, end);
        for (const listener of this.changeListeners) listener();
      },
    });
    this.queues.set(name, queue);
    return queue;
  }

  private tell(name: string, { feedback, messageId }: CloudToDeviceMessage, statusCode: EndOfMessage): void {
    const isWanted = feedback === 'full' || feedback === (statusCode === 'Success' ? 'positive' : 'negative');
    if (!isWanted) return;
    const record = { originalMessageId: messageId, deviceId: name, statusCode, atMs: this.clock.now() };
    for (const listener of this.feedbackListeners) listener(record);
  }
}
