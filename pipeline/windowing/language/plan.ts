/** The typed plan of a query: names resolved, windows in milliseconds, aggregates and analytic functions numbered. */

import type { Value } from '../engine/values/values.js';
import type { AggregateFunction } from '../functions/aggregate-function.js';
import type { TableFunctionName } from '../functions/record-functions.js';
import type { ScalarFunction } from '../functions/scalar-function.js';
import type { BinaryOperator, CreateTableSyntax, DataType, PatternSyntax } from './parser/syntax.js';
import type { Position } from './query-error.js';

/** A type where it is certain before any event is seen. */
export type StaticType = DataType | 'null' | 'any';

export type ComparisonOperator = Extract<BinaryOperator, '=' | '<>' | '<' | '<=' | '>' | '>='>;

export type Bound =
  | { readonly kind: 'constant'; readonly value: Value; readonly type: StaticType }
  /** A field of one of the sources; `path` goes on into records. */
  | {
      readonly kind: 'column';
      readonly source: number;
      readonly name: string;
      readonly path: readonly string[];
      /** The name is spelt as the row spells it: no search for another case. */
      readonly exact: boolean;
      readonly type: StaticType;
    }
  | { readonly kind: 'record'; readonly source: number; readonly type: StaticType }
  /** The timestamp of one source's row in a join. */
  | { readonly kind: 'sourceTime'; readonly source: number; readonly type: StaticType }
  /** System.Timestamp(): of the event, or of the window's end. */
  | { readonly kind: 'timestamp'; readonly type: StaticType }
  /** System.Window(). */
  | { readonly kind: 'window'; readonly type: StaticType }
  | { readonly kind: 'field'; readonly of: Bound; readonly name: string; readonly type: StaticType }
  | {
      readonly kind: 'scalar';
      readonly fn: ScalarFunction;
      readonly args: readonly Bound[];
      readonly type: StaticType;
    }
  | {
      readonly kind: 'udf';
      readonly name: string;
      readonly args: readonly Bound[];
      readonly type: StaticType;
    }
  | {
      readonly kind: 'metadata';
      readonly source: number;
      readonly property: Bound;
      readonly type: StaticType;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^';
      readonly left: Bound;
      readonly right: Bound;
      readonly type: StaticType;
    }
  | {
      readonly kind: 'negate' | 'complement';
      readonly operand: Bound;
      readonly type: StaticType;
    }
  | {
      readonly kind: 'compare';
      readonly operator: ComparisonOperator;
      readonly left: Bound;
      readonly right: Bound;
      readonly type: StaticType;
    }
  | {
      readonly kind: 'and' | 'or';
      readonly left: Bound;
      readonly right: Bound;
      readonly type: StaticType;
    }
  | { readonly kind: 'not'; readonly operand: Bound; readonly type: StaticType }
  | {
      readonly kind: 'in';
      readonly operand: Bound;
      readonly items: readonly Bound[];
      readonly type: StaticType;
    }
  | {
      readonly kind: 'like';
      readonly operand: Bound;
      readonly pattern: Bound;
      readonly escaper: Bound | undefined;
      readonly type: StaticType;
    }
  | { readonly kind: 'isNull'; readonly operand: Bound; readonly type: StaticType }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Bound; readonly result: Bound }[];
      readonly otherwise: Bound;
      readonly type: StaticType;
    }
  | {
      readonly kind: 'cast';
      readonly operand: Bound;
      readonly to: DataType;
      readonly lenient: boolean;
      readonly type: StaticType;
    }
  /** Exact elapsed units between two sources' timestamps, inside ON. */
  | {
      readonly kind: 'elapsed';
      readonly from: number;
      readonly to: number;
      readonly unitMs: number;
      readonly type: StaticType;
    }
  | { readonly kind: 'key'; readonly index: number; readonly type: StaticType }
  | { readonly kind: 'aggregate'; readonly index: number; readonly type: StaticType }
  | { readonly kind: 'analytic'; readonly index: number; readonly type: StaticType };

export interface OrderBy {
  readonly expression: Bound;
  readonly descending: boolean;
}

/** An aggregate of a window, or over a LIMIT DURATION. */
export interface AggregatePlan {
  readonly fn: AggregateFunction;
  readonly args: readonly Bound[];
  /** Arguments that must be constants: CollectTop's number, a percentile. */
  readonly constants: readonly Value[];
  readonly distinct: boolean;
  readonly orderBy: readonly OrderBy[];
  /** Of a JavaScript aggregate: its name. */
  readonly userDefined: string | undefined;
}

interface AnalyticCommon {
  readonly partitionBy: readonly Bound[];
  readonly when: Bound | undefined;
}

export type AnalyticPlan = AnalyticCommon &
  (
    | {
        readonly kind: 'lag';
        readonly value: Bound;
        readonly offset: number;
        readonly fallback: Bound | undefined;
        readonly limitMs: number;
      }
    | { readonly kind: 'isFirst'; readonly intervalMs: number }
    | { readonly kind: 'aggregate'; readonly aggregate: AggregatePlan; readonly limitMs: number }
    | {
        readonly kind: 'anomaly';
        readonly detector: 'spikeAndDip' | 'changePoint';
        readonly value: Bound;
        readonly confidence: number;
        readonly history: number;
        readonly mode: 'spikes' | 'dips' | 'spikesanddips';
        readonly limitMs: number;
      }
  );

