/** Aggregates of a window, and analytic functions over the events before. */
import type { ConformanceCase, Row } from './case.testing.js';
import { IN, keyed, query } from './query-case.testing.js';

const aggregate = (
  construct: string,
  expression: string,
  expected: unknown,
  events: readonly Row[] = keyed,
): ConformanceCase =>
  query(
    'Aggregates',
    construct,
    `SELECT ${expression} AS x ${IN} GROUP BY TumblingWindow(second, 10)`,
    events,
    [{ x: expected }],
  );
const analytic = (
  construct: string,
  expression: string,
  expected: readonly unknown[],
  events: readonly Row[] = keyed,
): ConformanceCase =>
  query(
    'Analytic functions',
    construct,
    `SELECT ${expression} AS x ${IN}`,
    events,
    expected.map((x) => ({ x })),
  );

export const AGGREGATE_CASES: readonly ConformanceCase[] = [
  aggregate('COUNT(*)', 'COUNT(*)', 3),
  aggregate('COUNT(expression) leaves out NULL', 'COUNT(v)', 1, [
    { t: 1, v: 1 },
    { t: 2, v: null },
  ]),
  aggregate('COUNT(), COUNT(ALL expression)', 'COUNT() + COUNT(ALL v)', 6),
  aggregate('COUNT(input) and COUNT(DISTINCT input)', 'COUNT(input) * 10 + COUNT(DISTINCT input)', 21, [
    { t: 1, v: 1 },
    { t: 1, v: 1 },
  ]),
  aggregate('COUNT(DISTINCT)', 'COUNT(DISTINCT k)', 2),
  aggregate('SUM', 'SUM(v)', 9),
  aggregate('SUM(DISTINCT)', 'SUM(DISTINCT v)', 1, [
    { t: 1, v: 1 },
    { t: 2, v: 1 },
  ]),
  aggregate('SUM of nothing is NULL', 'SUM(v)', null, [{ t: 1, v: null }]),
  aggregate('AVG', 'AVG(v)', 3),
  aggregate('MIN', 'MIN(v)', 1),
  aggregate('MAX of strings', 'MAX(k)', 'b'),
  aggregate('STDEV', 'STDEV(v)', 2),
  aggregate('STDEVP', 'ROUND(STDEVP(v), 4)', 1.633),
  aggregate('VAR', 'VAR(v)', 4),
  aggregate('VARP', 'ROUND(VARP(v), 4)', 2.6667),
  aggregate(
    'PERCENTILE_CONT',
    'ROUND(PERCENTILE_CONT(0.95) OVER (ORDER BY v), 6)',
    0.988,
    [0.98, 0.93, 0.78, 0.99, 0.89].map((v) => ({ t: 1, v })),
  ),
  aggregate(
    'PERCENTILE_DISC',
    'PERCENTILE_DISC(0.95) OVER (ORDER BY v)',
    0.99,
    [0.98, 0.93, 0.78, 0.99, 0.89].map((v) => ({ t: 1, v })),
  ),
  aggregate('TopOne', 'TopOne() OVER (ORDER BY v DESC)', { k: 'b', v: 5, time: '2020-01-01T00:00:02.000Z' }),
  aggregate('CollectTop', 'CollectTop(2) OVER (ORDER BY v DESC)', [
    { rank: 1, value: { k: 'b', v: 5, time: '2020-01-01T00:00:02.000Z' } },
    { rank: 2, value: { k: 'a', v: 3, time: '2020-01-01T00:00:03.000Z' } },
  ]),
  aggregate(
    'Collect() of events',
    'Collect()',
    [{ time: '2020-01-01T00:00:01.000Z', v: 1 }],
    [{ t: 1, v: 1 }],
  ),
  aggregate(
    'NULL is the least in an order',
    'CollectTop(1) OVER (ORDER BY v)',
    [{ rank: 1, value: { time: '2020-01-01T00:00:02.000Z', v: null } }],
    [
      { t: 1, v: 1 },
      { t: 2, v: null },
    ],
  ),
  aggregate('Collect(expression)', 'Collect(v)', [1, 5, 3]),
  {
    ...aggregate('JavaScript aggregates', 'uda.total(v)', 9),
    scripts: [
      {
        name: 'total',
        kind: 'aggregate',
        source:
          'function main() { this.init = function () { this.state = 0; }; this.accumulate = function (v, t) { this.state += v; }; this.computeResult = function () { return this.state; }; }',
      },
    ],
  },
  analytic('LAG', 'LAG(v) OVER (LIMIT DURATION(minute, 1))', [null, 1, 5]),
  analytic('LAG with PARTITION BY', 'LAG(v) OVER (PARTITION BY k LIMIT DURATION(minute, 1))', [
    null,
    null,
    1,
  ]),
  analytic('LAG with offset and default', 'LAG(v, 2, -1) OVER (LIMIT DURATION(minute, 1))', [-1, -1, 1]),
  analytic('LAG beyond its duration', 'LAG(v) OVER (LIMIT DURATION(millisecond, 500))', [null, null, null]),
  analytic('LAG WHEN', "LAG(v) OVER (LIMIT DURATION(minute, 1) WHEN k = 'a')", [null, 1, 1]),
  analytic(
    'LAST includes the current event',
    "LAST(v) OVER (LIMIT DURATION(minute, 1) WHEN k = 'a')",
    [1, 1, 3],
  ),
  analytic('ISFIRST', 'ISFIRST(second, 2)', [1, 0, 1]),
  analytic(
    'ISFIRST with PARTITION BY and WHEN',
    'ISFIRST(second, 10) OVER (PARTITION BY k WHEN v > 1)',
    [0, 1, 1],
  ),
  analytic('SUM OVER (LIMIT DURATION)', 'SUM(v) OVER (LIMIT DURATION(second, 2))', [1, 6, 8]),
  analytic(
    'COUNT OVER (PARTITION BY)',
    'COUNT(*) OVER (PARTITION BY k LIMIT DURATION(minute, 1))',
    [1, 1, 2],
  ),
  analytic(
    'AVG, MIN, MAX OVER, WHEN',
    'AVG(v) OVER (LIMIT DURATION(second, 2)) + MAX(v) OVER (LIMIT DURATION(minute, 1) WHEN v < 4)',
    [2, 4, 7],
  ),
  analytic(
    'TopOne OVER (PARTITION BY … ORDER BY … LIMIT DURATION)',
    "GetRecordPropertyValue(TopOne() OVER (PARTITION BY k ORDER BY v DESC LIMIT DURATION(minute, 1)), 'v')",
    [1, 5, 3],
  ),
  analytic('Collect OVER', 'Collect(v) OVER (LIMIT DURATION(second, 2))', [[1], [1, 5], [5, 3]]),
  analytic(
    'LAG(*) and LAST(*) are whole events',
    "GetRecordPropertyValue(LAG(*) OVER (LIMIT DURATION(minute, 1)), 'v') + GetRecordPropertyValue(LAST(*) OVER (LIMIT DURATION(minute, 1)), 'v')",
    [null, 6, 8],
  ),
  {
    ...analytic(
      'AnomalyDetection_SpikeAndDip',
      "GetRecordPropertyValue(AnomalyDetection_SpikeAndDip(v, 95, 120, 'spikesanddips') OVER (LIMIT DURATION(minute, 2)), 'IsAnomaly')",
      [...new Array<number>(20).fill(0), 1],
      [...Array.from({ length: 20 }, (_, i) => ({ t: i + 1, v: i % 2 })), { t: 21, v: 50 }],
    ),
    status: 'differs',
    remark: "a kernel density estimate with parameters of our own: Microsoft's are not published",
  },
  {
    ...analytic(
      'AnomalyDetection_ChangePoint',
      "GetRecordPropertyValue(AnomalyDetection_ChangePoint(v, 80, 60) OVER (LIMIT DURATION(minute, 2)), 'IsAnomaly')",
      new Array<number>(20).fill(0),
      Array.from({ length: 20 }, (_, i) => ({ t: i + 1, v: i % 2 })),
    ),
    status: 'differs',
    remark: "an exchangeability martingale with parameters of our own: Microsoft's are not published",
  },
];
