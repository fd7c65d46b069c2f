import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDateTime } from '../engine/values/date-time.js';
import { toOutput } from '../engine/values/values.js';
import { JsonLines } from './json-lines.js';
import { damaged, linesOfOneShape } from './json-scanner.testing.js';

const FIELDS = ['a', 'Name', 'deep', 'at'];
const TIME_FIELDS = ['at'];

type Read = { readonly [field: string]: unknown } | 'bad';

/** What the scanner makes of lines; blank ones are left out. */
function scan(lines: readonly string[]): readonly Read[] {
  const read: Read[] = [];
  const reader = new JsonLines({
    fields: FIELDS,
    timeFields: TIME_FIELDS,
    reuse: false,
    onRow: (row) => read.push(comparable(toOutput(row)) as Read),
    onBadLine: () => read.push('bad'),
  });
  reader.feed(Buffer.from(lines.join('\n')));
  reader.end();
  return read;
}

/** What JSON.parse makes of them: of fields that differ in case only, the very spelling or else the first. */
function parse(lines: readonly string[]): readonly Read[] {
  // A file holds bytes: half a surrogate pair is not the same any more when it is read.
  return lines.filter((line) => line.trim() !== '').map((line) => parseLine(Buffer.from(line).toString()));
}

function parseLine(line: string): Read {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return 'bad';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'bad';
  const object = parsed as Readonly<Record<string, unknown>>;
  const pick = (field: string): unknown => {
    if (Object.hasOwn(object, field)) return object[field];
    const key = Object.keys(object).find((name) => name.toLowerCase() === field.toLowerCase());
    return key === undefined ? null : object[key];
  };
  return comparable(Object.fromEntries(FIELDS.map((field) => [field, pick(field)]))) as Read;
}

/** Bigints beyond 2^53 as the doubles of JSON.parse, times as they would be written, and no negative zero. */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item: unknown) => {
      if (typeof item === 'bigint') return Number(item);
      if (key !== 'at' || typeof item !== 'string') return item;
      return parseDateTime(item)?.toString() ?? item;
    }),
  );
}

describe('the scanner takes what JSON.parse takes, and nothing else', () => {
  test('lines of one shape, one after the other', () => {
    fc.assert(
      fc.property(linesOfOneShape, (lines) => {
        expect(scan(lines)).toEqual(parse(lines));
      }),
      { numRuns: 300 },
    );
  });

  test('lines that were damaged, after lines that teach the shape', () => {
    const lines = linesOfOneShape.chain((whole) =>
      damaged(whole[0] ?? '').map((broken) => [...whole, broken, ...whole]),
    );
    fc.assert(
      fc.property(lines, (text) => {
        fc.pre(text.every((line) => !line.includes('\n')));
        expect(scan(text)).toEqual(parse(text));
      }),
      { numRuns: 300 },
    );
  });

  test('lines of several shapes that take turns', () => {
    const files = fc
      .tuple(
        fc.array(linesOfOneShape, { minLength: 2, maxLength: 6 }),
        fc.array(fc.nat(17), { maxLength: 30 }),
      )
      .map(([shapes, turns]) => turns.map((turn) => shapes.flat()[turn % shapes.flat().length] ?? '{}'));
    fc.assert(
      fc.property(files, (lines) => {
        expect(scan(lines)).toEqual(parse(lines));
      }),
    );
  });

  test.each([
    '{"a":01}',
    '{"a":1.}',
    '{"a":-}',
    '{"a":+1}',
    '{"a":1e}',
    '{"b":tru}',
    '{"b":"\\x"}',
    '{"b":"\\u12g4"}',
    '{"b":"\u0001"}',
    '{"b":{"c":1,}}',
    '{"b":[1 2]}',
    '{"a":1}}',
    '{"a":1',
    '{"a":1,}',
    '{"a" 1}',
    '{"a":1}\u00a0',
    '{"b":"open}',
  ])('%s is no JSON, wherever the fault lies', (line) => {
    expect(scan(['{"a":1}', line, '{"a":2}'])).toEqual([
      { a: 1, Name: null, deep: null, at: null },
      'bad',
      { a: 2, Name: null, deep: null, at: null },
    ]);
  });

  test('nesting of any depth', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(scan([`{"b":${deep},"a":1}`, `{"b":${deep.slice(1)},"a":1}`])).toEqual([
      { a: 1, Name: null, deep: null, at: null },
      'bad',
    ]);
  });
});
