/**
 * Operators on values. Every one gives NULL for a NULL operand. Integers stay integers (division truncates) and
 * overflow is an error, as in T-SQL; a float anywhere makes the result a float.
 */
import { toDateTime, toNumber, toText } from './convert.js';
import { DateTime } from './date-time.js';
import { EvaluationError, Float, float, integer, typeOf, type Value } from './values.js';

type Arithmetic = '+' | '-' | '*' | '/' | '%';

export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (!Number.isInteger(sum)) return sum;
    if (Number.isInteger(a) && Number.isInteger(b) && Number.isSafeInteger(sum)) return sum;
  } else if (typeof a === 'string' && typeof b === 'string') return a + b;
  return arithmetic('+', a, b);
}

export function subtract(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (!Number.isInteger(difference)) return difference;
    if (Number.isInteger(a) && Number.isInteger(b) && Number.isSafeInteger(difference)) return difference;
  }
  return arithmetic('-', a, b);
}

export const multiply = (a: Value, b: Value): Value => arithmetic('*', a, b);
export const divide = (a: Value, b: Value): Value => arithmetic('/', a, b);
export const modulo = (a: Value, b: Value): Value => arithmetic('%', a, b);

export function negate(a: Value): Value {
  return a === null || a === undefined ? null : subtract(a instanceof Float ? new Float(0) : 0, a);
}

function arithmetic(operator: Arithmetic, a: Value, b: Value): Value {
  if (a === null || a === undefined || b === null || b === undefined) return null;
  const left = numeric(operator, a);
  const right = numeric(operator, b);
  if (isWhole(left) && isWhole(right)) return wholeArithmetic(operator, left, right);
  return float(floatArithmetic(operator, Number(plain(left)), Number(plain(right))));
}

type Numeric = number | bigint | Float;

function isWhole(value: Numeric): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function plain(value: Numeric): number | bigint {
  return value instanceof Float ? value.value : value;
}

function numeric(operator: string, value: Exclude<Value, null>): Numeric {
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) return value;
  const number = toNumber(value);
  if (number !== undefined) return typeof value === 'string' && /[.eE]/.test(value) ? float(number) : number;
  throw new EvaluationError(
    `Operator ${operator} needs numbers, and ${JSON.stringify(toText(value))} is of type ${typeOf(value)}`,
    'FF_QUERY_TYPE',
  );
}

function wholeArithmetic(operator: Arithmetic, a: number | bigint, b: number | bigint): Value {
  if ((operator === '/' || operator === '%') && Number(b) === 0) {
    throw new EvaluationError('Division by zero', 'FF_QUERY_DIVISION_BY_ZERO');
  }
  if (typeof a === 'number' && typeof b === 'number') {
    const result = operator === '/' ? Math.trunc(a / b) : floatArithmetic(operator, a, b);
    // Adding zero turns -0, which no integer is, into 0.
    if (Number.isSafeInteger(result)) return result + 0;
  }
  const left = BigInt(a);
  const right = BigInt(b);
  switch (operator) {
    case '+':
      return integer(left + right);
    case '-':
      return integer(left - right);
    case '*':
      return integer(left * right);
    case '/':
      return integer(left / right);
    case '%':
      return integer(left % right);
  }
}

function floatArithmetic(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
}

/** `&`, `|`, `^`: on two bits a bit, on integers a bigint (Bitwise Operators pages). */
export function bitwise(operator: '&' | '|' | '^', a: Value, b: Value): Value {
  if (a === null || a === undefined || b === null || b === undefined) return null;
  const result = bits(operator, wholeOperand(operator, a), wholeOperand(operator, b));
  return typeof a === 'boolean' && typeof b === 'boolean' ? result === 1n : integer(result);
}

/** `~`: negates a bit, flips every bit of a bigint. */
export function bitwiseNot(a: Value): Value {
  if (a === null || a === undefined) return null;
  return typeof a === 'boolean' ? !a : integer(~wholeOperand('~', a));
}

function bits(operator: '&' | '|' | '^', a: bigint, b: bigint): bigint {
  if (operator === '&') return a & b;
  return operator === '|' ? a | b : a ^ b;
}

function wholeOperand(operator: string, value: Exclude<Value, null>): bigint {
  const number = numeric(operator, value);
  if (isWhole(number)) return BigInt(number);
  throw new EvaluationError(`Operator ${operator} needs bit or bigint, not float`, 'FF_QUERY_TYPE');
}

/**
 * Negative, zero or positive as `a` sorts before, with or after `b`; NaN when they cannot be compared, which
 * makes the comparison unknown. Strings compare by code unit, so case matters; a string beside a datetime is
 * read as one, beside a number as a number.
 */
export function compare(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (a === null || a === undefined || b === null || b === undefined) return Number.NaN;
  if (a instanceof DateTime || b instanceof DateTime) return compareTimes(toDateTime(a), toDateTime(b));
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  const left = toNumber(a);
  const right = toNumber(b);
  if (left === undefined || right === undefined) return Number.NaN;
  return left === right ? 0 : left - right;
}

function compareTimes(a: DateTime | undefined, b: DateTime | undefined): number {
  if (a === undefined || b === undefined) return Number.NaN;
  return a.ms === b.ms ? a.ticks - b.ticks : a.ms - b.ms;
}

/** True when both are known and equal. */
export const equal = (a: Value, b: Value): boolean => compare(a, b) === 0;

/** True when both are known and differ. */
export function unequal(a: Value, b: Value): boolean {
  const order = compare(a, b);
  return order < 0 || order > 0;
}

/** Order for MIN, MAX, TopOne: like `compare`, with NULL "the minimal value" (CollectTop page). */
export function order(a: Value, b: Value): number {
  const known = compare(a, b);
  if (!Number.isNaN(known)) return known;
  const left = a === null || a === undefined;
  const right = b === null || b === undefined;
  if (left || right) return left && right ? 0 : left ? -1 : 1;
  // Values of different types have no order of their own; any fixed one keeps results repeatable.
  return typeOf(a).localeCompare(typeOf(b));
}
