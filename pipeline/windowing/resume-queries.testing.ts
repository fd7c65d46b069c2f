/** Random queries for each operator that remembers something, over the inputs `input` and `other` and the reference data `ref`. */
import fc from 'fast-check';

const IN = 'FROM input TIMESTAMP BY time';

const seconds = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const window = fc.oneof(
  seconds(1, 9).map((size) => `TumblingWindow(second, ${size})`),
  seconds(1, 9).map((size) => `TumblingWindow(Duration(second, ${size}), Offset(millisecond, -1))`),
  fc.tuple(seconds(1, 12), seconds(1, 6)).map(([size, hop]) => `HoppingWindow(second, ${size}, ${hop})`),
  seconds(1, 8).map((size) => `SlidingWindow(second, ${size})`),
  fc
    .tuple(seconds(1, 4), seconds(4, 20), fc.constantFrom('', ' OVER (PARTITION BY k)'))
    .map(([timeout, max, over]) => `SessionWindow(second, ${timeout}, ${max})${over}`),
  fc.constant('System.Timestamp()'),
);

const aggregate = fc.constantFrom(
  'COUNT(*)',
  'SUM(v)',
  'AVG(v / 3.0)',
  'MIN(v)',
  'MAX(time)',
  'STDEV(v)',
  'VARP(v)',
  'COUNT(DISTINCT v)',
  'SUM(DISTINCT v)',
  'COLLECT(v)',
  'COLLECT()',
  'TopOne() OVER (ORDER BY v DESC)',
  'CollectTop(2) OVER (ORDER BY v ASC, time DESC)',
  'PERCENTILE_CONT(0.4) OVER (ORDER BY v)',
  'PERCENTILE_DISC(0.6) OVER (ORDER BY v DESC)',
  'uda.total(v)',
  'uda.range(v)',
);

const over = fc
  .tuple(fc.constantFrom('', 'PARTITION BY k '), seconds(1, 20), fc.constantFrom('', ' WHEN v > 2'))
  .map(([partition, limit, when]) => `OVER (${partition}LIMIT DURATION(second, ${limit})${when})`);

const analytic = fc
  .tuple(
    fc.constantFrom(
      'LAG(v)',
      'LAG(v, 2, -1)',
      'LAG(*)',
      'LAST(v)',
      'SUM(v)',
      'COUNT(*)',
      'MIN(v)',
      'MAX(v)',
      'AVG(v)',
      'Collect(v)',
      "AnomalyDetection_SpikeAndDip(v, 90, 8, 'spikesanddips')",
      'AnomalyDetection_ChangePoint(v, 90, 8)',
    ),
    over,
  )
  .map((parts) => parts.join(' '));

const isFirst = fc
  .tuple(seconds(1, 9), fc.constantFrom('', ' OVER (PARTITION BY k)', ' OVER (PARTITION BY k WHEN v > 1)'))
  .map(([size, by]) => `ISFIRST(second, ${size})${by}`);

const columns = (items: readonly string[]): string => items.map((item, i) => `${item} AS c${i}`).join(', ');

const grouped = fc
  .tuple(
    fc.array(aggregate, { minLength: 1, maxLength: 4 }),
    window,
    fc.boolean(),
    fc.constantFrom('', ' HAVING COUNT(*) > 1'),
  )
  .map(([items, by, isKeyed, having]) => {
    const key = isKeyed || by.includes('PARTITION BY k') ? 'k, ' : '';
    return `SELECT ${key}${columns(items)} ${IN} GROUP BY ${key}${by}${having}`;
  });

const bound = fc
  .tuple(seconds(-4, 2), seconds(0, 6))
  .map(([low, width]) => `BETWEEN ${low} AND ${low + width}`);
const kind = fc.constantFrom('JOIN', 'LEFT JOIN');

const aggregateQuery = (item: string): fc.Arbitrary<string> =>
  window.map((by) => `SELECT k, ${item} AS c ${IN} GROUP BY k, ${by}`);

