/** .NET's constant TimeSpan format, which host.json uses: `[d.]hh:mm:ss[.fffffff]`. */
const TIME_SPAN = /^(?:(\d+)\.)?(\d{1,2}):([0-5]?\d):([0-5]?\d)(?:\.(\d{1,7}))?$/;

const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;

/** Milliseconds, or null when `text` is not a time span. */
export function parseTimeSpan(text: string): number | null {
  const match = TIME_SPAN.exec(text);
  if (!match) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  const wholeHours = Number(days) * HOURS_PER_DAY + Number(hours);
  const wholeSeconds =
    (wholeHours * MINUTES_PER_HOUR + Number(minutes)) * SECONDS_PER_MINUTE + Number(seconds);
  return Math.round((wholeSeconds + Number(`0.${fraction}`)) * MS_PER_SECOND);
}
