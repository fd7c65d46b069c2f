/** The files of a partition: each holds the events from the sequence number in its name to that of the next. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredEvent } from '../core/partition-log.js';
import { decodeRecord } from './record.js';

export interface Segment {
  readonly path: string;
  readonly firstSequenceNumber: number;
}

const DIGITS = 16;
const NAME = /^(\d{16})\.log$/;

/** The folder of a partition below the data directory. Names of hubs are case-insensitive. */
export function partitionFolder(dataFolder: string, hub: string, partitionId: string): string {
  return join(dataFolder, encodeURIComponent(hub.toLowerCase()), partitionId);
}

export function segmentAt(folder: string, firstSequenceNumber: number): Segment {
  const name = `${String(firstSequenceNumber).padStart(DIGITS, '0')}.log`;
  return { path: join(folder, name), firstSequenceNumber };
}

/** The oldest first. Creates the folder. */
export function segmentsOf(folder: string): readonly Segment[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .map((name) => NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .sort()
    .map((digits) => segmentAt(folder, Number(digits)));
}

export interface SegmentContent {
  readonly events: readonly StoredEvent[];
  /** Up to here the file is whole. */
  readonly wholeBytes: number;
}

export function readSegment({ path }: Segment): SegmentContent {
  const bytes = readFileSync(path);
  const events: StoredEvent[] = [];
  let wholeBytes = 0;
  for (let record = decodeRecord(bytes, 0); record; record = decodeRecord(bytes, record.end)) {
    events.push(record.event);
    wholeBytes = record.end;
  }
  return { events, wholeBytes };
}
