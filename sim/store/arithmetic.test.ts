import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compassRadians, exponentialOf } from './arithmetic.js';

test('the exponential is that of the standard library, to twelve digits', () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
      return Math.abs(exponentialOf(x) / Math.exp(x) - 1) < 1e-12;
    }),
  );
});

test('the heading is that of the standard library, to a thousandth of a degree', () => {
  const unit = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(unit, unit, (x, y) => {
      fc.pre(x * x + y * y > 1e-6);
      const difference = Math.abs(compassRadians(x, y) - Math.atan2(x, y));
      return Math.min(difference % (2 * Math.PI), 2 * Math.PI - (difference % (2 * Math.PI))) < 2e-5;
    }),
  );
});

test('headings are compass headings', () => {
  expect(compassRadians(0, 1)).toBeCloseTo(0, 4);
  expect(compassRadians(1, 0)).toBeCloseTo(Math.PI / 2, 4);
  expect(compassRadians(0, -1)).toBeCloseTo(Math.PI, 4);
  expect(compassRadians(-1, 0)).toBeCloseTo(1.5 * Math.PI, 4);
});
