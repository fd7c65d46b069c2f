/**
 * Analytic functions, evaluated on every row of FROM before WHERE: "LAG is not affected by predicates in WHERE
 * clause, join conditions in JOIN clause, or grouping expressions in GROUP BY clause".
 */

import type { RowFunction } from './compile/row-function.js';
import type { InputEvent, Row } from './event.js';
import { Queue } from './queue.js';
import type { Stateful } from './state.js';
import type { Value } from './values/values.js';
import { alignedEnd } from './windows/alignment.js';
import { KeyedMap } from './windows/groups.js';

/** One analytic function of a SELECT. */
export interface Analytic extends Stateful {
  /** Takes a row in and gives the function's value for it. */
  evaluate(row: Row, timeMs: number, event: InputEvent | null): Value;
}

export interface AnalyticScope {
  readonly keys: RowFunction<readonly unknown[]>;
  readonly when: RowFunction<boolean> | undefined;
}

const NONE: readonly Value[] = [];

const newQueue = <T>(): Queue<T> => new Queue<T>();
/** The end of no interval. */
const NEVER = (): { endMs: number } => ({ endMs: Number.NEGATIVE_INFINITY });

/** How many rows pass before partitions that have been silent for the whole limit are looked for. */
const SWEEP_EVERY = 4096;

/** State by partition, forgotten when nothing in it can matter any more. */
export class Partitions<S> {
  private readonly byKey = new KeyedMap<{
    readonly keys: readonly unknown[];
    readonly state: S;
    lastMs: number;
  }>();
  private readonly live = new Set<{ readonly keys: readonly unknown[]; readonly state: S; lastMs: number }>();
  private untilSweep = SWEEP_EVERY;

  constructor(private readonly limitMs: number) {}

  at(keys: readonly unknown[], timeMs: number, create: () => S): S {
    if (--this.untilSweep === 0) this.sweep(timeMs);
    let entry = this.byKey.get(keys);
    if (entry === undefined) {
      entry = { keys, state: create(), lastMs: timeMs };
      this.byKey.set(keys, entry);
      this.live.add(entry);
    }
    entry.lastMs = timeMs;
    return entry.state;
  }

  private sweep(timeMs: number): void {
    this.untilSweep = Math.max(SWEEP_EVERY, this.live.size);
    for (const entry of this.live) {
      if (entry.lastMs >= timeMs - this.limitMs) continue;
      this.live.delete(entry);
      this.byKey.delete(entry.keys);
    }
  }
}

/** LAG and, with offset 0, LAST. */
export class Lag implements Analytic {
  readonly stateFields = ['partitions'];
  private partitions: Partitions<Queue<{ readonly timeMs: number; readonly value: Value }>>;

  constructor(
    private readonly scope: AnalyticScope,
    private readonly value: RowFunction<Value>,
    private readonly offset: number,
    private readonly fallback: RowFunction<Value> | undefined,
    private readonly limitMs: number,
  ) {
    this.partitions = new Partitions(limitMs);
  }

  evaluate(row: Row, timeMs: number, event: InputEvent | null): Value {
    const past = this.partitions.at(this.scope.keys(row, timeMs, event, NONE), timeMs, newQueue);
    const isConsidered = this.scope.when?.(row, timeMs, event, NONE) ?? true;
    const own = isConsidered ? { timeMs, value: this.value(row, timeMs, event, NONE) } : undefined;
    if (this.offset === 0 && own !== undefined) past.push(own);
    // The offset counts events that satisfy WHEN; older ones than it are never asked for again.
    while (past.size > Math.max(1, this.offset)) past.shift();
    const found = past.size >= Math.max(1, this.offset) ? past.peek() : undefined;
    if (this.offset > 0 && own !== undefined) past.push(own);
    if (found !== undefined && timeMs - found.timeMs <= this.limitMs) return found.value;
    return this.fallback?.(row, timeMs, event, NONE) ?? null;
  }
}

/** ISFIRST: 1 for the first considered event of each aligned interval, 0 for all others. */
export class IsFirst implements Analytic {
  readonly stateFields = ['partitions'];
  private partitions: Partitions<{ endMs: number }>;
  private readonly endOf: (timeMs: number) => number;

  constructor(
    private readonly scope: AnalyticScope,
    intervalMs: number,
  ) {
    this.endOf = alignedEnd(intervalMs);
    this.partitions = new Partitions(intervalMs);
  }

  evaluate(row: Row, timeMs: number, event: InputEvent | null): Value {
    if (this.scope.when?.(row, timeMs, event, NONE) === false) return 0;
    const state = this.partitions.at(this.scope.keys(row, timeMs, event, NONE), timeMs, NEVER);
    const endMs = this.endOf(timeMs);
    if (endMs === state.endMs) return 0;
    state.endMs = endMs;
    return 1;
  }
}

/** An aggregate OVER (… LIMIT DURATION): over the considered rows in `(now − limit, now]`. */
export class Recent<T> implements Analytic {
  readonly stateFields = ['partitions'];
  private partitions: Partitions<Queue<{ readonly timeMs: number; readonly item: T }>>;

  constructor(
    private readonly scope: AnalyticScope,
    private readonly item: (row: Row, timeMs: number, event: InputEvent | null) => T,
    private readonly limitMs: number,
    private readonly finish: (recent: readonly T[]) => Value,
  ) {
    this.partitions = new Partitions(limitMs);
  }

  evaluate(row: Row, timeMs: number, event: InputEvent | null): Value {
    const recent = this.partitions.at(this.scope.keys(row, timeMs, event, NONE), timeMs, newQueue);
    if (this.scope.when?.(row, timeMs, event, NONE) ?? true) {
      recent.push({ timeMs, item: this.item(row, timeMs, event) });
    }
    for (let oldest = recent.peek(); oldest !== undefined; oldest = recent.peek()) {
      if (oldest.timeMs > timeMs - this.limitMs) break;
      recent.shift();
    }
    return this.finish([...recent].map((entry) => entry.item));
  }
}
