/** JSON lines → rows, chunk by chunk. Reads whole objects, or only the fields that a query needs. */
import type { Value, ValueRecord } from '../engine/values.js';
import { JsonScanner } from './json-scanner.js';

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

type ReadLine = (bytes: Buffer, start: number, end: number) => ValueRecord | undefined;

const LINE_BREAK = 10;
/** The first byte of UTF-8's byte order mark, which editors put before the first line. */
const BYTE_ORDER_MARK = 0xef;
const BYTE_ORDER_MARK_LENGTH = 3;

export class JsonLines {
  private rest: Buffer = Buffer.alloc(0);
  private line = 0;
  private readonly readLine: ReadLine;

  constructor(private readonly options: JsonLinesOptions) {
    this.readLine = options.fields === undefined ? readWhole : fieldReader(options.fields, options);
  }

  /** Takes the next bytes, wherever they were cut; they may be overwritten after the call. */
  feed(chunk: Buffer): void {
    let start = 0;
    if (this.rest.length > 0) {
      const end = chunk.indexOf(LINE_BREAK);
      start = end < 0 ? chunk.length : end + 1;
      this.rest = Buffer.concat([this.rest, chunk.subarray(0, start)]);
      if (end < 0) return;
      this.take(this.rest, 0, this.rest.length - 1);
    }
    for (let end = chunk.indexOf(LINE_BREAK, start); end >= 0; end = chunk.indexOf(LINE_BREAK, start)) {
      this.take(chunk, start, end);
      start = end + 1;
    }
    this.rest = Buffer.from(chunk.subarray(start));
  }

  /** Takes what stands after the last line break. */
  end(): void {
    if (this.rest.length > 0) this.take(this.rest, 0, this.rest.length);
    this.rest = Buffer.alloc(0);
  }

  private take(bytes: Buffer, from: number, end: number): void {
    this.line++;
    const start = this.line === 1 && bytes[from] === BYTE_ORDER_MARK ? from + BYTE_ORDER_MARK_LENGTH : from;
    const row = end > start ? this.readLine(bytes, start, end) : undefined;
    if (row !== undefined) this.options.onRow(row, this.line);
    else this.giveUp(bytes.toString('utf8', start, end));
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

function readWhole(bytes: Buffer, start: number, end: number): ValueRecord | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', start, end));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as ValueRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

function fieldReader(fields: readonly string[], { timeFields, reuse }: JsonLinesOptions): ReadLine {
  const scanner = new JsonScanner(fields, timeFields);
  const create = rowMaker(fields);
  const row = create(scanner.values);
  const fill = rowFiller(fields);
  return (bytes, start, end) => {
    if (!scanner.read(bytes, start, end)) return undefined;
    if (!reuse) return create(scanner.values);
    fill(row, scanner.values);
    return row;
  };
}

type Values = readonly Value[];

/** Rows of one shape, so that reading them stays fast; names go in as JSON literals. */
function rowMaker(fields: readonly string[]): (values: Values) => ValueRecord {
  const members = fields.map((field, i) => `[${JSON.stringify(field)}]: v[${i}]`);
  return new Function('v', `return { ${members.join(', ')} };`) as (values: Values) => ValueRecord;
}

function rowFiller(fields: readonly string[]): (row: ValueRecord, values: Values) => void {
  const lines = fields.map((field, i) => `row[${JSON.stringify(field)}] = v[${i}];`);
  return new Function('row', 'v', lines.join('\n')) as (row: ValueRecord, values: Values) => void;
}
