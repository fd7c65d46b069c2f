/** Scalar functions, operators and types: mostly the examples of their pages. */
import { type ConformanceCase, scalarCase } from './case.testing.js';

const string = (construct: string, expression: string, expected: unknown): ConformanceCase =>
  scalarCase('String functions', construct, expression, expected);
const math = (construct: string, expression: string, expected: unknown): ConformanceCase =>
  scalarCase('Mathematical functions', construct, expression, expected);
const date = (construct: string, expression: string, expected: unknown): ConformanceCase =>
  scalarCase('Date and time functions', construct, expression, expected);
const type = (construct: string, expression: string, expected: unknown, event = {}): ConformanceCase =>
  scalarCase('Types and conversions', construct, expression, expected, { event: { any: 1, ...event } });
const record = (construct: string, expression: string, expected: unknown, event = {}): ConformanceCase =>
  scalarCase('Record and array functions', construct, expression, expected, { event });
const logic = (construct: string, expression: string, expected: unknown, event = {}): ConformanceCase =>
  scalarCase('Operators and predicates', construct, expression, expected, { event: { any: 1, ...event } });
const geo = (construct: string, expression: string, expected: unknown): ConformanceCase =>
  scalarCase('Geospatial functions', construct, expression, expected);

const SQUARE = "'POLYGON((10 10, 20 10, 20 20, 10 20, 10 10))'";

