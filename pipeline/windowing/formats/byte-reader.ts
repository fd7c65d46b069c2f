/**
 * Reads JSON values from bytes: the ones that are wanted become values, the others are passed over, and both only
 * when JSON.parse would take them too. Undefined and false say that it would not.
 *
 * The bytes end in a line break and some padding (`PADDING`), which no value holds, so that nothing here asks where
 * the line ends.
 */
import { Float, type Value } from '../engine/values/values.js';
import { ByteTimes } from './byte-time.js';
import { BYTES_A_WORD, firstByteIn, firstBytes, stopsIn } from './byte-words.js';
import { hashStep, StringPool } from './string-pool.js';

/** Bytes that must follow the last line, a line break first: words are read beyond what they are read for. */
export const PADDING = 32;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const SPACE = 32;
const TAB = 9;
const CARRIAGE_RETURN = 13;
const LETTER_E = 101;
const LETTER_U = 117;
/** `true`, `fals` and `null` as words. */
const TRUE = 0x65757274;
const FALS = 0x736c6166;
const NULL = 0x6c6c756e;

const EXACT_DIGITS_MAX = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS_MAX + 1 }, (_, i) => 10 ** i);

const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9;

export class ByteReader {
  /** Where the next value is read from. */
  at = 0;
  bytes: Buffer = Buffer.alloc(0);
  /** The same memory as `bytes`. */
  view: DataView = new DataView(new ArrayBuffer(0));
  private readonly pool = new StringPool();
  private readonly times = new ByteTimes();

  open(bytes: Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  blanks(): void {
    const { view } = this;
    let { at } = this;
    for (let code = view.getUint8(at); code === SPACE || code === TAB || code === CARRIAGE_RETURN; ) {
      at++;
      code = view.getUint8(at);
    }
    this.at = at;
  }

  /** Passes the byte when it is the next one. */
  takes(code: number): boolean {
    if (this.view.getUint8(this.at) !== code) return false;
    this.at++;
    return true;
  }

  value(): Value | undefined {
    const code = this.view.getUint8(this.at);
    if (code === QUOTE) return this.string();
    if (code === MINUS || isDigit(code)) return this.number();
    if (code === OPEN_BRACE || code === OPEN_BRACKET) return this.nested();
    return this.word();
  }

  /** A datetime where the text is one in the common form, else whatever the value is. */
  time(): Value | undefined {
    const { view, at } = this;
    if (view.getUint8(at) !== QUOTE) return this.value();
    const length = view.getUint8(at + 25) === QUOTE ? 24 : 20;
    if (view.getUint8(at + 1 + length) !== QUOTE) return this.value();
    const time = this.times.read(view, at + 1, length);
    if (time === undefined) return this.value();
    this.at = at + length + 2;
    return time;
  }

  /** A string; `at` is at its quote. */
  string(): string | undefined {
    const { view } = this;
    const start = this.at + 1;
    let i = start;
    let hash = 0;
    let word = view.getInt32(i, true);
    let stops = stopsIn(word);
    while (stops === 0) {
      hash = hashStep(hash, word);
      i += BYTES_A_WORD;
      word = view.getInt32(i, true);
      stops = stopsIn(word);
    }
    const rest = firstByteIn(stops);
    const end = i + rest;
    if (view.getUint8(end) !== QUOTE) return this.unusualString(end);
    this.at = end + 1;
    const lastWord = firstBytes(word, rest);
    if (rest > 0) hash = hashStep(hash, lastWord);
    return this.pool.take(this.bytes, view, start, end - start, lastWord, hash);
  }

  /** A string with escapes or beyond ASCII, by the platform's own parser; plain up to `from`. */
  private unusualString(from: number): string | undefined {
    const start = this.at;
    const end = this.stringEnd(from);
    if (end < 0) return undefined;
    this.at = end + 1;
    return JSON.parse(this.bytes.toString('utf8', start, end + 1)) as string;
  }

  /** The place of the quote that ends a string, -1 when JSON has no such string. */
  private stringEnd(from: number): number {
    const { view } = this;
    let i = from;
    for (;;) {
      const stops = stopsIn(view.getInt32(i, true));
      if (stops === 0) {
        i += BYTES_A_WORD;
        continue;
      }
      i += firstByteIn(stops);
      const code = view.getUint8(i);
      if (code === QUOTE) return i;
      if (code < SPACE) return -1;
      const length = code === BACKSLASH ? this.escapeLength(i) : 1;
      if (length === 0) return -1;
      i += length;
    }
  }

  /** Bytes of the escape at `at`, 0 when there is no such escape. */
  private escapeLength(at: number): number {
    const { view } = this;
    const code = view.getUint8(at + 1);
    if (code !== LETTER_U) return '"\\/bfnrt'.includes(String.fromCharCode(code)) ? 2 : 0;
    const digits = this.bytes.toString('latin1', at + 2, at + 6);
    return /^[\da-fA-F]{4}$/.test(digits) ? 6 : 0;
  }

  private word(): boolean | null | undefined {
    const { view, at } = this;
    const word = view.getInt32(at, true);
    if (word === TRUE || word === NULL) {
      this.at = at + 4;
      return word === TRUE ? true : null;
    }
    if (word !== FALS || view.getUint8(at + 4) !== LETTER_E) return undefined;
    this.at = at + 5;
    return false;
  }

  private number(): Value | undefined {
    const { view } = this;
    const start = this.at;
    const isNegative = view.getUint8(start) === MINUS;
    const firstDigit = isNegative ? start + 1 : start;
    let at = firstDigit;
    let digits = 0;
    let code = view.getUint8(at);
    for (; isDigit(code); code = view.getUint8(at)) {
      digits = digits * 10 + (code - ZERO);
      at++;
    }
    let count = at - firstDigit;
    if (count === 0 || (count > 1 && view.getUint8(firstDigit) === ZERO)) return undefined;
    let decimals = 0;
    if (code === DOT) {
      const point = at++;
      for (code = view.getUint8(at); isDigit(code); code = view.getUint8(at)) {
        digits = digits * 10 + (code - ZERO);
        at++;
      }
      decimals = at - point - 1;
      if (decimals === 0) return undefined;
      count += decimals;
    }
    if ((code | 32) === LETTER_E || count > EXACT_DIGITS_MAX) return this.longNumber(start, at);
    this.at = at;
    // Both are exact, so the quotient is the nearest double, as for any JSON parser.
    const magnitude = decimals === 0 ? digits : digits / (POWERS_OF_TEN[decimals] ?? 1);
    const value = isNegative ? -magnitude : magnitude;
    // Adding zero turns -0, which no integer is, into 0.
    if (decimals === 0) return value + 0;
    return Number.isInteger(value) ? new Float(value) : value;
  }

  /** Exponents, and more digits than a double holds. `end` is after the digits before an exponent. */
  private longNumber(start: number, end: number): Value | undefined {
    this.at = end;
    if (!this.skipExponent()) return undefined;
    const written = this.bytes.toString('latin1', start, this.at);
    const value = Number(written);
    if (/^-?\d+$/.test(written)) return Number.isSafeInteger(value) ? value : BigInt(written);
    return Number.isInteger(value) ? new Float(value) : value;
  }

  private nested(): Value | undefined {
    const start = this.at;
    return this.skip() ? (JSON.parse(this.bytes.toString('utf8', start, this.at)) as Value) : undefined;
  }

  /** Passes over a value of any kind. */
  skip(): boolean {
    const code = this.view.getUint8(this.at);
    return code === OPEN_BRACE || code === OPEN_BRACKET ? this.skipNested() : this.skipScalar(code);
  }

  private skipScalar(code: number): boolean {
    if (code === QUOTE) return this.skipString();
    if (code === MINUS || isDigit(code)) return this.skipNumber();
    return this.word() !== undefined;
  }

  private skipString(): boolean {
    const end = this.stringEnd(this.at + 1);
    if (end < 0) return false;
    this.at = end + 1;
    return true;
  }

  /** Passes over an object or array, however deep: without recursion, as JSON.parse. */
  private skipNested(): boolean {
    /** What closes each of those that are open. */
    const closers: number[] = [];
    do {
      const code = this.view.getUint8(this.at);
      if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        const closer = code === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
        closers.push(closer);
        this.at++;
        this.blanks();
        if (this.view.getUint8(this.at) !== closer) {
          if (!this.beginItem(closer)) return false;
          continue;
        }
      } else if (!this.skipScalar(code)) return false;
      if (!this.endItem(closers)) return false;
    } while (closers.length > 0);
    return true;
  }

