/** CSV with a header (RFC 4180), chunk by chunk: every value is nvarchar, as at Stream Analytics' ingress. */
import { StringDecoder } from 'node:string_decoder';
import type { ValueRecord } from '../engine/values/values.js';

const DELIMITERS = [',', ';', '\t', '|'] as const;

interface CsvRecord {
  readonly fields: readonly string[];
  /** Where the next record begins. */
  readonly end: number;
  readonly lines: number;
}

/** Gives each record as a row; `line` is that of its beginning, the header's being 1. */
export class CsvLines {
  private readonly decoder = new StringDecoder('utf8');
  /** What no record was made of yet. */
  private text = '';
  /** A record that is longer than its chunk is looked for again once so much of it is there. */
  private enough = 0;
  private delimiter = '';
  private header: readonly string[] | undefined;
  private line = 1;

  constructor(private readonly onRow: (row: ValueRecord, line: number) => void) {}

  /** Takes the next bytes, wherever they were cut. */
  feed(chunk: Buffer): void {
    this.text += this.decoder.write(chunk);
    if (this.text.length >= this.enough) this.takeRecords(false);
  }

  /** Takes what stands after the last line break. */
  end(): void {
    this.text += this.decoder.end();
    this.takeRecords(true);
  }

  private takeRecords(isEnd: boolean): void {
    if (this.delimiter === '' && !this.chooseDelimiter(isEnd)) return;
    let at = 0;
    for (;;) {
      const record = readRecord(this.text, at, this.delimiter, isEnd);
      if (record === undefined) break;
      this.take(record.fields);
      this.line += record.lines;
      at = record.end;
    }
    this.text = this.text.slice(at);
    this.enough = this.text.length * 2;
  }

  /** The delimiter is the one that the header has most of. */
  private chooseDelimiter(isEnd: boolean): boolean {
    if (!isEnd && !this.text.includes('\n')) return false;
    if (this.text.startsWith('\ufeff')) this.text = this.text.slice(1);
    const header = this.text.split(/\r?\n/, 1)[0] ?? '';
    const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
    this.delimiter = counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
    return true;
  }

  private take(fields: readonly string[]): void {
    if (this.header === undefined) this.header = fields.map((name) => name.trim());
    else if (fields.length > 1 || fields[0] !== '')
      this.onRow(Object.fromEntries(this.header.map((name, i) => [name, fields[i] ?? null])), this.line);
  }
}

/** The record that begins at `start`; undefined when it does not end within the text, or none is left at its end. */
function readRecord(text: string, start: number, delimiter: string, isEnd: boolean): CsvRecord | undefined {
  const fields: string[] = [];
  let lines = 0;
  let field = '';
  for (let at = start; ; at++) {
    if (at >= text.length) {
      if (!isEnd || (field === '' && fields.length === 0)) return undefined;
      return { fields: [...fields, field], end: at, lines };
    }
    const char = text[at];
    if (char === '"' && field === '') {
      const end = closingQuote(text, at + 1, isEnd);
      if (end === undefined) return undefined;
      field = text.slice(at + 1, end).replaceAll('""', '"');
      lines += field.split('\n').length - 1;
      at = end;
    } else if (char === delimiter) {
      fields.push(field);
      field = '';
    } else if (char === '\n') return { fields: [...fields, field], end: at + 1, lines: lines + 1 };
    else if (char !== '\r' || !isLineBreak(text, at + 1)) {
      const end = plainEnd(text, at + 1, delimiter);
      field += text.slice(at, end);
      at = end - 1;
    }
  }
}

/** A carriage return at the end of a chunk is told from one in a field when more has come. */
function isLineBreak(text: string, at: number): boolean {
  return at >= text.length || text[at] === '\n';
}

/** Where a field stops being plain text. */
function plainEnd(text: string, from: number, delimiter: string): number {
  let at = from;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === delimiter || char === '\n' || char === '\r') break;
  }
  return at;
}

/** The quote that ends a field, the end of the text when there is none; undefined when more text may have it. */
function closingQuote(text: string, from: number, isEnd: boolean): number | undefined {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] === '"') continue;
    return at + 1 < text.length || isEnd ? at : undefined;
  }
  return isEnd ? text.length : undefined;
}
