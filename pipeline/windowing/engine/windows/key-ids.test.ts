import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyIds } from './key-ids.js';

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

const MANY = Array.from({ length: 3_000 }, (_, i) => `key-${i}`);

test.each([
  ['few keys', [], 100],
  ['many keys', MANY, 30],
])('numbers keys as a Map would, with %s, and again after it was cleared', (_name, before, numRuns) => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 200 }), fc.array(key, { maxLength: 200 }), (keys, more) => {
      const ids = new KeyIds();
      for (const all of [[...before, ...keys], more, [...before, ...more]]) {
        const map = new Map<unknown, number>();
        for (const one of all) {
          if (ids.find(one) !== (map.get(one) ?? -1)) throw new Error(`${String(one)} is found wrongly`);
          const expected = map.get(one) ?? map.size;
          map.set(one, expected);
          if (ids.idOf(one) !== expected) throw new Error(`${String(one)} is not number ${expected}`);
        }
        expect([...map].filter(([one, id]) => ids.idOf(one) !== id)).toEqual([]);
        expect(ids.count).toBe(map.size);
        ids.clear();
      }
    }),
    { numRuns },
  );
});

test('keeps keys apart while it grows', () => {
  const ids = new KeyIds();
  const numbers = Array.from({ length: 150_000 }, (_, i) => ids.idOf(`key-${i}`));
  expect(numbers).toEqual(numbers.map((_, i) => i));
  expect(numbers.every((id) => ids.idOf(`key-${id}`) === id)).toBe(true);
});
