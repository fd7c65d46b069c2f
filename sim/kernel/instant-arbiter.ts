import type { Arbiter } from './services.js';

interface Admission {
  readonly place: string;
  readonly key: string;
  readonly admit: () => void;
}

/** Collects what is submitted in an instant until the kernel says that nothing more can come. */
export class InstantArbiter implements Arbiter {
  private waiting: Admission[] = [];

  submit(place: string, key: string, admit: () => void): void {
    this.waiting.push({ place, key, admit });
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Admits all that waits, in order; what they submit in turn waits for the next release. */
  release(): void {
    const admissions = this.waiting;
    this.waiting = [];
    if (admissions.length > 1) admissions.sort(byPlaceThenKey);
    for (const { admit } of admissions) admit();
  }
}

function byPlaceThenKey(one: Admission, other: Admission): number {
  return compare(one.place, other.place) || compare(one.key, other.key);
}

/** By code unit, which no locale changes. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
