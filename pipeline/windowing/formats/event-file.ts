/** Files of events, read chunk by chunk: JSON lines, a JSON array, CSV, Avro or Parquet. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { ValueRecord } from '../engine/values/values.js';
import { readAvro } from './avro.js';
import { CsvLines } from './csv.js';
import { type EventFormat, EventFormatError, formatOf } from './event-format.js';
import { JsonArray } from './json-array.js';
import { JsonLines } from './json-lines.js';
import { readParquet } from './parquet.js';

const CHUNK_BYTES = 256 * 1024;
/** Records of a format without chunks of its own that are given at once. */
const RECORDS_AT_ONCE = 1_024;
const OPEN_BRACKET = 91;

export interface EventFileHandler {
  /** `line` counts from 1; of an array, it is the number of the element, of other formats that of the record. */
  readonly onRow: (row: ValueRecord, line: number) => void;
  readonly onBadLine: (line: number, reason: string) => void;
}

/** What is read of JSON lines; other formats give whole events. */
export interface EventFileNeeds {
  readonly fields: readonly string[] | undefined;
  readonly timeFields: readonly string[];
}

export const WHOLE_EVENTS: EventFileNeeds = { fields: undefined, timeFields: [] };

/** Takes a file in chunks, wherever they were cut. */
interface TextReader {
  feed(chunk: Buffer): void;
  end(): void;
}

/**
 * Reads every event of a file, giving way to its caller after every chunk: whoever wants no more stops there.
 * Rejects with EventFormatError for a file that is not of the format it should have.
 */
export async function* readEventFile(
  file: string,
  needs: EventFileNeeds,
  handler: EventFileHandler,
  format: EventFormat = formatOf(file, undefined),
): AsyncGenerator<void, void, undefined> {
  if (format === 'json' || format === 'csv') {
    yield* readText(file, needs, handler, format);
    return;
  }
  let line = 0;
  try {
    for await (const row of format === 'avro' ? readAvro(file) : readParquet(file)) {
      handler.onRow(row, ++line);
      if (line % RECORDS_AT_ONCE === 0) yield;
    }
  } catch (error) {
    throw new EventFormatError(file, format, error instanceof Error ? error.message : String(error));
  }
}

/** Reads every event of a file at one go. */
export async function readWholeFile(
  file: string,
  handler: EventFileHandler,
  format?: EventFormat,
): Promise<void> {
  for await (const _chunk of readEventFile(file, WHOLE_EVENTS, handler, format));
}

function* readText(
  file: string,
  needs: EventFileNeeds,
  handler: EventFileHandler,
  format: 'json' | 'csv',
): Generator<void, void, undefined> {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    let reader: TextReader | undefined;
    for (let count = readSync(handle, buffer); count > 0; count = readSync(handle, buffer)) {
      const chunk = buffer.subarray(0, count);
      reader ??= textReader(chunk, needs, handler, format);
      reader.feed(chunk);
      yield;
    }
    reader?.end();
  } finally {
    closeSync(handle);
  }
}

/** What has a bracket where JSON lines have braces is an array. */
function textReader(
  head: Buffer,
  needs: EventFileNeeds,
  handler: EventFileHandler,
  format: 'json' | 'csv',
): TextReader {
  if (format === 'csv') return new CsvLines(handler.onRow);
  const start = head
    .toString('utf8', 0, 1_024)
    .replace(/^\ufeff/, '')
    .trimStart();
  return start.charCodeAt(0) === OPEN_BRACKET
    ? new JsonArray(handler.onRow, handler.onBadLine)
    : new JsonLines({ ...needs, reuse: false, ...handler });
}
