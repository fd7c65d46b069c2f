/** The events of one partition on disk, appended to and dropped from the front. */
import { closeSync, fdatasync, fdatasyncSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { LogJournal, StoredEvent } from '../core/partition-log.js';
import { encodeRecord } from './record.js';
import { readSegment, type Segment, segmentAt, segmentsOf } from './segments.js';

const SEGMENT_BYTES = 16 * 1024 * 1024;
const syncData = promisify(fdatasync);

export class PartitionJournal implements LogJournal {
  private readonly folder: string;
  private segments: readonly Segment[];
  private file: number | null = null;
  private fileBytes = 0;
  private isDirty = false;

  constructor(folder: string) {
    this.folder = folder;
    this.segments = segmentsOf(folder);
  }

  /** What is kept, the oldest first; cuts off a record that was never written to its end. */
  *restore(): Generator<StoredEvent> {
    for (const segment of this.segments) {
      const { events, wholeBytes } = readSegment(segment);
      yield* events;
      if (segment !== this.segments.at(-1)) continue;
      truncateSync(segment.path, wholeBytes);
      this.file = openSync(segment.path, 'a');
      this.fileBytes = wholeBytes;
    }
  }

  append(event: StoredEvent): void {
    if (this.file === null || this.fileBytes >= SEGMENT_BYTES) this.startSegment(event.sequenceNumber);
    const record = encodeRecord(event);
    if (this.file !== null) writeSync(this.file, record);
    this.fileBytes += record.length;
    this.isDirty = true;
  }

  /** Deletes the files that hold nothing from `sequenceNumber` on. */
  dropBefore(sequenceNumber: number): void {
    const firstKept = this.segments.findLastIndex((each) => each.firstSequenceNumber <= sequenceNumber);
    if (firstKept <= 0) return;
    for (const { path } of this.segments.slice(0, firstKept)) rmSync(path, { force: true });
    this.segments = this.segments.slice(firstKept);
  }

  /** Resolves when everything appended so far will survive a loss of power. */
  async sync(): Promise<void> {
    if (!this.isDirty || this.file === null) return;
    this.isDirty = false;
    await syncData(this.file);
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  private startSegment(firstSequenceNumber: number): void {
    if (this.file !== null) {
      // What is in the old file must be as safe as what comes after it.
      fdatasyncSync(this.file);
      this.close();
    }
    const segment = segmentAt(this.folder, firstSequenceNumber);
    this.file = openSync(segment.path, 'a');
    this.fileBytes = 0;
    this.segments = [...this.segments, segment];
  }
}
