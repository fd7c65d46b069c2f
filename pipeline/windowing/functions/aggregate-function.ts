/** What an aggregate tells the binder and the engine: its signature, and how it gathers the values of a window. */

import type { Value, ValueRecord } from '../engine/values/values.js';
import type { DataType } from '../language/parser/syntax.js';

/** Gathers values; one object a group and pane. `merge` takes in a later pane and leaves it unchanged. */
export interface Accumulator {
  add(args: readonly Value[], order: readonly Value[], row: ValueRecord, timeMs: number): void;
  merge(later: Accumulator): void;
  result(): Value;
}

/** The aggregates that generated code keeps in plain fields of the group, without an object of their own. */
export type InlineAggregate = 'count' | 'sum' | 'avg' | 'min' | 'max';

export interface AggregateOptions {
  readonly constants: readonly Value[];
  readonly distinct: boolean;
  /** One entry a column of ORDER BY: true when it is descending. */
  readonly descending: readonly boolean[];
}

export interface AggregateFunction {
  readonly name: string;
  readonly signature: string;
  /** Arguments that are evaluated on every event. */
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Leading (or only) arguments that must be constants. */
  readonly constantArgs: number;
  readonly allowsDistinct: boolean;
  readonly needsOrder: boolean;
  /** It keeps whole events: rows given to it must not be reused. */
  readonly keepsRows: boolean;
  readonly returns: DataType | undefined;
  readonly inline: InlineAggregate | undefined;
  create(options: AggregateOptions): Accumulator;
}
