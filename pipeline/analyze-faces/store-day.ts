/** The store's calendar day: visitors are new once a day as the store's clock sees it, not UTC's. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Days begin on the quarter of an hour in every time zone since 1972, when the last odd offset went. */
const QUARTER_MS = 15 * 60_000;
const LAST_ODD_OFFSET_MS = Date.UTC(1973, 0, 1);
/** One picture after the other asks for the same day. */
let lastAsked = { quarter: Number.NaN, timeZone: '', day: '' };

/**
 * `yyyymmdd` of an instant in a time zone.
 * @throws RangeError for a time zone that is none.
 */
export function storeDayOf(epochMs: number, timeZone: string): string {
  const quarter = epochMs < LAST_ODD_OFFSET_MS ? Number.NaN : Math.floor(epochMs / QUARTER_MS);
  if (lastAsked.quarter !== quarter || lastAsked.timeZone !== timeZone)
    lastAsked = { quarter, timeZone, day: formatDay(epochMs, timeZone) };
  return lastAsked.day;
}

function formatDay(epochMs: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // Swedish dates are ISO 8601's, whatever the machine's own language.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format.format(epochMs).replaceAll('-', '');
}

const DAY_MS = 86_400_000;

/** The calendar day before `day`, both `yyyymmdd`. */
export function dayBefore(day: string): string {
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6, 8)].map(Number);
  const before = Date.UTC(year ?? 0, (month ?? 1) - 1, date ?? 1) - DAY_MS;
  return storeDayOf(before, 'UTC');
}
