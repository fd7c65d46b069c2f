/** Random expressions and events, printed in Stream Analytics' language and in DuckDB's. */
import fc from 'fast-check';

/** An expression in both dialects. */
export interface Both {
  readonly asa: string;
  readonly duck: string;
}

export const both = (text: string): Both => ({ asa: text, duck: text });

/** Columns that events have: `a` a bigint, `b` a float, `k` a string; any may be NULL. */
const numericLeaf: fc.Arbitrary<Both> = fc.oneof(
  fc.constantFrom(both('a'), both('b')),
  fc.integer({ min: -20, max: 20 }).map((n) => both(n < 0 ? `(${n})` : String(n))),
  fc
    .integer({ min: 0, max: 40 })
    .map((n) => ({ asa: (n / 4).toFixed(2), duck: `${(n / 4).toFixed(2)}::DOUBLE` })),
);

const textLeaf: fc.Arbitrary<Both> = fc.constantFrom(both('k'), both("'x'"), both("'yy'"));
const like = fc.constantFrom('x%', '%y', '_', 'y_', '%');

export const { numeric, predicate } = fc.letrec<{ numeric: Both; predicate: Both }>((tie) => ({
  numeric: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    numericLeaf,
    fc
      .tuple(tie('numeric'), fc.constantFrom('+', '-', '*'), tie('numeric'))
      .map(([l, op, r]) => ({ asa: `(${l.asa} ${op} ${r.asa})`, duck: `(${l.duck} ${op} ${r.duck})` })),
    fc.tuple(tie('numeric'), tie('numeric')).map(([l, r]) => call('COALESCE', l, r)),
    tie('numeric').map((n) => call('ABS', n)),
    fc.tuple(tie('predicate'), tie('numeric'), tie('numeric')).map(([p, l, r]) => ({
      asa: `CASE WHEN ${p.asa} THEN ${l.asa} ELSE ${r.asa} END`,
      duck: `CASE WHEN ${p.duck} THEN ${l.duck} ELSE ${r.duck} END`,
    })),
  ),
  predicate: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(tie('numeric'), fc.constantFrom('=', '<>', '<', '<=', '>', '>='), tie('numeric'))
      .map(([l, op, r]) => ({ asa: `${l.asa} ${op} ${r.asa}`, duck: `${l.duck} ${op} ${r.duck}` })),
    fc
      .tuple(textLeaf, fc.constantFrom('=', '<>', '<'), textLeaf)
      .map(([l, op, r]) => both(`${l.asa} ${op} ${r.asa}`)),
    fc.tuple(like, fc.boolean()).map(([p, not]) => both(`k ${not ? 'NOT ' : ''}LIKE '${p}'`)),
    fc.constantFrom(
      both('a IS NULL'),
      both('b IS NOT NULL'),
      both("k IN ('x', 'z')"),
      both('a NOT IN (1, 2, NULL)'),
    ),
    fc.tuple(tie('numeric'), tie('numeric'), tie('numeric')).map(([n, low, high]) => ({
      asa: `${n.asa} BETWEEN ${low.asa} AND ${high.asa}`,
      duck: `${n.duck} BETWEEN ${low.duck} AND ${high.duck}`,
    })),
    fc
      .tuple(tie('predicate'), fc.constantFrom('AND', 'OR'), tie('predicate'))
      .map(([l, op, r]) => ({ asa: `(${l.asa} ${op} ${r.asa})`, duck: `(${l.duck} ${op} ${r.duck})` })),
    tie('predicate').map((p) => ({ asa: `NOT (${p.asa})`, duck: `NOT (${p.duck})` })),
  ),
}));

function call(name: string, ...args: readonly Both[]): Both {
  const list = (dialect: keyof Both): string => args.map((argument) => argument[dialect]).join(', ');
  return { asa: `${name}(${list('asa')})`, duck: `${name}(${list('duck')})` };
}

export const aggregate: fc.Arbitrary<Both> = fc.oneof(
  fc.constant(both('COUNT(*)')),
  fc.constant(both('COUNT(DISTINCT k)')),
  fc.tuple(fc.constantFrom('COUNT', 'SUM', 'AVG', 'MIN', 'MAX'), numeric).map(([name, n]) => call(name, n)),
  fc
    .tuple(fc.constantFrom('COUNT', 'SUM', 'AVG', 'MIN', 'MAX'), fc.constantFrom('a', 'b'))
    .map(([name, n]) => both(`${name}(DISTINCT ${n})`)),
  fc.constantFrom<Both>(
    { asa: 'STDEV(a)', duck: 'STDDEV_SAMP(a)' },
    { asa: 'VARP(b)', duck: 'VAR_POP(b)' },
    { asa: 'STDEV(DISTINCT a)', duck: 'STDDEV_SAMP(DISTINCT a)' },
    { asa: 'PERCENTILE_CONT(0.3) OVER (ORDER BY b)', duck: 'QUANTILE_CONT(b, 0.3)' },
    {
      asa: "GetRecordPropertyValue(TopOne() OVER (ORDER BY time DESC, id ASC), 'id')",
      duck: 'ARG_MAX(id, t * 1000 - id)',
    },
  ),
);

/** Numbers leave DuckDB as doubles. */
export const asDouble = (items: readonly Both[]): string =>
  items.map((item, i) => `CAST(${item.duck} AS DOUBLE) AS c${i}`).join(', ');
export const asColumns = (items: readonly Both[]): string =>
  items.map((item, i) => `${item.asa} AS c${i}`).join(', ');

export const END = 'DATEDIFF(second, DATETIMEFROMPARTS(2020, 1, 1, 0, 0, 0, 0), System.Timestamp()) AS e';
export const INPUT = 'FROM input TIMESTAMP BY time';

export interface EventRow {
  readonly id: number;
  /** Seconds. */
  readonly t: number;
  readonly a: number | null;
  readonly b: number | null;
  readonly k: string | null;
}

export const events: fc.Arbitrary<readonly EventRow[]> = fc
  .array(
    fc.record({
      t: fc.integer({ min: 0, max: 40 }),
      a: fc.option(fc.integer({ min: -5, max: 5 })),
      b: fc.option(fc.integer({ min: -8, max: 8 }).map((n) => n / 4)),
      k: fc.option(fc.constantFrom('x', 'y', 'xy', 'yy')),
    }),
    { maxLength: 12 },
  )
  .map((rows) => [...rows].sort((x, y) => x.t - y.t).map((row, id) => ({ id, ...row })));