/** By what is remembered. */
export const RESUMED: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'windows of every kind and all aggregates': grouped,
  'several windows at once': fc
    .tuple(aggregate, seconds(1, 6), seconds(1, 6))
    .map(
      ([item, a, b]) =>
        `SELECT System.Window().Id AS id, ${item} AS c ${IN} GROUP BY Windows(Window('a', TumblingWindow(second, ${a})), Window('b', SlidingWindow(second, ${b})), Window('c', HoppingWindow(second, ${a + b}, ${b})))`,
    ),
  'user-defined aggregates': fc.constantFrom('uda.total(v)', 'uda.range(v)').chain(aggregateQuery),
  'collecting aggregates': fc
    .constantFrom(
      'COLLECT()',
      'TopOne() OVER (ORDER BY v, time DESC)',
      'CollectTop(3) OVER (ORDER BY v DESC)',
    )
    .chain(aggregateQuery),
  'aggregates of distinct values': fc
    .constantFrom('COUNT(DISTINCT v)', 'SUM(DISTINCT v)', 'AVG(DISTINCT v)')
    .chain(aggregateQuery),
  'analytic functions': fc
    .array(fc.oneof(analytic, isFirst), { minLength: 1, maxLength: 3 })
    .map((items) => `SELECT k, ${columns(items)} ${IN}`),
  'analytic functions in WHERE': fc
    .tuple(isFirst, over)
    .map(([first, by]) => `SELECT v ${IN} WHERE ${first} = 1 OR LAG(v) ${by} <> v`),
  'joins of two streams': fc
    .tuple(kind, bound, fc.boolean())
    .map(
      ([join, at, isKeyed]) =>
        `SELECT a.v AS l, b.v AS r FROM input a TIMESTAMP BY time ${join} other b TIMESTAMP BY time ON ${isKeyed ? 'a.k = b.k AND ' : ''}DATEDIFF(second, a, b) ${at}`,
    ),
  'a stream joined with itself': fc
    .tuple(kind, bound)
    .map(
      ([join, at]) =>
        `SELECT a.v AS l, b.v AS r FROM input a TIMESTAMP BY time ${join} input b TIMESTAMP BY time ON a.k = b.k AND a.v < b.v AND DATEDIFF(second, a, b) ${at}`,
    ),
  'joins one after the other': fc
    .tuple(kind, bound, bound)
    .map(
      ([join, first, second]) =>
        `SELECT a.v AS l, c.v AS r FROM input a TIMESTAMP BY time ${join} other b TIMESTAMP BY time ON a.k = b.k AND DATEDIFF(second, a, b) ${first} JOIN input c TIMESTAMP BY time ON c.k = a.k AND DATEDIFF(second, a, c) ${second}`,
    ),
  'reference data behind a window': fc
    .tuple(kind, window)
    .map(
      ([join, by]) =>
        `WITH s AS (SELECT k, COUNT(*) AS n ${IN} GROUP BY k, ${by}) SELECT s.n, r.name FROM s ${join} ref r ON s.k = r.k`,
    ),
  'elements of arrays in a window': window.map(
    (by) =>
      `SELECT k, COUNT(*) AS n, SUM(e.ArrayValue) AS s ${IN} CROSS APPLY GetArrayElements(list) AS e GROUP BY k, ${by}`,
  ),
  patterns: fc
    .tuple(
      fc.constantFrom('A+ B', 'A B* C', '(A | B){2,} C', 'A? . B+', 'C (A B)*'),
      seconds(1, 15),
      fc.boolean(),
    )
    .map(
      ([pattern, limit, isKeyed]) =>
        `SELECT * ${IN} MATCH_RECOGNIZE (${isKeyed ? 'PARTITION BY k ' : ''}LIMIT DURATION (second, ${limit}) MEASURES CLASSIFIER() AS path, MAX(B.v) AS m, FIRST(A.v) AS f PATTERN (${pattern}) DEFINE A AS A.v < 3, B AS B.v >= 2, C AS C.v > MAX(A.v)) AS t`,
    ),
  'rows that are given once': fc
    .tuple(window, aggregate)
    .map(([by, item]) => `SELECT DISTINCT c FROM (SELECT k, ${item} AS c ${IN} GROUP BY k, ${by}) AS s`),
  'windows over windows, and unions of them': fc
    .tuple(seconds(1, 4), seconds(1, 3), over)
    .map(
      ([size, times, by]) =>
        `WITH s AS (SELECT k, AVG(v) AS v ${IN} GROUP BY k, TumblingWindow(second, ${size})) SELECT k, LAG(v) ${by} AS d FROM s UNION SELECT k, MAX(v) AS d FROM s GROUP BY k, TumblingWindow(second, ${size * times}) UNION SELECT k, v AS d FROM other`,
    ),
  'several outputs': fc
    .tuple(grouped, grouped, analytic)
    .map(
      ([first, second, item]) =>
        `${first.replace(' FROM', ' INTO one FROM')} ${second.replace(' FROM', ' INTO two FROM')} SELECT ${item} AS c INTO three FROM other TIMESTAMP BY time`,
    ),
  'events by arrival': fc
    .tuple(aggregate, window)
    .map(([item, by]) => `SELECT k, ${item.replaceAll('time', 'v')} AS c FROM input GROUP BY k, ${by}`),
  'partitions of their own': seconds(1, 8).map(
    (size) =>
      `SELECT PartitionId AS p, COUNT(*) AS n ${IN} PARTITION BY PartitionId GROUP BY PartitionId, HoppingWindow(second, ${size}, 2)`,
  ),
  substreams: fc
    .tuple(aggregate, window)
    .map(([item, by]) => `SELECT k, ${item} AS c ${IN} OVER k GROUP BY k, ${by}`),
};
