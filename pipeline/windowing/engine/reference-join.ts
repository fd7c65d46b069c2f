/** Reference-data joins: every row of a stream against a table that does not move time. */

import { asTuple } from './apply-node.js';
import type { InputEvent, Row, RowSink } from './event.js';
import { Tuple } from './event.js';
import { KeyedMap } from './groups.js';
import type { RowFunction } from './row-function.js';
import type { ValueRecord } from './values.js';

export interface JoinFunctions {
  readonly leftKeys: RowFunction<readonly unknown[]>;
  readonly rightKeys: RowFunction<readonly unknown[]>;
  readonly residual: RowFunction<boolean> | undefined;
}

/** Reference rows by the keys of the join; those with a NULL key match nothing. */
export class ReferenceIndex {
  private readonly byKey = new KeyedMap<ValueRecord[]>();

  constructor(rows: readonly ValueRecord[], width: number, keysOf: JoinFunctions['rightKeys']) {
    for (const row of rows) {
      const tuple = paddedTuple(row, width);
      const keys = keysOf(tuple, 0, null, []);
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

/** A tuple in which only the last source has a row, for expressions over that source alone. */
export function paddedTuple(
  row: ValueRecord,
  width: number,
  timeMs = 0,
  event: InputEvent | null = null,
): Tuple {
  const rows: (ValueRecord | null)[] = new Array(width).fill(null);
  const times: number[] = new Array(width).fill(timeMs);
  const events: (InputEvent | null)[] = new Array(width).fill(null);
  rows[width - 1] = row;
  events[width - 1] = event;
  return new Tuple(rows, times, events);
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
    for (const candidate of this.index.matching(this.functions.leftKeys(left, timeMs, event, []))) {
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
