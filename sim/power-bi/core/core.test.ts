import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/real-time.js';
import { DATASET, WINDOW_ROW } from '../fixtures.testing.js';
import { PowerBiCore } from './core.js';
import { Dataset } from './dataset.js';
import { datasetDefinition } from './definition.js';
import { PowerBiError } from './errors.js';
import { PushQuota } from './push-quota.js';
import { checkedRows } from './rows.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function refusal(action: () => unknown): PowerBiError {
  try {
    action();
  } catch (error) {
    if (error instanceof PowerBiError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a definition', () => {
  test('of the footfall dataset takes a window row', () => {
    const [table] = datasetDefinition(DATASET).tables;
    if (!table) throw new Error('it has a table');
    expect(checkedRows(table, [WINDOW_ROW])).toEqual([WINDOW_ROW]);
    expect(table.columns.map(({ name }) => name)).toEqual(Object.keys(WINDOW_ROW));
  });

  test('beyond the limits is refused with what is wrong', () => {
    const column = (name: string) => ({ name, dataType: 'Int64' });
    const message = (body: unknown) => refusal(() => datasetDefinition(body)).message;
    const columns = Array.from({ length: 76 }, (_, index) => column(`c${index}`));
    expect(message({ name: 'd', tables: [{ name: 't', columns }] })).toContain('tables.0.columns');
    expect(message({ name: 'd', tables: [] })).toContain('tables');
    expect(
      message({ name: 'd', tables: [{ name: 't', columns: [{ name: 'a', dataType: 'int' }] }] }),
    ).toContain('unknown dataType "int"; expected one of Int64, Double');
    expect(message({ name: 'd', tables: [{ name: 't', columns: [column('a'), column('A')] }] })).toContain(
      'a second column of table "t" is named "A"',
    );
  });
});

describe('a row', () => {
  const table = {
    name: 't',
    columns: [
      { name: 'n', dataType: 'Int64' },
      { name: 'x', dataType: 'Double' },
      { name: 'at', dataType: 'Datetime' },
      { name: 's', dataType: 'String' },
      { name: 'on', dataType: 'Boolean' },
    ],
  } as const;

  test('may leave columns out and hold nulls', () => {
    expect(checkedRows(table, [{ N: 1, s: null }])).toEqual([{ n: 1, s: null }]);
  });

  test.each([
    [{ n: 1.5 }, 'row 0: column "n" is 1.5; expected Int64'],
    [{ x: '1' }, 'row 0: column "x" is "1"; expected Double'],
    [{ at: 'yesterday' }, 'row 0: column "at" is "yesterday"; expected Datetime'],
    [{ s: 'x'.repeat(4001) }, 'row 0: column "s" has 4001 characters; at most 4000 fit'],
    [{ on: 1 }, 'row 0: column "on" is 1; expected Boolean'],
    [{ m: 1 }, 'row 0: table "t" has no column "m"; it has n, x, at, s, on'],
  ])('%j does not fit', (row, message) => {
    expect(refusal(() => checkedRows(table, [row])).message).toBe(message);
  });
});

describe('the quota of pushes', () => {
  const pushes = fc.array(
    fc.record({ elapsedMs: fc.integer({ min: 0, max: 2000 }), rows: fc.integer({ min: 0, max: 10_000 }) }),
    { maxLength: 600 },
  );

  test('never lets more in than the limits, and says when the next one fits', () => {
    fc.assert(
      fc.property(pushes, (steps) => {
        const quota = new PushQuota();
        const taken: { atMs: number; rows: number }[] = [];
        let nowMs = 0;
        for (const { elapsedMs, rows } of steps) {
          nowMs += elapsedMs;
          try {
            quota.begin(rows, 0, nowMs)();
            taken.push({ atMs: nowMs, rows });
          } catch (error) {
            const { retryAfterSeconds } = error as PowerBiError;
            nowMs += (retryAfterSeconds ?? 0) * 1000;
            quota.begin(rows, 0, nowMs)();
            taken.push({ atMs: nowMs, rows });
          }
        }
        for (const { atMs } of taken) {
          const within = (windowMs: number) =>
            taken.filter((other) => other.atMs <= atMs && other.atMs > atMs - windowMs);
          expect(within(MINUTE_MS).length).toBeLessThanOrEqual(120);
          expect(within(HOUR_MS).reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(1_000_000);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('is an hour’s once a table is large', () => {
    const quota = new PushQuota();
    for (let index = 0; index < 120; index++) quota.begin(1, 250_000, index * 1000)();
    expect(refusal(() => quota.begin(1, 250_000, 120_000)).retryAfterSeconds).toBe(3480);
    expect(() => quota.begin(1, 249_999, 120_000)).not.toThrow();
  });

  test('takes five at once', () => {
    const quota = new PushQuota();
    const [first] = Array.from({ length: 5 }, () => quota.begin(1, 0, 0));
    expect(refusal(() => quota.begin(1, 0, 0)).status).toBe(429);
    first?.();
    expect(() => quota.begin(1, 0, 0)).not.toThrow();
  });
});

describe('a table', () => {
  const definition = datasetDefinition({
    name: 'd',
    tables: [{ name: 't', columns: [{ name: 'n', dataType: 'Int64' }] }],
  });
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ n: from + index }));

  test('with FIFO retention keeps the last 200,000 rows', () => {
    const dataset = new Dataset('id', null, definition, 'basicFIFO');
    for (let from = 0; from < 450_000; from += 10_000) dataset.append('T', rows(from, 10_000));
    expect(dataset.rowCount('t')).toBe(200_000);
    expect(dataset.lastRows('t', 300_000)).toEqual(rows(250_000, 200_000));
    expect(dataset.lastRows('t', 2)).toEqual(rows(449_998, 2));
  });

  test('can be emptied, and must be there', () => {
    const dataset = new Dataset('id', null, definition, 'None');
    dataset.append('t', rows(0, 3));
    dataset.clear('t');
    expect(dataset.rowCount('t')).toBe(0);
    expect(refusal(() => dataset.append('u', [])).message).toBe('dataset "d" has no table "u"; it has t');
  });
});

describe('a push', () => {
  test('is taken whole or not at all', async () => {
    const core = new PowerBiCore(realTimeServices('power-bi'));
    const dataset = core.createDataset(null, datasetDefinition(DATASET), 'basicFIFO');
    const push = (rows: unknown) =>
      core.push({ groupId: null, datasetId: dataset.id, table: 'footfall', rows, key: 'k' });
    const seen: number[] = [];
    core.onRows(({ rows }) => seen.push(rows.length));
    await push([WINDOW_ROW, WINDOW_ROW]);
    await expect(push([WINDOW_ROW, { ...WINDOW_ROW, people: 'many' }])).rejects.toThrow(/column "people"/);
    await expect(push(Array.from({ length: 10_001 }, () => WINDOW_ROW))).rejects.toMatchObject({
      status: 413,
    });
    expect(core.lastRows('footfall', 'footfall', 10)).toEqual([WINDOW_ROW, WINDOW_ROW]);
    expect(seen).toEqual([2]);
    expect(core.figures()[0]).toMatchObject({ in: 3, out: 1, dropped: 2 });
  });
});
