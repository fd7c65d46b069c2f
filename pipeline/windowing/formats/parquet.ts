/** Parquet files: "No data type conversion is needed for Parquet" (Data Types page). */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { DateTime } from '../engine/values/date-time.js';
import { float, integer, type Value, type ValueRecord } from '../engine/values/values.js';

/** Snappy is the reader's own; these two are Node's. */
const COMPRESSORS = {
  GZIP: (input: Uint8Array): Uint8Array => gunzipSync(input),
  BROTLI: (input: Uint8Array): Uint8Array => brotliDecompressSync(input),
};

/** Every row of a file, group by group. Rejects for what is no Parquet, and for compressions other than snappy, gzip and Brotli. */
export async function* readParquet(path: string): AsyncGenerator<ValueRecord, void, undefined> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
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
