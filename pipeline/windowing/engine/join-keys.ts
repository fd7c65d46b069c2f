/**
 * The keys by which a join finds rows, each with the newest row of either side. A key whose rows are gone stays for
 * a while, since keys come back; such keys are swept out when they are the majority.
 */
import { KeyedMap } from './groups.js';

/** In place of a row's number where there is none. */
export const NO_ROW = -1;

const GONE_MIN = 1_000;

export class JoinKey {
  /** Numbers of the newest rows, which may be gone by now. */
  newestLeft = NO_ROW;
  newestRight = NO_ROW;
  /** Rows of both sides that are kept. */
  rows = 0;
}

export class JoinKeys {
  private readonly byKeys = new KeyedMap<JoinKey>();
  private count = 0;
  private gone = 0;

  /** The key of a row that is about to be kept. */
  take(keys: readonly unknown[]): JoinKey {
    const known = this.byKeys.get(keys);
    if (known !== undefined) {
      if (known.rows++ === 0) this.gone--;
      return known;
    }
    const key = new JoinKey();
    key.rows = 1;
    this.count++;
    this.byKeys.set(keys, key);
    return key;
  }

  /** A row of this key is kept no longer. */
  release(key: JoinKey): void {
    if (--key.rows > 0) return;
    this.gone++;
    if (this.gone < GONE_MIN || this.gone * 2 < this.count) return;
    this.byKeys.removeWhere((one) => one.rows === 0);
    this.count -= this.gone;
    this.gone = 0;
  }
}
