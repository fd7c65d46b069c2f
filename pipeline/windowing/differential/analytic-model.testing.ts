/** Analytic functions: what came before, said in SQL as a subquery over the earlier rows. */
import fc from 'fast-check';
import { asColumns, asDouble, type Both, INPUT, predicate } from './expression-model.testing.js';

interface Over {
  readonly asa: string;
  /** Of an earlier row `p` and the current row `cur`. */
  readonly duck: string;
}

/** Conditions over one row, in SQL with the row's name before its columns. */
const when: fc.Arbitrary<Over> = fc.constantFrom(
  { asa: '', duck: 'TRUE' },
  { asa: ' WHEN a > 0', duck: 'p.a > 0' },
  { asa: " WHEN k LIKE 'x%'", duck: "p.k LIKE 'x%'" },
);

const partition = fc.constantFrom<Over>(
  { asa: '', duck: 'TRUE' },
  { asa: 'PARTITION BY k ', duck: 'p.k IS NOT DISTINCT FROM cur.k' },
);

const column = fc.constantFrom('a', 'b', 'id');

/** The n-th row back that satisfies WHEN, if it is not older than the limit. */
const lag = fc
  .record({
    column,
    partition,
    when,
    back: fc.integer({ min: 0, max: 3 }),
    limit: fc.integer({ min: 1, max: 15 }),
  })
  .map(({ column, partition, when, back, limit }): Both => {
    const call = back === 0 ? `LAST(${column})` : `LAG(${column}, ${back})`;
    const earlier = back === 0 ? 'p.id <= cur.id' : 'p.id < cur.id';
    return {
      asa: `${call} OVER (${partition.asa}LIMIT DURATION(second, ${limit})${when.asa})`,
      duck: `(SELECT list(CASE WHEN cur.t - p.t <= ${limit} THEN p.${column} END ORDER BY p.id DESC)[${Math.max(1, back)}] FROM ev p WHERE ${earlier} AND ${partition.duck} AND ${when.duck})`,
    };
  });

/** An aggregate over the rows of the last `limit` seconds. */
const recent = fc
  .record({
    fn: fc.constantFrom('SUM', 'COUNT', 'MIN', 'MAX', 'AVG'),
    column,
    partition,
    when,
    limit: fc.integer({ min: 1, max: 15 }),
  })
  .map(
    ({ fn, column, partition, when, limit }): Both => ({
      asa: `${fn}(${column}) OVER (${partition.asa}LIMIT DURATION(second, ${limit})${when.asa})`,
      duck: `(SELECT ${fn}(p.${column}) FROM ev p WHERE p.id <= cur.id AND p.t > cur.t - ${limit} AND ${partition.duck} AND ${when.duck})`,
    }),
  );

/** Whether the row is the first of those in its interval, which ends at a multiple of its length. */
const isFirst = fc.tuple(fc.constantFrom(1, 2, 5, 8, 10), partition).map(
  ([size, by]): Both => ({
    asa: `ISFIRST(second, ${size})${by.asa === '' ? '' : ` OVER (${by.asa.trim()})`}`,
    duck: `(SELECT CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END FROM ev p WHERE p.id < cur.id AND CEIL(p.t / ${size}.0) = CEIL(cur.t / ${size}.0) AND ${by.duck})`,
  }),
);

/** Analytic functions see the rows that WHERE leaves out. */
export const analytic: fc.Arbitrary<Both> = fc
  .tuple(fc.array(fc.oneof(lag, lag, recent, isFirst), { minLength: 1, maxLength: 2 }), predicate)
  .map(([items, where]) => ({
    asa: `SELECT id, ${asColumns(items)} ${INPUT} WHERE ${where.asa}`,
    duck: `SELECT CAST(id AS DOUBLE) AS id, ${asDouble(items)} FROM ev cur WHERE ${where.duck}`,
  }));
