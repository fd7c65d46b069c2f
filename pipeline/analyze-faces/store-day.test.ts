import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayBefore, storeDayOf } from './store-day.js';

describe("the store's day", () => {
  test.each([
    ['2026-03-07T14:59:59.999Z', 'Asia/Seoul', '20260307'],
    ['2026-03-07T15:00:00.000Z', 'Asia/Seoul', '20260308'],
    ['2026-01-01T04:59:00.000Z', 'America/New_York', '20251231'],
    ['2026-03-29T00:30:00.000Z', 'Europe/Berlin', '20260329'],
  ])('of %s in %s is %s', (instant, timeZone, day) => {
    expect(storeDayOf(Date.parse(instant), timeZone)).toBe(day);
  });

  test('before another is the one before it in the calendar', () => {
    expect(dayBefore('20260301')).toBe('20260228');
    expect(dayBefore('20240301')).toBe('20240229');
    expect(dayBefore('20260101')).toBe('20251231');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
        const epochMs = days * 86_400_000;
        expect(dayBefore(storeDayOf(epochMs + 86_400_000, 'UTC'))).toBe(storeDayOf(epochMs, 'UTC'));
      }),
    );
  });
});
