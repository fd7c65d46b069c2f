/** Files of events: JSON lines, a JSON array, or CSV. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { ValueRecord } from '../engine/values/values.js';
import { parseCsv } from './csv.js';
import { type EventFormat, formatOf } from './event-rows.js';
import { JsonLines } from './json-lines.js';

const CHUNK_BYTES = 1024 * 1024;
const OPEN_BRACKET = 91;

export interface EventFileHandler {
  /** `line` counts from 1; of an array, it is the number of the element. */
  readonly onRow: (row: ValueRecord, line: number) => void;
  readonly onBadLine: (line: number, reason: string) => void;
}

export interface EventFileNeeds {
  readonly fields: readonly string[] | undefined;
  readonly timeFields: readonly string[];
}

/** Reads every event of a text file. What has a bracket where JSON lines have braces is an array. */
export function readEventFile(
  file: string,
  needs: EventFileNeeds,
  handler: EventFileHandler,
  format: EventFormat = formatOf(file, undefined),
): void {
  if (format === 'csv') {
    for (const row of parseCsv(readFileSync(file, 'utf8'))) handler.onRow(row.body, row.line);
    return;
  }
  if (startsWithBracket(file)) readArray(file, handler);
  else readLines(file, needs, handler);
}

function startsWithBracket(file: string): boolean {
  const handle = openSync(file, 'r');
  try {
    const head = Buffer.alloc(1024);
    const bytes = head.subarray(0, readSync(handle, head, 0, head.length, 0));
    const text = bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trimStart();
    return text.charCodeAt(0) === OPEN_BRACKET;
  } finally {
    closeSync(handle);
  }
}

function readArray(file: string, handler: EventFileHandler): void {
  let items: unknown;
  try {
    items = JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    handler.onBadLine(1, error instanceof Error ? error.message : 'not JSON');
    return;
  }
  for (const [i, item] of (Array.isArray(items) ? items : []).entries()) {
    if (typeof item === 'object' && item !== null && !Array.isArray(item))
      handler.onRow(item as ValueRecord, i + 1);
    else handler.onBadLine(i + 1, 'an event is a JSON object');
  }
}

function readLines(file: string, needs: EventFileNeeds, handler: EventFileHandler): void {
  const lines = new JsonLines({ ...needs, reuse: false, ...handler });
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const count = readSync(handle, buffer, 0, buffer.length, null);
      if (count === 0) break;
      lines.feed(buffer.subarray(0, count));
    }
    lines.end();
  } finally {
    closeSync(handle);
  }
}
