/** Date and time functions (Date and Time Functions page); the parts are those of `language/time-units.ts`. */

import { DateTime, utcDay } from '../engine/values/date-time.js';
import { EvaluationError, type Value } from '../engine/values/values.js';
import { type DatePart, datePart, unitMs } from '../language/binder/time-units.js';
import { integerArg, textArg, timeArg } from './arguments.js';
import { type ScalarFunction, scalar } from './scalar-function.js';

const MS_PER_DAY = 86_400_000;
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The canonical date part that the binder passes as text. */
function part(name: string, value: Value | undefined): DatePart {
  const known = datePart(textArg(name, value));
  if (known === undefined) throw new EvaluationError(`${name} does not know the date part ${String(value)}`);
  return known;
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / MS_PER_DAY) + 1;
}

/** Week of the year, weeks starting on Sunday and the first holding January 1st (T-SQL's `week`). */
function weekOfYear(date: Date): number {
  const firstWeekday = new Date(Date.UTC(date.getUTCFullYear(), 0, 1)).getUTCDay();
  return Math.floor((dayOfYear(date) - 1 + firstWeekday) / 7) + 1;
}

/** ISO 8601: weeks start on Monday, the first is the one with the year's first Thursday. */
function isoWeek(date: Date): number {
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * MS_PER_DAY);
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

/** `DATEPART(part, date)`. */
function partOf(name: DatePart, time: DateTime): number {
  const date = new Date(time.ms);
  switch (name) {
    case 'year':
      return date.getUTCFullYear();
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'month':
      return date.getUTCMonth() + 1;
    case 'dayofyear':
      return dayOfYear(date);
    case 'day':
      return date.getUTCDate();
    case 'week':
      return weekOfYear(date);
    case 'iso_week':
      return isoWeek(date);
    case 'weekday':
      return date.getUTCDay() + 1;
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
    case 'millisecond':
      return date.getUTCMilliseconds();
    case 'microsecond':
      return date.getUTCMilliseconds() * 1000 + Math.floor(time.ticks / 10);
    case 'nanosecond':
      return date.getUTCMilliseconds() * 1_000_000 + time.ticks * 100;
  }
}

/** `DATEADD(part, number, date)`; a month or year too short for the day gives its last day. */
function dateAdd(partName: Value, amount: Value, value: Value): Value {
  const name = part('DATEADD', partName);
  const count = integerArg('DATEADD', amount);
  const time = timeArg('DATEADD', value);
  if (name === 'year') return addMonths(time, count * 12);
  if (name === 'quarter') return addMonths(time, count * 3);
  if (name === 'month') return addMonths(time, count);
  if (name === 'microsecond') return addTicks(time, count * 10);
  if (name === 'nanosecond') return addTicks(time, Math.round(count / 100));
  const unit = name === 'dayofyear' || name === 'weekday' ? MS_PER_DAY : (unitMs(name) ?? MS_PER_DAY * 7);
  return inRange(new DateTime(time.ms + count * unit, time.ticks));
}

function addTicks(time: DateTime, ticks: number): DateTime {
  const total = time.ticks + ticks;
  const carried = Math.floor(total / 10_000);
  return inRange(new DateTime(time.ms + carried, total - carried * 10_000));
}

function addMonths(time: DateTime, months: number): DateTime {
  const date = new Date(time.ms);
  const target = new Date(time.ms);
  target.setUTCDate(1);
  target.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(date.getUTCDate(), lastDay));
  return inRange(new DateTime(target.getTime(), time.ticks));
}

const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;

function inRange(time: DateTime): DateTime {
  if (time.ms >= FIRST_MS && time.ms <= LAST_MS) return time;
  throw new EvaluationError('A datetime must lie in the years 0001 to 9999', 'FF_QUERY_OVERFLOW');
}

/** `DATEDIFF(part, start, end)`: how many boundaries of the part lie between them. */
export function dateDiff(partName: Value, startValue: Value, endValue: Value): Value {
  const name = part('DATEDIFF', partName);
  const start = timeArg('DATEDIFF', startValue);
  const end = timeArg('DATEDIFF', endValue);
  return boundary(name, end) - boundary(name, start);
}

/** The number of the part's boundaries since a fixed one. */
function boundary(name: DatePart, time: DateTime): number {
  const date = new Date(time.ms);
  switch (name) {
    case 'year':
      return date.getUTCFullYear();
    case 'quarter':
      return date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
    case 'month':
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    case 'week':
    case 'iso_week':
      // 1970-01-04 was a Sunday, where T-SQL's weeks start.
      return Math.floor((time.ms - 3 * MS_PER_DAY) / (7 * MS_PER_DAY));
    case 'day':
    case 'dayofyear':
    case 'weekday':
      return Math.floor(time.ms / MS_PER_DAY);
    case 'microsecond':
      return time.ms * 1000 + Math.floor(time.ticks / 10);
    case 'nanosecond':
      return time.ms * 1_000_000 + time.ticks * 100;
    default:
      return Math.floor(time.ms / (unitMs(name) ?? 1));
  }
}

/** `DATENAME(part, date)`: months and weekdays by name, the rest as numbers. */
function dateName(partName: Value, value: Value): Value {
  const name = part('DATENAME', partName);
  const time = timeArg('DATENAME', value);
  const number = partOf(name, time);
  if (name === 'month') return MONTHS[number - 1] ?? null;
  if (name === 'weekday') return WEEKDAYS[number - 1] ?? null;
  return String(number);
}

function dateTimeFromParts(...values: readonly Value[]): Value {
  const [year, month, day, hour, minute, second, millisecond] = values.map((value) =>
    integerArg('DATETIMEFROMPARTS', value),
  );
  const midnight = utcDay(year ?? 0, month ?? 0, day ?? 0);
  const clock = [hour ?? 0, minute ?? 0, second ?? 0, millisecond ?? 0];
  const limits = [24, 60, 60, 1000];
  if (midnight === undefined || clock.some((value, i) => value < 0 || value >= (limits[i] ?? 0))) {
    throw new EvaluationError(`DATETIMEFROMPARTS(${values.join(', ')}) is not a datetime`);
  }
  const [h = 0, m = 0, s = 0, ms = 0] = clock;
  return new DateTime(midnight + h * 3_600_000 + m * 60_000 + s * 1000 + ms);
}

const withPart = { datePartFirst: true } as const;
const single = (name: 'YEAR' | 'MONTH' | 'DAY', of: DatePart): ScalarFunction =>
  scalar(`${name}(date)`, 'bigint', (value) => partOf(of, timeArg(name, value)));

export const DATE_FUNCTIONS: readonly ScalarFunction[] = [
  scalar('DATEADD(datepart, number, date)', 'datetime', dateAdd, withPart),
  scalar('DATEDIFF(datepart, startdate, enddate)', 'bigint', dateDiff, withPart),
  scalar('DATENAME(datepart, date)', 'nvarchar(max)', dateName, withPart),
  scalar(
    'DATEPART(datepart, date)',
    'bigint',
    (name, value) => partOf(part('DATEPART', name), timeArg('DATEPART', value)),
    withPart,
  ),
  scalar(
    'DATETIMEFROMPARTS(year, month, day, hour, minute, second, millisecond)',
    'datetime',
    dateTimeFromParts,
  ),
  single('DAY', 'day'),
  single('MONTH', 'month'),
  single('YEAR', 'year'),
];
