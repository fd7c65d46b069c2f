/**
 * What the service adds to an event when it delivers it: sequence number, offset, enqueued time and partition
 * key, spliced into the encoded message so that an event is encoded once, by its sender, however often it is
 * delivered.
 */
import type { ProducerStamp } from '../core/producers.js';
import { endOfValue, integerAt, mapAt, textOrBinaryAt } from './amqp-values.js';
import { SECTION, type Section, sectionsOf } from './sections.js';

export interface BrokerAnnotations {
  readonly sequenceNumber: number;
  /** In Azure's own form: a decimal number as text. */
  readonly offset: string;
  readonly enqueuedAtMs: number;
  readonly partitionKey: string | null;
}

/** The state of the partition at a delivery, for receivers that ask for runtime metrics. */
export interface PartitionAnnotations {
  readonly lastSequenceNumber: number;
  readonly lastOffset: string;
  readonly lastEnqueuedAtMs: number;
  readonly retrievedAtMs: number;
}

const SEQUENCE_NUMBER = 'x-opt-sequence-number';
const OFFSET = 'x-opt-offset';
const ENQUEUED_TIME = 'x-opt-enqueued-time';
const PARTITION_KEY = 'x-opt-partition-key';
const PRODUCER_STAMP = [
  'com.microsoft:producer-id',
  'com.microsoft:producer-epoch',
  'com.microsoft:producer-sequence-number',
] as const;

/** A sender that forwards a received event sends these along; the service sets them anew. */
const SET_BY_THE_SERVICE: ReadonlySet<string> = new Set([SEQUENCE_NUMBER, OFFSET, ENQUEUED_TIME]);

/** `message` as a receiver gets it. Throws `AmqpDecodeError` when it is not a message. */
export function withBrokerAnnotations(
  message: Buffer,
  annotations: BrokerAnnotations,
  partition: PartitionAnnotations | null = null,
): Buffer {
  const sections = sectionsOf(message);
  const own = sections.find(({ code }) => code === SECTION.messageAnnotations);
  const kept = own ? senderEntries(message, own) : { entries: [], keys: new Set<string>() };
  const entries = [...kept.entries, ...brokerEntries(annotations, kept.keys)];
  const header = sections.find(({ code }) => code === SECTION.header);
  const bodyStart = sections.find(({ code }) => code > SECTION.messageAnnotations)?.start ?? message.length;
  return Buffer.concat([
    header ? message.subarray(header.start, header.end) : Buffer.alloc(0),
    partition ? mapSection(SECTION.deliveryAnnotations, partitionEntries(partition)) : Buffer.alloc(0),
    mapSection(SECTION.messageAnnotations, entries),
    message.subarray(bodyStart),
  ]);
}

/** The partition key that the sender wrote into `message`; null without one. */
export function partitionKeyOf(message: Buffer): string | null {
  const value = annotation(message, PARTITION_KEY);
  return value ? (textOrBinaryAt(value, 0)?.toString('utf8') ?? null) : null;
}

/** By what an idempotent producer marks `message`, or the first event of a batch; null without it. */
export function producerStampOf(message: Buffer): ProducerStamp | null {
  const [producerId, epoch, sequenceNumber] = PRODUCER_STAMP.map((key) => {
    const value = annotation(message, key);
    return value ? integerAt(value, 0) : null;
  });
  if (producerId == null || epoch == null || sequenceNumber == null) return null;
  return { producerId, epoch, sequenceNumber };
}

function annotation(message: Buffer, wanted: string): Buffer | null {
  const own = sectionsOf(message).find(({ code }) => code === SECTION.messageAnnotations);
  if (!own) return null;
  for (const { key, value } of entriesOf(message, own)) if (key === wanted) return value;
  return null;
}

interface Entry {
  readonly key: string;
  readonly encoded: Buffer;
  readonly value: Buffer;
}

function* entriesOf(message: Buffer, section: Section): Generator<Entry> {
  const map = mapAt(message, section.valueStart);
  let offset = map.start;
  for (let index = 0; index < map.entries; index += 2) {
    const valueStart = endOfValue(message, offset);
    const end = endOfValue(message, valueStart);
    yield {
      key: textOrBinaryAt(message, offset)?.toString('utf8') ?? '',
      encoded: message.subarray(offset, end),
      value: message.subarray(valueStart, end),
    };
    offset = end;
  }
}

function senderEntries(message: Buffer, section: Section): { entries: Buffer[]; keys: Set<string> } {
  const entries: Buffer[] = [];
  const keys = new Set<string>();
  for (const { key, encoded } of entriesOf(message, section)) {
    if (SET_BY_THE_SERVICE.has(key)) continue;
    keys.add(key);
    entries.push(encoded);
  }
  return { entries, keys };
}

function brokerEntries(annotations: BrokerAnnotations, sent: ReadonlySet<string>): Buffer[] {
  const entries = [
    entry(SEQUENCE_NUMBER, long(annotations.sequenceNumber)),
    entry(OFFSET, text(annotations.offset)),
    entry(ENQUEUED_TIME, timestamp(annotations.enqueuedAtMs)),
  ];
  if (annotations.partitionKey !== null && !sent.has(PARTITION_KEY)) {
    entries.push(entry(PARTITION_KEY, text(annotations.partitionKey)));
  }
  return entries;
}

function partitionEntries(partition: PartitionAnnotations): Buffer[] {
  return [
    entry('last_enqueued_sequence_number', long(partition.lastSequenceNumber)),
    entry('last_enqueued_offset', text(partition.lastOffset)),
    entry('last_enqueued_time_utc', timestamp(partition.lastEnqueuedAtMs)),
    entry('runtime_info_retrieval_time_utc', timestamp(partition.retrievedAtMs)),
  ];
}

function mapSection(code: number, entries: readonly Buffer[]): Buffer {
  const content = Buffer.concat(entries);
  const head = Buffer.from([0x00, 0x53, code, 0xd1, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(content.length + 4, 4);
  head.writeUInt32BE(entries.length * 2, 8);
  return Buffer.concat([head, content]);
}

function entry(key: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xa3, key.length]), Buffer.from(key, 'latin1'), value]);
}

function long(value: number): Buffer {
  const encoded = Buffer.alloc(9, 0x81);
  encoded.writeBigInt64BE(BigInt(value), 1);
  return encoded;
}

function timestamp(epochMs: number): Buffer {
  const encoded = Buffer.alloc(9, 0x83);
  encoded.writeBigInt64BE(BigInt(epochMs), 1);
  return encoded;
}

function text(value: string): Buffer {
  const utf8 = Buffer.from(value, 'utf8');
  if (utf8.length <= 0xff) return Buffer.concat([Buffer.from([0xa1, utf8.length]), utf8]);
  const head = Buffer.from([0xb1, 0, 0, 0, 0]);
  head.writeUInt32BE(utf8.length, 1);
  return Buffer.concat([head, utf8]);
}
