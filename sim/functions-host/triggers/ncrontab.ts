/** "NCRONTAB expressions": `{second} {minute} {hour} {day} {month} {day-of-week}`, or a time span between runs. */
import { parseTimeSpan } from './time-span.js';

/** The first time after `afterMs`; null when there is none in the next years. */
export type Schedule = (afterMs: number) => number | null;

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  {
    least: 1,
    most: 12,
    names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { least: 0, most: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];
const MS_PER_SECOND = 1000;
const SECONDS_PER_HOUR = 3600;
const SECONDS_PER_DAY = 86_400;
/** 29 February may be eight years away. */
const HORIZON_DAYS = 366 * 9;
const SUNDAY_AS_SEVEN = 7;

/** Times are UTC, as the service's are unless it is told otherwise. Null when `text` is no schedule. */
export function parseSchedule(text: string): Schedule | null {
  const spanMs = parseTimeSpan(text.trim());
  if (spanMs !== null) return spanMs > 0 ? (afterMs) => afterMs + spanMs : null;
  const words = text.trim().split(/\s+/);
  // "A cron expression of five fields" has no seconds.
  const all = words.length === FIELDS.length - 1 ? ['0', ...words] : words;
  if (all.length !== FIELDS.length) return null;
  const sets = FIELDS.map((field, index) => parseField(all[index] ?? '', field));
  const [seconds, minutes, hours, days, months, weekdays] = sets;
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) return null;
  if (weekdays.has(SUNDAY_AS_SEVEN)) weekdays.add(0);
  const times = timesOfDay(hours, minutes, seconds);
  return (afterMs) => {
    const from = Math.floor(afterMs / MS_PER_SECOND) + 1;
    const firstDay = Math.floor(from / SECONDS_PER_DAY);
    for (let day = firstDay; day < firstDay + HORIZON_DAYS; day++) {
      const date = new Date(day * SECONDS_PER_DAY * MS_PER_SECOND);
      const isDay =
        months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()) && weekdays.has(date.getUTCDay());
      if (!isDay) continue;
      const earliest = day === firstDay ? from - firstDay * SECONDS_PER_DAY : 0;
      const time = times(earliest);
      if (time !== null) return (day * SECONDS_PER_DAY + time) * MS_PER_SECOND;
    }
    return null;
  };
}

/** The first second of the day, at or after `earliest`, whose hour, minute and second are in the sets. */
function timesOfDay(
  hours: ReadonlySet<number>,
  minutes: ReadonlySet<number>,
  seconds: ReadonlySet<number>,
): (earliest: number) => number | null {
  return (earliest) => {
    for (let time = earliest; time < SECONDS_PER_DAY; ) {
      const isHour = hours.has(Math.floor(time / SECONDS_PER_HOUR));
      const isMinute = minutes.has(Math.floor(time / 60) % 60);
      if (isHour && isMinute && seconds.has(time % 60)) return time;
      if (!isHour) time = (Math.floor(time / SECONDS_PER_HOUR) + 1) * SECONDS_PER_HOUR;
      else if (!isMinute) time = (Math.floor(time / 60) + 1) * 60;
      else time++;
    }
    return null;
  };
}

const PART = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

function parseField(text: string, field: Field): Set<number> | null {
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const match = PART.exec(part);
    if (!match) return null;
    const [, any, low, high, every] = match;
    const step = every === undefined ? 1 : Number(every);
    const from = any ? field.least : numberOf(low ?? '', field);
    const to =
      any || (every !== undefined && high === undefined) ? field.most : numberOf(high ?? low ?? '', field);
    if (from === null || to === null || from > to || step < 1) return null;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function numberOf(word: string, { least, most, names }: Field): number | null {
  const named = names?.findIndex((name) => name !== '' && name === word.slice(0, 3)) ?? -1;
  const value = /^\d+$/.test(word) ? Number(word) : named;
  return value >= least && value <= most ? value : null;
}
