import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { angleOf, cosine, exponential, signedDegrees, sine, smoothStep, tangent } from './arithmetic.js';

const angle = fc.double({ min: -1000, max: 1000, noNaN: true });

describe('functions from + - * / and roots agree with the engine’s', () => {
  test('sine, cosine and tangent', () => {
    fc.assert(
      fc.property(angle, (x) => {
        expect(sine(x)).toBeCloseTo(Math.sin(x), 8);
        expect(cosine(x)).toBeCloseTo(Math.cos(x), 8);
        fc.pre(Math.abs(Math.cos(x)) > 0.1);
        expect(tangent(x)).toBeCloseTo(Math.tan(x), 6);
      }),
    );
  });

  test('the angle of a point, in every quadrant and on the axes', () => {
    const coordinate = fc.oneof(fc.constant(0), fc.double({ min: -50, max: 50, noNaN: true }));
    fc.assert(
      fc.property(coordinate, coordinate, (y, x) => {
        fc.pre(Math.abs(x) + Math.abs(y) > 1e-6);
        const difference = angleOf(y, x) - Math.atan2(y, x);
        expect(Math.abs(Math.sin(difference / 2))).toBeLessThan(1e-8);
      }),
    );
  });

  test('the exponential, relative to its size', () => {
    fc.assert(
      fc.property(fc.double({ min: -25, max: 25, noNaN: true }), (x) => {
        expect(exponential(x) / Math.exp(x)).toBeCloseTo(1, 9);
      }),
    );
  });
});

test('signed degrees lie in (-180, 180] and name the same direction', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2000, max: 2000 }), (degrees) => {
      const signed = signedDegrees(degrees);
      expect(signed).toBeGreaterThan(-180);
      expect(signed).toBeLessThanOrEqual(180);
      expect(Math.sin(((degrees - signed) * Math.PI) / 360)).toBeCloseTo(0, 8);
    }),
  );
});

test('a smooth step runs downwards when its ends are exchanged', () => {
  expect(smoothStep(0, 1, 0.25)).toBeCloseTo(0.15625);
  expect(smoothStep(1, 0, 0.25)).toBeCloseTo(1 - 0.15625);
  expect(smoothStep(2, 3, 1)).toBe(0);
});
