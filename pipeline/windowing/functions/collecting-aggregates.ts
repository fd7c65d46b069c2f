/** Aggregates that keep events or all values: TopOne, CollectTop, Collect, PERCENTILE_CONT and PERCENTILE_DISC. */
import { toNumber } from '../engine/values/convert.js';
import { order } from '../engine/values/operators.js';
import { EvaluationError, float, type Value, type ValueRecord } from '../engine/values/values.js';
import type { Accumulator, AggregateFunction, AggregateOptions } from './aggregate-function.js';
import { aggregate } from './aggregates.js';

interface Ranked {
  readonly keys: readonly Value[];
  readonly row: ValueRecord;
}

/** The first `limit` events by ORDER BY; of equal ones, those that came first. */
class Top implements Accumulator {
  private readonly best: Ranked[] = [];

  constructor(
    private readonly limit: number,
    private readonly descending: readonly boolean[],
    private readonly isSingle: boolean,
  ) {}

  add(_args: readonly Value[], keys: readonly Value[], row: ValueRecord): void {
    this.insert({ keys: [...keys], row });
  }

  merge(later: Accumulator): void {
    if (later instanceof Top) for (const item of later.best) this.insert(item);
  }

  result(): Value {
    if (this.isSingle) return this.best[0]?.row ?? null;
    return this.best.map((item, index) => ({ rank: index + 1, value: item.row }));
  }

  private insert(item: Ranked): void {
    let at = this.best.length;
    while (at > 0 && this.precedes(item, this.best[at - 1])) at--;
    if (at >= this.limit) return;
    this.best.splice(at, 0, item);
    if (this.best.length > this.limit) this.best.pop();
  }

  private precedes(a: Ranked, b: Ranked | undefined): boolean {
    if (b === undefined) return false;
    for (const [i, down] of this.descending.entries()) {
      const difference = order(a.keys[i] ?? null, b.keys[i] ?? null);
      if (difference !== 0) return down ? difference > 0 : difference < 0;
    }
    return false;
  }
}

/** `Collect()`: every event; `Collect(expression)`: every value, NULLs included, in order of time. */
class Collect implements Accumulator {
  private readonly items: Value[] = [];

  add(args: readonly Value[], _keys: readonly Value[], row: ValueRecord): void {
    this.items.push(args.length === 0 ? row : (args[0] ?? null));
  }

  merge(later: Accumulator): void {
    if (later instanceof Collect) for (const item of later.items) this.items.push(item);
  }

  result(): Value {
    return [...this.items];
  }
}

class Percentile implements Accumulator {
  private readonly values: number[] = [];

  constructor(
    private readonly fraction: number,
    private readonly continuous: boolean,
    private readonly descending: boolean,
  ) {}

  add(_args: readonly Value[], keys: readonly Value[]): void {
    const value = keys[0] ?? null;
    if (value === null) return;
    const number = toNumber(value);
    if (number === undefined)
      throw new EvaluationError('A percentile needs numbers to order by', 'FF_QUERY_TYPE');
    this.values.push(number);
  }

  merge(later: Accumulator): void {
    if (later instanceof Percentile) for (const value of later.values) this.values.push(value);
  }

  result(): Value {
    const { length } = this.values;
    if (length === 0) return null;
    const sorted = [...this.values].sort((a, b) => (this.descending ? b - a : a - b));
    if (!this.continuous) {
      // The first value whose cumulative distribution reaches the fraction.
      return float(sorted[Math.max(0, Math.ceil(this.fraction * length - 1e-9) - 1)] ?? 0);
    }
    const position = this.fraction * (length - 1);
    const low = sorted[Math.floor(position)] ?? 0;
    const high = sorted[Math.ceil(position)] ?? 0;
    return float(low + (high - low) * (position - Math.floor(position)));
  }
}

function percentile(continuous: boolean): (options: AggregateOptions) => Accumulator {
  return ({ constants, descending }) => {
    const fraction = toNumber(constants[0] ?? null) ?? Number.NaN;
    if (!(fraction >= 0 && fraction <= 1)) throw new EvaluationError('A percentile lies between 0.0 and 1.0');
    return new Percentile(fraction, continuous, descending[0] ?? false);
  };
}

function topCount(constants: readonly Value[]): number {
  const count = toNumber(constants[0] ?? null) ?? 0;
  if (!Number.isInteger(count) || count < 1)
    throw new EvaluationError('CollectTop needs a whole number above 0');
  return count;
}

export const COLLECTING_AGGREGATES: readonly AggregateFunction[] = [
  aggregate({
    name: 'TopOne',
    signature: 'TopOne() OVER (ORDER BY column [ASC | DESC][, ...])',
    minArgs: 0,
    maxArgs: 0,
    needsOrder: true,
    keepsRows: true,
    returns: 'record',
    create: ({ descending }) => new Top(1, descending, true),
  }),
  aggregate({
    name: 'CollectTop',
    signature: 'CollectTop(count) OVER (ORDER BY column [ASC | DESC][, ...])',
    minArgs: 0,
    maxArgs: 0,
    constantArgs: 1,
    needsOrder: true,
    keepsRows: true,
    returns: 'array',
    create: ({ constants, descending }) => new Top(topCount(constants), descending, false),
  }),
  aggregate({
    name: 'Collect',
    signature: 'Collect([expression])',
    minArgs: 0,
    maxArgs: 1,
    keepsRows: true,
    returns: 'array',
    create: () => new Collect(),
  }),
  aggregate({
    name: 'PERCENTILE_CONT',
    signature: 'PERCENTILE_CONT(fraction) OVER (ORDER BY expression [ASC | DESC])',
    minArgs: 0,
    maxArgs: 0,
    constantArgs: 1,
    needsOrder: true,
    returns: 'float',
    create: percentile(true),
  }),
  aggregate({
    name: 'PERCENTILE_DISC',
    signature: 'PERCENTILE_DISC(fraction) OVER (ORDER BY expression [ASC | DESC])',
    minArgs: 0,
    maxArgs: 0,
    constantArgs: 1,
    needsOrder: true,
    returns: 'float',
    create: percentile(false),
  }),
];

/** Their classes, for snapshots. */
export const COLLECTING_CLASSES = [Top, Collect, Percentile];
