/** Code of MATCH_RECOGNIZE's conditions and measures. */

import { SumState } from '../../functions/aggregates.js';
import type { Bound, MatchAggregate, MatchExpression, MatchPlan } from '../../language/plan.js';
import type { InputEvent, Row } from '../event.js';
import { order } from '../values/operators.js';
import type { Value, ValueRecord } from '../values/values.js';
import { type CodeShape, ExpressionCode } from './generate-expression.js';
import { keysFunction, type RowFunction, valueFunction, valuesFunction } from './row-function.js';

/** An event that may be part of a match. */
export interface MatchEvent {
  readonly row: Row;
  readonly timeMs: number;
  readonly event: InputEvent | null;
}

/** What has matched so far. */
export interface MatchBindings {
  /** The events of each variable, by lower-case name, in order. */
  readonly events: ReadonlyMap<string, readonly MatchEvent[]>;
  /** The variable of each event, as the pattern spells it, in order. */
  readonly path: readonly string[];
}

export const NOTHING_MATCHED: MatchBindings = { events: new Map(), path: [] };

/** The bindings once `variable` has matched one more event. */
export function extended(bindings: MatchBindings, variable: string, event: MatchEvent): MatchBindings {
  const key = variable.toLowerCase();
  const events = new Map(bindings.events).set(key, [...(bindings.events.get(key) ?? []), event]);
  return { events, path: [...bindings.path, variable] };
}

export interface MatchCode {
  readonly plan: MatchPlan;
  readonly keys: RowFunction<readonly unknown[]>;
  readonly partition: RowFunction<readonly Value[]>;
  readonly partitionNames: readonly string[];
  /** Whether a variable's condition holds; the current event is already the last of its own variable's. */
  readonly holds: (variable: string, bindings: MatchBindings) => boolean;
  readonly measure: (bindings: MatchBindings, timeMs: number) => ValueRecord;
}

export function compileMatch(plan: MatchPlan, udf: CodeShape['udf']): MatchCode {
  const shape: CodeShape = { tuple: false, udf };
  const conditions = new Map(
    [...plan.define].map(([name, definition]) => [name, compile(definition, udf, true)]),
  );
  const measures = plan.measures.map(({ name, value }) => ({ name, value: compile(value, udf, false) }));
  const partitionNames = plan.partitionBy.map(partitionName);
  return {
    plan,
    keys: keysFunction(plan.partitionBy, shape),
    partition: valuesFunction(plan.partitionBy, shape),
    partitionNames,
    holds: (variable, bindings) => conditions.get(variable)?.(bindings, 0) !== false,
    measure: (bindings, timeMs) =>
      Object.fromEntries(
        measures.map(({ name, value }) => [name, (value(bindings, timeMs) ?? null) as Value]),
      ),
  };
}

function partitionName(bound: Bound): string {
  return bound.kind === 'column' ? (bound.path[bound.path.length - 1] ?? bound.name) : '';
}

/** The expression as a function of what has matched; as a condition it gives true or false. */
function compile(
  match: MatchExpression,
  udf: CodeShape['udf'],
  asCondition: boolean,
): (bindings: MatchBindings, timeMs: number) => unknown {
  const code = new ExpressionCode({ tuple: false, udf, key: (index) => `values[${index}]` });
  const body = asCondition ? code.isTrue(match.expression) : code.value(match.expression);
  const evaluate = code.build<(values: readonly Value[], t: number) => unknown>(
    ['values', 't'],
    `return ${body};`,
  );
  const aggregates = match.aggregates.map((aggregate) => ({
    aggregate,
    value: valueFunction(aggregate.value, { tuple: false, udf }),
  }));
  return (bindings, timeMs) => {
    const values = aggregates.map(({ aggregate, value }) => aggregateOver(aggregate, value, bindings));
    return evaluate(values, timeMs);
  };
}

function aggregateOver(aggregate: MatchAggregate, value: RowFunction<Value>, bindings: MatchBindings): Value {
  const events = bindings.events.get(aggregate.variable) ?? [];
  const read = (event: MatchEvent | undefined): Value =>
    event === undefined ? null : value(event.row, event.timeMs, event.event, []);
  switch (aggregate.fn) {
    case 'current':
    case 'last':
      return read(events[events.length - 1]);
    case 'first':
      return read(events[0]);
    case 'classifier':
      return bindings.path;
    case 'count':
      return events.filter((event) => read(event) !== null).length;
    case 'min':
    case 'max': {
      const direction = aggregate.fn === 'min' ? -1 : 1;
      const known = events.map(read).filter((item) => item !== null);
      return known.reduce<Value>(
        (best, item) => (best === null || order(item, best) * direction > 0 ? item : best),
        null,
      );
    }
    case 'sum':
    case 'avg': {
      const sum = new SumState();
      for (const event of events) sum.add(read(event));
      return aggregate.fn === 'sum' ? sum.sum() : sum.average();
    }
  }
}
