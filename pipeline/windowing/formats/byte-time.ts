/** Datetimes read from bytes, without a string in between. */
import { DateTime, utcDay } from '../engine/values/date-time.js';

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const DOT = 46;
const LETTER_T = 84;
const LETTER_Z = 90;

/** Length of `YYYY-MM-DDTHH:MM`. */
const MINUTE_LENGTH = 16;

/** Reads `YYYY-MM-DDTHH:MM:SS[.fff]Z`; remembers the last minute, since neighbouring events share it. */
export class ByteTimes {
  /** The bytes of the last minute, as words. */
  private word0 = 0;
  private word1 = 0;
  private word2 = 0;
  private word3 = 0;
  private minuteMs: number | undefined;

  /** The datetime of `length` bytes from `start`, undefined when it is not of that very form. */
  read(view: DataView, start: number, length: number): DateTime | undefined {
    if ((length !== 20 && length !== 24) || view.getUint8(start + length - 1) !== LETTER_Z) return undefined;
    const minuteMs = this.minute(view, start);
    if (minuteMs === undefined || view.getUint8(start + MINUTE_LENGTH) !== COLON) return undefined;
    const second = twoDigits(view, start + 17);
    let millisecond = 0;
    if (length === 24) {
      if (view.getUint8(start + 19) !== DOT) return undefined;
      millisecond = twoDigits(view, start + 20) * 10 + digit(view, start + 22);
    }
    if (second > 59 || millisecond > 999) return undefined;
    return new DateTime(minuteMs + second * 1000 + millisecond);
  }

  private minute(view: DataView, start: number): number | undefined {
    const word0 = view.getInt32(start, true);
    const word1 = view.getInt32(start + 4, true);
    const word2 = view.getInt32(start + 8, true);
    const word3 = view.getInt32(start + 12, true);
    const isLast =
      word3 === this.word3 && word2 === this.word2 && word1 === this.word1 && word0 === this.word0;
    if (!isLast) {
      this.word0 = word0;
      this.word1 = word1;
      this.word2 = word2;
      this.word3 = word3;
      this.minuteMs = minuteOf(view, start);
    }
    return this.minuteMs;
  }
}

/** The minute that `YYYY-MM-DDTHH:MM` names, in milliseconds. */
function minuteOf(view: DataView, start: number): number | undefined {
  if (view.getUint8(start + 4) !== DASH || view.getUint8(start + 7) !== DASH) return undefined;
  if (view.getUint8(start + 10) !== LETTER_T || view.getUint8(start + 13) !== COLON) return undefined;
  const year = twoDigits(view, start) * 100 + twoDigits(view, start + 2);
  const dayMs = utcDay(year, twoDigits(view, start + 5), twoDigits(view, start + 8));
  const hour = twoDigits(view, start + 11);
  const minute = twoDigits(view, start + 14);
  if (dayMs === undefined || hour > 23 || minute > 59) return undefined;
  return dayMs + hour * 3_600_000 + minute * 60_000;
}

/** What is no digit makes the number too large for any part of a time. */
function digit(view: DataView, at: number): number {
  const value = view.getUint8(at) - ZERO;
  return value >= 0 && value <= 9 ? value : 1e12;
}

function twoDigits(view: DataView, at: number): number {
  return digit(view, at) * 10 + digit(view, at + 1);
}
