/**
 * The queue that IoT Hub keeps for messages to a device, for feedback and for file notifications ("Understand
 * cloud-to-device messaging", message life cycle): at least once. A message is enqueued, locked for one receiver
 * (invisible), and then completed, rejected (dead-lettered) or abandoned. What is abandoned too often, or is too old,
 * is dead-lettered.
 */
import type { Clock, Timer } from '../../kernel/services.js';

/** How a message left its queue, in the words of a feedback record. */
export type EndOfMessage = 'Success' | 'Expired' | 'DeliveryCountExceeded' | 'Rejected' | 'Purged';

export interface QueueSettings<Message> {
  readonly clock: Clock;
  readonly lockMs: number;
  /** "Applies only when a device explicitly abandons a message": a lock that runs out does not count. */
  readonly maxDeliveries: number;
  /** A message waits that did not before. */
  readonly onAvailable: () => void;
  readonly onEnd: (message: Message, end: EndOfMessage) => void;
}

export interface Locked<Message> {
  readonly message: Message;
  readonly sequenceNumber: number;
  readonly enqueuedAtMs: number;
  /** How often it was abandoned before; 0 at the first delivery. */
  readonly deliveryCount: number;
  readonly lockToken: string;
}

interface Queued<Message> {
  readonly message: Message;
  readonly sequenceNumber: number;
  readonly enqueuedAtMs: number;
  readonly expiresAtMs: number;
  readonly expiry: Timer;
  deliveryCount: number;
  lock: { readonly token: string; readonly timer: Timer } | null;
}

export class LockedQueue<Message> {
  private readonly settings: QueueSettings<Message>;
  private queued: readonly Queued<Message>[] = [];
  private lastSequenceNumber = 0;
  private lastLock = 0;

  constructor(settings: QueueSettings<Message>) {
    this.settings = settings;
  }

  /** Messages that wait or are locked. */
  get length(): number {
    return this.queued.length;
  }

  /** What waits or is locked, and until when it is kept. */
  get messages(): readonly { readonly message: Message; readonly expiresAtMs: number }[] {
    return this.queued.map(({ expiresAtMs, message }) => ({ expiresAtMs, message }));
  }

  /** Returns the message's number in this queue. */
  enqueue(message: Message, expiresAtMs: number): number {
    const { clock, onAvailable } = this.settings;
    const enqueuedAtMs = clock.now();
    const sequenceNumber = ++this.lastSequenceNumber;
    const expiry = clock.after(expiresAtMs - enqueuedAtMs, () => this.end(entry, 'Expired'));
    const entry: Queued<Message> = {
      message,
      sequenceNumber,
      enqueuedAtMs,
      expiresAtMs,
      expiry,
      deliveryCount: 0,
      lock: null,
    };
    this.queued = [...this.queued, entry];
    onAvailable();
    return sequenceNumber;
  }

  /** Locks the oldest message that waits; null when there is none. */
  receive(): Locked<Message> | null {
    const entry = this.queued.find(({ lock }) => lock === null);
    if (entry === undefined) return null;
    const token = `${entry.sequenceNumber}-${++this.lastLock}`;
    const { clock, lockMs } = this.settings;
    entry.lock = { token, timer: clock.after(lockMs, () => this.release(token)) };
    const { message, sequenceNumber, enqueuedAtMs, deliveryCount } = entry;
    return { message, sequenceNumber, enqueuedAtMs, deliveryCount, lockToken: token };
  }

  /** The receiver has it. False: there is no such lock any more. */
  complete(lockToken: string): boolean {
    return this.settle(lockToken, 'Success');
  }

  /** The receiver will not have it. */
  reject(lockToken: string): boolean {
    return this.settle(lockToken, 'Rejected');
  }

  /** The receiver could not have it now: it waits for the next delivery, unless there were too many. */
  abandon(lockToken: string): boolean {
    const entry = this.locked(lockToken);
    if (entry === undefined) return false;
    entry.deliveryCount++;
    if (entry.deliveryCount >= this.settings.maxDeliveries) this.end(entry, 'DeliveryCountExceeded');
    else this.release(lockToken);
    return true;
  }

  /** The lock ran out, or the receiver went away: the message waits again, and that is not counted. */
  release(lockToken: string): boolean {
    const entry = this.locked(lockToken);
    if (entry === undefined) return false;
    entry.lock?.timer.cancel();
    entry.lock = null;
    this.settings.onAvailable();
    return true;
  }

  /** Drops everything; returns how much. */
  purge(): number {
    const gone = this.queued;
    for (const entry of gone) this.end(entry, 'Purged');
    return gone.length;
  }

  private settle(lockToken: string, end: EndOfMessage): boolean {
    const entry = this.locked(lockToken);
    if (entry === undefined) return false;
    this.end(entry, end);
    return true;
  }

  private locked(lockToken: string): Queued<Message> | undefined {
    return this.queued.find(({ lock }) => lock?.token === lockToken);
  }

  private end(entry: Queued<Message>, end: EndOfMessage): void {
    entry.expiry.cancel();
    entry.lock?.timer.cancel();
    this.queued = this.queued.filter((each) => each !== entry);
    this.settings.onEnd(entry.message, end);
  }
}
