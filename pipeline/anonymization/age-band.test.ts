import { describe, expect, test } from 'vitest';
import { ageBandOf } from './age-band.js';

describe('the age band', () => {
  test.each([
    [0, '0-12'],
    [12.9, '0-12'],
    [13, '13-17'],
    [17.99, '13-17'],
    [18, '18-24'],
    [24, '18-24'],
    [25, '25-34'],
    [44.5, '35-44'],
    [54.9, '45-54'],
    [55, '55-64'],
    [64.9, '55-64'],
    [65, '65+'],
    [103, '65+'],
  ])('of someone of %d is %s', (age, band) => {
    expect(ageBandOf(age)).toBe(band);
  });

  test.each([-1, Number.NaN])('of %d years is refused', (age) => {
    expect(() => ageBandOf(age)).toThrow(RangeError);
  });
});
