/** Joins and patterns: a query over a few events each. */
import { at, type ConformanceCase } from './case.testing.js';
import { IN, numbers, query } from './query-case.testing.js';

export const JOIN_CASES: readonly ConformanceCase[] = [
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
    'Joins',
    'three streams, bound pair by pair',
    'SELECT s.id, e.code FROM input s TIMESTAMP BY time JOIN other t TIMESTAMP BY time ON s.id = t.id AND DATEDIFF(second, s, t) BETWEEN 0 AND 5 JOIN error e TIMESTAMP BY time ON e.id = s.id AND DATEDIFF(second, s, e) BETWEEN 0 AND 5 AND DATEDIFF(second, t, e) < 0',
    [],
    [{ id: 1, code: 7 }],
    {
      inputs: {
        input: [{ t: 1, id: 1 }],
        error: [
          { t: 3, id: 1, code: 7 },
          { t: 6, id: 1, code: 8 },
        ],
        other: [{ t: 5, id: 1 }],
      },
    },
  ),
  query(
    'Joins',
    'a left row without a match has the latest time at which one could have come',
    'SELECT System.Timestamp() AS e FROM input a TIMESTAMP BY time LEFT JOIN other b TIMESTAMP BY time ON DATEDIFF(minute, a, b) BETWEEN -2 AND 10',
    [],
    [{ e: at(601) }],
    { inputs: { input: [{ t: 1 }], other: [] } },
  ),
  query(
    'Joins',
    'a step over reference data is reference data',
    'WITH parsed AS (SELECT id, udf.parse(data) AS d FROM ref) SELECT p.d.name FROM input i JOIN parsed p ON i.id = p.id',
    [{ id: 1 }],
    [{ name: 'x' }],
    {
      references: { ref: [{ id: 1, data: '{"name":"x"}' }] },
      scripts: [{ name: 'parse', kind: 'scalar', source: 'function parse(s) { return JSON.parse(s); }' }],
    },
  ),
  query(
    'Joins',
    'CREATE TABLE of reference data',
    'CREATE TABLE ref (k bigint); SELECT i.k, r.name FROM input i LEFT JOIN ref r ON i.k = r.k',
    [{ k: 1 }, { k: 2 }],
    [
      { k: 1, name: 'A' },
      { k: 2, name: null },
    ],
    {
      references: {
        ref: [
          { k: '1', name: 'A' },
          { k: 'two', name: 'B' },
        ],
      },
    },
  ),
  query(
    'Joins',
    'reference data by any condition',
    'SELECT r.name FROM input i JOIN ref r ON ST_WITHIN(i.at, r.area) = 1',
    [{ at: 'POINT(1 1)' }],
    [{ name: 'in' }],
    {
      references: {
        ref: [
          { name: 'in', area: 'POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))' },
          { name: 'out', area: 'POLYGON((5 5, 6 5, 6 6, 5 6, 5 5))' },
        ],
      },
    },
  ),
  ...(
    [
      [
        'A? B+',
        [
          { a: 1, b: 2 },
          { a: null, b: 2 },
          { a: null, b: 3 },
        ],
      ],
      ['A+ (B | C)', [{ a: 1, b: 2 }]],
      ['A B*', [{ a: 1, b: 2 }]],
      ['A B{2}', [{ a: 1, b: 2 }]],
    ] as const
  ).map(([pattern, expected]) =>
    query(
      'Pattern',
      `PATTERN (${pattern})`,
      `SELECT * ${IN} MATCH_RECOGNIZE (LIMIT DURATION (minute, 1) AFTER MATCH SKIP TO NEXT ROW MEASURES LAST(A.v) AS a, FIRST(B.v) AS b PATTERN (${pattern}) DEFINE A AS A.k = 'a', B AS B.k = 'b', C AS C.k = 'c') AS T`,
      [
        { t: 1, k: 'a', v: 1 },
        { t: 2, k: 'b', v: 2 },
        { t: 3, k: 'b', v: 3 },
      ],
      expected,
    ),
  ),
  query(
    'Pattern',
    'conditions over what was matched so far',
    `SELECT * ${IN} MATCH_RECOGNIZE (LIMIT DURATION (minute, 3) MEASURES MAX(High.v) AS v PATTERN (Low+ High) DEFINE Low AS Low.v > 0, High AS MAX(High.v) > 2 * MAX(Low.v)) AS T`,
    [
      { t: 1, v: 10 },
      { t: 2, v: 15 },
      { t: 3, v: 40 },
    ],
    [{ v: 40 }, { v: 40 }],
  ),
  query(
    'Pattern',
    'CLASSIFIER() names the variable of each event',
    `SELECT * ${IN} MATCH_RECOGNIZE (LIMIT DURATION (minute, 1) MEASURES CLASSIFIER() AS path PATTERN (A+ . B) DEFINE A AS A.k = 'a', B AS B.k = 'b') AS T`,
    [
      { t: 1, k: 'a' },
      { t: 2, k: 'x' },
      { t: 3, k: 'b' },
    ],
    [{ path: ['A', '.', 'B'] }],
  ),
  query(
    'Pattern',
    'a pattern over substreams',
    `SELECT * ${IN} OVER k MATCH_RECOGNIZE (PARTITION BY k LIMIT DURATION (minute, 1) MEASURES FIRST(A.v) AS v PATTERN (A{2,}) DEFINE A AS A.v > 1) AS T`,
    [
      { t: 9, k: 'x', v: 2 },
      { t: 1, k: 'y', v: 3 },
      { t: 10, k: 'x', v: 4 },
      { t: 2, k: 'y', v: 1 },
    ],
    [{ k: 'x', v: 2 }],
    { remark: 'an example of the query patterns has it, though the page of MATCH_RECOGNIZE excludes it' },
  ),
  query(
    'Joins',
    'CROSS JOIN of reference data',
    'SELECT i.v, r.k FROM input i CROSS JOIN ref r',
    [{ v: 1 }],
    [
      { v: 1, k: 'a' },
      { v: 1, k: 'b' },
    ],
    {
      references: { ref: [{ k: 'a' }, { k: 'b' }] },
      remark: 'not in the reference; its authors say so',
    },
  ),
  query(
    'Joins',
    'joins in parentheses',
    'SELECT a.v AS l, b.v AS r FROM (input a TIMESTAMP BY time JOIN input b TIMESTAMP BY time ON DATEDIFF(second, a, b) BETWEEN 1 AND 1) WHERE a.v > 1',
    numbers(1, 2, 3),
    [{ l: 2, r: 3 }],
  ),
  query(
    'Joins',
    'the name of a source beside its alias',
    'SELECT input.v, ref.k FROM input i JOIN ref r ON i.v = r.k',
    [{ v: 1 }],
    [{ v: 1, k: 1 }],
    { references: { ref: [{ k: 1 }] }, remark: 'as examples of the documentation write' },
  ),
];
