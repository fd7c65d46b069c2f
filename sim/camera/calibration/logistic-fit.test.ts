import { expect, test } from 'vitest';
import { randomSource } from '../../kernel/random.js';
import { fitLogistic, logisticChance } from './logistic-fit.js';

test('the coefficients behind drawn outcomes are found again', () => {
  const random = randomSource('fit')('outcomes');
  const truth = [0.5, -2, 1.2];
  const observations = Array.from({ length: 6000 }, () => {
    const terms = [1, random.between(-2, 2), random.between(-1, 3)];
    return { terms, happened: random.chance(logisticChance(truth, terms)) };
  });
  const fitted = fitLogistic(observations);
  truth.forEach((value, i) => {
    expect(Math.abs((fitted[i] ?? 0) - value)).toBeLessThan(0.2);
  });
});

test('outcomes that a term tells apart for certain still give finite coefficients', () => {
  const observations = [-2, -1, 1, 2].map((x) => ({ terms: [1, x], happened: x > 0 }));
  for (const value of fitLogistic(observations)) expect(Number.isFinite(value)).toBe(true);
});

test('no data is an error', () => {
  expect(() => fitLogistic([])).toThrow(/no observations/);
});
