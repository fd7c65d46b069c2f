import { expect, test } from 'vitest';
import { countDifferences } from './compare-rows.js';

const NONE = new Map<number, number>();

test('rows are the same in any order, and integers of any type', () => {
  expect(
    countDifferences(
      [
        ['a', 1],
        ['b', null],
      ],
      [
        ['b', undefined],
        ['a', 1n],
      ],
      NONE,
    ),
  ).toBe(0);
});

test('rows that are missing, too many or other ones are counted', () => {
  expect(countDifferences([['a'], ['a'], ['b']], [['a'], ['c']], NONE)).toBe(3);
});

test('averages may differ by their tolerance', () => {
  const tolerances = new Map([[1, 0.01]]);
  expect(countDifferences([['a', 1]], [['a', 1.005]], tolerances)).toBe(0);
  expect(countDifferences([['a', 1]], [['a', 1.02]], tolerances)).toBe(1);
  expect(countDifferences([['a', 1]], [['a', null]], tolerances)).toBe(1);
});
