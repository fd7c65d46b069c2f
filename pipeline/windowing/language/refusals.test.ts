import { describe, expect, test } from 'vitest';
import { planQuery, QueryError, renderQueryError } from '../job.js';

function refusal(query: string, inputs: readonly string[] = ['input', 'other']): QueryError {
  try {
    planQuery({ query, inputs, references: { ref: [] } });
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
  throw new Error(`not refused: ${query}`);
}

/** What is refused, the query, the code of the error, and the column that it points at. */
const REFUSED: readonly (readonly [string, string, string, number])[] = [
  ['an aggregate without a window', 'SELECT COUNT(*) FROM input', 'FF_QUERY_AGGREGATE_WITHOUT_WINDOW', 8],
  [
    'an aggregate in WHERE',
    'SELECT a FROM input WHERE COUNT(*) > 1',
    'FF_QUERY_AGGREGATE_WITHOUT_WINDOW',
    27,
  ],
  [
    'an aggregate of an aggregate',
    'SELECT SUM(COUNT(*)) FROM input GROUP BY TumblingWindow(second, 1)',
    'FF_QUERY_INVALID',
    12,
  ],
  ['GROUP BY without a window', 'SELECT k FROM input GROUP BY k', 'FF_QUERY_WINDOW_MISSING', 30],
  [
    'a key made of System.Timestamp() alone',
    'SELECT 1 AS x FROM input GROUP BY DATEPART(minute, System.Timestamp())',
    'FF_QUERY_WINDOW_MISSING',
    35,
  ],
  [
    'two windows',
    'SELECT COUNT(*) FROM input GROUP BY TumblingWindow(second, 1), TumblingWindow(second, 2)',
    'FF_QUERY_WINDOW',
    64,
  ],
  [
    'a window of more than 7 days',
    'SELECT COUNT(*) FROM input GROUP BY TumblingWindow(day, 8)',
    'FF_QUERY_DURATION',
    37,
  ],
  [
    'a window of no fixed length',
    'SELECT COUNT(*) FROM input GROUP BY TumblingWindow(month, 1)',
    'FF_QUERY_UNIT',
    52,
  ],
  [
    'a window of no length',
    'SELECT COUNT(*) FROM input GROUP BY TumblingWindow(second, 0)',
    'FF_QUERY_WINDOW',
    37,
  ],
  [
    'a window whose size is a column',
    'SELECT COUNT(*) FROM input GROUP BY TumblingWindow(second, n)',
    'FF_QUERY_WINDOW',
    60,
  ],
  [
    'a hopping window without a hop',
    'SELECT COUNT(*) FROM input GROUP BY HoppingWindow(second, 10)',
    'FF_QUERY_WINDOW',
    37,
  ],
  [
    'a session without a maximum duration',
    'SELECT COUNT(*) FROM input GROUP BY SessionWindow(second, 10)',
    'FF_QUERY_WINDOW',
    37,
  ],
  [
    'two windows of one id',
    "SELECT COUNT(*) FROM input GROUP BY Windows(Window('a', TumblingWindow(second, 1)), Window('a', TumblingWindow(second, 2)))",
    'FF_QUERY_WINDOW',
    37,
  ],
  [
    'windows with and without ids',
    "SELECT COUNT(*) FROM input GROUP BY Windows(Window('a', TumblingWindow(second, 1)), TumblingWindow(second, 2))",
    'FF_QUERY_WINDOW',
    37,
  ],
  [
    'Windows() inside Windows()',
    'SELECT COUNT(*) FROM input GROUP BY Windows(Windows(TumblingWindow(second, 1)), TumblingWindow(second, 2))',
    'FF_QUERY_WINDOW',
    45,
  ],
  [
    'a window id that is NULL',
    'SELECT COUNT(*) FROM input GROUP BY Windows(Window(NULL, TumblingWindow(second, 1)))',
    'FF_QUERY_WINDOW',
    45,
  ],
  ['System.Window() without a window', 'SELECT System.Window().Id FROM input', 'FF_QUERY_WINDOW', 8],
  ['a window outside GROUP BY', 'SELECT TumblingWindow(second, 1) FROM input', 'FF_QUERY_INVALID', 8],
  [
    'a column that is not grouped',
    'SELECT v FROM input GROUP BY k, TumblingWindow(second, 1)',
    'FF_QUERY_NOT_GROUPED',
    8,
  ],
  [
    '* beside GROUP BY',
    'SELECT * FROM input GROUP BY k, TumblingWindow(second, 1)',
    'FF_QUERY_NOT_GROUPED',
    8,
  ],
  [
    'a join without a bound on time',
    'SELECT a.x FROM input a JOIN other b ON a.k = b.k',
    'FF_QUERY_JOIN_BOUND',
    41,
  ],
  [
    'a join bound on one side',
    'SELECT a.x FROM input a JOIN other b ON DATEDIFF(minute, a, b) < 5',
    'FF_QUERY_JOIN_BOUND',
    41,
  ],
  [
    'a join bound by more than 7 days',
    'SELECT a.x FROM input a JOIN other b ON DATEDIFF(day, a, b) BETWEEN 0 AND 8',
    'FF_QUERY_JOIN_BOUND',
    41,
  ],
  [
    'a join bound by columns',
    'SELECT a.x FROM input a JOIN other b ON DATEDIFF(minute, a.time, b.time) BETWEEN 0 AND 5',
    'FF_QUERY_JOIN_BOUND',
    41,
  ],
  [
    'SELECT * with a join of streams',
    'SELECT * FROM input a JOIN other b ON DATEDIFF(minute, a, b) BETWEEN 0 AND 5',
    'FF_QUERY_STAR_IN_JOIN',
    8,
  ],
  [
    'a right join',
    'SELECT a.x FROM input a RIGHT JOIN other b ON DATEDIFF(minute, a, b) BETWEEN 0 AND 5',
    'FF_QUERY_SYNTAX',
    25,
  ],
  [
    'a full join',
    'SELECT a.x FROM input a FULL OUTER JOIN other b ON DATEDIFF(minute, a, b) BETWEEN 0 AND 5',
    'FF_QUERY_SYNTAX',
    25,
  ],
  ['sources joined by a comma', 'SELECT a.x FROM input a, other b', 'FF_QUERY_SYNTAX', 24],
  [
    'two sources of one alias',
    'SELECT a.x FROM input a JOIN input a ON DATEDIFF(minute, a, a) BETWEEN 0 AND 5',
    'FF_QUERY_DUPLICATE_ALIAS',
    30,
  ],
  [
    'an unqualified column of two sources',
    'SELECT x FROM input a JOIN other b ON DATEDIFF(minute, a, b) BETWEEN 0 AND 5',
    'FF_QUERY_AMBIGUOUS_COLUMN',
    8,
  ],
  ['reference data on its own', 'SELECT a FROM ref', 'FF_QUERY_REFERENCE_ALONE', 15],
  ['reference data left of a stream', 'SELECT r.x FROM ref r JOIN input i ON r.k = i.k', 'FF_QUERY_JOIN', 23],
  [
    'windows over reference data',
    'WITH s AS (SELECT k, COUNT(*) AS n FROM ref GROUP BY k, TumblingWindow(second, 1)) SELECT s.n FROM input i JOIN s ON i.k = s.k',
    'FF_QUERY_REFERENCE_ALONE',
    41,
  ],
  [
    'TIMESTAMP BY on reference data',
    'SELECT i.a FROM input i JOIN ref r TIMESTAMP BY r.a ON i.k = r.k',
    'FF_QUERY_TIMESTAMP_BY_STEP',
    36,
  ],
  [
    'TIMESTAMP BY on a step',
    'WITH s AS (SELECT * FROM input) SELECT a FROM s TIMESTAMP BY a',
    'FF_QUERY_TIMESTAMP_BY_STEP',
    49,
  ],
  [
    'OVER on one input of a join',
    'SELECT a.v FROM input a TIMESTAMP BY time OVER k JOIN other b TIMESTAMP BY time ON DATEDIFF(minute, a, b) BETWEEN 0 AND 5',
    'FF_QUERY_JOIN',
    50,
  ],
  [
    'a key of OVER that is not grouped',
    'SELECT COUNT(*) FROM input TIMESTAMP BY time OVER k GROUP BY TumblingWindow(second, 1)',
    'FF_QUERY_SUBSTREAM',
    51,
  ],
  ['one partition', 'SELECT a FROM input PARTITION BY k INTO 1', 'FF_QUERY_SYNTAX', 41],
  ['INTO inside a step', 'WITH s AS (SELECT * INTO x FROM input) SELECT a FROM s', 'FF_QUERY_INTO', 21],
  [
    'a union into two outputs',
    'SELECT a INTO x FROM input UNION SELECT a INTO y FROM input',
    'FF_QUERY_INTO',
    43,
  ],
  ['a step that reads itself', 'WITH s AS (SELECT a FROM s) SELECT a FROM s', 'FF_QUERY_UNKNOWN_INPUT', 26],
  [
    'a step that comes later',
    'WITH s AS (SELECT a FROM t), t AS (SELECT a FROM input) SELECT a FROM s',
    'FF_QUERY_UNKNOWN_INPUT',
    26,
  ],
  [
    'two steps of one name',
    'WITH s AS (SELECT a FROM input), S AS (SELECT a FROM input) SELECT a FROM s',
    'FF_QUERY_DUPLICATE_STEP',
    34,
  ],
  ['steps and nothing else', 'WITH s AS (SELECT a FROM input)', 'FF_QUERY_SYNTAX', 32],
  [
    'a column that no step gives',
    'WITH s AS (SELECT total FROM input) SELECT totl FROM s',
    'FF_QUERY_UNKNOWN_COLUMN',
    44,
  ],
  ['LAG without a limit', 'SELECT LAG(v) OVER (PARTITION BY k) FROM input', 'FF_QUERY_LIMIT_MISSING', 8],
  ['LAG by no event', 'SELECT LAG(v, 0) OVER (LIMIT DURATION(minute, 1)) FROM input', 'FF_QUERY_INVALID', 15],
  [
    'LAG inside LAG',
    'SELECT LAG(LAG(v) OVER (LIMIT DURATION(minute, 1))) OVER (LIMIT DURATION(minute, 1)) FROM input',
    'FF_QUERY_INVALID',
    12,
  ],
  [
    'LAG over more than 7 days',
    'SELECT LAG(v) OVER (LIMIT DURATION(day, 8)) FROM input',
    'FF_QUERY_DURATION',
    27,
  ],
  [
    'LAG on groups',
    'SELECT k, LAG(k) OVER (LIMIT DURATION(minute, 1)) FROM input GROUP BY k, TumblingWindow(second, 1)',
    'FF_QUERY_INVALID',
    11,
  ],
  ['ISFIRST without a length', 'SELECT ISFIRST(minute) FROM input', 'FF_QUERY_INVALID', 8],
  [
    'DISTINCT with OVER',
    'SELECT COUNT(DISTINCT v) OVER (LIMIT DURATION(minute, 1)) FROM input',
    'FF_QUERY_INVALID',
    8,
  ],
  [
    'a ranking function of T-SQL',
    'SELECT ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) FROM input',
    'FF_QUERY_UNKNOWN_FUNCTION',
    8,
  ],
  [
    'TopOne without an order',
    'SELECT TopOne() FROM input GROUP BY TumblingWindow(second, 1)',
    'FF_QUERY_INVALID',
    8,
  ],
  [
    'CollectTop of a column of numbers',
    'SELECT CollectTop(n) OVER (ORDER BY v) FROM input GROUP BY TumblingWindow(second, 1)',
    'FF_QUERY_ARGUMENTS',
    8,
  ],
  [
    'a percentile above 1',
    'SELECT PERCENTILE_CONT(1.5) OVER (ORDER BY v) FROM input GROUP BY TumblingWindow(second, 1)',
    'FF_QUERY_ARGUMENTS',
    24,
  ],
  ['too many arguments', 'SELECT ABS(a, b) FROM input', 'FF_QUERY_ARGUMENTS', 8],
  ['a prefix that is none', 'SELECT my.ABS(a) FROM input', 'FF_QUERY_INVALID', 8],
  [
    'a JavaScript function that the job does not have',
    'SELECT udf.nope(a) FROM input',
    'FF_QUERY_UNKNOWN_FUNCTION',
    8,
  ],
  ['a function of T-SQL', 'SELECT ISNULL(a, 0) FROM input', 'FF_QUERY_UNKNOWN_FUNCTION', 8],
  ['a table function as a value', 'SELECT GetArrayElements(a) FROM input', 'FF_QUERY_INVALID', 8],
  ['APPLY of another function', 'SELECT e.v FROM input CROSS APPLY Foo(a) AS e', 'FF_QUERY_INVALID', 35],
  ['a part of no date', 'SELECT DATEDIFF(fortnight, a, b) FROM input', 'FF_QUERY_UNIT', 17],
  ['a type of T-SQL', 'SELECT CAST(a AS int) FROM input', 'FF_QUERY_SYNTAX', 18],
  ['nvarchar of another length', 'SELECT CAST(a AS nvarchar(50)) FROM input', 'FF_QUERY_SYNTAX', 27],
  [
    'the retired anomaly detector',
    'SELECT ANOMALYDETECTION(v) OVER (LIMIT DURATION(minute, 2)) FROM input',
    'FF_QUERY_INVALID',
    8,
  ],
  [
    'a confidence of 0',
    "SELECT AnomalyDetection_SpikeAndDip(v, 0, 120, 'spikes') OVER (LIMIT DURATION(minute, 2)) FROM input",
    'FF_QUERY_ARGUMENTS',
    40,
  ],
  ['ORDER BY', 'SELECT a FROM input ORDER BY a', 'FF_QUERY_SYNTAX', 21],
  ['TOP', 'SELECT TOP 5 a FROM input', 'FF_QUERY_SYNTAX', 8],
  ['LIMIT', 'SELECT a FROM input LIMIT 5', 'FF_QUERY_SYNTAX', 21],
  ['EXCEPT', 'SELECT a FROM input EXCEPT SELECT a FROM other', 'FF_QUERY_SYNTAX', 21],
  ['EXISTS', 'SELECT a FROM input WHERE EXISTS (SELECT 1 FROM other)', 'FF_QUERY_SYNTAX', 27],
  ['a query in an expression', 'SELECT a FROM input WHERE a IN (SELECT b FROM other)', 'FF_QUERY_SYNTAX', 33],
  ['a string that is not closed', "SELECT a FROM input WHERE a = 'x", 'FF_QUERY_SYNTAX', 31],
  ['a comment that is not closed', 'SELECT a /* FROM input', 'FF_QUERY_SYNTAX', 10],
  ['CASE without END', 'SELECT CASE WHEN a = 1 THEN 2 FROM input', 'FF_QUERY_SYNTAX', 31],
  [
    'a pattern without a limit',
    'SELECT * FROM input MATCH_RECOGNIZE (MEASURES LAST(A.v) AS m PATTERN (A) DEFINE A AS A.v > 1) AS t',
    'FF_QUERY_SYNTAX',
    93,
  ],
  [
    'a measure of two fields',
    'SELECT * FROM input MATCH_RECOGNIZE (LIMIT DURATION (minute, 1) MEASURES MAX(A.v + A.w) AS m PATTERN (A) DEFINE A AS A.v > 1) AS t',
    'FF_QUERY_INVALID',
    74,
  ],
  [
    'a later pattern variable in an earlier condition',
    'SELECT * FROM input MATCH_RECOGNIZE (LIMIT DURATION (minute, 1) MEASURES LAST(A.v) AS m PATTERN (A B) DEFINE A AS LAST(B.v) > 1) AS t',
    'FF_QUERY_PATTERN_VARIABLE',
    120,
  ],
  [
    'columns of a pattern',
    'SELECT t.m FROM input MATCH_RECOGNIZE (LIMIT DURATION (minute, 1) MEASURES LAST(A.v) AS m PATTERN (A) DEFINE A AS A.v > 1) AS t',
    'FF_QUERY_MATCH',
    8,
  ],
  ['a union of other columns', 'SELECT a FROM input UNION SELECT a, b FROM other', 'FF_QUERY_UNION', 27],
  ['a clause out of its order', 'SELECT a FROM input HAVING a > 1 WHERE a > 1', 'FF_QUERY_SYNTAX', 34],
  ['GROUP without BY', 'SELECT a FROM input GROUP a', 'FF_QUERY_SYNTAX', 27],
  ['TIMESTAMP without BY', 'SELECT a FROM input TIMESTAMP time', 'FF_QUERY_SYNTAX', 31],
  [
    'WITHIN GROUP',
    'SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a) AS p FROM input GROUP BY TumblingWindow(second, 1)',
    'FF_QUERY_SYNTAX',
    29,
  ],
  ['a number that is no bigint', 'SELECT 9223372036854775808 AS x FROM input', 'FF_QUERY_INVALID', 8],
  ['no name after AS', 'SELECT a AS FROM input', 'FF_QUERY_SYNTAX', 13],
  ['a pattern without quotes', 'SELECT a FROM input WHERE a LIKE %x%', 'FF_QUERY_SYNTAX', 34],
  ['CROSS JOIN of a stream', 'SELECT i.a, o.b FROM input i CROSS JOIN other o', 'FF_QUERY_JOIN_BOUND', 30],
  [
    'CLASSIFIER() as a condition',
    'SELECT * FROM input MATCH_RECOGNIZE (LIMIT DURATION (minute, 1) MEASURES LAST(A.v) AS m PATTERN (A) DEFINE A AS CLASSIFIER() = 1) AS t',
    'FF_QUERY_INVALID',
    113,
  ],
];

test.each(REFUSED)('a query that Azure would refuse: %s', (_name, query, code, column) => {
  const error = refusal(query);
  expect([error.code, error.line, error.column]).toEqual([code, 1, column]);
  expect(error.expected).toBeTruthy();
});

describe('errors teach', () => {
  test('a misspelt function is recognised', () => {
    expect(refusal('SELECT DATDIFF(minute, a, b) FROM input').suggestion).toBe('DATEDIFF');
  });

  test('functions and types of T-SQL are known, and what stands in for them', () => {
    expect(refusal('SELECT GETDATE() FROM input').expected).toContain('System.Timestamp()');
    expect(refusal('SELECT CAST(a AS varchar(10)) FROM input').suggestion).toBe('nvarchar(max)');
  });

  test('a misspelt input is recognised', () => {
    expect(refusal('SELECT a FROM inptu').suggestion).toBe('input');
  });

  test('a misspelt keyword is recognised', () => {
    const where = refusal('SELECT a FROM input WHER a = 1');
    expect([where.column, where.suggestion]).toEqual([21, 'WHERE']);
    expect(refusal('SELECT a FROM input a WHER a = 1').suggestion).toBe('WHERE');
    expect(refusal('SELECT a FROM input TIMESTAMPBY time').suggestion).toBe('TIMESTAMP BY');
    expect(refusal('SELEC a FROM input').suggestion).toBe('SELECT');
  });

  test('a misspelt window is recognised', () => {
    const error = refusal('SELECT COUNT(*) FROM input GROUP BY TumblngWindow(second, 10)');
    expect([error.column, error.suggestion]).toEqual([37, 'TumblingWindow']);
  });

  test('operators of other languages are known', () => {
    expect(refusal('SELECT a FROM input WHERE a == 1').expected).toBe('=');
    expect(refusal('SELECT a FROM input WHERE a = 1 && b = 2').expected).toBe('AND');
  });

  test('an alias that no source of a join has is no column', () => {
    const error = refusal('SELECT ip.a FROM input inp JOIN ref r ON inp.a = r.a JOIN ref s ON inp.a = s.a');
    expect([error.expected, error.suggestion]).toEqual(['inp.ip.a or r.ip.a or s.ip.a', 'inp']);
  });

  test('a comma that is missing in a select list is asked for, and FROM in the wrong order is recognised', () => {
    expect(refusal("SELECT a CASE WHEN b = 1 THEN 'x' END AS c FROM input").expected).toContain('a comma');
    const misspelt = refusal('SELECT a FORM input');
    expect([misspelt.column, misspelt.suggestion]).toEqual([10, 'FROM']);
  });

  test('the source is shown with a caret under the place', () => {
    const query = 'SELECT\n\tCOUNT(*)\nFROM input';
    const text = renderQueryError(refusal(query), query, 'job.asaql');
    expect(text.split('\n').slice(0, 3)).toEqual([
      'job.asaql:2:2: COUNT is an aggregate, and there is no window here to aggregate over [FF_QUERY_AGGREGATE_WITHOUT_WINDOW]',
      '  2 | \tCOUNT(*)',
      '    | \t^^^^^^^^',
    ]);
  });
});
