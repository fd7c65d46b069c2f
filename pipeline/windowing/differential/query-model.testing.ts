/** Random queries as data, printed in Stream Analytics' language and in DuckDB's. */
import fc from 'fast-check';

/** An expression in both dialects. */
interface Both {
  readonly asa: string;
  readonly duck: string;
}

const both = (text: string): Both => ({ asa: text, duck: text });

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

const { numeric, predicate } = fc.letrec<{ numeric: Both; predicate: Both }>((tie) => ({
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

const aggregate: fc.Arbitrary<Both> = fc.oneof(
  fc.constant(both('COUNT(*)')),
  fc.constant(both('COUNT(DISTINCT k)')),
  fc.tuple(fc.constantFrom('COUNT', 'SUM', 'AVG', 'MIN', 'MAX'), numeric).map(([name, n]) => call(name, n)),
  fc
    .tuple(fc.constantFrom('COUNT', 'SUM', 'AVG'), fc.constantFrom('a', 'b'))
    .map(([name, n]) => both(`${name}(DISTINCT ${n})`)),
  fc.constantFrom<Both>(
    { asa: 'STDEV(a)', duck: 'STDDEV_SAMP(a)' },
    { asa: 'VARP(b)', duck: 'VAR_POP(b)' },
    { asa: 'PERCENTILE_CONT(0.3) OVER (ORDER BY b)', duck: 'QUANTILE_CONT(b, 0.3)' },
  ),
);

/** Numbers leave DuckDB as doubles. */
const asDouble = (items: readonly Both[]): string =>
  items.map((item, i) => `CAST(${item.duck} AS DOUBLE) AS c${i}`).join(', ');
const asColumns = (items: readonly Both[]): string =>
  items.map((item, i) => `${item.asa} AS c${i}`).join(', ');

const END = 'DATEDIFF(second, DATETIMEFROMPARTS(2020, 1, 1, 0, 0, 0, 0), System.Timestamp()) AS e';
const INPUT = 'FROM input TIMESTAMP BY time';

const projection = fc
  .tuple(fc.array(numeric, { minLength: 1, maxLength: 3 }), predicate)
  .map(([items, where]) => ({
    asa: `SELECT ${asColumns(items)} ${INPUT} WHERE ${where.asa}`,
    duck: `SELECT ${asDouble(items)} FROM ev WHERE ${where.duck}`,
  }));

const grouped = fc
  .record({
    items: fc.array(aggregate, { minLength: 1, maxLength: 4 }),
    where: predicate,
    byKey: fc.boolean(),
    size: fc.integer({ min: 1, max: 4 }),
    hop: fc.integer({ min: 1, max: 4 }),
    least: fc.integer({ min: 0, max: 2 }),
    isTumbling: fc.boolean(),
  })
  .map(({ items, where, byKey, size, hop, least, isTumbling }) => {
    const sizeSeconds = size * 5;
    const hopSeconds = isTumbling ? sizeSeconds : hop * 5;
    const window = isTumbling
      ? `TumblingWindow(second, ${sizeSeconds})`
      : `HoppingWindow(second, ${sizeSeconds}, ${hopSeconds})`;
    const key = byKey ? 'k, ' : '';
    // A row lies in every window (e − size, e] whose end is a multiple of the hop.
    const ends = `generate_series(((t + ${hopSeconds} - 1) // ${hopSeconds}) * ${hopSeconds}, t + ${sizeSeconds} - 1, ${hopSeconds})`;
    return {
      asa: `SELECT ${END}, ${key}${asColumns(items)} ${INPUT} WHERE ${where.asa} GROUP BY ${key}${window} HAVING COUNT(*) > ${least}`,
      duck: `SELECT CAST(e AS DOUBLE) AS e, ${key}${asDouble(items)} FROM (SELECT *, unnest(${ends}) AS e FROM ev) WHERE ${where.duck} GROUP BY e${byKey ? ', k' : ''} HAVING COUNT(*) > ${least}`,
    };
  });

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

export const queries: fc.Arbitrary<Both> = fc.oneof(projection, grouped, grouped, joined);

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
