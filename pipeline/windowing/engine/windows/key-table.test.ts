import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyTable } from './key-table.js';

/** Keys that are easily taken for each other: of the same beginning, of other lengths, with large characters. */
const key = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('a', '\u0000', 'ÿ', 'š', '日'), maxLength: 24 }),
  fc.nat(30).map((count) => 'x'.repeat(count)),
  fc
    .tuple(fc.constant('a-beginning-of-twenty-characters'), fc.string({ maxLength: 3 }))
    .map(([a, b]) => a + b),
  fc.constantFrom<unknown>(null, true, false, 0, 1, -1.5, 2n ** 60n),
);

const MANY = Array.from({ length: 33_000 }, (_, i) => `key-${i}`);

test.each([
  ['few keys', [], 100],
  ['many keys', MANY, 20],
])('gives what a Map gives, with %s', (_name, before, numRuns) => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 200 }), (keys) => {
      const table = new KeyTable<number>();
      const map = new Map<unknown, number>();
      for (const [i, one] of before.entries()) {
        table.set(one, i);
        map.set(one, i);
      }
      for (const [i, one] of keys.entries()) {
        expect(table.get(one)).toBe(map.get(one));
        if (map.has(one)) continue;
        table.set(one, i);
        map.set(one, i);
      }
      expect([...map].filter(([one, value]) => table.get(one) !== value)).toEqual([]);
    }),
    { numRuns },
  );
});

test('keeps keys apart while it grows', () => {
  const table = new KeyTable<number>();
  for (let i = 0; i < 150_000; i++) table.set(`key-${i}`, i);
  expect(Array.from({ length: 150_000 }, (_, i) => table.get(`key-${i}`))).toEqual(
    Array.from({ length: 150_000 }, (_, i) => i),
  );
  expect(table.get('key-150000')).toBeUndefined();
});
