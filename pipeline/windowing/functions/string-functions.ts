/** String functions (String Functions page). Positions count from 1. */
import { toText } from '../engine/values/convert.js';
import { likePattern } from '../engine/values/like.js';
import { EvaluationError, isArray, type Value } from '../engine/values/values.js';
import { integerArg, textArg } from './arguments.js';
import { type ScalarFunction, scalar } from './scalar-function.js';

const text = textArg;

/** `CONCAT(string1, string2, ...)`: NULLs count as empty strings. */
function concat(...values: readonly Value[]): Value {
  return values.map((value) => (value === null || value === undefined ? '' : toText(value))).join('');
}

/** `CONCAT_WS(separator, string1, ...)`: NULLs are skipped, separator and all. */
function concatWithSeparator(separator: Value, ...values: readonly Value[]): Value {
  const between = separator === null || separator === undefined ? '' : toText(separator);
  return values
    .filter((value) => value !== null && value !== undefined)
    .map(toText)
    .join(between);
}

/** "If length is negative, an error is generated and the statement is terminated." */
function lengthArg(name: string, value: Value | undefined): number {
  const length = integerArg(name, value);
  if (length < 0) throw new EvaluationError(`${name} needs a length that is not negative`);
  return length;
}

/** `SUBSTRING(expression, start, length)`, start counting from 1 and clipped to the string as T-SQL does. */
function substring(value: Value, start: Value, length: Value): Value {
  const from = integerArg('SUBSTRING', start) - 1;
  const count = lengthArg('SUBSTRING', length);
  const to = from + count;
  return text('SUBSTRING', value).slice(Math.max(0, from), Math.max(0, to));
}

/** `CHARINDEX(find, in[, start])`: the first place at or after start, 0 when there is none. */
function charIndex(find: Value, within: Value, start: Value = 1): Value {
  const wanted = text('CHARINDEX', find);
  if (wanted === '') return 0;
  return text('CHARINDEX', within).indexOf(wanted, Math.max(0, integerArg('CHARINDEX', start) - 1)) + 1;
}

/** `PATINDEX(pattern, expression)`: where the LIKE pattern first matches, 0 when nowhere. */
function patIndex(pattern: Value, value: Value): Value {
  const like = text('PATINDEX', pattern);
  const within = text('PATINDEX', value);
  if (!like.startsWith('%')) return likePattern(like, null).test(within) ? 1 : 0;
  const rest = likePattern(like.replace(/^%+/, ''), null);
  for (let i = 0; i <= within.length; i++) if (rest.test(within.slice(i))) return i + 1;
  return 0;
}

/** `STUFF(expression, start, length, replacement)`: NULL when start is outside the string or length negative. */
function stuff(value: Value, start: Value, length: Value, replacement: Value): Value {
  const into = text('STUFF', value);
  const from = integerArg('STUFF', start) - 1;
  const count = integerArg('STUFF', length);
  if (from < 0 || from >= into.length || count < 0) return null;
  return into.slice(0, from) + text('STUFF', replacement) + into.slice(from + count);
}

/** `TRANSLATE(input, characters, translations)`: both lists must be of one length. */
function translate(value: Value, characters: Value, translations: Value): Value {
  const from = [...text('TRANSLATE', characters)];
  const to = [...text('TRANSLATE', translations)];
  if (from.length !== to.length) {
    throw new EvaluationError('TRANSLATE needs as many translations as characters');
  }
  return [...text('TRANSLATE', value)].map((char) => to[from.indexOf(char)] ?? char).join('');
}

/** `REPLICATE(string, times)`: NULL for a negative number of times. */
function replicate(value: Value, times: Value): Value {
  const count = integerArg('REPLICATE', times);
  return count < 0 ? null : text('REPLICATE', value).repeat(count);
}

/**
 * `REGEXMATCH(expression, pattern)`: where the pattern first matches, 0 when nowhere. "Pattern is interpreted as
 * single-line, case-insensitive, ECMAScript compatible regular expression"; an invalid one never matches.
 */
function regexMatch(value: Value, pattern: Value): Value {
  const expression = regex(text('REGEXMATCH', pattern));
  return expression === null ? 0 : text('REGEXMATCH', value).search(expression) + 1;
}

