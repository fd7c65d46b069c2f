/** JSON as people and programs write it, and nearly write it: for holding the scanner against JSON.parse. */
import fc from 'fast-check';

const blank = fc.constantFrom('', '', '', ' ', '\t', '  ', '\r');

/** A number in some of the many ways to write it. */
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.maxSafeNat().map((value) => `${value}000`),
  fc.constantFrom('0', '-0', '0.0', '-0.0', '5.0', '1e3', '1E+2', '25e-1', '-1.5E1', '1e400', '0.1e-400'),
  fc.tuple(fc.nat(), fc.nat({ max: 999_999 })).map(([whole, part]) => `${whole}.${part}`),
);

/** A string with its quotes, some characters escaped that need not be. */
const string = fc
  .oneof(
    fc.string(),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('store-1', 'é', '日本', '😀', ''),
  )
  .chain((text) => fc.boolean().map((isEscaped) => (isEscaped ? escapeAll(text) : JSON.stringify(text))));

function escapeAll(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16));
  return `"${units.map((unit) => `\\u${unit.padStart(4, '0')}`).join('')}"`;
}

const time = fc
  .date({ min: new Date('1999-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => JSON.stringify(date));

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    number,
    string,
    time,
    fc.tuple(blank, fc.array(fc.tuple(blank, tie('value'), blank), { maxLength: 3 })).map(([empty, items]) =>
      wrapped(
        '[',
        empty,
        items.map((item) => item.join('')),
        ']',
      ),
    ),
    fc
      .tuple(blank, fc.array(fc.tuple(blank, string, blank, blank, tie('value'), blank), { maxLength: 3 }))
      .map(([empty, items]) =>
        wrapped(
          '{',
          empty,
          items.map(([a, key, b, c, item, d]) => `${a}${key}${b}:${c}${item}${d}`),
          '}',
        ),
      ),
  ),
}));

function wrapped(open: string, empty: string, items: readonly string[], close: string): string {
  return open + (items.length === 0 ? empty : items.join(',')) + close;
}

/** Lines of one shape: the same keys and blanks, other values. Keys come in any case, and more than once. */
export const linesOfOneShape = fc
  .record({
    keys: fc.array(
      fc.tuple(
        blank,
        fc.oneof(
          {
            weight: 4,
            arbitrary: fc.constantFrom(
              '"a"',
              '"A"',
              '"Name"',
              '"name"',
              '"NAME"',
              '"deep"',
              '"at"',
              '"\\u0061"',
            ),
          },
          { weight: 1, arbitrary: string },
        ),
        blank,
        blank,
      ),
      { maxLength: 6 },
    ),
    ends: fc.tuple(blank, blank, blank),
    rows: fc.array(fc.array(value, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ keys, ends: [before, inside, after], rows }) =>
    rows.map((values) => {
      const members = keys.map(([a, key, b, c], i) => `${a}${key}${b}:${c}${values[i]}`);
      return `${before}{${members.join(',')}${inside}}${after}`;
    }),
  );

/** A line with a few characters changed: mostly no JSON any more. */
export const damaged = (line: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(fc.nat(line.length), fc.nat(2), fc.constantFrom(...'"\\{}[]:,-+.eE0019tfnu \t\u0001\u00e9')),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((changes) =>
      changes.reduce(
        (text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed),
        line,
      ),
    );
