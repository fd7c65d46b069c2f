/**
 * Rows that a join keeps, in the order in which they came and by their keys. They lie in a ring, the one with number
 * `n` at the place `n` modulo the capacity, and each knows the one of the same keys before it: neither a row nor a
 * key needs an object of its own.
 */
import type { InputEvent, Row } from './event.js';
import { KeyedMap } from './groups.js';

/** A power of two, as every capacity after it. */
const FIRST_CAPACITY = 16;
/** In place of a number where there is no row. */
export const NO_ROW = -1;

export class KeptRows {
  /** Number of the oldest row that is kept, and of the next one to come. */
  first = 0;
  private next = 0;
  private readonly latest = new KeyedMap<number>();
  private rows: (Row | null)[] = new Array<Row | null>(FIRST_CAPACITY).fill(null);
  private events: (InputEvent | null)[] = new Array<InputEvent | null>(FIRST_CAPACITY).fill(null);
  private keys: (readonly unknown[] | null)[] = new Array<readonly unknown[] | null>(FIRST_CAPACITY).fill(
    null,
  );
  private before: number[] = new Array<number>(FIRST_CAPACITY).fill(NO_ROW);
  private anchorsMs: number[] = new Array<number>(FIRST_CAPACITY).fill(0);
  private expiriesMs: number[] = new Array<number>(FIRST_CAPACITY).fill(0);
  private matched: boolean[] = new Array<boolean>(FIRST_CAPACITY).fill(false);

  /** When the oldest row can match no longer; Infinity when there is none. */
  get firstExpiryMs(): number {
    if (this.first === this.next) return Number.POSITIVE_INFINITY;
    return this.expiriesMs[this.placeOf(this.first)] ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Keeps a row and gives its number. `anchorMs` is what the join's time bound is measured from, `expiryMs` when it
   * can match no longer, `keys` null for a row that matches nothing.
   */
  push(
    row: Row,
    event: InputEvent | null,
    anchorMs: number,
    expiryMs: number,
    keys: readonly unknown[] | null,
  ): number {
    if (this.next - this.first === this.rows.length) this.grow();
    const number = this.next++;
    const place = this.placeOf(number);
    this.rows[place] = row;
    this.events[place] = event;
    this.keys[place] = keys;
    this.anchorsMs[place] = anchorMs;
    this.expiriesMs[place] = expiryMs;
    this.matched[place] = false;
    if (keys !== null) {
      this.before[place] = this.latestOf(keys);
      this.latest.set(keys, number);
    }
    return number;
  }

  /** Number of the newest row with these keys, or NO_ROW. */
  latestOf(keys: readonly unknown[]): number {
    return this.latest.get(keys) ?? NO_ROW;
  }

  /** Number of the next older row with the same keys, or NO_ROW. */
  beforeOf(number: number): number {
    const before = this.before[this.placeOf(number)] ?? NO_ROW;
    return before < this.first ? NO_ROW : before;
  }

  rowOf(number: number): Row {
    const row = this.rows[this.placeOf(number)];
    if (row === null || row === undefined) throw new Error(`row ${number} is not kept`);
    return row;
  }

  eventOf(number: number): InputEvent | null {
    return this.events[this.placeOf(number)] ?? null;
  }

  anchorMsOf(number: number): number {
    return this.anchorsMs[this.placeOf(number)] ?? 0;
  }

  isMatched(number: number): boolean {
    return this.matched[this.placeOf(number)] === true;
  }

  setMatched(number: number): void {
    this.matched[this.placeOf(number)] = true;
  }

  dropFirst(): void {
    const number = this.first++;
    const place = this.placeOf(number);
    const keys = this.keys[place] ?? null;
    if (keys !== null && this.latestOf(keys) === number) this.latest.delete(keys);
    this.rows[place] = null;
    this.events[place] = null;
    this.keys[place] = null;
  }

  private placeOf(number: number): number {
    return number & (this.rows.length - 1);
  }

  private grow(): void {
    this.rows = this.turned(this.rows);
    this.events = this.turned(this.events);
    this.keys = this.turned(this.keys);
    this.before = this.turned(this.before);
    this.anchorsMs = this.turned(this.anchorsMs);
    this.expiriesMs = this.turned(this.expiriesMs);
    this.matched = this.turned(this.matched);
  }

  /** A full ring as the beginning of one of twice the capacity. */
  private turned<T>(ring: readonly T[]): T[] {
    // Row n is at n modulo the capacity in both halves of two copies, so it is wherever it is looked for now.
    return [...ring, ...ring];
  }
}