export const FUNCTION_CASES: readonly ConformanceCase[] = [
  string('CHARINDEX', "CHARINDEX('a', 'banana', 3)", 4),
  string('CHARINDEX, not found', "CHARINDEX('x', 'banana')", 0),
  string('CONCAT skips NULL', "CONCAT('a', NULL, 1)", 'a1'),
  string('CONCAT_WS', "CONCAT_WS('-', 'a', NULL, 'b')", 'a-b'),
  string('LEFT', "LEFT('banana', 2)", 'ba'),
  string('RIGHT', "RIGHT('banana', 2)", 'na'),
  string('CHARINDEX from a place before the first', "CHARINDEX('a', 'banana', -1)", 2),
  string('CONCAT of NULLs is empty', 'CONCAT(NULL, NULL)', ''),
  string('NCHAR beyond Unicode is NULL', 'NCHAR(1114112)', null),
  string('SUBSTRING before the first character', "SUBSTRING('abcdef', 0, 3)", 'ab'),
  string('SUBSTRING after the last', "SUBSTRING('abcdef', 9, 3)", ''),
  string('REPLACE of an empty pattern', "REPLACE('abcde', '', 'xxx')", 'abcde'),
  string('REPLACE with NULL is NULL', "REPLACE('abcde', 'cde', NULL)", null),
  string('LEN leaves out trailing blanks', "LEN('ab  ')", 2),
  string('LOWER', "LOWER('AbC')", 'abc'),
  string('UPPER', "UPPER('AbC')", 'ABC'),
  string('LTRIM', "LTRIM('  a ')", 'a '),
  string('RTRIM', "RTRIM(' a  ')", ' a'),
  string('TRIM', "TRIM('  a ')", 'a'),
  string('NCHAR', 'NCHAR(65)', 'A'),
  string('UNICODE', "UNICODE('A')", 65),
  string('PATINDEX', "PATINDEX('%an%', 'banana')", 2),
  string('REGEXMATCH gives a position, in any case', "REGEXMATCH('NJB 1006', '[0-9]+')", 5),
  string('REGEXMATCH, an invalid pattern', "REGEXMATCH('a', '(')", 0),
  string('REPLACE', "REPLACE('abab', 'a', 'c')", 'cbcb'),
  string('REPLICATE', "REPLICATE('0', 3)", '000'),
  string('REPLICATE, a negative count', "REPLICATE('0', -1)", null),
  string('REVERSE', "REVERSE('abc')", 'cba'),
  string('SPACE', 'SPACE(2)', '  '),
  string('STUFF', "STUFF('abcdef', 2, 3, 'ijklmn')", 'aijklmnef'),
  string('SUBSTRING', "SUBSTRING('abcdef', 2, 3)", 'bcd'),
  string('TRANSLATE', "TRANSLATE('2*[3+4]', '[]', '()')", '2*(3+4)'),
  string('JSON_PARSE', 'JSON_PARSE(\'{"a": 1}\')', { a: 1 }),
  string('JSON_PARSE of what is no JSON', "JSON_PARSE('nope')", null),
  math('ABS', 'ABS(-5)', 5),
  math('CEILING', 'CEILING(1.2)', 2),
  math('EXP', 'EXP(0)', 1),
  math('FLOOR', 'FLOOR(-1.2)', -2),
  math('POWER', 'POWER(2, 3)', 8),
  math('ROUND, half away from zero', 'ROUND(-0.5, 0)', -1),
  math('ROUND to two digits', 'ROUND(1.234, 2)', 1.23),
  math('ROUND left of the point', 'ROUND(501.0101, -3)', 1000),
  math('ROUND 123.9995 to three digits', 'ROUND(123.9995, 3)', 124),
  math('SIGN', 'SIGN(-2.5)', -1),
  math('SQRT', 'SQRT(9)', 3),
  math('SQUARE', 'SQUARE(3)', 9),
  date('DATEADD', "DATEADD(month, 1, '2020-01-31T00:00:00Z')", '2020-02-29T00:00:00.0000000Z'),
  date(
    'DATEADD of epoch milliseconds',
    "DATEADD(millisecond, 1577836800001, '1970-01-01T00:00:00Z')",
    '2020-01-01T00:00:00.0010000Z',
  ),
  date('DATEDIFF counts boundaries', "DATEDIFF(hour, '2020-01-01T00:59:59Z', '2020-01-01T01:00:00Z')", 1),
  date('DATEDIFF, end before start', "DATEDIFF(day, '2020-01-02', '2020-01-01')", -1),
  date('DATENAME', "DATENAME(weekday, '2020-01-01')", 'Wednesday'),
  date('DATEPART', "DATEPART(quarter, '2020-05-01')", 2),
  date('DATETIMEFROMPARTS', 'DATETIMEFROMPARTS(2020, 1, 2, 3, 4, 5, 6)', '2020-01-02T03:04:05.0060000Z'),
  date('DAY', "DAY('2020-01-02')", 2),
  date('MONTH', "MONTH('2020-01-02')", 1),
  date('YEAR', "YEAR('2020-01-02')", 2020),
  date('datetimes are UTC', "CAST('2020-01-01T02:00:00+02:00' AS datetime)", '2020-01-01T00:00:00.0000000Z'),
  date(
    'datetimes have 100 ns',
    "CAST('2020-01-01T00:00:00.1234567Z' AS datetime)",
    '2020-01-01T00:00:00.1234567Z',
  ),
  type('CAST to bigint', "CAST(' 42 ' AS bigint)", 42),
  type('CAST of a float to bigint truncates', 'CAST(-3.9 AS bigint)', -3),
  type('CAST to float keeps its type', "GetType(CAST('5' AS float))", 'float'),
  type('CAST to nvarchar(max)', 'CAST(5 AS nvarchar(max))', '5'),
  type('CAST to bit', 'CAST(0.5 AS bit)', true),
  type('CAST of NULL', 'CAST(NULL AS bigint)', null),
  type('TRY_CAST of what cannot be', "TRY_CAST('this is a string' AS bigint)", null),
  type('TRY_CAST to datetime', "TRY_CAST('no date' AS datetime)", null),
  type('JSON booleans are bit', 'GetType(flag)', 'bit', { flag: true }),
  scalarCase('Types and conversions', 'JSON booleans are bigint below 1.2', 'flag', 1, {
    event: { flag: true },
    options: { compatibilityLevel: '1.1' },
  }),
  scalarCase(
    'Types and conversions',
    'at 1.0 names become lower case, of fields as of the select list',
    'Rec',
    null,
    {
      query: 'SELECT Rec, Rec.Inner AS Named FROM input',
      event: { Rec: { Inner: 1 } },
      expected: [{ rec: { inner: 1 }, named: 1 }],
      options: { compatibilityLevel: '1.0' },
    },
  ),
  scalarCase('Types and conversions', 'from 1.1 on names are as they are written', 'Rec', null, {
    query: 'SELECT Rec, Rec.Inner AS Named FROM input',
    event: { Rec: { Inner: 1 } },
    expected: [{ Rec: { Inner: 1 }, Named: 1 }],
    options: { compatibilityLevel: '1.1' },
  }),
  scalarCase('Types and conversions', 'at 1.0 ISO strings become datetimes', 'GetType(day)', 'datetime', {
    event: { day: '2020-01-01T00:00:00Z' },
    options: { compatibilityLevel: '1.0' },
  }),
  type('GetType', "GetType('a')", 'nvarchar(max)'),
  type('bigint arithmetic is exact', '9007199254740993 + 0', 9007199254740993n),
  type('bigint division truncates', '7 / 2', 3),
  type('float division', '7 / 2.0', 3.5),
  type('the smallest bigint', '-9223372036854775808', -9223372036854775808n),
  ...(
    [
      ['a sum that does not fit a bigint is an error of the row', 'a + 9223372036854775807'],
      ['division of bigints by zero is an error of the row', 'a / 0'],
      ['CAST of what does not fit is an error of the row', "CAST('9223372036854775808' AS bigint)"],
      ['CAST of what is no number is an error of the row', "CAST('1e3' AS bigint)"],
      ['arithmetic with text that is no number is an error of the row', "a + 'x'"],
    ] as const
  ).map(([construct, expression]) =>
    scalarCase('Types and conversions', construct, expression, null, {
      event: { a: 1 },
      expected: [],
      options: { errorPolicy: 'drop' },
    }),
  ),
  type('TRY_CAST of what does not fit', "TRY_CAST('9223372036854775808' AS bigint)", null),
  type('text that is a number is one in arithmetic', "'7' + a", 8, { a: 1 }),
  type('and in comparisons', 'CASE WHEN s > 6 THEN 1 ELSE 0 END', 1, { s: '7' }),
  type(
    'an ISO string is a datetime where one is needed',
    'DATEADD(day, 1, d)',
    '2020-01-02T00:00:00.0000000Z',
    {
      d: '2020-01-01T00:00:00Z',
    },
  ),
  scalarCase(
    'Types and conversions',
    'from 1.1 on ISO strings stay as they are',
    'day',
    '2020-01-01T01:00:00+01:00',
    {
      event: { day: '2020-01-01T01:00:00+01:00' },
      options: { compatibilityLevel: '1.1' },
    },
  ),
  scalarCase('Types and conversions', 'below 1.2 functions may have a prefix', 'my.ABS(-1)', 1, {
    options: { compatibilityLevel: '1.1' },
  }),
  type('COALESCE', 'COALESCE(NULL, a, 2)', 1, { a: 1 }),
  type('NULLIF', 'NULLIF(4, 4)', null),
  record('GetArrayElement', 'GetArrayElement(a, 1)', 20, { a: [10, 20] }),
  record('GetArrayElement out of range', 'GetArrayElement(a, 5)', null, { a: [10, 20] }),
  record('GetArrayLength', 'GetArrayLength(a)', 2, { a: [10, 20] }),
  record('GetRecordPropertyValue', "GetRecordPropertyValue(r, 'B')", 2, { r: { b: 2 } }),
  record('nested fields by dots', 'r.b.c', 3, { r: { b: { c: 3 } } }),
  record('names are case-insensitive', 'R.B', 2, { r: { b: 2 } }),
  record('names in brackets', '[a name]', 1, { 'a name': 1 }),
  logic('AND with NULL is false when the other side is', 'CASE WHEN NOT (a = 1 AND 1 = 2) THEN 1 END', 1),
  logic('comparison with NULL is unknown', 'CASE WHEN a = 1 THEN 1 WHEN NOT (a = 1) THEN 2 ELSE 3 END', 3),
  logic('BETWEEN', 'CASE WHEN 5 BETWEEN 1 AND 5 THEN 1 END', 1),
  logic('IN', "CASE WHEN 'b' IN ('a', 'b') THEN 1 END", 1),
  logic('NOT IN with NULL is unknown', 'CASE WHEN 3 NOT IN (1, NULL) THEN 1 ELSE 0 END', 0),
  logic('LIKE', "CASE WHEN 'ABC-369' LIKE 'A%9' THEN 1 END", 1),
  logic('LIKE with a set', "CASE WHEN 'cat' LIKE '[a-c]_t' THEN 1 END", 1),
  logic('LIKE with ESCAPE', "CASE WHEN '50%' LIKE '50!%' ESCAPE '!' THEN 1 END", 1),
  logic('strings compare with case', "CASE WHEN 'a' = 'A' THEN 1 ELSE 0 END", 0),
  logic('IS NULL', 'CASE WHEN a IS NULL THEN 1 END', 1),
  logic('CASE with a subject', "CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", 'two'),
  logic('&', '170 & 75', 10),
  logic('|', '170 | 75', 235),
  logic('^', '170 ^ 75', 225),
  logic('~', '~170', -171),
  logic('& of bits is a bit', 'CAST(1 AS bit) & CAST(0 AS bit)', false),
  geo('CreatePoint', 'CreatePoint(3.0, -10.2)', { type: 'Point', coordinates: [-10.2, 3] }),
  geo('CreateLineString', 'CreateLineString(CreatePoint(1.5, 2.5), CreatePoint(3.5, 4.5))', {
    type: 'LineString',
    coordinates: [
      [2.5, 1.5],
      [4.5, 3.5],
    ],
  }),
  geo(
    'CreatePolygon',
    'CreatePolygon(CreatePoint(0, 0), CreatePoint(0, 1), CreatePoint(1, 1), CreatePoint(0, 0))',
    {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    },
  ),
  geo('ST_DISTANCE in metres', "ROUND(ST_DISTANCE('POINT(-5 -5)', 'POINT(0 0)'), 2)", 784028.74),
  geo('ST_WITHIN', `ST_WITHIN('POINT(15 15)', ${SQUARE})`, 1),
  geo('ST_WITHIN, outside', `ST_WITHIN('POINT(76.6 10.1)', ${SQUARE})`, 0),
  geo('ST_INTERSECTS', "ST_INTERSECTS('LINESTRING(-10 0, 10 0)', 'LINESTRING(0 10, 0 -10)')", 1),
  geo('ST_INTERSECTS, apart', "ST_INTERSECTS('LINESTRING(-10 0, 10 0)', 'LINESTRING(-10 10, 10 10)')", 0),
  geo('ST_OVERLAPS', `ST_OVERLAPS('POLYGON((0 0, 15 0, 15 15, 0 15, 0 0))', ${SQUARE})`, 1),
  geo(
    'ST_OVERLAPS, one within the other',
    `ST_OVERLAPS('POLYGON((11 11, 12 11, 12 12, 11 12, 11 11))', ${SQUARE})`,
    0,
  ),
  ...(
    [
      ['LOG', 'LOG(1)', 0],
      ['LOG10', 'LOG10(100)', 2],
      ['SIN, COS, COT, ASIN, ACOS, ATAN', 'SIN(0) + COS(0) + ASIN(0) + ATAN(0)', 1],
      ['DEGREES, RADIANS', 'ROUND(DEGREES(RADIANS(90)), 6)', 90],
    ] as const
  ).map(([construct, expression, expected]) =>
    scalarCase('Beyond the reference', construct, expression, expected, {
      remark: 'not in the reference; Azure may refuse it',
    }),
  ),
];
