import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchBoxes, overlapOf } from './box-matching.js';

const box = fc.record({
  left: fc.integer({ min: 0, max: 50 }),
  top: fc.integer({ min: 0, max: 50 }),
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
});

test('overlap is symmetric, 1 for a box and itself, and halves for half a box', () => {
  fc.assert(
    fc.property(box, box, (a, b) => {
      expect(overlapOf(a, b)).toBe(overlapOf(b, a));
      expect(overlapOf(a, a)).toBe(1);
    }),
  );
  const whole = { left: 0, top: 0, width: 10, height: 10 };
  expect(overlapOf(whole, { ...whole, width: 5 })).toBeCloseTo(0.5);
  expect(overlapOf(whole, { ...whole, left: 10 })).toBe(0);
});

test('every box is matched at most once, and only where the overlap suffices', () => {
  fc.assert(
    fc.property(fc.array(box, { maxLength: 8 }), fc.array(box, { maxLength: 8 }), (first, second) => {
      const matches = matchBoxes(first, second, 0.3);
      expect(new Set(matches.values()).size).toBe(matches.size);
      for (const [i, j] of matches) {
        const [a, b] = [first[i], second[j]];
        expect(a && b && overlapOf(a, b)).toBeGreaterThanOrEqual(0.3);
      }
    }),
  );
});

test('the better overlap wins a box that two want', () => {
  const wanted = { left: 0, top: 0, width: 10, height: 10 };
  const matches = matchBoxes(
    [
      { ...wanted, left: 3 },
      { ...wanted, left: 1 },
    ],
    [wanted],
    0.3,
  );
  expect([...matches]).toEqual([[1, 0]]);
});