export type WindowPlan = { readonly id: string | null } & (
  | {
      readonly kind: 'hopping';
      readonly sizeMs: number;
      readonly hopMs: number;
      readonly offsetMs: number;
      /** Written as a tumbling window. */
      readonly tumbling: boolean;
    }
  | { readonly kind: 'sliding'; readonly sizeMs: number }
  | {
      readonly kind: 'session';
      readonly timeoutMs: number;
      readonly maxDurationMs: number;
      readonly partitionBy: readonly Bound[];
    }
  | { readonly kind: 'snapshot' }
);

export interface GroupingPlan {
  readonly keys: readonly Bound[];
  readonly windows: readonly WindowPlan[];
  readonly aggregates: readonly AggregatePlan[];
  readonly having: Bound | undefined;
}

export type ProjectionItem =
  | { readonly kind: 'column'; readonly name: string; readonly value: Bound }
  /** Every field of a source's row. */
  | { readonly kind: 'star'; readonly source: number }
  /** Every field of a record. */
  | { readonly kind: 'expand'; readonly value: Bound };

/** Fields a row is known to have, in order; `open` when it may have others. */
export interface RowShape {
  readonly columns: readonly { readonly name: string; readonly type: StaticType }[];
  readonly open: boolean;
}

export interface InputPlan {
  readonly kind: 'input';
  readonly name: string;
  readonly timestampBy: Bound | undefined;
  /** Substream key of TIMESTAMP BY … OVER. */
  readonly over: readonly Bound[];
  readonly table: CreateTableSyntax | undefined;
  readonly partitionBy: readonly Bound[];
}

export interface ReferencePlan {
  readonly kind: 'reference';
  readonly name: string;
  /** Of a step that reads reference data alone: what makes its rows, which are reference data again. */
  readonly query: QueryPlan | undefined;
  readonly shape: RowShape;
}

export interface StepPlan {
  readonly kind: 'step';
  readonly name: string;
  readonly query: QueryPlan;
  readonly shape: RowShape;
}

export interface MatchPlan {
  readonly partitionBy: readonly Bound[];
  readonly limitMs: number;
  readonly pattern: PatternSyntax;
  readonly variables: readonly string[];
  /** Conditions by variable; a variable without one matches every event. */
  readonly define: ReadonlyMap<string, MatchExpression>;
  readonly measures: readonly { readonly name: string; readonly value: MatchExpression }[];
}

/**
 * An expression over a match: `columns` are evaluated on each event, `aggregates` over the events that a
 * variable has matched so far. Inside `expression`, key i stands for aggregate i.
 */
export interface MatchExpression {
  readonly expression: Bound;
  readonly aggregates: readonly MatchAggregate[];
}

export interface MatchAggregate {
  /** `classifier` is the list of the variables that matched, event by event. */
  readonly fn: 'first' | 'last' | 'min' | 'max' | 'count' | 'sum' | 'avg' | 'current' | 'classifier';
  readonly variable: string;
  readonly value: Bound;
}

export interface SourcePlan {
  readonly alias: string;
  readonly shape: RowShape;
  readonly from: InputPlan | ReferencePlan | StepPlan;
  readonly match: MatchPlan | undefined;
}

export interface TimeBound {
  /** Which source on the left the new one is bound to. */
  readonly anchor: number;
  /** `new − anchor` lies in [lowMs, highMs]. */
  readonly lowMs: number;
  readonly highMs: number;
  /** A row of the left side comes at most this much after the time of its anchor. */
  readonly leftLagMs: number;
}

export type CombinatorPlan =
  | {
      readonly kind: 'streamJoin';
      readonly outer: boolean;
      readonly source: SourcePlan;
      readonly leftKeys: readonly Bound[];
      readonly rightKeys: readonly Bound[];
      readonly bound: TimeBound;
      readonly residual: Bound | undefined;
    }
  | {
      readonly kind: 'referenceJoin';
      readonly outer: boolean;
      readonly source: SourcePlan;
      readonly leftKeys: readonly Bound[];
      readonly rightKeys: readonly Bound[];
      readonly residual: Bound | undefined;
    }
  | {
      readonly kind: 'apply';
      readonly outer: boolean;
      readonly fn: TableFunctionName;
      readonly value: Bound;
      readonly alias: string;
    };

export interface SelectPlan {
  readonly source: SourcePlan;
  readonly combinators: readonly CombinatorPlan[];
  readonly analytics: readonly AnalyticPlan[];
  readonly where: Bound | undefined;
  readonly grouping: GroupingPlan | undefined;
  readonly projection: readonly ProjectionItem[];
  /** Equal rows of the same time are given once. */
  readonly distinct: boolean;
  readonly shape: RowShape;
  readonly position: Position;
}

export interface QueryPlan {
  readonly selects: readonly SelectPlan[];
  readonly shape: RowShape;
}

export interface OutputPlan {
  readonly output: string;
  readonly query: QueryPlan;
}

export interface JobPlan {
  readonly outputs: readonly OutputPlan[];
  /** CREATE TABLE statements, of stream inputs and of reference data. */
  readonly tables: readonly CreateTableSyntax[];
  readonly warnings: readonly string[];
}
