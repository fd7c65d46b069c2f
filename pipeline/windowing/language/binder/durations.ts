/** Constant arguments: units, lengths and the durations made of them. */

import type { DurationSyntax, Expression } from '../parser/syntax.js';
import { QueryError } from '../query-error.js';
import { suggest } from '../suggest.js';
import { datePart, UNIT_NAMES, unitMs } from './time-units.js';

/** "The maximum size of the window in all cases is 7 days" (Windowing page); so is that of DATEDIFF in a join. */
export const MAX_DURATION_MS = 7 * 86_400_000;

/** A number written as a literal, with a sign if need be. */
export function literalNumber(expression: Expression | undefined): number | undefined {
  if (expression?.kind === 'literal') {
    return expression.type === 'integer' || expression.type === 'float' ? Number(expression.text) : undefined;
  }
  if (expression?.kind === 'unary' && expression.operator === '-') {
    const inner = literalNumber(expression.operand);
    return inner === undefined ? undefined : -inner;
  }
  return undefined;
}

/** The name of a unit, which the grammar reads as a column. */
export function unitName(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'name' && expression.parts.length === 1 ? expression.parts[0] : undefined;
}

/** Milliseconds of one of that unit. Throws QueryError `FF_QUERY_UNIT`. */
export function unitLengthMs(name: string, at: { readonly position: DurationSyntax['position'] }): number {
  const part = datePart(name);
  const length = part === undefined || part === 'week' ? undefined : unitMs(part);
  if (length !== undefined) return length;
  const suggestion = part === undefined ? suggest(name, UNIT_NAMES) : undefined;
  throw new QueryError({
    code: 'FF_QUERY_UNIT',
    message: `'${name}' is not a unit of time`,
    position: at.position,
    length: name.length,
    expected: 'day, hour, minute, second, millisecond or microsecond',
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}

/** `DURATION(unit, length)` in milliseconds. */
export function durationMs(syntax: DurationSyntax): number {
  const length = literalNumber(syntax.length);
  if (length === undefined || length <= 0) {
    throw new QueryError({
      code: 'FF_QUERY_DURATION',
      message: 'The length of DURATION must be a number above 0, written out',
      position: syntax.length.position,
      expected: 'a literal, such as DURATION(minute, 5)',
    });
  }
  return checkedDuration(length * unitLengthMs(syntax.unit, syntax), syntax.position);
}

export function checkedDuration(ms: number, position: DurationSyntax['position']): number {
  if (ms <= MAX_DURATION_MS) return ms;
  throw new QueryError({
    code: 'FF_QUERY_DURATION',
    message: 'This is longer than 7 days, the most that is allowed',
    position,
    expected: 'at most 7 days',
  });
}
