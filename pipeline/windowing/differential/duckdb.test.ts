/** The engine against DuckDB: the same random query over the same random events must give the same rows. */
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runRows } from '../conformance/case.testing.js';
import { type EventRow, events } from './expression-model.testing.js';
import { queries } from './query-model.testing.js';

const PAIRS = 2_000;

function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function table(rows: readonly EventRow[]): string {
  const columns = 'id BIGINT, t BIGINT, a BIGINT, b DOUBLE, k VARCHAR';
  const values = rows.map(({ id, t, a, b, k }) => `(${[id, t, a, b, k].map(literal).join(', ')})`);
  const insert = values.length === 0 ? '' : `INSERT INTO ev VALUES ${values.join(', ')};`;
  return `CREATE OR REPLACE TEMP TABLE ev (${columns}); ${insert}`;
}

/** Rows as a multiset, numbers to ten digits, and what rounding leaves of nothing as nothing. */
function texts(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const shown = (value: unknown): unknown =>
    typeof value === 'number'
      ? Math.abs(value) < 1e-12
        ? 0
        : Number(value.toPrecision(10))
      : (value ?? null);
  return rows
    .map((row) => JSON.stringify(Object.entries(row).map(([name, value]) => [name, shown(value)])))
    .sort();
}

test(`gives the rows that DuckDB gives, over ${PAIRS} random queries and events`, async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await fc.assert(
    fc.asyncProperty(queries, events, async (query, rows) => {
      await connection.run(table(rows));
      const expected = (await connection.runAndReadAll(query.duck)).getRowObjectsJS();
      const actual = runRows(query.asa, { input: rows.map((row) => ({ ...row })) });
      expect(texts(actual)).toEqual(texts(expected as Readonly<Record<string, unknown>>[]));
    }),
    { numRuns: PAIRS, seed: 20_200_101 },
  );
  connection.closeSync();
  instance.closeSync();
}, 120_000);
