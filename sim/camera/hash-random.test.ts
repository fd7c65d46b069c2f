import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashRandom, hashUnit, pickOf, seedOfText } from './hash-random.js';

test('a seed gives the same numbers again, spread over [0, 1)', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const draw = () => {
        const random = hashRandom(seed);
        return Array.from({ length: 400 }, random);
      };
      const numbers = draw();
      expect(draw()).toEqual(numbers);
      expect(numbers.every((value) => value >= 0 && value < 1)).toBe(true);
      const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.1);
    }),
  );
});

test('neighbouring indices and seeds give unrelated numbers', () => {
  const values = Array.from({ length: 2000 }, (_, i) => hashUnit(i % 40, Math.floor(i / 40)));
  expect(new Set(values).size).toBe(values.length);
  const tenths = Array.from(
    { length: 10 },
    (_, k) => values.filter((value) => Math.floor(value * 10) === k).length,
  );
  for (const count of tenths) expect(Math.abs(count - 200)).toBeLessThan(70);
});

test('texts have seeds of their own', () => {
  expect(seedOfText('Corner shop')).not.toBe(seedOfText('Corner shoq'));
});

test('nothing can be picked from nothing', () => {
  expect(() => pickOf([], () => 0.5)).toThrow(/nothing to pick from/);
  expect(pickOf(['a', 'b'], () => 0.999_999)).toBe('b');
});
