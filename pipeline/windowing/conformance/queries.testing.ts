/** Clauses, windows, joins and time: a query over a few events each. */
import { at, type ConformanceCase } from './case.testing.js';
import { counted, IN, keyed, numbers, query } from './query-case.testing.js';

export const QUERY_CASES: readonly ConformanceCase[] = [
  query(
    'Windows',
    'TumblingWindow is (start, end]',
    counted('TumblingWindow(second, 10)'),
    numbers(10, 10.5, 20, 21),
    [
      { e: at(10), n: 1 },
      { e: at(20), n: 2 },
      { e: at(30), n: 1 },
    ],
  ),
  query('Windows', 'Tumbling and Duration', counted('Tumbling(Duration(minute, 1))'), numbers(1), [
    { e: at(60), n: 1 },
  ]),
  query(
    'Windows',
    'an Offset shifts which end is inclusive',
    counted('TumblingWindow(Duration(second, 10), Offset(millisecond, -1))'),
    numbers(10, 19),
    [{ e: '2020-01-01T00:00:19.9990000Z', n: 2 }],
  ),
  query('Windows', 'HoppingWindow', counted('HoppingWindow(second, 10, 5)'), numbers(1, 7), [
    { e: at(5), n: 1 },
    { e: at(10), n: 2 },
    { e: at(15), n: 1 },
  ]),
  query(
    'Windows',
    'HoppingWindow with Duration and Hop',
    counted('HoppingWindow(Duration(second, 10), Hop(second, 5))'),
    numbers(1),
    [
      { e: at(5), n: 1 },
      { e: at(10), n: 1 },
    ],
  ),
  query(
    'Windows',
    'SlidingWindow gives a row when an event enters or leaves',
    counted('SlidingWindow(second, 10)'),
    numbers(1, 5),
    [
      { e: at(1), n: 1 },
      { e: at(5), n: 2 },
      { e: at(11), n: 1 },
    ],
  ),
  query(
    'Windows',
    'SessionWindow ends at its timeout',
    counted('SessionWindow(second, 5, 60)'),
    numbers(1, 4, 20),
    [
      { e: at(9), n: 2 },
      { e: at(25), n: 1 },
    ],
  ),
  query(
    'Windows',
    'SessionWindow ends at a check of its maximum duration',
    counted('SessionWindow(minute, 5, 10)'),
    numbers(720, 900, 1140, 1380, 1590),
    [{ e: at(1800), n: 5 }],
  ),
  query(
    'Windows',
    'SessionWindow OVER (PARTITION BY)',
    `SELECT k, COUNT(*) AS n, System.Timestamp() AS e ${IN} GROUP BY k, SessionWindow(second, 2, 60) OVER (PARTITION BY k)`,
    keyed,
    [
      { k: 'b', n: 1, e: at(4) },
      { k: 'a', n: 2, e: at(5) },
    ],
  ),
  query('Windows', 'snapshot by System.Timestamp()', counted('System.Timestamp()'), numbers(1, 1, 2), [
    { e: at(1), n: 2 },
    { e: at(2), n: 1 },
  ]),
  query(
    'Windows',
    'Windows() with ids',
    `SELECT System.Window().Id AS id, COUNT(*) AS n ${IN} GROUP BY Windows(Window('5s', TumblingWindow(second, 5)), Window('10s', TumblingWindow(second, 10)))`,
    numbers(1, 6),
    [
      { id: '5s', n: 1 },
      { id: '5s', n: 1 },
      { id: '10s', n: 2 },
    ],
  ),
  query('Clauses', 'SELECT *', 'SELECT * FROM input', [{ a: 1, b: 2 }], [{ a: 1, b: 2 }]),
  query('Clauses', 'column = expression', 'SELECT y = a + 1 FROM input', [{ a: 1 }], [{ y: 2 }]),
  query(
    'Clauses',
    '*: columns to its left take precedence',
    'SELECT b AS a, * FROM input',
    [{ a: 1, b: 2 }],
    [{ a: 2, b: 2 }],
  ),
  query('Clauses', 'record.*', 'SELECT r.* FROM input', [{ r: { a: 1, b: 2 } }], [{ a: 1, b: 2 }]),
  query('Clauses', 'WHERE', 'SELECT a FROM input WHERE a > 1', [{ a: 1 }, { a: 2 }, { a: null }], [{ a: 2 }]),
  query(
    'Clauses',
    'HAVING, also by alias',
    `SELECT k, COUNT(*) AS n ${IN} GROUP BY k, TumblingWindow(second, 10) HAVING n >= 2`,
    keyed,
    [{ k: 'a', n: 2 }],
  ),
  query(
    'Clauses',
    'WITH steps, several outputs',
    'WITH s AS (SELECT a FROM input) SELECT a INTO o1 FROM s SELECT a + 1 AS b INTO o2 FROM s',
    [{ a: 1 }],
    [{ a: 1 }, { b: 2 }],
  ),
  query(
    'Clauses',
    'a query in FROM',
    'SELECT x FROM (SELECT a AS x FROM input) AS q',
    [{ a: 1 }],
    [{ x: 1 }],
  ),
  query(
    'Clauses',
    'UNION keeps duplicates',
    'SELECT a FROM input UNION SELECT a FROM input',
    [{ a: 1 }],
    [{ a: 1 }, { a: 1 }],
  ),
  query(
    'Clauses',
    'CREATE TABLE drops events of another type',
    'CREATE TABLE input (a bigint); SELECT a FROM input',
    [{ a: 1 }, { a: 'x' }],
    [{ a: 1 }],
  ),
  query(
    'Clauses',
    'PARTITION BY … INTO',
    'SELECT a FROM input PARTITION BY a INTO 4',
    [{ a: 1 }],
    [{ a: 1 }],
  ),
  query(
    'Clauses',
    'CROSS APPLY GetArrayElements',
    'SELECT e.ArrayIndex AS i, e.ArrayValue AS v FROM input CROSS APPLY GetArrayElements(a) AS e',
    [{ a: [5, 6] }, { a: [] }],
    [
      { i: 0, v: 5 },
      { i: 1, v: 6 },
    ],
  ),
  query(
    'Clauses',
    'OUTER APPLY GetRecordProperties',
    'SELECT i.id, p.PropertyName AS n, p.PropertyValue AS v FROM input i OUTER APPLY GetRecordProperties(i.r) AS p',
    [{ id: 1, r: { a: 1 } }, { id: 2 }],
    [
      { id: 1, n: 'a', v: 1 },
      { id: 2, n: null, v: null },
    ],
  ),
  query(
    'Joins',
    'stream JOIN, bound by DATEDIFF',
    'SELECT a.v AS l, b.v AS r FROM input a TIMESTAMP BY time JOIN other b TIMESTAMP BY time ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 0 AND 5',
    [],
    [{ l: 1, r: 2 }],
    {
      inputs: {
        input: [{ t: 1, k: 'x', v: 1 }],
        other: [
          { t: 6, k: 'x', v: 2 },
          { t: 7, k: 'x', v: 3 },
          { t: 2, k: 'y', v: 4 },
        ],
      },
    },
  ),
  query(
    'Joins',
    'LEFT OUTER JOIN finds what did not follow',
    'SELECT a.v AS l, b.v AS r, System.Timestamp() AS e FROM input a TIMESTAMP BY time LEFT OUTER JOIN other b TIMESTAMP BY time ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 0 AND 5 WHERE b.v IS NULL',
    [],
    [{ l: 2, r: null, e: at(7) }],
    {
      inputs: {
        input: [
          { t: 1, k: 'x', v: 1 },
          { t: 2, k: 'y', v: 2 },
        ],
        other: [{ t: 3, k: 'x', v: 9 }],
      },
    },
  ),
  query(
    'Joins',
    'a string joined to a datetime is read as one',
    "WITH p AS (SELECT System.Timestamp() AS at, d, MAX(v) AS m FROM input TIMESTAMP BY time WHERE s = 'power' GROUP BY d, SlidingWindow(minute, 3)) SELECT t1.v AS temp, p.m FROM input t1 TIMESTAMP BY time JOIN p ON t1.d = p.d AND t1.time = p.at AND DATEDIFF(minute, t1, p) BETWEEN 0 AND 3 WHERE t1.s = 'temp' AND t1.v <= 40 AND p.m > 10",
    [
      { t: 60, d: 1, s: 'temp', v: 120 },
      { t: 60, d: 1, s: 'power', v: 15 },
      { t: 120, d: 1, s: 'temp', v: 30 },
      { t: 120, d: 1, s: 'power', v: 8 },
    ],
    [{ temp: 30, m: 15 }],
  ),
  query(
    'Joins',
    'self join',
    'SELECT a.v AS l, b.v AS r FROM input a TIMESTAMP BY time JOIN input b TIMESTAMP BY time ON DATEDIFF(second, a, b) BETWEEN 1 AND 1',
    numbers(1, 2, 3),
    [
      { l: 1, r: 2 },
      { l: 2, r: 3 },
    ],
  ),
  query(
    'Joins',
    'reference data, inner and left',
    'SELECT i.k, r.name FROM input i LEFT JOIN ref r ON i.k = r.k',
    [{ k: 'a' }, { k: 'b' }],
    [
      { k: 'a', name: 'A' },
      { k: 'b', name: null },
    ],
    { references: { ref: [{ k: 'a', name: 'A' }] } },
  ),
  query(
    'Pattern',
    'MATCH_RECOGNIZE',
    `SELECT * ${IN} MATCH_RECOGNIZE (PARTITION BY booth LIMIT DURATION (minute, 1) AFTER MATCH SKIP TO NEXT ROW MEASURES Last(Toyota.plate) AS toyota, Last(Lexus.plate) AS lexus PATTERN (Toyota+ Ford* Lexus+) DEFINE Toyota AS Toyota.make = 'Toyota', Ford AS Ford.make = 'Ford', Lexus AS Lexus.make = 'Lexus') AS T`,
    [
      { t: 1, booth: 1, make: 'Toyota', plate: 'a' },
      { t: 2, booth: 1, make: 'Ford', plate: 'b' },
      { t: 3, booth: 1, make: 'Lexus', plate: 'c' },
      { t: 4, booth: 1, make: 'Honda', plate: 'd' },
    ],
    [{ booth: 1, toyota: 'a', lexus: 'c' }],
  ),
  query(
    'Time',
    'late events are adjusted',
    `SELECT System.Timestamp() AS e ${IN}`,
    [{ t: 600, arrival: 640 }],
    [{ e: at(625) }],
    {
      options: { arrivalTimes: 'given', lateToleranceMs: 15_000 },
    },
  ),
  query(
    'Time',
    'late events are dropped',
    `SELECT System.Timestamp() AS e ${IN}`,
    [{ t: 600, arrival: 640 }],
    [],
    {
      options: { arrivalTimes: 'given', lateToleranceMs: 15_000, policy: 'drop' },
    },
  ),
  query(
    'Time',
    'events out of order within the tolerance are put in order',
    `SELECT v ${IN}`,
    [
      { t: 10, arrival: 10, v: 1 },
      { t: 8, arrival: 11, v: 2 },
      { t: 20, arrival: 20, v: 3 },
    ],
    [{ v: 2 }, { v: 1 }, { v: 3 }],
    {
      options: { arrivalTimes: 'given', outOfOrderToleranceMs: 5_000 },
    },
  ),
  query(
    'Time',
    'events out of order beyond it are moved to the watermark',
    `SELECT v, System.Timestamp() AS e ${IN}`,
    [
      { t: 10, arrival: 10, v: 1 },
      { t: 8, arrival: 11, v: 2 },
    ],
    [
      { v: 1, e: at(10) },
      { v: 2, e: at(10) },
    ],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Time',
    'events more than 5 minutes early are dropped',
    `SELECT v ${IN}`,
    [{ t: 400, arrival: 10, v: 1 }],
    [],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Time',
    'by arrival no policy applies',
    'SELECT v, System.Timestamp() AS e FROM input',
    [{ t: 1, arrival: 100, v: 1 }],
    [{ v: 1, e: at(100) }],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Time',
    'TIMESTAMP BY … OVER gives each key its own time',
    `SELECT k, COUNT(*) AS n ${IN} OVER k GROUP BY k, TumblingWindow(second, 5)`,
    [
      { t: 10, arrival: 10, k: 'fast' },
      { t: 3, arrival: 10, k: 'slow' },
      { t: 4, arrival: 11, k: 'slow' },
    ],
    [
      { k: 'fast', n: 1 },
      { k: 'slow', n: 2 },
    ],
    { options: { arrivalTimes: 'given', lateToleranceMs: 60_000 } },
  ),
  query(
    'Metadata',
    'EventEnqueuedUtcTime and PartitionId',
    'SELECT EventEnqueuedUtcTime AS e, PartitionId AS p FROM input',
    [{ arrival: 5, partition: 3 }],
    [{ e: at(5), p: 3 }],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Metadata',
    'GetMetadataPropertyValue',
    "SELECT GetMetadataPropertyValue(input, '[EventHub].[PartitionId]') AS p FROM input",
    [{ arrival: 5, partition: 3 }],
    [{ p: 3 }],
    { options: { arrivalTimes: 'given' } },
  ),
  query('Scripts', 'JavaScript functions', 'SELECT udf.hex(h) AS x FROM input', [{ h: 'B4' }], [{ x: 180 }], {
    scripts: [{ name: 'hex', kind: 'scalar', source: 'function hex(h) { return parseInt(h, 16); }' }],
  }),
];

/** What the language has and this engine does not. */
export const ABSENT: readonly {
  readonly family: string;
  readonly construct: string;
  readonly remark: string;
}[] = [
  {
    family: 'Scripts',
    construct: 'C# functions, custom deserializers and machine learning endpoints',
    remark: 'they need a runtime of their own',
  },
  { family: 'Types and conversions', construct: 'Avro and Parquet inputs', remark: 'events are JSON or CSV' },
  {
    family: 'Analytic functions',
    construct: 'ANOMALYDETECTION(…), the operator of 2018',
    remark: 'Azure retired it for AnomalyDetection_SpikeAndDip and AnomalyDetection_ChangePoint',
  },
];
