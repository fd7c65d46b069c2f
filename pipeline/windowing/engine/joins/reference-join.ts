/** Reference-data joins: every row of a stream against a table that does not move time. */

import type { RowFunction } from '../compile/row-function.js';
import type { InputEvent, Row, RowSink } from '../event.js';
import { Tuple } from '../event.js';
import type { ValueRecord } from '../values/values.js';
import { KeyedMap } from '../windows/groups.js';
import { asTuple } from './apply-node.js';

export interface JoinFunctions {
  /** Of the row that comes in, a tuple when it has been joined before. */
  readonly leftKeys: RowFunction<readonly unknown[]>;
  /** Of the joined source's row. */
  readonly rightKeys: RowFunction<readonly unknown[]>;
  readonly residual: RowFunction<boolean> | undefined;
}

/** Reference rows by the keys of the join; those with a NULL key match nothing. */
export class ReferenceIndex {
  private readonly byKey = new KeyedMap<ValueRecord[]>();

  constructor(rows: readonly ValueRecord[], keysOf: JoinFunctions['rightKeys']) {
    for (const row of rows) {
      const keys = keysOf(row, 0, null, []);
      if (keys.includes(null)) continue;
      const bucket = this.byKey.get(keys);
      if (bucket === undefined) this.byKey.set(keys, [row]);
      else bucket.push(row);
    }
  }

  matching(keys: readonly unknown[]): readonly ValueRecord[] {
    return keys.includes(null) ? [] : (this.byKey.get(keys) ?? []);
  }
}

export class ReferenceJoin implements RowSink {
  constructor(
    private readonly index: ReferenceIndex,
    private readonly functions: JoinFunctions,
    private readonly outer: boolean,
    private readonly sink: RowSink,
  ) {}

  row(row: Row, timeMs: number, event: InputEvent | null): void {
    const left = asTuple(row, timeMs, event);
    let isMatched = false;
    for (const candidate of this.index.matching(this.functions.leftKeys(row, timeMs, event, []))) {
      const joined = this.join(left, candidate, timeMs);
      if (this.functions.residual?.(joined, timeMs, event, []) === false) continue;
      isMatched = true;
      this.sink.row(joined, timeMs, event);
    }
    if (!isMatched && this.outer) this.sink.row(this.join(left, null, timeMs), timeMs, event);
  }

  private join(left: Tuple, right: ValueRecord | null, timeMs: number): Tuple {
    return new Tuple([...left.rows, right], [...left.times, timeMs], [...left.events, null]);
  }
}
