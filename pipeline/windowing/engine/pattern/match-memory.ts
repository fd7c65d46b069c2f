/** What an aggregate of MATCH_RECOGNIZE keeps of the events of its variable. Never changed: ways through the pattern share it. */
import { SumState } from '../../functions/aggregates.js';
import type { MatchAggregate } from '../../language/plan.js';
import { order } from '../values/operators.js';
import type { Value } from '../values/values.js';

/** Undefined before the first event. */
export type Remembered = Value | Summands | undefined;

type Fn = MatchAggregate['fn'];

/** Values to be added up, from the last one back. */
class Summands {
  constructor(
    readonly value: Value,
    readonly before: Summands | undefined,
  ) {}
}

/** What is kept once there was one more value. */
export function remember(fn: Fn, known: Remembered, value: Value): Remembered {
  switch (fn) {
    case 'first':
      return known === undefined ? value : known;
    case 'count':
      return Number(known ?? 0) + (value === null ? 0 : 1);
    case 'min':
    case 'max': {
      if (value === null || known === undefined || known === null || known instanceof Summands)
        return value ?? known ?? null;
      return order(value, known) * (fn === 'min' ? -1 : 1) > 0 ? value : known;
    }
    case 'sum':
    case 'avg':
      return new Summands(value, known instanceof Summands ? known : undefined);
    default:
      return value;
  }
}

/** The aggregate of what is kept. */
export function recall(fn: Fn, known: Remembered): Value {
  if (fn === 'count') return Number(known ?? 0);
  if (!(known instanceof Summands)) return known ?? null;
  const values: Value[] = [];
  for (let at: Summands | undefined = known; at !== undefined; at = at.before) values.push(at.value);
  const sum = new SumState();
  for (const value of values.reverse()) sum.add(value);
  return fn === 'sum' ? sum.sum() : sum.average();
}
