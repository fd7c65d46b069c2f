import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, compact, decimal, percent, several, signed, span, whole, words } from './figures.js';

/** With plain spaces, for reading. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('numbers', () => {
  test('thousands stand apart and signs are real', () => {
    expect(whole(1_234_567)).toBe('1,234,567');
    expect(decimal(-1_234.567, 2)).toBe('−1,234.57');
    expect(decimal(-0.001, 1)).toBe('0.0');
    expect(signed(12)).toBe('+12');
    expect(signed(-12)).toBe('−12');
    expect(signed(0.04, 1)).toBe('±0.0');
    expect(decimal(Number.NaN, 1)).toBe('–');
  });

  test('whole numbers can be read back', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(Number(whole(value).replaceAll(',', '').replace('−', '-'))).toBe(value);
      }),
    );
  });

  test('shares, volumes and short numbers', () => {
    expect(plain(percent(1, 3))).toBe('33.3 %');
    expect(percent(1, 0)).toBe('–');
    expect([999, 1_000, 263_041_000, 5e12].map((count) => plain(bytes(count)))).toEqual([
      '999 B',
      '1.0 kB',
      '263.0 MB',
      '5,000.0 GB',
    ]);
    expect([0.5, 120, 1_500, -20_000].map(compact)).toEqual(['0.5', '120', '1.5k', '−20k']);
  });

  test.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [999.4, '999.4 ms'],
    [1_000, '1 s'],
    [4_240, '4.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min'],
    [1_074_000, '17 min 54 s'],
    [3_599_500, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('a span of %d ms is %s', (ms, text) => {
    expect(plain(span(ms))).toBe(text);
  });
});

test('names become words', () => {
  expect(words('endToEnd')).toBe('end to end');
  expect(words('blob-storage/write')).toBe('blob-storage/write');
  expect(several(1, 'party', 'parties')).toBe('1 party');
  expect(several(2_000, 'visit')).toBe('2,000 visits');
});
