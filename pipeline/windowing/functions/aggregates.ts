/** Aggregates of a window (Aggregate Functions page): the numeric ones. NULLs are left out; of no values, NULL. */
import { cast, toNumber } from '../engine/values/convert.js';
import { order } from '../engine/values/operators.js';
import {
  EvaluationError,
  Float,
  float,
  integer,
  keyOf,
  toJson,
  typeOf,
  type Value,
} from '../engine/values/values.js';
import type { Accumulator, AggregateFunction, AggregateOptions } from './aggregate-function.js';

/**
 * Sum of bigints exactly, of floats by Neumaier's compensated method: what each addition rounds away is gathered
 * apart, so that the sum does not depend on the order in which events arrived.
 */
export class SumState {
  count = 0;
  /** Sum of integers while it is below 2^53, and of floats. */
  private number = 0;
  /** What rounding took from `number`. */
  private lost = 0;
  /** What does not fit `number` exactly. */
  private big = 0n;
  private isFloat = false;

  add(value: Value | undefined): void {
    if (typeof value === 'number') {
      this.count++;
      if (!Number.isInteger(value)) this.isFloat = true;
      this.addNumber(value);
    } else if (value !== null && value !== undefined) this.addOther(value);
  }

  private addNumber(value: number): void {
    const sum = this.number + value;
    if (this.isFloat) {
      this.lost +=
        Math.abs(this.number) >= Math.abs(value) ? this.number - sum + value : value - sum + this.number;
      this.number = sum;
    } else if (sum <= Number.MAX_SAFE_INTEGER && sum >= Number.MIN_SAFE_INTEGER) this.number = sum;
    else this.big += BigInt(value);
  }

  private addOther(value: Exclude<Value, null>): void {
    this.count++;
    if (typeof value === 'bigint') {
      this.big += value;
      return;
    }
    const number = toNumber(value);
    if (number === undefined) {
      throw new EvaluationError(
        `SUM and AVG need numbers, not ${typeOf(value)} ${toJson(value)}`,
        'FF_QUERY_TYPE',
      );
    }
    if (value instanceof Float || !Number.isInteger(number)) this.isFloat = true;
    this.addNumber(number);
  }

  merge(later: SumState): void {
    this.count += later.count;
    this.isFloat ||= later.isFloat;
    this.big += later.big;
    this.lost += later.lost;
    this.addNumber(later.number);
  }

  sum(): Value {
    if (this.count === 0) return null;
    if (this.isFloat) return float(this.total());
    return this.big === 0n ? this.number : integer(BigInt(this.number) + this.big);
  }

  average(): Value {
    return this.count === 0 ? null : float(this.total() / this.count);
  }

  private total(): number {
    const rounded = this.number + this.lost;
    return this.big === 0n ? rounded : rounded + Number(this.big);
  }
}

/** One argument, NULLs left out, DISTINCT when asked for. */
abstract class OneArgument implements Accumulator {
  private readonly seen: Map<unknown, Value> | undefined;

  constructor(options: AggregateOptions) {
    this.seen = options.distinct ? new Map() : undefined;
  }

  add(args: readonly Value[]): void {
    const value = args[0];
    if (value === null || value === undefined) return;
    if (this.seen !== undefined) {
      const key = keyOf(value);
      if (this.seen.has(key)) return;
      this.seen.set(key, value);
    }
    this.take(value);
  }

  merge(later: Accumulator): void {
    if (!(later instanceof OneArgument)) return;
    if (later.seen !== undefined) for (const value of later.seen.values()) this.add([value]);
    else this.join(later as this);
  }

  abstract result(): Value;
  protected abstract take(value: Exclude<Value, null>): void;
  protected abstract join(later: this): void;
}

class Count extends OneArgument {
  private count = 0;
  protected take(): void {
    this.count++;
  }
  protected join(later: this): void {
    this.count += later.count;
  }
  result(): Value {
    return this.count;
  }
}

