/**
 * Values by keys, in which what is gone stays for a while: keys come back, and taking them out of a map and putting
 * them in again costs more than the rest of what happens to an event. They are swept out when they are three of four.
 */
import { KeyedMap } from './groups.js';
import { KeyIds } from './key-ids.js';

/** So few are not worth a sweep. */
const GONE_MIN = 4_000;

export interface Mortal {
  /** Nothing of this key is left; set by the map alone. */
  isGone: boolean;
}

export class SweptMap<V extends Mortal> {
  /** Values by several keys. */
  private readonly values = new KeyedMap<V>();
  /** Single keys, which most are, and their values by the numbers of the keys. */
  private readonly singleIds = new KeyIds();
  private singleKeys: unknown[] = [];
  private singles: V[] = [];
  private count = 0;
  private gone = 0;

  /** The value of these keys, which may be gone. */
  get(keys: readonly unknown[]): V | undefined {
    if (keys.length !== 1) return this.values.get(keys);
    const id = this.singleIds.find(keys[0]);
    return id < 0 ? undefined : this.singles[id];
  }

  /** Puts in the value of keys that have none. */
  add(keys: readonly unknown[], value: V): void {
    if (keys.length === 1) this.addSingle(keys[0], value);
    else this.values.set(keys, value);
    this.count++;
  }

  private addSingle(key: unknown, value: V): void {
    const id = this.singleIds.idOf(key);
    this.singleKeys[id] = key;
    this.singles[id] = value;
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
    this.sweep();
    this.count -= this.gone;
    this.gone = 0;
  }

  private sweep(): void {
    this.values.removeWhere((one) => one.isGone);
    const { singleKeys, singles } = this;
    this.singleIds.clear();
    this.singleKeys = [];
    this.singles = [];
    for (const [i, value] of singles.entries()) if (!value.isGone) this.addSingle(singleKeys[i], value);
  }
}
