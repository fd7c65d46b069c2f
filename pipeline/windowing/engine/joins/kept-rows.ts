/**
 * Rows that one side of a join keeps, in the order in which they came. They lie in a ring, the one with number `n` at
 * the place `n` modulo the capacity, and each knows the one of the same key before it, so that no row needs an object
 * of its own.
 */
import type { InputEvent, Row } from '../event.js';
import { type JoinKey, NO_ROW } from './join-keys.js';

/** A power of two, as every capacity after it. */
const FIRST_CAPACITY = 16;

export class KeptRows {
  /** Number of the oldest row that is kept, and of the next one to come. */
  first = 0;
  private next = 0;
  private rows: (Row | null)[] = new Array<Row | null>(FIRST_CAPACITY).fill(null);
  private events: (InputEvent | null)[] = new Array<InputEvent | null>(FIRST_CAPACITY).fill(null);
  /** Null for a row that matches nothing. */
  private keys: (JoinKey | null)[] = new Array<JoinKey | null>(FIRST_CAPACITY).fill(null);
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
   * can match no longer, `key` null for a row that matches nothing, `before` the row of the same key before it.
   */
  push(
    row: Row,
    event: InputEvent | null,
    anchorMs: number,
    expiryMs: number,
    key: JoinKey | null,
    before: number,
  ): number {
    if (this.next - this.first === this.rows.length) this.grow();
    const number = this.next++;
    const place = this.placeOf(number);
    this.rows[place] = row;
    this.events[place] = event;
    this.keys[place] = key;
    this.before[place] = before;
    this.anchorsMs[place] = anchorMs;
    this.expiriesMs[place] = expiryMs;
    this.matched[place] = false;
    return number;
  }

  /** The row of that number while it is kept, else NO_ROW. */
  kept(number: number): number {
    return number < this.first ? NO_ROW : number;
  }

  /** Number of the next older row with the same key, or NO_ROW. */
  beforeOf(number: number): number {
    return this.kept(this.before[this.placeOf(number)] ?? NO_ROW);
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

  /** Drops the oldest row and gives its key. */
  dropFirst(): JoinKey | null {
    const place = this.placeOf(this.first++);
    const key = this.keys[place] ?? null;
    this.rows[place] = null;
    this.events[place] = null;
    this.keys[place] = null;
    return key;
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
