/** Events as AMQP messages: batches taken apart, bodies counted and read, JSON bodies written. */

import type { ProducerStamp } from '../core/producers.js';
import { AmqpDecodeError, textOrBinaryAt } from './amqp-values.js';
import { partitionKeyOf, producerStampOf } from './annotations.js';
import { SECTION, sectionsOf } from './sections.js';

/** The message format of a batch: every data section of the envelope is an encoded event. */
export const BATCH_MESSAGE_FORMAT = 0x80013700;

/** An event as its sender encoded it. */
export interface EncodedEvent {
  readonly message: Buffer;
  /** Of the body alone: what links, quotas and retention count, alike in every fidelity. */
  readonly payloadBytes: number;
}

export interface Publication {
  readonly events: readonly EncodedEvent[];
  readonly partitionKey: string | null;
  /** Of an idempotent producer. */
  readonly producer?: ProducerStamp;
}

/** What a sender sent in one transfer. Throws `AmqpDecodeError` when it is neither a batch nor an event. */
export function readPublication(transfer: Buffer, messageFormat: number): Publication {
  const events = messageFormat === BATCH_MESSAGE_FORMAT ? eventsOfBatch(transfer) : [encodedEvent(transfer)];
  // The SDKs mark a batch on its envelope or only on the events in it.
  const producer = producerStampOf(transfer) ?? producerStampOf(events[0]?.message ?? transfer);
  return { events, partitionKey: partitionKeyOf(transfer), ...(producer ? { producer } : {}) };
}

function eventsOfBatch(transfer: Buffer): readonly EncodedEvent[] {
  const events = sectionsOf(transfer)
    .filter(({ code }) => code === SECTION.data)
    .map(({ valueStart }) => encodedEvent(binaryAt(transfer, valueStart)));
  if (events.length === 0) throw new AmqpDecodeError('a batch without events', 0);
  return events;
}

/** A data section that holds a binary of up to 4 GB; its length follows (AMQP 1.0, 1.6.19 vbin32 and 3.2.6). */
const DATA_HEAD = Uint8Array.of(0x00, 0x53, SECTION.data, 0xb0);
const LENGTH_BYTES = 4;

/** An event with a JSON body, encoded as the official SDK does it. */
export function jsonEvent(body: unknown): EncodedEvent {
  const json = JSON.stringify(body ?? null);
  const payloadBytes = Buffer.byteLength(json);
  const message = Buffer.allocUnsafe(DATA_HEAD.length + LENGTH_BYTES + payloadBytes);
  message.set(DATA_HEAD);
  message.writeUInt32BE(payloadBytes, DATA_HEAD.length);
  message.write(json, DATA_HEAD.length + LENGTH_BYTES);
  return { message, payloadBytes };
}

/** The body of an event as bytes: its data, or its value as it is encoded. */
export function bodyBytes(message: Buffer): Buffer {
  const body = sectionsOf(message).find(({ code }) => code >= SECTION.data && code <= SECTION.value);
  if (!body) return Buffer.alloc(0);
  return body.code === SECTION.data
    ? binaryAt(message, body.valueStart)
    : message.subarray(body.valueStart, body.end);
}

/** The body of an event as its receiver reads it: JSON is parsed, anything else comes as bytes. */
export function bodyOf(message: Buffer): unknown {
  const bytes = bodyBytes(message);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return bytes;
  }
}

function encodedEvent(message: Buffer): EncodedEvent {
  let payloadBytes = 0;
  for (const { code, valueStart, end } of sectionsOf(message)) {
    if (code === SECTION.data) payloadBytes += binaryAt(message, valueStart).length;
    else if (code === SECTION.sequence || code === SECTION.value) payloadBytes += end - valueStart;
  }
  return { message, payloadBytes };
}

function binaryAt(message: Buffer, offset: number): Buffer {
  const binary = textOrBinaryAt(message, offset);
  // The official SDK writes an empty body as a data section that holds null.
  return binary ?? Buffer.alloc(0);
}
