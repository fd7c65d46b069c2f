/** Code of MATCH_RECOGNIZE's conditions and measures. */

import type { Bound, MatchAggregate, MatchExpression, MatchPlan } from '../../language/plan.js';
import type { InputEvent, Row } from '../event.js';
import { type Remembered, recall, remember } from '../pattern/match-memory.js';
import { compilePattern, type PatternProgram } from '../pattern/pattern-program.js';
import type { Value, ValueRecord } from '../values/values.js';
import { type CodeShape, ExpressionCode } from './generate-expression.js';
import { keysFunction, type RowFunction, valueFunction, valuesFunction } from './row-function.js';

/** An event that may be part of a match. */
export interface MatchEvent {
  readonly row: Row;
  readonly timeMs: number;
  readonly event: InputEvent | null;
  /** What conditions that read nothing but this event have said, by lower-case variable. */
  readonly verdicts: Map<string, boolean>;
}

/** The events that matched, from the last one back. */
export interface MatchPath {
  readonly before: MatchPath | undefined;
  /** As the pattern spells it. */
  readonly variable: string;
  readonly event: MatchEvent;
}

/** What conditions over earlier events need of them. */
export type MatchMemory = readonly Remembered[];

export interface MatchCode {
  readonly plan: MatchPlan;
  readonly program: PatternProgram;
  readonly keys: RowFunction<readonly unknown[]>;
  readonly partition: RowFunction<readonly Value[]>;
  readonly partitionNames: readonly string[];
  /** The memory before the first event; it stays this very object where no condition looks back. */
  readonly nothing: MatchMemory;
  /** The memory once `variable` has matched the event, undefined when its condition does not hold. */
  advance(variable: string, memory: MatchMemory, event: MatchEvent): MatchMemory | undefined;
  measure(path: MatchPath | undefined, timeMs: number): ValueRecord;
}

export function compileMatch(plan: MatchPlan, udf: CodeShape['udf']): MatchCode {
  const shape: CodeShape = { tuple: false, udf };
  const slots: Aggregate[] = [];
  const conditions = new Map(
    [...plan.define].map(([name, definition]) => [name, compileCondition(name, definition, slots, udf)]),
  );
  const measures = plan.measures.map(({ name, value }) => ({ name, value: compileMeasure(value, udf) }));
  const nothing: MatchMemory = slots.map(() => undefined);
  return {
    plan,
    program: compilePattern(plan.pattern),
    keys: keysFunction(plan.partitionBy, shape),
    partition: valuesFunction(plan.partitionBy, shape),
    partitionNames: plan.partitionBy.map(partitionName),
    nothing,
    advance(variable, memory, event) {
      const name = variable.toLowerCase();
      const condition = conditions.get(name);
      if (condition?.looksBack === false) {
        let verdict = event.verdicts.get(name);
        if (verdict === undefined) {
          verdict = condition.holds(memory, event);
          event.verdicts.set(name, verdict);
        }
        return verdict ? grown(memory, slots, name, event) : undefined;
      }
      const more = grown(memory, slots, name, event);
      return condition?.holds(more, event) === false ? undefined : more;
    },
    measure: (path, timeMs) => {
      const events = fromFirst(path);
      return Object.fromEntries(
        measures.map(({ name, value }) => [name, (value(events, timeMs) ?? null) as Value]),
      );
    },
  };
}

function partitionName(bound: Bound): string {
  return bound.kind === 'column' ? (bound.path[bound.path.length - 1] ?? bound.name) : '';
}

/** An aggregate over the events of one variable. */
interface Aggregate {
  readonly fn: MatchAggregate['fn'];
  readonly variable: string;
  readonly read: (event: MatchEvent) => Value;
}

function compileAggregate({ fn, variable, value }: MatchAggregate, udf: CodeShape['udf']): Aggregate {
  const read = valueFunction(value, { tuple: false, udf });
  return { fn, variable, read: ({ row, timeMs, event }) => read(row, timeMs, event, []) };
}

/** The memory with one more event of the variable `name`; the same one where nothing is kept of it. */
function grown(
  memory: MatchMemory,
  slots: readonly Aggregate[],
  name: string,
  event: MatchEvent,
): MatchMemory {
  if (!slots.some(({ variable }) => variable === name)) return memory;
  return slots.map(({ fn, variable, read }, i) =>
    variable === name ? remember(fn, memory[i], read(event)) : memory[i],
  );
}

interface Condition {
  /** Whether it reads more than the event that is being matched. */
  readonly looksBack: boolean;
  holds(memory: MatchMemory, event: MatchEvent): boolean;
}

/** A variable's condition; what it needs of earlier events becomes `slots` of the memory. */
function compileCondition(
  name: string,
  definition: MatchExpression,
  slots: Aggregate[],
  udf: CodeShape['udf'],
): Condition {
  const code = new ExpressionCode({ tuple: false, udf, key: (index) => `values[${index}]` });
  const evaluate = code.build<(values: readonly Value[], t: number) => boolean>(
    ['values', 't'],
    `return ${code.isTrue(definition.expression)};`,
  );
  const operands = definition.aggregates.map((aggregate) => {
    const compiled = compileAggregate(aggregate, udf);
    const isCurrent = compiled.fn === 'current' && compiled.variable === name;
    return { ...compiled, slot: isCurrent ? -1 : slots.push(compiled) - 1 };
  });
  return {
    looksBack: operands.some(({ slot }) => slot >= 0),
    holds: (memory, event) =>
      evaluate(
        operands.map(({ fn, read, slot }) => (slot < 0 ? read(event) : recall(fn, memory[slot]))),
        event.timeMs,
      ),
  };
}

function fromFirst(path: MatchPath | undefined): readonly MatchPath[] {
  const events: MatchPath[] = [];
  for (let at = path; at !== undefined; at = at.before) events.push(at);
  return events.reverse();
}

function compileMeasure(
  measure: MatchExpression,
  udf: CodeShape['udf'],
): (events: readonly MatchPath[], timeMs: number) => unknown {
  const code = new ExpressionCode({ tuple: false, udf, key: (index) => `values[${index}]` });
  const evaluate = code.build<(values: readonly Value[], t: number) => unknown>(
    ['values', 't'],
    `return ${code.value(measure.expression)};`,
  );
  const aggregates = measure.aggregates.map((aggregate) => compileAggregate(aggregate, udf));
  return (events, timeMs) =>
    evaluate(
      aggregates.map((aggregate) => aggregateOver(aggregate, events)),
      timeMs,
    );
}

function aggregateOver({ fn, variable, read }: Aggregate, events: readonly MatchPath[]): Value {
  if (fn === 'classifier') return events.map((matched) => matched.variable);
  let known: Remembered;
  for (const matched of events)
    if (matched.variable.toLowerCase() === variable) known = remember(fn, known, read(matched.event));
  return recall(fn, known);
}
