import { describe, expect, test } from 'vitest';
import type { Frame } from '../frame.js';
import { appearanceSimilarity, blendAppearance, describeAppearance } from './appearance.js';

type Colour = readonly [number, number, number];

const BOX = { left: 10, top: 10, width: 30, height: 80 };

/** Somebody in a shirt and trousers before a grey wall. */
function dressed(shirt: Colour, trousers: Colour): Frame {
  const rgba = new Uint8Array(60 * 100 * 4).fill(128);
  for (let y = BOX.top; y < BOX.top + BOX.height; y++) {
    for (let x = BOX.left; x < BOX.left + BOX.width; x++) {
      rgba.set(y < 50 ? shirt : trousers, (y * 60 + x) * 4);
    }
  }
  return { widthPixels: 60, heightPixels: 100, rgba };
}

const likeness = (a: Frame, b: Frame) =>
  appearanceSimilarity(describeAppearance(a, BOX), describeAppearance(b, BOX));

describe('appearance', () => {
  const red: Colour = [200, 30, 30];
  const blue: Colour = [30, 40, 180];

  test('is alike for the same clothes, also in a little less light', () => {
    expect(likeness(dressed(red, blue), dressed(red, blue))).toBeCloseTo(1, 5);
    expect(likeness(dressed(red, blue), dressed([180, 26, 27], [26, 36, 160]))).toBeGreaterThan(0.85);
  });

  test('differs for other clothes, and for the same colours the other way round', () => {
    expect(likeness(dressed(red, blue), dressed([230, 230, 220], [20, 20, 20]))).toBeLessThan(0.4);
    expect(likeness(dressed(red, blue), dressed(blue, red))).toBeLessThan(0.5);
  });

  test('tells greys of another tint apart, as most clothes are', () => {
    const [warm, cold]: [Colour, Colour] = [
      [150, 135, 115],
      [115, 132, 155],
    ];
    expect(likeness(dressed(warm, [60, 60, 60]), dressed(cold, [60, 60, 60]))).toBeLessThan(0.6);
  });

  test('of a box outside the frame is like nothing', () => {
    const outside = describeAppearance(dressed(red, blue), { left: 500, top: 500, width: 10, height: 10 });
    expect(appearanceSimilarity(outside, describeAppearance(dressed(red, blue), BOX))).toBe(0);
  });

  test('follows what is seen, slowly', () => {
    const [from, to] = [
      describeAppearance(dressed(red, blue), BOX),
      describeAppearance(dressed(blue, red), BOX),
    ];
    const blended = blendAppearance(from, to, 0.1);
    expect(appearanceSimilarity(blended, from)).toBeGreaterThan(appearanceSimilarity(blended, to));
  });
});
