/** One text for expressions that mean the same, so that SELECT can find what GROUP BY groups by. */

import type { Expression } from '../parser/syntax.js';
import type { Scope } from './scope.js';

export function canonical(expression: Expression, scope: Scope): string {
  const text = (inner: Expression | undefined): string =>
    inner === undefined ? '' : canonical(inner, scope);
  const list = (items: readonly Expression[]): string => items.map(text).join(',');
  switch (expression.kind) {
    case 'literal':
      return `${expression.type}:${JSON.stringify(expression.text)}`;
    case 'name':
      return isSystemTimestamp(expression) ? 'system.timestamp' : canonicalName(expression, scope);
    case 'star':
      return '*';
    case 'call': {
      if (isSystemTimestamp(expression)) return 'system.timestamp';
      const { over } = expression;
      const clauses =
        over === undefined
          ? ''
          : ` over(${list(over.partitionBy)};${over.orderBy.map((item) => `${text(item.expression)}${item.descending}`)};${over.limit?.unit}${text(over.limit?.length)};${text(over.when)})`;
      const name = `${expression.prefix ?? ''}.${expression.name}`.toLowerCase();
      return `${name}(${expression.distinct ? 'distinct ' : ''}${list(expression.args)})${clauses}`;
    }
    case 'field':
      return `${text(expression.of)}.${expression.name.toLowerCase()}`;
    case 'unary':
      return `(${expression.operator} ${text(expression.operand)})`;
    case 'binary':
      return `(${text(expression.left)} ${expression.operator} ${text(expression.right)})`;
    case 'between':
      return `(${text(expression.operand)} ${expression.negated} between ${list([expression.low, expression.high])})`;
    case 'in':
      return `(${text(expression.operand)} ${expression.negated} in ${list(expression.items)})`;
    case 'like':
      return `(${text(expression.operand)} ${expression.negated} like ${text(expression.pattern)} ${text(expression.escaper)})`;
    case 'isNull':
      return `(${text(expression.operand)} ${expression.negated} is null)`;
    case 'case':
      return `case ${text(expression.subject)} ${expression.branches.map((b) => `${text(b.when)}:${text(b.result)}`).join()} ${text(expression.otherwise)}`;
    case 'cast':
      return `cast${expression.lenient}(${text(expression.operand)} ${expression.type})`;
  }
}

function canonicalName(expression: Extract<Expression, { kind: 'name' }>, scope: Scope): string {
  // What cannot be resolved (a unit of time, an alias) is only ever equal to itself.
  try {
    const resolved = scope.resolve(expression);
    if (resolved.kind === 'record') return `record:${resolved.source}`;
    return `column:${resolved.source}:${[resolved.name, ...resolved.path].join('.').toLowerCase()}`;
  } catch {
    return `name:${expression.parts.join('.').toLowerCase()}`;
  }
}

/** `System.Timestamp()`, and without parentheses as older queries write it. */
export function isSystemTimestamp(expression: Expression): boolean {
  if (expression.kind === 'name') return /^system\.timestamp$/i.test(expression.parts.join('.'));
  return (
    expression.kind === 'call' &&
    expression.prefix?.toLowerCase() === 'system' &&
    expression.name.toLowerCase() === 'timestamp'
  );
}
