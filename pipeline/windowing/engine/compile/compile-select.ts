/** SELECT plans → generated code, once a job; the operators made of it are made anew for every substream. */

import type { Accumulator } from '../../functions/aggregate-function.js';
import type { AggregatePlan, CombinatorPlan, SelectPlan } from '../../language/plan.js';
import type { Analytic } from '../analytics.js';
import type { JoinFunctions } from '../joins/reference-join.js';
import type { Value } from '../values/values.js';
import type { SessionKey } from '../windows/session-window.js';
import { compileAnalytic } from './build-analytics.js';
import type { CodeShape } from './generate-expression.js';
import { type GroupCode, generateGroup } from './generate-group.js';
import { generateProjection, type ProjectRow } from './generate-projection.js';
import { generateTable, type TableCode } from './generate-table.js';
import { compileMatch, type MatchCode } from './match-code.js';
import { conditionFunction, keysFunction, type RowFunction, valueFunction } from './row-function.js';

/** The job's JavaScript functions. */
export interface ScriptFunctions {
  scalar(name: string): (...args: readonly Value[]) => Value;
  aggregate(name: string): Accumulator;
  /** What accumulators point to that is no state of theirs. */
  readonly externals: readonly unknown[];
}

export interface SelectCode {
  readonly match: MatchCode | undefined;
  readonly combinators: readonly CombinatorCode[];
  readonly analytics: readonly (() => Analytic)[];
  readonly output:
    | { readonly kind: 'rows'; readonly project: ProjectRow }
    | {
        readonly kind: 'groups';
        readonly code: GroupCode;
        /** For windows that have all their rows in one set of groups; of one key, which may have many values. */
        readonly table: TableCode | undefined;
        /** One for each window; only sessions have keys. */
        readonly sessionKeys: readonly SessionKey[];
      };
}

export type CombinatorCode =
  | { readonly kind: 'apply'; readonly value: RowFunction<Value> }
  | { readonly kind: 'join'; readonly functions: JoinFunctions };

export function compileSelect(select: SelectPlan, scripts: ScriptFunctions): SelectCode {
  const udf = (name: string): ((...args: readonly Value[]) => Value) => scripts.scalar(name);
  const shape: CodeShape = { tuple: select.combinators.length > 0, udf };
  const createAccumulator = (plan: AggregatePlan): Accumulator => accumulatorOf(plan, scripts);
  const { grouping } = select;
  return {
    match: select.source.match === undefined ? undefined : compileMatch(select.source.match, udf),
    combinators: select.combinators.map((combinator, i) => compileCombinator(combinator, i, udf)),
    analytics: select.analytics.map((plan) => compileAnalytic(plan, shape, createAccumulator)),
    output:
      grouping === undefined
        ? { kind: 'rows', project: generateProjection(select, shape) }
        : {
            kind: 'groups',
            code: generateGroup(select, grouping, shape, createAccumulator),
            table:
              grouping.keys.length === 1
                ? generateTable(select, grouping, shape, createAccumulator)
                : undefined,
            sessionKeys: grouping.windows.map((window) =>
              keysFunction(window.kind === 'session' ? window.partitionBy : [], shape),
            ),
          },
  };
}

function accumulatorOf(plan: AggregatePlan, scripts: ScriptFunctions): Accumulator {
  if (plan.userDefined !== undefined) return scripts.aggregate(plan.userDefined);
  return plan.fn.create({
    constants: plan.constants,
    distinct: plan.distinct,
    descending: plan.orderBy.map((item) => item.descending),
  });
}

function compileCombinator(combinator: CombinatorPlan, index: number, udf: CodeShape['udf']): CombinatorCode {
  const shape: CodeShape = { tuple: true, udf };
  if (combinator.kind === 'apply') return { kind: 'apply', value: valueFunction(combinator.value, shape) };
  return {
    kind: 'join',
    functions: {
      // Nothing has been joined to the first source's rows yet, and nothing to the joined source's.
      leftKeys: keysFunction(combinator.leftKeys, { tuple: index > 0, udf }),
      rightKeys: keysFunction(combinator.rightKeys, { tuple: false, udf }),
      residual: combinator.residual === undefined ? undefined : conditionFunction(combinator.residual, shape),
    },
  };
}
