/** Parquet files: "No data type conversion is needed for Parquet" (Data Types page). */
import * as zlib from 'node:zlib';
import {
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { DateTime } from '../engine/values/date-time.js';
import { float, integer, type Value, type ValueRecord } from '../engine/values/values.js';

/** Zstandard is Node's own from 22.15 on. */
const { zstdDecompressSync: unzstd } = zlib as {
  readonly zstdDecompressSync?: (input: Uint8Array) => Uint8Array;
};

/** Snappy is the reader's own; these are Node's. */
const COMPRESSORS: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...(unzstd === undefined ? {} : { ZSTD: (input: Uint8Array) => unzstd(input) }),
};
const READABLE = new Set(['UNCOMPRESSED', 'SNAPPY', ...Object.keys(COMPRESSORS)]);

/**
 * Every row of a file, group by group. Rejects for what is no Parquet, and for compressions other than snappy, gzip,
 * Brotli and, where Node has it, Zstandard.
 */
export async function* readParquet(path: string): AsyncGenerator<ValueRecord, void, undefined> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  refuseCompression(metadata);
  const columns = parquetSchema(metadata).children;
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, compressors: COMPRESSORS, rowStart, rowEnd });
    for (const row of rows)
      yield Object.fromEntries(
        columns.map((column) => [column.element.name, toValue(row[column.element.name], column)]),
      );
    rowStart = rowEnd;
  }
}

function refuseCompression(metadata: FileMetaData): void {
  const chunks = metadata.row_groups.flatMap((group) => group.columns);
  const codec = chunks
    .map((chunk) => chunk.meta_data?.codec)
    .find((used) => used !== undefined && !READABLE.has(used));
  if (codec === undefined) return;
  throw new Error(
    `it is compressed by ${codec}; expected: snappy, gzip, Brotli or no compression${codec === 'ZSTD' ? ', or Node.js 22.15 and later, which have Zstandard' : ''}`,
  );
}

function toValue(value: unknown, schema: SchemaTree | undefined): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return integer(value);
  if (typeof value === 'number') return isWhole(schema) ? value : float(value);
  if (value instanceof Date) return DateTime.fromTime(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  // A list is written as a group of a repeated group of the element.
  if (Array.isArray(value)) return value.map((item) => toValue(item, schema?.children[0]?.children[0]));
  if (typeof value !== 'object') return value as Value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      toValue(
        item,
        schema?.children.find((child) => child.element.name === name),
      ),
    ]),
  );
}

function isWhole(schema: SchemaTree | undefined): boolean {
  const { type, converted_type: converted } = schema?.element ?? {};
  return (type === 'INT32' || type === 'INT64') && converted !== 'DECIMAL';
}
