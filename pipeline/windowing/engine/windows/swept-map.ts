/**
 * Values by keys, in which what is gone stays for a while: keys come back, and taking them out of a map and putting
 * them in again costs more than the rest of what happens to an event. They are swept out when they are three of four.
 */
import { KeyedMap } from './groups.js';

/** So few are not worth a sweep. */
const GONE_MIN = 4_000;

export interface Mortal {
  /** Nothing of this key is left; set by the map alone. */
  isGone: boolean;
}

export class SweptMap<V extends Mortal> {
  private readonly values = new KeyedMap<V>();
  private count = 0;
  private gone = 0;

  /** The value of these keys, which may be gone. */
  get(keys: readonly unknown[]): V | undefined {
    return this.values.get(keys);
  }

  /** Puts in the value of keys that have none. */
  add(keys: readonly unknown[], value: V): void {
    this.values.set(keys, value);
    this.count++;
  }

  /** A value that is gone is needed again. */
  revive(value: V): void {
    value.isGone = false;
    this.gone--;
  }

  /** A value is not needed for now. */
  bury(value: V): void {
    value.isGone = true;
    this.gone++;
    if (this.gone < GONE_MIN || this.gone * 4 < this.count * 3) return;
    this.values.removeWhere((one) => one.isGone);
    this.count -= this.gone;
    this.gone = 0;
  }
}
