/** What a file of events may be. */
import { extname } from 'node:path';

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
