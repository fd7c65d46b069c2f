/**
 * Joins of streams: both sides are kept for as long as the time bound lets a row of the other side match them.
 * A joined row has the later of the two times. An outer join gives a left row without a match as soon as none
 * can come any more.
 */
import type { TimeBound } from '../../language/plan.js';
import type { TimedNode, Timeline } from '../arrival/timeline.js';
import { type InputEvent, type Row, type RowSink, Tuple } from '../event.js';
import type { Stateful } from '../state.js';
import type { Value, ValueRecord } from '../values/values.js';
import { type JoinKey, JoinKeys, NO_ROW } from './join-keys.js';
import { KeptRows } from './kept-rows.js';
import type { JoinFunctions } from './reference-join.js';

const NO_ANALYTICS: readonly Value[] = [];

export interface StreamJoinOptions {
  readonly bound: TimeBound;
  readonly outer: boolean;
  readonly functions: JoinFunctions;
  readonly sink: RowSink;
  readonly timeline: Timeline;
}

export class StreamJoin implements TimedNode, Stateful {
  readonly stateFields = ['dueMs', 'keys', 'leftRows', 'rightRows'];
  dueMs = Number.POSITIVE_INFINITY;
  private keys = new JoinKeys();
  /** Left rows in the order in which they can match no longer. */
  private leftRows = new KeptRows();
  private rightRows = new KeptRows();
  /** Numbers of the rows that a row may match, the newest first; the rest of the list is of earlier rows. */
  private readonly candidates: number[] = [];

  constructor(private readonly options: StreamJoinOptions) {}

  readonly left: RowSink = {
    row: (row, timeMs, event) => this.takeLeft(row, timeMs, event),
  };

  /** The joined source. */
  readonly right: RowSink = {
    row: (row, timeMs, event) => this.takeRight(row, timeMs, event),
  };

  private takeLeft(row: Row, timeMs: number, event: InputEvent | null): void {
    this.forget(timeMs);
    const { bound, functions, outer } = this.options;
    const keys = functions.leftKeys(row, timeMs, event, NO_ANALYTICS);
    const canMatch = !keys.includes(null);
    if (!canMatch && !outer) return;
    const anchorMs = row instanceof Tuple ? (row.times[bound.anchor] ?? timeMs) : timeMs;
    // A left row can match no longer once `right − left ≤ high` cannot hold, since right rows come in order.
    const expiryMs = Math.max(latestTimeOf(row, timeMs), anchorMs + bound.highMs);
    const key = canMatch ? this.keys.take(keys) : null;
    const number = this.leftRows.push(row, event, anchorMs, expiryMs, key, key?.newestLeft ?? NO_ROW);
    if (key !== null) {
      key.newestLeft = number;
      const count = this.findCandidates(this.rightRows, key.newestRight);
      for (let i = count - 1; i >= 0; i--) this.match(number, this.candidates[i] ?? NO_ROW, timeMs);
    }
    if (outer) this.wake();
  }

  private takeRight(row: Row, timeMs: number, event: InputEvent | null): void {
    this.forget(timeMs);
    const { bound, functions } = this.options;
    const keys = functions.rightKeys(row, timeMs, event, NO_ANALYTICS);
    if (keys.includes(null)) return;
    const key = this.keys.take(keys);
    const expiryMs = timeMs - bound.lowMs + bound.leftLagMs;
    const number = this.rightRows.push(row, event, timeMs, expiryMs, key, key.newestRight);
    key.newestRight = number;
    const count = this.findCandidates(this.leftRows, key.newestLeft);
    for (let i = count - 1; i >= 0; i--) this.match(this.candidates[i] ?? NO_ROW, number, timeMs);
  }

  /** Fills `candidates` and gives their count. */
  private findCandidates(side: KeptRows, newest: number): number {
    let count = 0;
    for (let number = side.kept(newest); number !== NO_ROW; number = side.beforeOf(number))
      this.candidates[count++] = number;
    return count;
  }

  private match(left: number, right: number, timeMs: number): void {
    const { leftRows, rightRows } = this;
    const { bound, functions, sink } = this.options;
    const rightMs = rightRows.anchorMsOf(right);
    const distanceMs = rightMs - leftRows.anchorMsOf(left);
    if (distanceMs < bound.lowMs || distanceMs > bound.highMs) return;
    const joined = this.join(left, rightRows.rowOf(right) as ValueRecord, rightMs, rightRows.eventOf(right));
    if (functions.residual?.(joined, timeMs, null, NO_ANALYTICS) === false) return;
    leftRows.setMatched(left);
    sink.row(joined, timeMs, joined.events[0] ?? null);
  }

  /** The tuple of a left row and a right one, or none. */
  private join(left: number, right: ValueRecord | null, rightMs: number, event: InputEvent | null): Tuple {
    const { leftRows } = this;
    const row = leftRows.rowOf(left);
    if (row instanceof Tuple)
      return new Tuple([...row.rows, right], [...row.times, rightMs], [...row.events, event]);
    return new Tuple([row, right], [leftRows.anchorMsOf(left), rightMs], [leftRows.eventOf(left), event]);
  }

  fire(timeMs: number): void {
    while (this.leftRows.firstExpiryMs <= timeMs) this.dropLeft(timeMs);
    this.dueMs = Number.POSITIVE_INFINITY;
    this.wake();
  }

  private dropLeft(timeMs: number): void {
    const { leftRows } = this;
    const number = leftRows.first;
    const isLonely = this.options.outer && !leftRows.isMatched(number);
    const lonely = isLonely ? this.join(number, null, timeMs, null) : undefined;
    this.release(leftRows.dropFirst());
    if (lonely !== undefined) this.options.sink.row(lonely, timeMs, lonely.events[0] ?? null);
  }

  /** Drops what no row at or after `timeMs` can match. Outer rows are dropped when they are due. */
  private forget(timeMs: number): void {
    if (!this.options.outer) while (this.leftRows.firstExpiryMs < timeMs) this.dropLeft(timeMs);
    while (this.rightRows.firstExpiryMs < timeMs) this.release(this.rightRows.dropFirst());
  }

  private release(key: JoinKey | null): void {
    if (key !== null) this.keys.release(key);
  }

  private wake(): void {
    if (!this.options.outer) return;
    this.dueMs = this.leftRows.firstExpiryMs;
    this.options.timeline.wake(this.dueMs);
  }
}

/** When the last row of a joined one came. */
function latestTimeOf(row: Row, timeMs: number): number {
  return row instanceof Tuple ? Math.max(...row.times) : timeMs;
}
