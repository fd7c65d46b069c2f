/** MATCH_RECOGNIZE → its plan. Conditions may use their own variable and those defined before it. */

import type {
  CallExpression,
  Expression,
  MatchRecognizeSyntax,
  NameExpression,
  PatternSyntax,
} from '../parser/syntax.js';
import type { Bound, MatchAggregate, MatchExpression, MatchPlan, RowShape } from '../plan.js';
import { QueryError } from '../query-error.js';
import { suggest } from '../suggest.js';
import { type BindContext, bindExpression, refuse } from './bind-expression.js';
import { durationMs } from './durations.js';
import type { BindEnvironment } from './environment.js';
import { Scope } from './scope.js';

const NULL: Bound = { kind: 'constant', value: null, type: 'any' };
const FUNCTIONS = ['FIRST', 'LAST', 'MIN', 'MAX', 'COUNT', 'SUM', 'AVG'] as const;

export function bindMatch(
  match: MatchRecognizeSyntax,
  shape: RowShape,
  environment: BindEnvironment,
): MatchPlan {
  const variables = variablesOf(match.pattern);
  const scope = new Scope([{ alias: '', shape }]);
  const context: BindContext = { scope, environment, analytics: undefined, group: undefined, inJoin: false };
  const define = new Map<string, MatchExpression>();
  for (const [i, definition] of match.define.entries()) {
    const known = match.define.slice(0, i + 1).map((earlier) => earlier.name);
    define.set(
      definition.name.toLowerCase(),
      bindOverMatch(definition.condition, known, context, 'condition'),
    );
  }
  return {
    partitionBy: match.partitionBy.map((key) => bindExpression(key, context)),
    limitMs: durationMs(match.limit),
    pattern: match.pattern,
    variables,
    define,
    measures: match.measures.map((measure) => ({
      name: measure.alias,
      value: bindOverMatch(measure.expression, variables, context, 'measure'),
    })),
  };
}

function variablesOf(pattern: PatternSyntax): readonly string[] {
  switch (pattern.kind) {
    case 'variable':
      return [pattern.name];
    case 'repeat':
      return variablesOf(pattern.item);
    default:
      return [...new Set(pattern.items.flatMap(variablesOf))];
  }
}

/**
 * Replaces every `Variable.column` and `MAX(Variable.column)` by a reference to an aggregate over the events that
 * the variable matched, then binds what is left.
 */
function bindOverMatch(
  expression: Expression,
  variables: readonly string[],
  context: BindContext,
  place: 'condition' | 'measure',
): MatchExpression {
  const aggregates: MatchAggregate[] = [];
  const group = { keys: [], aggregates: [], aliases: new Map<string, Expression>() };
  const replaced: { text: string; bound: Bound }[] = [];
  const rewrite = (fn: MatchAggregate['fn'], name: NameExpression): Expression => {
    const [variable = '', ...column] = name.parts;
    const known = variables.find((candidate) => candidate.toLowerCase() === variable.toLowerCase());
    if (known === undefined) throw unknownVariable(name, variable, variables);
    const value = bindExpression({ ...name, parts: column.length === 0 ? [variable] : column }, context);
    const index = aggregates.push({ fn, variable: known.toLowerCase(), value }) - 1;
    const placeholder = `match:${index}`;
    replaced.push({ text: `name:${placeholder}`, bound: { kind: 'key', index, type: 'any' } });
    return { ...name, parts: [placeholder] };
  };
  const classifier = (call: CallExpression): Expression => {
    if (place === 'condition') {
      throw refuse(call, 'CLASSIFIER() says what has matched', 'CLASSIFIER() in MEASURES');
    }
    const index = aggregates.push({ fn: 'classifier', variable: '', value: NULL }) - 1;
    const placeholder = `match:${index}`;
    replaced.push({ text: `name:${placeholder}`, bound: { kind: 'key', index, type: 'array' } });
    return { ...call, kind: 'name', parts: [placeholder] };
  };
  const rewritten = rewriteNames(expression, rewrite, classifier);
  const closed = new Scope([{ alias: '', shape: { columns: [], open: false } }]);
  const bound = bindExpression(rewritten, {
    ...context,
    scope: closed,
    group: { ...group, keys: replaced },
  });
  return { expression: bound, aggregates };
}

function rewriteNames(
  expression: Expression,
  rewrite: (fn: MatchAggregate['fn'], name: NameExpression) => Expression,
  classifier: (call: CallExpression) => Expression,
): Expression {
  const inner = (child: Expression): Expression => rewriteNames(child, rewrite, classifier);
  switch (expression.kind) {
    case 'name':
      return /^system\.timestamp$/i.test(expression.parts.join('.'))
        ? expression
        : rewrite('current', expression);
    case 'call': {
      if (expression.name.toUpperCase() === 'CLASSIFIER' && expression.args.length === 0)
        return classifier(expression);
      const fn = FUNCTIONS.find((known) => known === expression.name.toUpperCase());
      if (fn === undefined) return { ...expression, args: expression.args.map(inner) };
      const [argument] = expression.args;
      if (argument?.kind !== 'name' || expression.args.length !== 1) {
        throw refuse(expression, `${fn} in MATCH_RECOGNIZE takes one field`, `${fn}(Variable.column)`);
      }
      return rewrite(fn.toLowerCase() as MatchAggregate['fn'], argument);
    }
    case 'unary':
      return { ...expression, operand: inner(expression.operand) };
    case 'binary':
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    case 'between':
      return {
        ...expression,
        operand: inner(expression.operand),
        low: inner(expression.low),
        high: inner(expression.high),
      };
    case 'in':
      return { ...expression, operand: inner(expression.operand), items: expression.items.map(inner) };
    case 'like':
      return { ...expression, operand: inner(expression.operand), pattern: inner(expression.pattern) };
    case 'isNull':
    case 'cast':
      return { ...expression, operand: inner(expression.operand) };
    case 'case':
      return {
        ...expression,
        subject: expression.subject === undefined ? undefined : inner(expression.subject),
        branches: expression.branches.map((branch) => ({
          when: inner(branch.when),
          result: inner(branch.result),
        })),
        otherwise: expression.otherwise === undefined ? undefined : inner(expression.otherwise),
      };
    default:
      return expression;
  }
}

function unknownVariable(name: NameExpression, variable: string, variables: readonly string[]): QueryError {
  const suggestion = suggest(variable, variables);
  return new QueryError({
    code: 'FF_QUERY_PATTERN_VARIABLE',
    message: `'${variable}' is not a pattern variable that may be used here`,
    position: name.position,
    length: name.end - name.start,
    expected: `one of ${variables.join(', ')}; a variable may only use those defined before it`,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}
