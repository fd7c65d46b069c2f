import type { EncodedEvent } from '../codec/event-message.js';
import type { StartPosition } from './position.js';

export interface StoredEvent extends EncodedEvent {
  readonly sequenceNumber: number;
  readonly offset: number;
  readonly enqueuedAtMs: number;
  readonly partitionKey: string | null;
}

export interface Retention {
  readonly retentionMs: number;
  readonly retentionBytes: number | null;
}

/** Where a log is kept beyond the life of the process. */
export interface LogJournal {
  /** What was kept before, the oldest first; read once, before anything is appended. */
  restore(): Iterable<StoredEvent>;
  append(event: StoredEvent): void;
  /** Events before `sequenceNumber` are not needed any more. */
  dropBefore(sequenceNumber: number): void;
}

/** So that every event moves the offset, an empty one too. */
const RECORD_OVERHEAD_BYTES = 32;
/** Memory of expired events is given back in strides, not one by one. */
const COMPACT_AFTER = 1024;

/** One partition: an ordered log that events are appended to and expire from. */
export class PartitionLog {
  readonly id: string;
  private readonly retention: Retention;
  private readonly journal: LogJournal | null;
  private events: StoredEvent[] = [];
  /** Index in `events` of the oldest event that has not expired. */
  private head = 0;
  private keptBytes = 0;
  private nextOffset = 0;
  private nextSequenceNumber = 0;
  private last: StoredEvent | null = null;

  constructor(id: string, retention: Retention, journal: LogJournal | null = null) {
    this.id = id;
    this.retention = retention;
    this.journal = journal;
    for (const event of journal?.restore() ?? []) this.keep(event);
  }

  /** The event enqueued last, kept or expired; null before the first. */
  get lastEnqueued(): StoredEvent | null {
    return this.last;
  }

  /** The sequence number of the oldest event kept, or that the next one will get. */
  get firstSequenceNumber(): number {
    return this.events[this.head]?.sequenceNumber ?? this.nextSequenceNumber;
  }

  get isEmpty(): boolean {
    return this.head === this.events.length;
  }

  append(event: EncodedEvent, partitionKey: string | null, nowMs: number): StoredEvent {
    const stored: StoredEvent = {
      message: event.message,
      payloadBytes: event.payloadBytes,
      sequenceNumber: this.nextSequenceNumber,
      offset: this.nextOffset,
      enqueuedAtMs: nowMs,
      partitionKey,
    };
    this.journal?.append(stored);
    this.keep(stored);
    this.expire(nowMs);
    return stored;
  }

  /** Up to `limit` kept events from `sequenceNumber` on; older ones that expired are skipped. */
  read(sequenceNumber: number, limit: number): readonly StoredEvent[] {
    const start = this.head + Math.max(0, sequenceNumber - this.firstSequenceNumber);
    return this.events.slice(start, start + limit);
  }

  /** The sequence number of the first event that a receiver at `position` gets. */
  sequenceNumberAt(position: StartPosition): number {
    switch (position.from) {
      case 'earliest':
        return this.firstSequenceNumber;
      case 'latest':
        return this.nextSequenceNumber;
      case 'sequence-number':
        return position.inclusive ? position.value : position.value + 1;
      case 'offset':
        return this.firstWhere((event) => reached(event.offset, position));
      case 'enqueued-time':
        return this.firstWhere((event) => reached(event.enqueuedAtMs, position));
    }
  }

  /** Drops what retention no longer keeps. */
  expire(nowMs: number): void {
    const { retentionMs, retentionBytes } = this.retention;
    let expired = false;
    for (;;) {
      const oldest = this.events[this.head];
      if (!oldest) break;
      const tooOld = oldest.enqueuedAtMs + retentionMs <= nowMs;
      const tooMuch = retentionBytes !== null && this.keptBytes > retentionBytes;
      if (!tooOld && !tooMuch) break;
      this.keptBytes -= oldest.payloadBytes;
      this.head++;
      expired = true;
    }
    if (expired) this.journal?.dropBefore(this.firstSequenceNumber);
    if (this.head >= COMPACT_AFTER && this.head * 2 >= this.events.length) {
      this.events = this.events.slice(this.head);
      this.head = 0;
    }
  }

  private keep(event: StoredEvent): void {
    this.nextSequenceNumber = event.sequenceNumber + 1;
    this.nextOffset = event.offset + event.payloadBytes + RECORD_OVERHEAD_BYTES;
    this.keptBytes += event.payloadBytes;
    this.events.push(event);
    this.last = event;
  }

  /** Binary search: offsets and enqueued times never fall. */
  private firstWhere(holds: (event: StoredEvent) => boolean): number {
    let low = this.head;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = this.events[middle];
      if (event && holds(event)) high = middle;
      else low = middle + 1;
    }
    return this.events[low]?.sequenceNumber ?? this.nextSequenceNumber;
  }
}

function reached(value: number, position: { readonly value: number; readonly inclusive: boolean }): boolean {
  return position.inclusive ? value >= position.value : value > position.value;
}
