/** The keys by which a join finds rows, each with the newest row of either side. */
import { type Mortal, SweptMap } from '../windows/swept-map.js';

/** In place of a row's number where there is none. */
export const NO_ROW = -1;

export class JoinKey implements Mortal {
  isGone = false;
  /** Numbers of the newest rows, which may be gone by now. */
  newestLeft = NO_ROW;
  newestRight = NO_ROW;
  /** Rows of both sides that are kept. */
  rows = 0;
}

export class JoinKeys {
  private readonly byKeys = new SweptMap<JoinKey>();
  private lastKeys: readonly unknown[] = [];
  private lastKey: JoinKey | undefined;

  /** The key of a row that is about to be kept. */
  take(keys: readonly unknown[]): JoinKey {
    // A stream that is joined with itself gives every row twice: the second finds the key where the first left it.
    const last = this.lastKey;
    const key = last !== undefined && !last.isGone && areSame(keys, this.lastKeys) ? last : this.find(keys);
    this.lastKeys = keys;
    this.lastKey = key;
    key.rows++;
    return key;
  }

  private find(keys: readonly unknown[]): JoinKey {
    let key = this.byKeys.get(keys);
    if (key === undefined) {
      key = new JoinKey();
      this.byKeys.add(keys, key);
    } else if (key.isGone) this.byKeys.revive(key);
    return key;
  }

  /** A row of this key is kept no longer. */
  release(key: JoinKey): void {
    if (--key.rows === 0) this.byKeys.bury(key);
  }
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}