  /** Goes to the value of an item of what `closer` closes. */
  private beginItem(closer: number): boolean {
    return closer === CLOSE_BRACKET || this.skipKey();
  }

  /** Passes what closes after an item, and goes to the value of the next one. */
  private endItem(closers: number[]): boolean {
    for (let closer = closers.at(-1); closer !== undefined; closer = closers.at(-1)) {
      this.blanks();
      if (this.takes(closer)) {
        closers.pop();
        continue;
      }
      if (!this.takes(COMMA)) return false;
      this.blanks();
      return this.beginItem(closer);
    }
    return true;
  }

  private skipKey(): boolean {
    if (this.view.getUint8(this.at) !== QUOTE || !this.skipString()) return false;
    this.blanks();
    if (!this.takes(COLON)) return false;
    this.blanks();
    return true;
  }

  private skipNumber(): boolean {
    this.takes(MINUS);
    const isZero = this.view.getUint8(this.at) === ZERO;
    const count = this.skipDigits();
    if (count === 0 || (isZero && count > 1)) return false;
    if (this.takes(DOT) && this.skipDigits() === 0) return false;
    return this.skipExponent();
  }

  /** Passes an exponent where there is one. */
  private skipExponent(): boolean {
    if ((this.view.getUint8(this.at) | 32) !== LETTER_E) return true;
    this.at++;
    if (!this.takes(PLUS)) this.takes(MINUS);
    return this.skipDigits() > 0;
  }

  private skipDigits(): number {
    const start = this.at;
    while (isDigit(this.view.getUint8(this.at))) this.at++;
    return this.at - start;
  }
}