class Sum extends OneArgument {
  private readonly state = new SumState();
  constructor(
    options: AggregateOptions,
    private readonly finish: 'sum' | 'average',
  ) {
    super(options);
  }
  protected take(value: Exclude<Value, null>): void {
    this.state.add(value);
  }
  protected join(later: this): void {
    this.state.merge(later.state);
  }
  result(): Value {
    return this.state[this.finish]();
  }
}

class Extreme extends OneArgument {
  private best: Value = null;
  constructor(
    options: AggregateOptions,
    private readonly direction: 1 | -1,
  ) {
    super(options);
  }
  protected take(value: Exclude<Value, null>): void {
    if (this.best === null || order(value, this.best) * this.direction > 0) this.best = value;
  }
  protected join(later: this): void {
    if (later.best !== null) this.take(later.best);
  }
  result(): Value {
    return this.best;
  }
}

/** Variance by Welford's method, merged by Chan's; a sample of one has none. */
class Spread extends OneArgument {
  private count = 0;
  private mean = 0;
  private squares = 0;
  constructor(
    options: AggregateOptions,
    private readonly population: boolean,
    private readonly root: boolean,
  ) {
    super(options);
  }
  protected take(value: Exclude<Value, null>): void {
    const converted = cast(value, 'float');
    const number = converted instanceof Float ? converted.value : Number(converted);
    this.count++;
    const delta = number - this.mean;
    this.mean += delta / this.count;
    this.squares += delta * (number - this.mean);
  }
  protected join(later: this): void {
    if (later.count === 0) return;
    const delta = later.mean - this.mean;
    const count = this.count + later.count;
    this.squares += later.squares + (delta * delta * this.count * later.count) / count;
    this.mean += (delta * later.count) / count;
    this.count = count;
  }
  result(): Value {
    const divisor = this.population ? this.count : this.count - 1;
    if (divisor <= 0) return null;
    const variance = this.squares / divisor;
    return float(this.root ? Math.sqrt(variance) : variance);
  }
}

type Traits = Pick<AggregateFunction, 'name' | 'signature' | 'create' | 'returns'> &
  Partial<AggregateFunction>;

/** An aggregate of one argument, unless `traits` say otherwise. */
export function aggregate(traits: Traits): AggregateFunction {
  return {
    minArgs: 1,
    maxArgs: 1,
    constantArgs: 0,
    allowsDistinct: false,
    needsOrder: false,
    keepsRows: false,
    inline: undefined,
    ...traits,
  };
}

const numeric = (name: string, traits: Omit<Traits, 'name' | 'signature'>): AggregateFunction =>
  aggregate({ name, signature: `${name}([DISTINCT] expression)`, allowsDistinct: true, ...traits });

export const NUMERIC_AGGREGATES: readonly AggregateFunction[] = [
  aggregate({
    name: 'COUNT',
    signature: 'COUNT({* | [DISTINCT] expression})',
    returns: 'bigint',
    allowsDistinct: true,
    inline: 'count',
    create: (options) => new Count(options),
  }),
  numeric('SUM', { returns: undefined, inline: 'sum', create: (options) => new Sum(options, 'sum') }),
  numeric('AVG', { returns: 'float', inline: 'avg', create: (options) => new Sum(options, 'average') }),
  numeric('MIN', { returns: undefined, inline: 'min', create: (options) => new Extreme(options, -1) }),
  numeric('MAX', { returns: undefined, inline: 'max', create: (options) => new Extreme(options, 1) }),
  numeric('STDEV', { returns: 'float', create: (options) => new Spread(options, false, true) }),
  numeric('STDEVP', { returns: 'float', create: (options) => new Spread(options, true, true) }),
  numeric('VAR', { returns: 'float', create: (options) => new Spread(options, false, false) }),
  numeric('VARP', { returns: 'float', create: (options) => new Spread(options, true, false) }),
];

/** Their classes, for snapshots. */
export const NUMERIC_CLASSES = [SumState, Count, Sum, Extreme, Spread];
