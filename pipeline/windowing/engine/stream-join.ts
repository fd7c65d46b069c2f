/**
 * Joins of streams: both sides are kept for as long as the time bound lets a row of the other side match them.
 * A joined row has the later of the two times. An outer join gives a left row without a match as soon as none
 * can come any more.
 */
import type { TimeBound } from '../language/plan.js';
import { asTuple } from './apply-node.js';
import { type InputEvent, type RowSink, Tuple } from './event.js';
import { KeyedMap } from './groups.js';
import { Queue } from './queue.js';
import { type JoinFunctions, paddedTuple } from './reference-join.js';
import type { Stateful } from './state.js';
import type { TimedNode, Timeline } from './timeline.js';
import type { ValueRecord } from './values.js';

interface Kept {
  readonly tuple: Tuple;
  /** What the time bound is measured from. */
  readonly anchorMs: number;
  readonly bucket: Bucket;
  isMatched: boolean;
}

interface Bucket {
  readonly keys: readonly unknown[];
  readonly side: KeyedMap<Bucket>;
  readonly kept: Queue<Kept>;
}

export interface StreamJoinOptions {
  readonly bound: TimeBound;
  readonly outer: boolean;
  readonly functions: JoinFunctions;
  readonly sink: RowSink;
  readonly timeline: Timeline;
}

export class StreamJoin implements TimedNode, Stateful {
  readonly stateFields = ['dueMs', 'leftBuckets', 'rightBuckets', 'leftOrder', 'rightOrder'];
  dueMs = Number.POSITIVE_INFINITY;
  private leftBuckets = new KeyedMap<Bucket>();
  private rightBuckets = new KeyedMap<Bucket>();
  /** Left rows in the order in which they can match no longer. */
  private leftOrder = new Queue<Kept>();
  private rightOrder = new Queue<Kept>();

  constructor(private readonly options: StreamJoinOptions) {}

  readonly left: RowSink = {
    row: (row, timeMs, event) => this.takeLeft(asTuple(row, timeMs, event), timeMs, event),
  };

  /** The joined source; `width` is the number of sources with it. */
  right(width: number): RowSink {
    return {
      row: (row, timeMs, event) => this.takeRight(row as ValueRecord, timeMs, event, width),
    };
  }

  private takeLeft(tuple: Tuple, timeMs: number, event: InputEvent | null): void {
    this.forget(timeMs);
    const { bound, functions, outer } = this.options;
    const anchorMs = tuple.times[bound.anchor] ?? timeMs;
    const keys = functions.leftKeys(tuple, timeMs, event, []);
    const kept: Kept = { tuple, anchorMs, bucket: bucketOf(this.leftBuckets, keys), isMatched: false };
    for (const other of keys.includes(null) ? [] : (this.rightBuckets.get(keys)?.kept ?? [])) {
      this.match(kept, other, timeMs);
    }
    kept.bucket.kept.push(kept);
    this.leftOrder.push(kept);
    if (outer) this.wake();
  }

  private takeRight(row: ValueRecord, timeMs: number, event: InputEvent | null, width: number): void {
    this.forget(timeMs);
    const tuple = paddedTuple(row, width, timeMs, event);
    const keys = this.options.functions.rightKeys(tuple, timeMs, event, []);
    if (keys.includes(null)) return;
    const kept: Kept = {
      tuple,
      anchorMs: timeMs,
      bucket: bucketOf(this.rightBuckets, keys),
      isMatched: false,
    };
    for (const other of this.leftBuckets.get(keys)?.kept ?? []) this.match(other, kept, timeMs);
    kept.bucket.kept.push(kept);
    this.rightOrder.push(kept);
  }

  private match(left: Kept, right: Kept, timeMs: number): void {
    const { bound, functions, sink } = this.options;
    const distanceMs = right.anchorMs - left.anchorMs;
    if (distanceMs < bound.lowMs || distanceMs > bound.highMs) return;
    const last = right.tuple.rows.length - 1;
    const joined = new Tuple(
      [...left.tuple.rows, right.tuple.rows[last] ?? null],
      [...left.tuple.times, right.anchorMs],
      [...left.tuple.events, right.tuple.events[last] ?? null],
    );
    if (functions.residual?.(joined, timeMs, null, []) === false) return;
    left.isMatched = true;
    sink.row(joined, timeMs, left.tuple.events[0] ?? null);
  }

  /** When a left row can match no longer: `right − left ≤ high`, and right rows come in order. */
  private expiryOf(left: Kept): number {
    const arrivedMs = Math.max(...left.tuple.times);
    return Math.max(arrivedMs, left.anchorMs + this.options.bound.highMs);
  }

  fire(timeMs: number): void {
    for (let kept = this.leftOrder.peek(); kept !== undefined; kept = this.leftOrder.peek()) {
      if (this.expiryOf(kept) > timeMs) break;
      this.dropLeft(kept, timeMs);
    }
    this.dueMs = Number.POSITIVE_INFINITY;
    this.wake();
  }

  private dropLeft(kept: Kept, timeMs: number): void {
    this.leftOrder.shift();
    drop(kept);
    if (!this.options.outer || kept.isMatched) return;
    const { rows, times, events } = kept.tuple;
    this.options.sink.row(
      new Tuple([...rows, null], [...times, timeMs], [...events, null]),
      timeMs,
      events[0] ?? null,
    );
  }

  /** Drops what no row at or after `timeMs` can match. Outer rows are dropped when they are due. */
  private forget(timeMs: number): void {
    if (!this.options.outer) {
      for (let kept = this.leftOrder.peek(); kept !== undefined && this.expiryOf(kept) < timeMs; ) {
        this.dropLeft(kept, timeMs);
        kept = this.leftOrder.peek();
      }
    }
    const { lowMs } = this.options.bound;
    for (let kept = this.rightOrder.peek(); kept !== undefined; kept = this.rightOrder.peek()) {
      if (kept.anchorMs - lowMs >= timeMs) break;
      this.rightOrder.shift();
      drop(kept);
    }
  }

  private wake(): void {
    const first = this.leftOrder.peek();
    if (!this.options.outer || first === undefined) return;
    this.dueMs = this.expiryOf(first);
    this.options.timeline.wake(this.dueMs);
  }
}

function bucketOf(side: KeyedMap<Bucket>, keys: readonly unknown[]): Bucket {
  const known = side.get(keys);
  if (known !== undefined) return known;
  const bucket: Bucket = { keys, side, kept: new Queue() };
  side.set(keys, bucket);
  return bucket;
}

/** Takes a row, the oldest of its bucket, out of it. */
function drop(kept: Kept): void {
  const { bucket } = kept;
  bucket.kept.shift();
  if (bucket.kept.size === 0) bucket.side.delete(bucket.keys);
}
