import type { AgeBand } from '../boundaries.js';

/** The first age of each band, oldest band first. */
const BANDS_FROM: readonly (readonly [fromYears: number, band: AgeBand])[] = [
  [65, '65+'],
  [55, '55-64'],
  [45, '45-54'],
  [35, '35-44'],
  [25, '25-34'],
  [18, '18-24'],
  [13, '13-17'],
];

/**
 * The band of an age in years. An estimate such as 12.9 is someone who is 12.
 * @throws RangeError when `ageYears` is negative or not a number.
 */
export function ageBandOf(ageYears: number): AgeBand {
  if (!(ageYears >= 0)) throw new RangeError(`an age must be 0 years or more, not ${ageYears}`);
  return BANDS_FROM.find(([fromYears]) => ageYears >= fromYears)?.[1] ?? '0-12';
}
