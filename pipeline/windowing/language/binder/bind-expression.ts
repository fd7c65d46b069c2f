/** Expressions → bound expressions: names, functions, aggregates and analytic functions resolved. */
import { Float, integer, type Value } from '../../engine/values/values.js';
import type { CaseExpression, Expression, LiteralExpression, NameExpression } from '../parser/syntax.js';
import type { AggregatePlan, AnalyticPlan, Bound, StaticType } from '../plan.js';
import { QueryError } from '../query-error.js';
import { bindCall, bindWindowRecord } from './bind-call.js';
import { canonical, isSystemTimestamp } from './canonical.js';
import type { BindEnvironment } from './environment.js';
import type { Scope } from './scope.js';

/** In a grouped SELECT, what expressions over groups may use. */
export interface GroupContext {
  readonly keys: readonly { readonly text: string; readonly bound: Bound }[];
  readonly aggregates: AggregatePlan[];
  /** Aliases of the select list, which HAVING may name. */
  readonly aliases: ReadonlyMap<string, Expression>;
}

export interface BindContext {
  readonly scope: Scope;
  readonly environment: BindEnvironment;
  /** Where analytic functions are gathered; undefined where they cannot be used. */
  readonly analytics: AnalyticPlan[] | undefined;
  readonly group: GroupContext | undefined;
  /** Inside ON, DATEDIFF of two sources is the exact time between their timestamps. */
  readonly inJoin: boolean;
  readonly inAggregate?: boolean;
}

export function constant(value: Value, type: StaticType): Bound {
  return { kind: 'constant', value, type };
}

export function bindExpression(expression: Expression, context: BindContext): Bound {
  const key = groupKey(expression, context);
  if (key !== undefined) return key;
  const bind = (inner: Expression): Bound => bindExpression(inner, context);
  switch (expression.kind) {
    case 'literal':
      return bindLiteral(expression);
    case 'name':
      return bindName(expression, context);
    case 'star':
      throw refuse(expression, '* cannot stand here', 'an expression');
    case 'call':
      return isSystemTimestamp(expression)
        ? { kind: 'timestamp', type: 'datetime' }
        : bindCall(expression, context);
    case 'field':
      return { kind: 'field', of: bind(expression.of), name: expression.name, type: 'any' };
    case 'unary': {
      const { operand: inner } = expression;
      // The smallest bigint has no positive counterpart, so that the sign belongs to the number.
      if (expression.operator === '-' && inner.kind === 'literal' && inner.type === 'integer')
        return bindInteger(inner, -BigInt(inner.text));
      const operand = bind(inner);
      if (expression.operator === 'NOT') return { kind: 'not', operand, type: 'bit' };
      if (expression.operator === '+') return operand;
      return { kind: expression.operator === '-' ? 'negate' : 'complement', operand, type: operand.type };
    }
    case 'binary': {
      const left = bind(expression.left);
      const right = bind(expression.right);
      const { operator } = expression;
      if (operator === 'AND' || operator === 'OR') {
        return { kind: operator === 'AND' ? 'and' : 'or', left, right, type: 'bit' };
      }
      if (/^[=<>]/.test(operator)) {
        return { kind: 'compare', operator: operator as '=', left, right, type: 'bit' };
      }
      return {
        kind: 'arithmetic',
        operator: operator as '+',
        left,
        right,
        type: arithmeticType(left.type, right.type),
      };
    }
    case 'between': {
      const operand = bind(expression.operand);
      const inside: Bound = {
        kind: 'and',
        left: { kind: 'compare', operator: '>=', left: operand, right: bind(expression.low), type: 'bit' },
        right: { kind: 'compare', operator: '<=', left: operand, right: bind(expression.high), type: 'bit' },
        type: 'bit',
      };
      return negated(inside, expression.negated);
    }
    case 'in':
      return negated(
        { kind: 'in', operand: bind(expression.operand), items: expression.items.map(bind), type: 'bit' },
        expression.negated,
      );
    case 'like':
      return negated(
        {
          kind: 'like',
          operand: bind(expression.operand),
          pattern: bind(expression.pattern),
          escaper: expression.escaper === undefined ? undefined : bind(expression.escaper),
          type: 'bit',
        },
        expression.negated,
      );
    case 'isNull':
      return negated({ kind: 'isNull', operand: bind(expression.operand), type: 'bit' }, expression.negated);
    case 'case':
      return bindCase(expression, bind);
    case 'cast':
      return {
        kind: 'cast',
        operand: bind(expression.operand),
        to: expression.type,
        lenient: expression.lenient,
        type: expression.type,
      };
  }
}

