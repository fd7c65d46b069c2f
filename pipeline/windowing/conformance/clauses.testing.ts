/** Clauses of a SELECT: a query over a few events each. */
import type { ConformanceCase } from './case.testing.js';
import { IN, keyed, query } from './query-case.testing.js';

export const CLAUSE_CASES: readonly ConformanceCase[] = [
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
    'Clauses',
    'HAVING without GROUP BY filters rows',
    'SELECT a FROM input HAVING a > 1',
    [{ a: 1 }, { a: 2 }],
    [{ a: 2 }],
  ),
  query(
    'Clauses',
    'HAVING by a field of an alias',
    `SELECT COUNT(*) AS n, TopOne() OVER (ORDER BY v DESC) AS top ${IN} GROUP BY TumblingWindow(second, 10) HAVING top.v > 4`,
    [
      { t: 1, v: 5 },
      { t: 11, v: 3 },
    ],
    [{ n: 1, top: { time: '2020-01-01T00:00:01.000Z', v: 5 } }],
  ),
  query(
    'Clauses',
    'SELECT DISTINCT gives equal rows of one time once',
    `SELECT DISTINCT n ${'FROM'} (SELECT k, COUNT(*) AS n ${IN} GROUP BY k, TumblingWindow(second, 10)) AS s`,
    keyed.slice(0, 2),
    [{ n: 1 }],
    { remark: 'not in the reference, but in jobs of Microsoft’s tutorials' },
  ),
  query(
    'Clauses',
    'an aggregate without an alias has the name of its function',
    `WITH s AS (SELECT k, COUNT(*) ${IN} GROUP BY k, TumblingWindow(second, 10)) SELECT SUM(count) AS n FROM s GROUP BY System.Timestamp()`,
    keyed,
    [{ n: 3 }],
  ),
  query(
    'Clauses',
    'CROSS APPLY GetElements, the first name of GetArrayElements',
    'SELECT e.ArrayValue AS v FROM input CROSS APPLY GetElements(a) AS e',
    [{ a: [7] }],
    [{ v: 7 }],
  ),
  query(
    'Clauses',
    'SELECT * with APPLY has the element as a record',
    'SELECT * FROM input CROSS APPLY GetArrayElements(a) AS e',
    [{ a: [7] }],
    [{ a: [7], e: { ArrayIndex: 0, ArrayValue: 7 } }],
  ),
  query(
    'Clauses',
    'fields of what a function gives',
    'SELECT GetArrayElement(a, 0).name AS n FROM input',
    [{ a: [{ name: 'x' }] }],
    [{ n: 'x' }],
  ),
  query('Clauses', 'strings in double quotes', 'SELECT "it\'s" AS s FROM input', [{}], [{ s: "it's" }]),
  query(
    'Clauses',
    'a step may have the name of one of its columns',
    'WITH a AS (SELECT a, b FROM input) SELECT a, a.b FROM a',
    [{ a: 1, b: 2 }],
    [{ a: 1, b: 2 }],
  ),
  query(
    'Clauses',
    'the name of an input is the whole event',
    'SELECT udf.size(input) AS n FROM input',
    [{ a: 1, b: 2 }],
    [{ n: 2 }],
    {
      scripts: [
        { name: 'size', kind: 'scalar', source: 'function size(e) { return Object.keys(e).length; }' },
      ],
    },
  ),
];
