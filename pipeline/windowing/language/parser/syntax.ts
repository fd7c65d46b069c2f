/** The syntax tree of a query, as written: no name is resolved yet. */
import type { Position } from '../query-error.js';

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'AND'
  | 'OR';

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

/** `DURATION(unit, length)` as written; the binder makes milliseconds of it. */
export interface DurationSyntax {
  readonly unit: string;
  readonly length: Expression;
  readonly position: Position;
}

export interface OverClause {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly limit: DurationSyntax | undefined;
  readonly when: Expression | undefined;
}

interface Node {
  readonly position: Position;
  /** Offsets in the source, for messages and for naming what was written. */
  readonly start: number;
  readonly end: number;
}

export interface LiteralExpression extends Node {
  readonly kind: 'literal';
  readonly type: 'string' | 'integer' | 'float' | 'null';
  readonly text: string;
}
/** `a`, `source.a`, `source.a.b`, `[a b]`. */
export interface NameExpression extends Node {
  readonly kind: 'name';
  readonly parts: readonly string[];
}
/** `*`, as an argument (`COUNT(*)`, `LAG(*)`). */
export interface StarExpression extends Node {
  readonly kind: 'star';
}
export interface CallExpression extends Node {
  readonly kind: 'call';
  /** `COUNT`, or `System.Timestamp`, `udf.name` with the prefix as written. */
  readonly prefix: string | undefined;
  readonly name: string;
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  readonly over: OverClause | undefined;
}
/** A field of a computed record: `System.Window().Id`, `GetRecordPropertyValue(…).x`. */
export interface FieldExpression extends Node {
  readonly kind: 'field';
  readonly of: Expression;
  readonly name: string;
}
export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: '-' | '+' | '~' | 'NOT';
  readonly operand: Expression;
}
export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export interface BetweenExpression extends Node {
  readonly kind: 'between';
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
}
export interface InExpression extends Node {
  readonly kind: 'in';
  readonly operand: Expression;
  readonly items: readonly Expression[];
  readonly negated: boolean;
}
export interface LikeExpression extends Node {
  readonly kind: 'like';
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escaper: Expression | undefined;
  readonly negated: boolean;
}
export interface IsNullExpression extends Node {
  readonly kind: 'isNull';
  readonly operand: Expression;
  readonly negated: boolean;
}
export interface CaseExpression extends Node {
  readonly kind: 'case';
  readonly subject: Expression | undefined;
  readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
  readonly otherwise: Expression | undefined;
}
export interface CastExpression extends Node {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly type: DataType;
  /** TRY_CAST: null instead of an error. */
  readonly lenient: boolean;
}

export type Expression =
  | LiteralExpression
  | NameExpression
  | StarExpression
  | CallExpression
  | FieldExpression
  | UnaryExpression
  | BinaryExpression
  | BetweenExpression
  | InExpression
  | LikeExpression
  | IsNullExpression
  | CaseExpression
  | CastExpression;

/** The types of the language (Data Types page). */
export type DataType = 'bigint' | 'float' | 'nvarchar(max)' | 'datetime' | 'bit' | 'record' | 'array';

export type SelectItem =
  | { readonly kind: 'star'; readonly position: Position }
  /** `alias.*` or `record.field.*` */
  | { readonly kind: 'expand'; readonly of: NameExpression; readonly position: Position }
  | {
      readonly kind: 'expression';
      readonly expression: Expression;
      readonly alias: string | undefined;
      readonly position: Position;
    };

export interface TimestampBy {
  readonly expression: Expression;
  readonly over: readonly Expression[];
  readonly position: Position;
}

/** One thing to read from: an input, a step or a query in parentheses. */
export interface SourceSyntax {
  readonly name: string;
  readonly query: QuerySyntax | undefined;
  readonly alias: string;
  readonly timestampBy: TimestampBy | undefined;
  readonly partitionBy: readonly Expression[];
  readonly partitionCount: number | undefined;
  readonly position: Position;
  readonly match: MatchRecognizeSyntax | undefined;
}

export type CombinatorSyntax =
  | {
      readonly kind: 'join';
      readonly outer: boolean;
      readonly source: SourceSyntax;
      /** Undefined for CROSS JOIN. */
      readonly on: Expression | undefined;
      readonly position: Position;
    }
  | {
      readonly kind: 'apply';
      readonly outer: boolean;
      readonly call: CallExpression;
      readonly alias: string;
      readonly position: Position;
    };

export interface SelectSyntax {
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly into: { readonly name: string; readonly position: Position } | undefined;
  readonly from: SourceSyntax;
  readonly combinators: readonly CombinatorSyntax[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | undefined;
  readonly position: Position;
}

/** One or more SELECTs joined by UNION. */
export interface QuerySyntax {
  readonly selects: readonly SelectSyntax[];
}

export interface StepSyntax {
  readonly name: string;
  readonly query: QuerySyntax;
  readonly position: Position;
}

export interface CreateTableSyntax {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: DataType }[];
  readonly position: Position;
}

export interface ScriptSyntax {
  readonly tables: readonly CreateTableSyntax[];
  readonly steps: readonly StepSyntax[];
  readonly outputs: readonly QuerySyntax[];
}

/** The regular expression of MATCH_RECOGNIZE. */
export type PatternSyntax =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'sequence'; readonly items: readonly PatternSyntax[] }
  | { readonly kind: 'choice'; readonly items: readonly PatternSyntax[] }
  | { readonly kind: 'repeat'; readonly item: PatternSyntax; readonly min: number; readonly max: number };

export interface MatchRecognizeSyntax {
  readonly partitionBy: readonly Expression[];
  readonly limit: DurationSyntax;
  readonly measures: readonly { readonly expression: Expression; readonly alias: string }[];
  readonly pattern: PatternSyntax;
  readonly define: readonly { readonly name: string; readonly condition: Expression }[];
  readonly alias: string | undefined;
  readonly position: Position;
}
