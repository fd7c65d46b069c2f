import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runRows } from '../../conformance/case.testing.js';

/** Variables whose conditions overlap, and the values that fit each. */
const FITS: Readonly<Record<string, string>> = { A: '01', B: '12', C: '2', D: '013' };

/** A pattern of the query, and the regular expression over one digit an event that says the same. */
interface Both {
  readonly pattern: string;
  readonly regex: string;
  readonly canBeEmpty: boolean;
}

/** May a group be repeated? What is preferred after a turn in which it took nothing, no page says. */
const isSettled = (item: Both, times: string) => !(item.canBeEmpty && ['?', '{0,2}'].includes(times));

const { group } = fc.letrec<{ group: Both }>((tie) => ({
  group: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('A', 'B', 'C', 'D', '.').map((name) => ({
      pattern: name,
      regex: name === '.' ? '[0-3]' : `[${FITS[name]}]`,
      canBeEmpty: false,
    })),
    fc
      .tuple(tie('group'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}'))
      .filter(([item, times]) => isSettled(item, times))
      .map(([item, times]) => ({
        pattern: `(${item.pattern})${times}`,
        regex: `(?:${item.regex})${times}`,
        canBeEmpty: item.canBeEmpty || ['*', '?', '{0,2}'].includes(times),
      })),
    fc.array(tie('group'), { minLength: 2, maxLength: 3 }).map((items) => ({
      pattern: `(${items.map((item) => item.pattern).join(' ')})`,
      regex: items.map((item) => item.regex).join(''),
      canBeEmpty: items.every((item) => item.canBeEmpty),
    })),
    fc.array(tie('group'), { minLength: 2, maxLength: 3 }).map((items) => ({
      pattern: `(${items.map((item) => item.pattern).join(' | ')})`,
      regex: `(?:${items.map((item) => item.regex).join('|')})`,
      canBeEmpty: items.some((item) => item.canBeEmpty),
    })),
  ),
}));

function query(pattern: string): string {
  const define = Object.entries(FITS).map(
    ([name, values]) => `${name} AS ${name}.v IN (${[...values].join(', ')})`,
  );
  return `SELECT * FROM input TIMESTAMP BY time MATCH_RECOGNIZE (LIMIT DURATION (hour, 1) MEASURES CLASSIFIER() AS path PATTERN (${pattern}) DEFINE ${define.join(', ')}) AS t`;
}

test('from each event on, what a regular expression finds', () => {
  fc.assert(
    fc.property(
      group,
      fc.string({ unit: fc.constantFrom('0', '1', '2', '3'), maxLength: 12 }),
      (both, text) => {
        const expected = [...text].flatMap((_digit, from) => {
          // A match has at least one event: the expression has to end after where it began.
          const regex = new RegExp(`(?:${both.regex})(?<=^.{${from + 1},})`, 'y');
          regex.lastIndex = from;
          const length = regex.exec(text)?.[0].length ?? 0;
          return length === 0 ? [] : [length];
        });
        const events = [...text].map((digit, i) => ({ t: i, v: Number(digit) }));
        const rows = runRows(query(both.pattern), { input: events });
        expect(rows.map(({ path }) => (path as readonly string[]).length)).toEqual(expected);
      },
    ),
    { numRuns: 400 },
  );
});

test('a thousand events within the limit of the duration, from each of which a match begins', () => {
  const events = Array.from({ length: 1_000 }, (_, i) => ({ t: i / 100, v: i === 999 ? 2 : 1 }));
  const rows = runRows(
    'SELECT * FROM input TIMESTAMP BY time MATCH_RECOGNIZE (LIMIT DURATION (minute, 1) MEASURES MAX(A.v) AS v, LAST(C.v) AS c PATTERN (A+ C) DEFINE A AS A.v = 1, C AS C.v = 2) AS t',
    { input: events },
  );
  expect(rows.length).toBe(999);
  expect(rows[0]).toEqual({ v: 1, c: 2 });
});
