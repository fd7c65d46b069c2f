/** Files of events that are no text: read as a whole, before a job runs over them. */
import { extname } from 'node:path';
import type { ValueRecord } from '../engine/values/values.js';
import { readAvro } from './avro.js';
import { readParquet } from './parquet.js';

export type EventFormat = 'json' | 'csv' | 'avro' | 'parquet';

/** The format of a file: what an artefact says, else what its name does. JSON may be lines or an array. */
export function formatOf(file: string, stated: EventFormat | undefined): EventFormat {
  if (stated !== undefined) return stated;
  const extension = extname(file).toLowerCase();
  if (extension === '.avro') return 'avro';
  if (extension === '.parquet') return 'parquet';
  return /^\.(csv|tsv|txt)$/.test(extension) ? 'csv' : 'json';
}

/** The format that an artefact names, in any case; undefined for none and for those that need code of their own. */
export function formatNamed(name: string | undefined): EventFormat | undefined {
  const lower = name?.toLowerCase();
  return (['json', 'csv', 'avro', 'parquet'] as const).find((format) => format === lower);
}

/** A file that cannot be read as the format it should have. */
export class EventFormatError extends Error {
  constructor(
    readonly file: string,
    readonly format: EventFormat,
    reason: string,
  ) {
    super(`${file}: it cannot be read as ${format}: ${reason}`);
    this.name = 'EventFormatError';
  }
}

/** Rows of an Avro or Parquet file; undefined for text, which is read as it is played. Rejects with EventFormatError. */
export async function readEventRows(
  file: string,
  format: EventFormat,
): Promise<readonly ValueRecord[] | undefined> {
  if (format === 'json' || format === 'csv') return undefined;
  try {
    return await (format === 'avro' ? readAvro(file) : readParquet(file));
  } catch (error) {
    throw new EventFormatError(file, format, error instanceof Error ? error.message : String(error));
  }
}
