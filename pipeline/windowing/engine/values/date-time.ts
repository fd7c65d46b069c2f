/**
 * Datetimes: UTC, of 100 ns (Data Types page). Also the one parser for every form of time that events carry;
 * it runs once an event, so its common path reads fixed places of the string and remembers the last day.
 */

const MS_PER_DAY = 86_400_000;
/** Milliseconds from 0001-01-01T00:00Z, where windows are aligned, to 1970-01-01T00:00Z. */
export const EPOCH_OFFSET_MS = 62_135_596_800_000;

export class DateTime {
  /** @param ms whole milliseconds since 1970-01-01T00:00Z; @param ticks of 100 ns within it, 0 to 9999. */
  constructor(
    readonly ms: number,
    readonly ticks = 0,
  ) {}

  /** Milliseconds since 1970 with their fraction: event time, as windows compare it. */
  get time(): number {
    return this.ticks === 0 ? this.ms : this.ms + this.ticks / 10_000;
  }

  /** From milliseconds with a fraction, to the microsecond (what a double holds in this century). */
  static fromTime(time: number): DateTime {
    const ms = Math.floor(time);
    if (ms === time) return new DateTime(ms);
    const microseconds = Math.round((time - ms) * 1000);
    return microseconds === 1000 ? new DateTime(ms + 1) : new DateTime(ms, microseconds * 10);
  }

  /** ISO 8601 with seven digits, as Stream Analytics writes it: `2015-01-01T00:00:10.0000000Z`. */
  toString(): string {
    const iso = new Date(this.ms).toISOString();
    return `${iso.slice(0, -1)}${String(this.ticks).padStart(4, '0')}Z`;
  }

  toJSON(): string {
    return this.toString();
  }
}

const ISO =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?\s*$/;
/** The invariant culture's short form, which .NET reads as well. */
const SLASHED =
  /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*([AaPp][Mm])?)?\s*([Zz]|[+-]\d{2}:?\d{2})?\s*$/;

/** Reads a datetime; undefined when the text is none. Without a zone it is UTC. */
export function parseDateTime(text: string): DateTime | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    return assemble(
      Number(year),
      Number(month),
      Number(day),
      Number(hour ?? 0),
      minute,
      second,
      fraction,
      zone,
    );
  }
  const slashed = SLASHED.exec(text);
  if (slashed === null) return undefined;
  const [, month, day, year, hourText, minute, second, fraction, half, zone] = slashed;
  let hour = Number(hourText ?? 0);
  if (half !== undefined) hour = (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  return assemble(Number(year), Number(month), Number(day), hour, minute, second, fraction, zone);
}

function assemble(
  year: number,
  month: number,
  day: number,
  hour: number,
  minuteText: string | undefined,
  secondText: string | undefined,
  fraction: string | undefined,
  zone: string | undefined,
): DateTime | undefined {
  const minute = Number(minuteText ?? 0);
  const second = Number(secondText ?? 0);
  const dayMs = utcDay(year, month, day);
  if (dayMs === undefined || hour > 24 || minute > 59 || second > 59) return undefined;
  if (hour === 24 && (minute > 0 || second > 0)) return undefined;
  const ticksOfSecond = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1e7 + 1e-6);
  const ms = dayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + Math.floor(ticksOfSecond / 10_000);
  return new DateTime(ms - zoneMs(zone), ticksOfSecond % 10_000);
}

/** Milliseconds of midnight, or undefined when there is no such day. */
export function utcDay(year: number, month: number, day: number): number | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? date.getTime() : undefined;
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

const lastDay = { text: '', ms: 0 };

/**
 * Event time of a string in milliseconds, NaN when it is none. The common form `YYYY-MM-DDTHH:MM:SS[.fff…]Z` is
 * read by place.
 */
export function timeOfString(text: string): number {
  const length = text.length;
  if (length < 20 || length > 28 || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) {
    return slowTime(text);
  }
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const colons = text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58;
  if (!colons || !(hour < 24) || !(minute < 60) || !(second < 60)) return slowTime(text);
  let fraction = 0;
  if (length > 20) {
    if (text.charCodeAt(19) !== 46) return slowTime(text);
    let scale = 100;
    for (let i = 20; i < length - 1; i++) {
      const digit = text.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) return slowTime(text);
      fraction += digit * scale;
      scale /= 10;
    }
    // Whole milliseconds stay exact; finer digits are rounded to the tick.
    if (length > 24) fraction = Math.round(fraction * 10_000) / 10_000;
  }
  const day = dayMs(text);
  return Number.isNaN(day)
    ? slowTime(text)
    : day + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function dayMs(text: string): number {
  if (text.startsWith(lastDay.text) && lastDay.text !== '') return lastDay.ms;
  const day = text.slice(0, 10);
  const parsed = parseDateTime(day);
  if (parsed === undefined || parsed.ms % MS_PER_DAY !== 0) return Number.NaN;
  lastDay.text = day;
  lastDay.ms = parsed.ms;
  return parsed.ms;
}

function slowTime(text: string): number {
  return parseDateTime(text)?.time ?? Number.NaN;
}
