/** Datetimes read from bytes, without a string in between. */
import { DateTime, utcDay } from '../engine/date-time.js';

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const DOT = 46;
const LETTER_T = 84;
const LETTER_Z = 90;

/** Reads `YYYY-MM-DDTHH:MM:SS[.fff]Z`; remembers the last day, since events come from the same one. */
export class ByteTimes {
  private lastDate = 0;
  private lastDayMs: number | undefined;

  /** The datetime in `[start, end)`, undefined when it is not of that very form. */
  read(view: DataView, start: number, end: number): DateTime | undefined {
    const length = end - start;
    if ((length !== 20 && length !== 24) || view.getUint8(end - 1) !== LETTER_Z) return undefined;
    if (view.getUint8(start + 4) !== DASH || view.getUint8(start + 7) !== DASH) return undefined;
    if (view.getUint8(start + 10) !== LETTER_T || view.getUint8(start + 13) !== COLON) return undefined;
    if (view.getUint8(start + 16) !== COLON) return undefined;
    const date =
      twoDigits(view, start) * 1_000_000 +
      twoDigits(view, start + 2) * 10_000 +
      twoDigits(view, start + 5) * 100 +
      twoDigits(view, start + 8);
    const hour = twoDigits(view, start + 11);
    const minute = twoDigits(view, start + 14);
    const second = twoDigits(view, start + 17);
    let millisecond = 0;
    if (length === 24) {
      if (view.getUint8(start + 19) !== DOT) return undefined;
      millisecond = twoDigits(view, start + 20) * 10 + digit(view, start + 22);
    }
    const dayMs = this.dayMs(date);
    const isTime = hour < 24 && minute < 60 && second < 60 && millisecond < 1000;
    if (dayMs === undefined || !isTime) return undefined;
    return new DateTime(dayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond);
  }

  private dayMs(date: number): number | undefined {
    if (date !== this.lastDate) {
      this.lastDate = date;
      this.lastDayMs = utcDay(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100);
    }
    return this.lastDayMs;
  }
}

/** What is no digit makes the number too large for any part of a time. */
function digit(view: DataView, at: number): number {
  const value = view.getUint8(at) - ZERO;
  return value >= 0 && value <= 9 ? value : 1e12;
}

function twoDigits(view: DataView, at: number): number {
  return digit(view, at) * 10 + digit(view, at + 1);
}
