/**
 * Reads one JSON object from bytes, and of it only the fields that are asked for: an event has many fields and a
 * query reads few. Lines of one file spell the same fields in the same order, so each key is first compared with
 * the one that stood there in the line before, and short strings that come again are not made again. What is
 * skipped is not validated further than where it ends.
 */
import { Float, type Value } from '../engine/values.js';
import { ByteTimes } from './byte-time.js';
import { hasQuoteOrEscape, hasUnusual } from './byte-words.js';
import { StringPool } from './string-pool.js';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const LETTER_E = 101;

const EXACT_DIGITS_MAX = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS_MAX + 1 }, (_, i) => 10 ** i);

/** A key with its quotes and colon, and the field it names; -1 for one that is not asked for. */
interface Key {
  readonly length: number;
  /** Its bytes, four at a time, and what remains. */
  readonly words: Int32Array;
  readonly rest: Uint8Array;
  readonly field: number;
}

const NOT_JSON = Symbol('not JSON');

export class JsonScanner {
  /** The values of the fields, in the order asked for, of the object read last; null for those it does not have. */
  readonly values: Value[];
  private readonly indexes = new Map<string, number>();
  private readonly keys: Key[] = [];
  private readonly pool = new StringPool();
  private readonly times = new ByteTimes();
  private readonly isTime: readonly boolean[];
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private at = 0;

  /**
   * Names are found in any case; of two that differ only in case the later one in the object counts. A field of
   * `timeFields` is given as a datetime where its text is one.
   */
  constructor(fields: readonly string[], timeFields: readonly string[] = []) {
    this.values = fields.map(() => null);
    this.isTime = fields.map((field) => timeFields.includes(field));
    for (const [i, field] of fields.entries()) this.indexes.set(field.toLowerCase(), i);
  }

  /** Reads the object in `[start, end)`; false when there is none, or more than one. */
  read(bytes: Buffer, start: number, end: number): boolean {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.at = start;
    for (let i = 0; i < this.values.length; i++) this.values[i] = null;
    return this.object(end) && this.blanksTo(end);
  }

  private object(end: number): boolean {
    const { bytes } = this;
    this.blanks();
    if (bytes[this.at++] !== OPEN_BRACE) return false;
    this.blanks();
    if (bytes[this.at] === CLOSE_BRACE) {
      this.at++;
      return true;
    }
    for (let member = 0; this.at < end; member++) {
      const field = this.key(member, end);
      if (field < -1) return false;
      this.blanks();
      if (field === -1) {
        if (!this.skip(end)) return false;
      } else {
        const value = this.isTime[field] === true ? this.time(end) : this.value(end);
        if (value === NOT_JSON) return false;
        this.values[field] = value;
      }
      this.blanks();
      const next = bytes[this.at++];
      if (next === CLOSE_BRACE) return this.at <= end;
      if (next !== COMMA) return false;
      this.blanks();
    }
    return false;
  }

  private blanks(): void {
    while ((this.bytes[this.at] ?? 0xff) <= 32) this.at++;
  }

  private blanksTo(end: number): boolean {
    while (this.at < end && (this.bytes[this.at] ?? 0) <= 32) this.at++;
    return this.at >= end;
  }

  /** Reads a key and its colon: the field, -1 for one not asked for, -2 when there is no key. */
  private key(member: number, end: number): number {
    const predicted = this.keys[member];
    if (predicted !== undefined && this.at + predicted.length < end && this.startsWith(predicted)) {
      this.at += predicted.length;
      return predicted.field;
    }
    return this.newKey(member, end);
  }

  private startsWith(key: Key): boolean {
    const { view } = this;
    let at = this.at;
    for (let i = 0; i < key.words.length; i++, at += 4)
      if (view.getInt32(at, true) !== key.words[i]) return false;
    for (let i = 0; i < key.rest.length; i++, at++) if (view.getUint8(at) !== key.rest[i]) return false;
    return true;
  }

  private newKey(member: number, end: number): number {
    const start = this.at;
    if (this.bytes[start] !== QUOTE) return -2;
    const name = this.string(end);
    this.blanks();
    if (typeof name !== 'string' || this.bytes[this.at] !== COLON) return -2;
    this.at++;
    const field = this.indexes.get(name.toLowerCase()) ?? -1;
    this.keys[member] = keyOf(this.view, start, this.at - start, field);
    return field;
  }

