import { describe, expect, test } from 'vitest';
import type { PixelBox } from '../../boundaries.js';
import { completeBox } from './hidden-parts.js';

const EXPECTED: PixelBox = { left: 100, top: 100, width: 40, height: 100 };
const box = (left: number, top: number, width: number, height: number): PixelBox => ({
  left,
  top,
  width,
  height,
});

describe('hidden parts', () => {
  test('legs that somebody nearer hides are put where they must be', () => {
    const nearer = box(90, 170, 60, 120);
    expect(completeBox(box(102, 101, 40, 70), EXPECTED, [nearer])).toEqual(box(102, 101, 40, 100));
  });

  test('a side that somebody nearer hides is put where it must be', () => {
    const nearer = box(120, 90, 50, 130);
    expect(completeBox(box(98, 100, 22, 100), EXPECTED, [nearer])).toEqual(box(98, 100, 40, 100));
    const onTheLeft = box(60, 90, 60, 130);
    expect(completeBox(box(120, 100, 20, 100), EXPECTED, [onTheLeft])).toEqual(box(100, 100, 40, 100));
  });

  test('both sides at once share what is missing', () => {
    const nearer = [box(70, 90, 40, 130), box(130, 90, 40, 130)];
    expect(completeBox(box(110, 100, 20, 100), EXPECTED, nearer)).toEqual(box(100, 100, 40, 100));
  });

  test('a shelf hides the legs of who is suddenly shorter and keeps their head where it was', () => {
    expect(completeBox(box(101, 102, 40, 60), EXPECTED, [])).toEqual(box(101, 102, 40, 100));
  });

  test('who turns, bends down or is seen whole stays as seen', () => {
    const narrower = box(105, 100, 28, 100);
    const lower = box(100, 140, 40, 60);
    const larger = box(95, 90, 50, 115);
    for (const seen of [narrower, lower, larger]) expect(completeBox(seen, EXPECTED, [])).toEqual(seen);
    const elsewhere = box(300, 100, 40, 120);
    expect(completeBox(narrower, EXPECTED, [elsewhere])).toEqual(narrower);
  });
});
