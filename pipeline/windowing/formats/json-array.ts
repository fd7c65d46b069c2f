/** The elements of a JSON array, chunk by chunk: each is parsed when it is there, and none is kept. */
import type { ValueRecord } from '../engine/values/values.js';

const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Gives the objects of an array; `line` is the number of the element, from 1 on. */
export class JsonArray {
  private place: 'before' | 'inside' | 'after' | 'broken' = 'before';
  /** Copies of the chunks that the element has begun in. */
  private begun: Buffer[] = [];
  /** Brackets that are open within the element. */
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private element = 1;

  constructor(
    private readonly onRow: (row: ValueRecord, line: number) => void,
    private readonly onBadLine: (line: number, reason: string) => void,
  ) {}

  /** Takes the next bytes, wherever they were cut; they may be overwritten after the call. */
  feed(chunk: Buffer): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk[at] ?? 0;
      if (this.place === 'inside') {
        if (!this.isBorder(code)) continue;
        this.take(chunk.subarray(start, at), code === CLOSE_BRACKET);
        start = at + 1;
      } else if (this.place === 'before' && code === OPEN_BRACKET) {
        this.place = 'inside';
        start = at + 1;
      } else if (this.place === 'after' && !isBlank(code)) {
        this.place = 'broken';
        this.onBadLine(this.element, 'something follows the end of the array');
      }
    }
    if (this.place === 'inside') this.begun.push(Buffer.from(chunk.subarray(start)));
  }

  end(): void {
    if (this.place === 'inside') this.onBadLine(this.element, 'the array does not end');
  }

  /** Whether that byte ends an element: a comma, or the bracket that closes the array. */
  private isBorder(code: number): boolean {
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (code === BACKSLASH) this.isEscaped = true;
      else if (code === QUOTE) this.isInString = false;
      return false;
    }
    if (code === QUOTE) this.isInString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) this.depth++;
    else if (this.depth === 0) return code === COMMA || code === CLOSE_BRACKET;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) this.depth--;
    return false;
  }

  private take(rest: Buffer, isLast: boolean): void {
    const bytes = this.begun.length === 0 ? rest : Buffer.concat([...this.begun, rest]);
    this.begun = [];
    const text = bytes.toString('utf8');
    const isEmptyArray = isLast && this.element === 1 && text.trim() === '';
    if (!isEmptyArray) this.takeElement(text);
    this.element++;
    if (isLast) this.place = 'after';
  }

  private takeElement(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      this.onBadLine(this.element, error instanceof Error ? error.message : 'not JSON');
      return;
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      this.onRow(value as ValueRecord, this.element);
    else this.onBadLine(this.element, 'an event is a JSON object');
  }
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
