/** The store's time of day. */

/** Daylight saving begins and ends on a quarter of an hour, everywhere. */
const QUARTER_MS = 15 * 60_000;
const DAY_MINUTES = 24 * 60;

/** A function from epoch ms to minutes after local midnight, in [0, 1440). Throws on an unknown time zone. */
export function minuteOfDay(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  let quarter = Number.NaN;
  let minuteAtQuarter = 0;
  return (epochMs) => {
    const current = Math.floor(epochMs / QUARTER_MS);
    if (current !== quarter) {
      quarter = current;
      minuteAtQuarter = minuteOf(format.formatToParts(current * QUARTER_MS));
    }
    return (minuteAtQuarter + (epochMs - quarter * QUARTER_MS) / 60_000) % DAY_MINUTES;
  };
}

function minuteOf(parts: readonly Intl.DateTimeFormatPart[]): number {
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return read('hour') * 60 + read('minute');
}