const expressions = new Map<string, RegExp | null>();

function regex(pattern: string): RegExp | null {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  let compiled: RegExp | null = null;
  try {
    compiled = new RegExp(pattern, 'is');
  } catch {
    // Documented: "If pattern is invalid regular expression, REGEXMATCH returns 0."
  }
  expressions.set(pattern, compiled);
  return compiled;
}

/** `JSON_PARSE(string)`: "a non-throwing function", NULL for what is no JSON object or array. */
function jsonParse(value: Value): Value {
  if (typeof value !== 'string') return null;
  try {
    const parsed = JSON.parse(value) as Value;
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}

/** `LEN(expression)`: the number of characters, "excluding trailing blanks". */
function len(value: Value): Value {
  if (isArray(value)) throw new EvaluationError('LEN needs a string; GetArrayLength counts an array');
  // T-SQL's LEN leaves out trailing blanks.
  return text('LEN', value).replace(/ +$/, '').length;
}

const NULLS = { takesNull: true } as const;

export const STRING_FUNCTIONS: readonly ScalarFunction[] = [
  scalar('CHARINDEX(expressionToFind, expressionToSearch[, startLocation])', 'bigint', charIndex),
  scalar('CONCAT(string1, string2[, ...])', 'nvarchar(max)', concat, NULLS),
  scalar('CONCAT_WS(separator, string1[, ...])', 'nvarchar(max)', concatWithSeparator, NULLS),
  scalar('JSON_PARSE(string)', undefined, jsonParse),
  scalar('LEFT(expression, length)', 'nvarchar(max)', (value, n) =>
    text('LEFT', value).slice(0, lengthArg('LEFT', n)),
  ),
  scalar('LEN(expression)', 'bigint', len),
  scalar('LOWER(expression)', 'nvarchar(max)', (value) => text('LOWER', value).toLowerCase()),
  scalar('LTRIM(expression)', 'nvarchar(max)', (value) => text('LTRIM', value).replace(/^ +/, '')),
  scalar('NCHAR(code)', 'nvarchar(max)', (code) => {
    const point = integerArg('NCHAR', code);
    return point < 0 || point > 0x10ffff ? null : String.fromCodePoint(point);
  }),
  scalar('PATINDEX(pattern, expression)', 'bigint', patIndex),
  scalar('REGEXMATCH(input, pattern)', 'bigint', regexMatch),
  scalar('REPLACE(expression, pattern, replacement)', 'nvarchar(max)', (value, find, replacement) => {
    const wanted = text('REPLACE', find);
    return wanted === ''
      ? text('REPLACE', value)
      : text('REPLACE', value).replaceAll(wanted, () => text('REPLACE', replacement));
  }),
  scalar('REPLICATE(string, times)', 'nvarchar(max)', replicate),
  scalar('REVERSE(string)', 'nvarchar(max)', (value) => [...text('REVERSE', value)].reverse().join('')),
  scalar('RIGHT(expression, length)', 'nvarchar(max)', (value, n) => {
    const from = text('RIGHT', value);
    return from.slice(Math.max(0, from.length - lengthArg('RIGHT', n)));
  }),
  scalar('RTRIM(expression)', 'nvarchar(max)', (value) => text('RTRIM', value).replace(/ +$/, '')),
  scalar('SPACE(count)', 'nvarchar(max)', (count) => {
    const blanks = integerArg('SPACE', count);
    return blanks < 0 ? null : ' '.repeat(blanks);
  }),
  scalar('STUFF(expression, start, length, replacement)', 'nvarchar(max)', stuff),
  scalar('SUBSTRING(expression, start, length)', 'nvarchar(max)', substring),
  scalar('TRANSLATE(input, characters, translations)', 'nvarchar(max)', translate),
  scalar('TRIM(expression)', 'nvarchar(max)', (value) => text('TRIM', value).replace(/^ +| +$/g, '')),
  scalar('UNICODE(expression)', 'bigint', (value) => text('UNICODE', value).codePointAt(0) ?? null),
  scalar('UPPER(expression)', 'nvarchar(max)', (value) => text('UPPER', value).toUpperCase()),
];
