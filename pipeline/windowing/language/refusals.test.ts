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

describe('queries that Azure would refuse', () => {
  test.each([
    [
      'an aggregate without a window',
      'SELECT COUNT(*) FROM input',
      'FF_QUERY_AGGREGATE_WITHOUT_WINDOW',
      1,
      8,
    ],
    ['GROUP BY without a window', 'SELECT k FROM input GROUP BY k', 'FF_QUERY_WINDOW_MISSING', 1, 30],
    [
      'a key made of System.Timestamp() alone',
      'SELECT 1 AS x FROM input GROUP BY DATEPART(minute, System.Timestamp())',
      'FF_QUERY_WINDOW_MISSING',
      1,
      35,
    ],
    [
      'two windows',
      'SELECT COUNT(*) FROM input GROUP BY TumblingWindow(second, 1), TumblingWindow(second, 2)',
      'FF_QUERY_WINDOW',
      1,
      64,
    ],
    [
      'a window of more than 7 days',
      'SELECT COUNT(*) FROM input GROUP BY TumblingWindow(day, 8)',
      'FF_QUERY_DURATION',
      1,
      37,
    ],
    [
      'a join without a bound on time',
      'SELECT a.x FROM input a JOIN other b ON a.k = b.k',
      'FF_QUERY_JOIN_BOUND',
      1,
      41,
    ],
    [
      'a join bound on one side',
      'SELECT a.x FROM input a JOIN other b ON DATEDIFF(minute, a, b) < 5',
      'FF_QUERY_JOIN_BOUND',
      1,
      41,
    ],
    [
      'SELECT * with a join of streams',
      'SELECT * FROM input a JOIN other b ON DATEDIFF(minute, a, b) BETWEEN 0 AND 5',
      'FF_QUERY_STAR_IN_JOIN',
      1,
      8,
    ],
    [
      'TIMESTAMP BY on a step',
      'WITH s AS (SELECT * FROM input) SELECT a FROM s TIMESTAMP BY a',
      'FF_QUERY_TIMESTAMP_BY_STEP',
      1,
      49,
    ],
    ['reference data on its own', 'SELECT a FROM ref', 'FF_QUERY_REFERENCE_ALONE', 1, 15],
    [
      'a column that is not grouped',
      'SELECT v FROM input GROUP BY k, TumblingWindow(second, 1)',
      'FF_QUERY_NOT_GROUPED',
      1,
      8,
    ],
    ['LAG without a limit', 'SELECT LAG(v) OVER (PARTITION BY k) FROM input', 'FF_QUERY_LIMIT_MISSING', 1, 8],
    [
      'a column that no step gives',
      'WITH s AS (SELECT total FROM input) SELECT totl FROM s',
      'FF_QUERY_UNKNOWN_COLUMN',
      1,
      44,
    ],
    [
      'an unqualified column of two sources',
      'SELECT x FROM input a JOIN other b ON DATEDIFF(minute, a, b) BETWEEN 0 AND 5',
      'FF_QUERY_AMBIGUOUS_COLUMN',
      1,
      8,
    ],
    [
      'two steps of one name',
      'WITH s AS (SELECT a FROM input), S AS (SELECT a FROM input) SELECT a FROM s',
      'FF_QUERY_DUPLICATE_STEP',
      1,
      34,
    ],
    ['a prefix that is none', 'SELECT my.ABS(a) FROM input', 'FF_QUERY_INVALID', 1, 8],
    ['ORDER BY', 'SELECT a FROM input ORDER BY a', 'FF_QUERY_SYNTAX', 1, 21],
    [
      'a later pattern variable in an earlier condition',
      'SELECT * FROM input MATCH_RECOGNIZE (LIMIT DURATION (minute, 1) MEASURES LAST(A.v) AS m PATTERN (A B) DEFINE A AS LAST(B.v) > 1) AS t',
      'FF_QUERY_PATTERN_VARIABLE',
      1,
      120,
    ],
  ])('%s', (_name, query, code, line, column) => {
    const error = refusal(query);
    expect([error.code, error.line, error.column]).toEqual([code, line, column]);
  });
});

describe('errors teach', () => {
  test('a misspelt function is recognised', () => {
    expect(refusal('SELECT DATDIFF(minute, a, b) FROM input').suggestion).toBe('DATEDIFF');
  });

  test('a misspelt input is recognised', () => {
    expect(refusal('SELECT a FROM inptu').suggestion).toBe('input');
  });

  test('a misspelt keyword is recognised', () => {
    expect(refusal('SELECT a FROM input a WHER a = 1').suggestion).toBeUndefined();
    expect(refusal('SELEC a FROM input').suggestion).toBe('SELECT');
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
