/** JOIN and APPLY → what they add to the sources on their left. */
import { findTableFunction, TABLE_FUNCTIONS } from '../../functions/record-functions.js';
import type { CombinatorSyntax, SourceSyntax } from '../parser/syntax.js';
import type { CombinatorPlan, SourcePlan } from '../plan.js';
import { QueryError } from '../query-error.js';
import { type BindContext, bindExpression, refuse } from './bind-expression.js';
import { bindJoin } from './bind-join.js';
import { bindFrom, type SourceBinder } from './bind-source.js';
import type { BindEnvironment } from './environment.js';
import { Scope } from './scope.js';

/** What stands left of a JOIN or APPLY. */
export interface LeftSide {
  readonly source: SourcePlan;
  readonly combinators: readonly CombinatorPlan[];
  readonly scope: Scope;
}

export function bindCombinator(
  combinator: CombinatorSyntax,
  left: LeftSide,
  environment: BindEnvironment,
  bindSource: SourceBinder,
): LeftSide {
  const { scope } = left;
  const add = (plan: CombinatorPlan, widened: Scope): LeftSide => ({
    source: left.source,
    combinators: [...left.combinators, plan],
    scope: widened,
  });
  const context: BindContext = { scope, environment, analytics: undefined, group: undefined, inJoin: false };
  if (combinator.kind === 'join') {
    const source = bindFrom(combinator.source, environment, bindSource);
    refuseMixedJoin(combinator, source, left.source);
    const widened = widen(scope, source, combinator.source.position);
    return add(bindJoin(combinator, source, { ...context, scope: widened }, left.combinators), widened);
  }
  const fn = findTableFunction(combinator.call.name);
  const [argument] = combinator.call.args;
  if (fn === undefined || argument === undefined || combinator.call.args.length !== 1) {
    throw refuse(
      combinator.call,
      'APPLY needs a table-valued function of one argument',
      'GetArrayElements(array) or GetRecordProperties(record)',
    );
  }
  const columns = TABLE_FUNCTIONS[fn].columns.map((name) => ({ name, type: 'any' as const }));
  const element = { alias: combinator.alias, shape: { columns, open: false }, isElement: true };
  const value = bindExpression(argument, context);
  const widened = widen(scope, element, combinator.position);
  return add({ kind: 'apply', outer: combinator.outer, fn, value, alias: combinator.alias }, widened);
}

function refuseMixedJoin(join: CombinatorSyntax, right: SourcePlan, left: SourcePlan): void {
  const refuseAt = (message: string, expected: string): QueryError =>
    new QueryError({ code: 'FF_QUERY_JOIN', message, position: join.position, length: 4, expected });
  // "With reference data on the right side of the JOIN operator" (Reference Data JOIN page).
  if (left.from.kind === 'reference' && right.from.kind !== 'reference') {
    throw refuseAt(
      `'${left.from.name}' is reference data, which cannot stand left of a stream in a join`,
      `${right.alias} in FROM and ${left.alias} in JOIN`,
    );
  }
  // "TIMESTAMP BY OVER clause must be used for all inputs of the query or not used for any of them."
  const hasOver = ({ from }: SourcePlan): boolean => from.kind === 'input' && from.over.length > 0;
  if (left.from.kind === 'input' && right.from.kind === 'input' && hasOver(left) !== hasOver(right)) {
    throw refuseAt(
      'One of the joined inputs has TIMESTAMP BY … OVER and the other has not',
      'OVER on both of them or on neither',
    );
  }
}

function widen(scope: Scope, source: Scope['sources'][number], position: SourceSyntax['position']): Scope {
  if (scope.findSource(source.alias) >= 0) {
    throw new QueryError({
      code: 'FF_QUERY_DUPLICATE_ALIAS',
      message: `Two sources of FROM are called '${source.alias}'`,
      position,
      expected: 'an alias of its own for each of them',
    });
  }
  return new Scope([...scope.sources, source]);
}