function negated(bound: Bound, isNegated: boolean): Bound {
  return isNegated ? { kind: 'not', operand: bound, type: 'bit' } : bound;
}

function bindLiteral(literal: LiteralExpression): Bound {
  switch (literal.type) {
    case 'string':
      return constant(literal.text, 'nvarchar(max)');
    case 'null':
      return constant(null, 'null');
    case 'integer':
      return bindInteger(literal, BigInt(literal.text));
    case 'float': {
      const number = Number(literal.text);
      return constant(Number.isInteger(number) ? new Float(number) : number, 'float');
    }
  }
}

function bindInteger(literal: LiteralExpression, value: bigint): Bound {
  if (value !== BigInt.asIntN(64, value)) {
    throw refuse(literal, `${value} does not fit a bigint`, '-2^63 to 2^63-1, or a float such as 1e19');
  }
  return constant(integer(value), 'bigint');
}

function groupKey(expression: Expression, context: BindContext): Bound | undefined {
  if (context.group === undefined || expression.kind === 'literal') return undefined;
  const text = canonical(expression, context.scope);
  const index = context.group.keys.findIndex((key) => key.text === text);
  const bound = context.group.keys[index]?.bound;
  return bound === undefined ? undefined : { kind: 'key', index, type: bound.type };
}

function bindName(name: NameExpression, context: BindContext): Bound {
  if (isSystemTimestamp(name)) return { kind: 'timestamp', type: 'datetime' };
  if (/^system\.window\.id$/i.test(name.parts.join('.'))) {
    return { kind: 'field', of: bindWindowRecord(name, context), name: 'Id', type: 'nvarchar(max)' };
  }
  if (context.group !== undefined) return bindGroupedName(name, context, context.group);
  const resolved = context.scope.resolve(name);
  if (resolved.kind === 'record') return { kind: 'record', source: resolved.source, type: 'record' };
  return resolved;
}

/** A name in a grouped SELECT that is no key: an alias in HAVING, a field of a key, or a mistake. */
function bindGroupedName(name: NameExpression, context: BindContext, group: GroupContext): Bound {
  const [first = '', ...path] = name.parts;
  const alias = group.aliases.get(first.toLowerCase());
  if (alias !== undefined) {
    return fieldsOf(bindExpression(alias, { ...context, group: { ...group, aliases: new Map() } }), path);
  }
  for (let length = name.parts.length - 1; length > 0; length--) {
    const key = groupKey({ ...name, parts: name.parts.slice(0, length) }, context);
    if (key !== undefined) return fieldsOf(key, name.parts.slice(length));
  }
  context.scope.resolve(name);
  throw new QueryError({
    code: 'FF_QUERY_NOT_GROUPED',
    message: `'${name.parts.join('.')}' is neither in GROUP BY nor inside an aggregate`,
    position: name.position,
    length: name.end - name.start,
    expected: `${name.parts.join('.')} in GROUP BY, or an aggregate of it such as MAX(${name.parts.join('.')})`,
  });
}

function fieldsOf(record: Bound, path: readonly string[]): Bound {
  return path.reduce<Bound>((of, name) => ({ kind: 'field', of, name, type: 'any' }), record);
}

function bindCase(expression: CaseExpression, bind: (inner: Expression) => Bound): Bound {
  const subject = expression.subject === undefined ? undefined : bind(expression.subject);
  const branches = expression.branches.map((branch) => {
    const when = bind(branch.when);
    return {
      when:
        subject === undefined
          ? when
          : ({ kind: 'compare', operator: '=', left: subject, right: when, type: 'bit' } as const),
      result: bind(branch.result),
    };
  });
  const otherwise = expression.otherwise === undefined ? constant(null, 'null') : bind(expression.otherwise);
  return {
    kind: 'case',
    branches,
    otherwise,
    type: commonType([...branches.map((b) => b.result), otherwise]),
  };
}

/** The one type of several expressions, NULLs aside; `any` when they differ. */
export function commonType(items: readonly Bound[]): StaticType {
  const types = new Set(items.map((item) => item.type).filter((type) => type !== 'null'));
  const [only] = types;
  return types.size === 1 && only !== undefined ? only : 'any';
}

function arithmeticType(left: StaticType, right: StaticType): StaticType {
  if (left === 'float' || right === 'float') return 'float';
  return left === 'bigint' && right === 'bigint' ? 'bigint' : 'any';
}

export function refuse(
  at: Expression,
  message: string,
  expected: string,
  code = 'FF_QUERY_INVALID',
): QueryError {
  return new QueryError({ code, message, position: at.position, length: at.end - at.start, expected });
}
