import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import avro from 'avsc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toOutput, typeOf, type ValueRecord } from '../engine/values/values.js';
import { readWholeFile } from './event-file.js';
import { type EventFormat, formatNamed, formatOf } from './event-format.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readRows(file: string, format: EventFormat): Promise<readonly ValueRecord[]> {
  const rows: ValueRecord[] = [];
  await readWholeFile(file, { onRow: (row) => rows.push(row), onBadLine: () => undefined }, format);
  return rows;
}

async function writeAvro(
  name: string,
  schema: object,
  rows: readonly object[],
  codec = 'null',
): Promise<string> {
  const file = join(folder, name);
  const encoder = new avro.streams.BlockEncoder(schema as avro.schema.AvroSchema, { codec });
  await pipeline(rows, encoder, createWriteStream(file));
  return file;
}

const SENSOR = {
  type: 'record',
  name: 'Sensor',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'level', type: 'double' },
    { name: 'name', type: ['null', 'string'] },
    { name: 'on', type: 'boolean' },
    {
      name: 'readings',
      type: { type: 'array', items: { type: 'record', name: 'R', fields: [{ name: 'v', type: 'int' }] } },
    },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['OK', 'LOW'] } },
    { name: 'raw', type: 'bytes' },
  ],
};
const row = (id: number) => ({
  id,
  level: 2,
  name: id === 1 ? null : 'a',
  on: true,
  readings: [{ v: 1 }],
  state: 'LOW',
  raw: Buffer.from('hi'),
});

describe('Avro', () => {
  test.each(['null', 'deflate'])('records come with the types of the language: codec %s', async (codec) => {
    const file = await writeAvro(`${codec}.avro`, SENSOR, [row(1), row(2)], codec);
    const rows = await readRows(file, 'avro');
    expect(rows).toHaveLength(2);
    expect(
      Object.entries(rows[0] ?? {}).map(([name, value]) => [name, value === null ? null : typeOf(value)]),
    ).toEqual([
      ['id', 'bigint'],
      ['level', 'float'],
      ['name', null],
      ['on', 'bit'],
      ['readings', 'array'],
      ['state', 'nvarchar(max)'],
      ['raw', 'nvarchar(max)'],
    ]);
    expect(rows[1]).toMatchObject({ id: 2, name: 'a', readings: [{ v: 1 }], state: 'LOW', raw: 'aGk=' });
  });

  test('longs keep their digits', async () => {
    const long = avro.types.LongType.__with({
      fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
      toBuffer: (value: bigint) => {
        const buffer = Buffer.alloc(8);
        buffer.writeBigInt64LE(value);
        return buffer;
      },
      fromJSON: BigInt,
      toJSON: Number,
      isValid: (value: unknown) => typeof value === 'bigint',
      compare: () => 0,
    });
    const file = join(folder, 'long.avro');
    const schema = { type: 'record', name: 'L', fields: [{ name: 'id', type: 'long' }] };
    const type = avro.Type.forSchema(schema as avro.schema.AvroSchema, { registry: { long } });
    const encoder = new avro.streams.BlockEncoder(type);
    await pipeline([{ id: 9_007_199_254_740_993n }], encoder, createWriteStream(file));
    expect(await readRows(file, 'avro')).toEqual([{ id: 9_007_199_254_740_993n }]);
  });

  test('maps are refused, as Azure refuses them, and so is what is no Avro', async () => {
    const schema = {
      type: 'record',
      name: 'M',
      fields: [{ name: 'm', type: { type: 'map', values: 'int' } }],
    };
    const file = await writeAvro('map.avro', schema, [{ m: { a: 1 } }]);
    await expect(readRows(file, 'avro')).rejects.toThrow('type map, which Stream Analytics does not read');
    const text = join(folder, 'text.avro');
    writeFileSync(text, '{"a":1}\n');
    await expect(readRows(text, 'avro')).rejects.toThrow('it cannot be read as avro');
  });
});

describe('Parquet', () => {
  async function writeParquet(name: string, select: string, compression: string): Promise<string> {
    const file = join(folder, name);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet, COMPRESSION ${compression})`);
    connection.closeSync();
    instance.closeSync();
    return file;
  }

  test.each(['uncompressed', 'snappy', 'gzip', 'brotli'])(
    'rows come with their types: %s',
    async (compression) => {
      const select =
        "SELECT 9007199254740993::BIGINT AS id, 2.0::DOUBLE AS level, 'a' AS name, NULL::INTEGER AS none, true AS on_, [1.0::DOUBLE, 2.5] AS list, {'v': 3::INTEGER} AS part, TIMESTAMP '2020-01-01 00:00:01' AS at";
      const file = await writeParquet(`${compression}.parquet`, select, compression);
      const [row] = await readRows(file, 'parquet');
      expect(row).toMatchObject({
        id: 9_007_199_254_740_993n,
        name: 'a',
        none: null,
        on_: true,
        part: { v: 3 },
      });
      expect([row?.level, row?.at].map((value) => typeOf(value ?? null))).toEqual(['float', 'datetime']);
      expect(toOutput(row?.at ?? null)).toBe('2020-01-01T00:00:01.0000000Z');
      expect(toOutput(row?.list ?? null)).toEqual([1, 2.5]);
    },
  );

  test('a compression that cannot be read is named, with those that can', async () => {
    const file = await writeParquet('lz4.parquet', 'SELECT 1 AS a', 'lz4_raw');
    await expect(readRows(file, 'parquet')).rejects.toThrow(
      'it is compressed by LZ4_RAW; expected: snappy, gzip, Brotli or no compression',
    );
  });

  test('Zstandard is read where Node has it, else refused', async () => {
    const rows = readRows(await writeParquet('zstd.parquet', 'SELECT 1::INTEGER AS a', 'zstd'), 'parquet');
    if ('zstdDecompressSync' in zlib) expect(await rows).toEqual([{ a: 1 }]);
    else await expect(rows).rejects.toThrow('Node.js 22.15');
  });

  test('what is no Parquet is refused', async () => {
    const file = join(folder, 'text.parquet');
    writeFileSync(file, '{"a":1}\n');
    await expect(readRows(file, 'parquet')).rejects.toThrow('it cannot be read as parquet');
  });
});

test('the format is what an artefact says, else what the name of the file does', () => {
  expect(formatOf('a.json', undefined)).toBe('json');
  expect(formatOf('a.json', formatNamed('Csv'))).toBe('csv');
  expect(['a.csv', 'a.avro', 'a.PARQUET', 'a.jsonl'].map((file) => formatOf(file, undefined))).toEqual([
    'csv',
    'avro',
    'parquet',
    'json',
  ]);
  expect(formatNamed('CustomClr')).toBeUndefined();
});
