/**
 * One event on disk: `length u32, checksum u32`, then `sequenceNumber u64, offset u64, enqueuedAtMs u64,
 * payloadBytes u32, keyLength u32, key, message`, all big-endian. A record that was being written when the machine stopped does not
 * match its checksum.
 */
import { createHash } from 'node:crypto';
import type { StoredEvent } from '../core/partition-log.js';

const HEAD_BYTES = 8;
const FIXED_BYTES = 32;
const NO_KEY = 0xffff_ffff;

export function encodeRecord(event: StoredEvent): Buffer {
  const key = event.partitionKey === null ? null : Buffer.from(event.partitionKey, 'utf8');
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.writeBigUInt64BE(BigInt(event.sequenceNumber), 0);
  fixed.writeBigUInt64BE(BigInt(event.offset), 8);
  fixed.writeBigUInt64BE(BigInt(event.enqueuedAtMs), 16);
  fixed.writeUInt32BE(event.payloadBytes, 24);
  fixed.writeUInt32BE(key?.length ?? NO_KEY, 28);
  const content = Buffer.concat([fixed, key ?? Buffer.alloc(0), event.message]);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(content.length, 0);
  head.writeUInt32BE(checksum(content), 4);
  return Buffer.concat([head, content]);
}

export interface DecodedRecord {
  readonly event: StoredEvent;
  /** Of the first byte after the record. */
  readonly end: number;
}

/** The record at `start`; null at the end, or where the rest is not a whole record. */
export function decodeRecord(bytes: Buffer, start: number): DecodedRecord | null {
  if (start + HEAD_BYTES + FIXED_BYTES > bytes.length) return null;
  const contentStart = start + HEAD_BYTES;
  const end = contentStart + bytes.readUInt32BE(start);
  if (end > bytes.length || end < contentStart + FIXED_BYTES) return null;
  const content = bytes.subarray(contentStart, end);
  if (checksum(content) !== bytes.readUInt32BE(start + 4)) return null;
  const keyLength = content.readUInt32BE(28);
  const messageStart = FIXED_BYTES + (keyLength === NO_KEY ? 0 : keyLength);
  const event: StoredEvent = {
    sequenceNumber: Number(content.readBigUInt64BE(0)),
    offset: Number(content.readBigUInt64BE(8)),
    enqueuedAtMs: Number(content.readBigUInt64BE(16)),
    payloadBytes: content.readUInt32BE(24),
    partitionKey: keyLength === NO_KEY ? null : content.toString('utf8', FIXED_BYTES, messageStart),
    // A copy, so that one event that is kept does not keep the whole file in memory.
    message: Buffer.from(content.subarray(messageStart)),
  };
  return { event, end };
}

function checksum(content: Buffer): number {
  return createHash('sha1').update(content).digest().readUInt32BE(0);
}
