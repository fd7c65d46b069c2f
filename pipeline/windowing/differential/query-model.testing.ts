/** Random queries as data, printed in Stream Analytics' language and in DuckDB's. */
import fc from 'fast-check';
import { analytic } from './analytic-model.testing.js';
import { asColumns, asDouble, type Both, INPUT, numeric, predicate } from './expression-model.testing.js';
import { grouped } from './window-model.testing.js';

const projection = fc
  .tuple(fc.array(numeric, { minLength: 1, maxLength: 3 }), predicate)
  .map(([items, where]) => ({
    asa: `SELECT ${asColumns(items)} ${INPUT} WHERE ${where.asa}`,
    duck: `SELECT ${asDouble(items)} FROM ev WHERE ${where.duck}`,
  }));

const joined = fc
  .record({
    low: fc.integer({ min: -6, max: 6 }),
    width: fc.integer({ min: 0, max: 8 }),
    isOuter: fc.boolean(),
    byKey: fc.boolean(),
  })
  .map(({ low, width, isOuter, byKey }) => {
    const kind = isOuter ? 'LEFT JOIN' : 'JOIN';
    const key = byKey ? 'l.k = r.k AND ' : '';
    return {
      asa: `SELECT l.id AS c0, r.id AS c1 FROM input l TIMESTAMP BY time ${kind} input r TIMESTAMP BY time ON ${key}DATEDIFF(second, l, r) BETWEEN ${low} AND ${low + width} AND l.id <> r.id`,
      duck: `SELECT CAST(l.id AS DOUBLE) AS c0, CAST(r.id AS DOUBLE) AS c1 FROM ev l ${kind} ev r ON ${key}r.t - l.t BETWEEN ${low} AND ${low + width} AND l.id <> r.id`,
    };
  });

const unioned = fc.tuple(numeric, predicate, numeric).map(([first, where, second]) => ({
  asa: `SELECT ${first.asa} AS c0 ${INPUT} WHERE ${where.asa} UNION SELECT ${second.asa} AS c0 ${INPUT}`,
  duck: `SELECT ${asDouble([first])} FROM ev WHERE ${where.duck} UNION ALL SELECT ${asDouble([second])} FROM ev`,
}));

export const queries: fc.Arbitrary<Both> = fc.oneof(
  projection,
  { arbitrary: grouped, weight: 4 },
  joined,
  { arbitrary: analytic, weight: 2 },
  unioned,
);
