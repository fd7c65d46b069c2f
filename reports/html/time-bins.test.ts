import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleRecord } from '../sample-record.testing.js';
import { storeClock } from './store-clock.js';
import { FINE, ratios, runningTotals, sums, timeBins } from './time-bins.js';

function binsOf(minutes: number, most = FINE) {
  const record = sampleRecord({ minutes: 1 });
  const long = { ...record, virtualSeconds: minutes * 60 };
  return timeBins(long, storeClock(long), most);
}

const windowEnd = (item: { readonly windowEnd: string }) => item.windowEnd;

describe('bins of time', () => {
  test('have widths that people count time in, and are few', () => {
    expect(binsOf(5).widthMs).toBe(15_000);
    expect(binsOf(60).widthMs).toBe(30_000);
    expect(binsOf(720).widthMs).toBe(300_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 * 24 * 400 }),
        fc.integer({ min: 10, max: 200 }),
        (minutes, most) => {
          expect(binsOf(minutes, most).startsMs.length).toBeLessThanOrEqual(most + 1);
        },
      ),
    );
  });

  test('hold every window of the run exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 720 }), (minutes) => {
        const bins = binsOf(minutes);
        const windows = sampleRecord({ minutes: 1 }).scenario.startAt;
        const ends = Array.from({ length: minutes * 4 }, (_, window) => ({
          windowEnd: new Date(Date.parse(windows) + (window + 1) * 15_000).toISOString(),
        }));
        const counted = sums(bins, ends, windowEnd, () => 1);
        expect(counted.reduce((total, { value }) => total + value, 0)).toBe(ends.length);
        expect(runningTotals(counted).at(-1)?.value).toBe(ends.length);
      }),
      { numRuns: 25 },
    );
  });

  test('a window that ends where a bin ends belongs to it; one outside the run to none', () => {
    const bins = binsOf(5);
    expect(bins.indexOf('2026-03-07T11:00:15.000Z')).toBe(0);
    expect(bins.indexOf('2026-03-07T11:00:15.0000000Z')).toBe(0);
    expect(bins.indexOf('2026-03-07T11:00:30.000Z')).toBe(1);
    const outside = [{ windowEnd: '2026-03-07T10:00:00.000Z' }, { windowEnd: '2026-03-08T11:00:00.000Z' }];
    expect(sums(bins, outside, windowEnd, () => 1).some(({ value }) => value > 0)).toBe(false);
  });

  test('a ratio needs something to divide by', () => {
    const bins = binsOf(1);
    const ones = sums(bins, [{ windowEnd: '2026-03-07T11:00:15.000Z' }], windowEnd, () => 1);
    expect(ratios(ones, ones).map(({ value }) => value)).toEqual([1]);
  });
});

describe('the store’s clock', () => {
  const at = (timeZone: string, virtualSeconds = 60) => {
    const record = sampleRecord({ minutes: 1 });
    return storeClock({ ...record, virtualSeconds, scenario: { ...record.scenario, timeZone } });
  };

  test('shows the time of the store’s zone', () => {
    expect(at('Asia/Seoul').label('2026-03-07T11:00:15.000Z')).toBe('20:00:15');
    expect(at('Europe/Berlin').date('2026-03-07T11:00:00.000Z')).toBe('Saturday 7 March 2026, 12:00');
  });

  test('shows the day where the run goes over midnight', () => {
    expect(at('Europe/Berlin', 86_400).label('2026-03-07T23:30:00.000Z')).toBe('8 Mar 00:30:00');
  });

  test('takes UTC for a zone that nobody knows', () => {
    expect(at('Nowhere/City').zone).toBe('UTC');
    expect(at('Nowhere/City').label('2026-03-07T11:00:15.000Z')).toBe('11:00:15');
  });
});
