/** JSON lines → rows, chunk by chunk. Reads whole objects, or only the fields that a query needs. */
import type { ValueRecord } from '../engine/values/values.js';
import { JsonScanner, PADDING } from './json-scanner.js';

export interface JsonLinesOptions {
  /** Fields to read, under the names given here; undefined for whole objects. */
  readonly fields: readonly string[] | undefined;
  /** Fields that are only asked for their time: read as datetimes where they are one. */
  readonly timeFields: readonly string[];
  /** One object is filled again for every line: only for takers that keep no row. */
  readonly reuse: boolean;
  /** `line` counts from 1. */
  readonly onRow: (row: ValueRecord, line: number) => void;
  readonly onBadLine: (line: number, reason: string) => void;
}

const LINE_BREAK = 10;
/** UTF-8's byte order mark, which editors put before the first line. */
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const FIRST_CAPACITY = 64 * 1024;

/** Reads the line in `[start, end)` of bytes that are padded; undefined when it is no JSON object. */
interface LineSource {
  open(bytes: Buffer): void;
  read(start: number, end: number): ValueRecord | undefined;
}

export class JsonLines {
  /** What came last and was not taken yet is in `[0, length)`; behind it is room for padding. */
  private buffer = Buffer.alloc(FIRST_CAPACITY);
  private length = 0;
  private line = 0;
  private readonly source: LineSource;

  constructor(private readonly options: JsonLinesOptions) {
    const { fields, timeFields, reuse } = options;
    this.source = fields === undefined ? new WholeObjects() : new JsonScanner({ fields, timeFields, reuse });
    this.source.open(this.buffer);
  }

  /** Takes the next bytes, wherever they were cut; they may be overwritten after the call. */
  feed(chunk: Buffer): void {
    this.makeRoom(chunk.length);
    chunk.copy(this.buffer, this.length);
    const searchFrom = this.length;
    this.length += chunk.length;
    // Bytes of an earlier chunk that lie behind must not look like a part of the last line.
    this.buffer[this.length] = LINE_BREAK;
    let start = 0;
    let end = this.buffer.indexOf(LINE_BREAK, searchFrom);
    while (end < this.length) {
      this.take(start, end);
      start = end + 1;
      end = this.buffer.indexOf(LINE_BREAK, start);
    }
    this.buffer.copyWithin(0, start, this.length);
    this.length -= start;
  }

  /** Takes what stands after the last line break. */
  end(): void {
    this.buffer[this.length] = LINE_BREAK;
    if (this.length > 0) this.take(0, this.length);
    this.length = 0;
  }

  private makeRoom(bytes: number): void {
    const needed = this.length + bytes + PADDING;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.alloc(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
    this.source.open(larger);
  }

  private take(from: number, end: number): void {
    this.line++;
    const hasMark = this.line === 1 && this.buffer.subarray(from, end).indexOf(BYTE_ORDER_MARK) === 0;
    const start = hasMark ? from + BYTE_ORDER_MARK.length : from;
    const row = end > start ? this.source.read(start, end) : undefined;
    if (row !== undefined) this.options.onRow(row, this.line);
    else this.giveUp(this.buffer.toString('utf8', start, end));
  }

  /** Not what the reader takes: says why, unless the line is blank. */
  private giveUp(line: string): void {
    const trimmed = line.trim();
    if (trimmed === '') return;
    this.options.onBadLine(this.line, reasonOf(trimmed));
  }
}

function reasonOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return `an event is a JSON object, not ${Array.isArray(value) ? 'an array' : typeof value}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'not JSON';
  }
}

class WholeObjects implements LineSource {
  private bytes: Buffer = Buffer.alloc(0);

  open(bytes: Buffer): void {
    this.bytes = bytes;
  }

  read(start: number, end: number): ValueRecord | undefined {
    try {
      const value: unknown = JSON.parse(this.bytes.toString('utf8', start, end));
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as ValueRecord)
        : undefined;
    } catch {
      return undefined;
    }
  }
}