  private value(end: number): Value | typeof NOT_JSON {
    const code = this.bytes[this.at] ?? 0;
    if (code === QUOTE) return this.string(end);
    if (code === MINUS || (code >= ZERO && code <= NINE)) return this.number();
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      const start = this.at;
      return this.skipNested(end) ? parse(this.bytes.toString('utf8', start, this.at)) : NOT_JSON;
    }
    return this.word();
  }

  private word(): boolean | null | typeof NOT_JSON {
    const { bytes, at } = this;
    const last = bytes[at + 3];
    // The last letters are enough to tell the three words apart, and what follows is checked by the caller.
    if (bytes[at] === 116 && last === 101) {
      this.at = at + 4;
      return true;
    }
    if (bytes[at] === 102 && bytes[at + 4] === 101) {
      this.at = at + 5;
      return false;
    }
    if (bytes[at] === 110 && last === 108) {
      this.at = at + 4;
      return null;
    }
    return NOT_JSON;
  }

  /** A datetime where the text is one in the common form, else whatever the value is. */
  private time(end: number): Value | typeof NOT_JSON {
    const start = this.at + 1;
    if (this.bytes[this.at] !== QUOTE) return this.value(end);
    for (const length of [24, 20]) {
      if (this.bytes[start + length] !== QUOTE) continue;
      const time = this.times.read(this.view, start, start + length);
      if (time === undefined) break;
      this.at = start + length + 1;
      return time;
    }
    return this.value(end);
  }

  private string(end: number): Value | typeof NOT_JSON {
    const { bytes, view } = this;
    const start = this.at + 1;
    let i = start;
    let isUnusual = false;
    for (; i + 4 <= end; i += 4) {
      const word = view.getInt32(i, true);
      if (hasQuoteOrEscape(word)) break;
      isUnusual ||= hasUnusual(word);
    }
    for (; i < end; i++) {
      const code = bytes[i] ?? 0;
      if (code === QUOTE) {
        this.at = i + 1;
        return isUnusual ? this.escapedFrom(start - 1) : this.pool.take(bytes, view, start, i);
      }
      if (code === BACKSLASH) return this.escaped(end);
      isUnusual ||= code < 32 || code > 127;
    }
    return NOT_JSON;
  }

  private escaped(end: number): Value | typeof NOT_JSON {
    const start = this.at;
    return this.skipString(end) ? this.escapedFrom(start) : NOT_JSON;
  }

  /** The string from the quote at `start` to where the scanner is, by the platform's own parser. */
  private escapedFrom(start: number): Value | typeof NOT_JSON {
    return parse(this.bytes.toString('utf8', start, this.at));
  }

  private number(): Value | typeof NOT_JSON {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at++;
    const firstDigit = at;
    let digits = 0;
    let pointAt = -1;
    for (; ; at++) {
      const code = bytes[at] ?? 0;
      if (code >= ZERO && code <= NINE) digits = digits * 10 + (code - ZERO);
      else if (code === DOT && pointAt < 0) pointAt = at;
      else break;
    }
    this.at = at;
    const count = at - firstDigit - (pointAt < 0 ? 0 : 1);
    if (((bytes[at] ?? 0) | 32) === LETTER_E || count > EXACT_DIGITS_MAX) return this.longNumber(start);
    if (count === 0 || pointAt === firstDigit || pointAt === at - 1) return NOT_JSON;
    // Both are exact, so the quotient is the nearest double, as for any JSON parser.
    const magnitude = pointAt < 0 ? digits : digits / (POWERS_OF_TEN[at - pointAt - 1] ?? 1);
    const value = isNegative ? -magnitude : magnitude;
    if (pointAt < 0) return value + 0;
    return Number.isInteger(value) ? new Float(value) : value;
  }

  /** Exponents, and more digits than a double holds. */
  private longNumber(start: number): Value | typeof NOT_JSON {
    const { bytes } = this;
    while (/[\d.eE+-]/.test(String.fromCharCode(bytes[this.at] ?? 0))) this.at++;
    const written = bytes.toString('latin1', start, this.at);
    const value = Number(written);
    if (Number.isNaN(value)) return NOT_JSON;
    if (/^-?\d+$/.test(written)) return Number.isSafeInteger(value) ? value : BigInt(written);
    return Number.isInteger(value) ? new Float(value) : value;
  }

  private skip(end: number): boolean {
    const code = this.bytes[this.at] ?? 0;
    if (code === QUOTE) return this.skipString(end);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) return this.skipNested(end);
    const start = this.at;
    while (!isDelimiter(this.bytes[this.at])) this.at++;
    return this.at > start;
  }

  private skipString(end: number): boolean {
    const { bytes, view } = this;
    let i = this.at + 1;
    while (i < end) {
      if (i + 4 <= end && !hasQuoteOrEscape(view.getInt32(i, true))) {
        i += 4;
        continue;
      }
      const code = bytes[i];
      if (code === QUOTE) {
        this.at = i + 1;
        return true;
      }
      i += code === BACKSLASH ? 2 : 1;
    }
    return false;
  }

  private skipNested(end: number): boolean {
    for (let depth = 0; this.at < end; ) {
      const code = this.bytes[this.at];
      if (code === QUOTE) {
        if (!this.skipString(end)) return false;
        continue;
      }
      this.at++;
      if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
      else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return true;
    }
    return false;
  }
}

function keyOf(view: DataView, start: number, length: number, field: number): Key {
  const words = new Int32Array(length >> 2);
  for (let i = 0; i < words.length; i++) words[i] = view.getInt32(start + i * 4, true);
  const rest = new Uint8Array(length & 3);
  for (let i = 0; i < rest.length; i++) rest[i] = view.getUint8(start + words.length * 4 + i);
  return { length, words, rest, field };
}

function isDelimiter(code: number | undefined): boolean {
  return code === undefined || code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= 32;
}

function parse(text: string): Value | typeof NOT_JSON {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return NOT_JSON;
  }
}
