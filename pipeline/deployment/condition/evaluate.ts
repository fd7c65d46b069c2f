import type { Comparison, Condition, Value } from './condition.js';

/** The value of a property; undefined when there is no such property. */
export type Resolve = (segments: readonly string[]) => Value | undefined;

/**
 * Whether `condition` holds. What compares an undefined property, or values of different types, is undefined, and
 * so does not hold ("Operators": comparisons with undefined evaluate to undefined).
 */
export function holds(condition: Condition, resolve: Resolve): boolean {
  return evaluate(condition, resolve) === true;
}

export function evaluate(condition: Condition, resolve: Resolve): Value | undefined {
  switch (condition.kind) {
    case 'literal':
      return condition.value;
    case 'path':
      return resolve(condition.segments);
    case 'list':
      return condition.items.flatMap((item) => {
        const value = evaluate(item, resolve);
        return value === undefined ? [] : [value];
      });
    case 'not': {
      const operand = evaluate(condition.operand, resolve);
      return typeof operand === 'boolean' ? !operand : undefined;
    }
    case 'and':
      return both(evaluate(condition.left, resolve), evaluate(condition.right, resolve), false);
    case 'or':
      return both(evaluate(condition.left, resolve), evaluate(condition.right, resolve), true);
    case 'in': {
      const options = evaluate(condition.right, resolve);
      const left = evaluate(condition.left, resolve);
      return isList(options) && left !== undefined ? options.some((each) => isSame(each, left)) : undefined;
    }
    case 'compare':
      return compare(
        condition.operator,
        evaluate(condition.left, resolve),
        evaluate(condition.right, resolve),
      );
    case 'call':
      return call(
        condition.name,
        condition.operands.map((operand) => evaluate(operand, resolve)),
      );
  }
}

/** A property of `document` by its path. */
export function propertyAt(document: Value, segments: readonly string[]): Value | undefined {
  let value: Value | undefined = document;
  for (const segment of segments) {
    if (isList(value)) value = value[Number(segment)];
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, segment)) {
      value = (value as Readonly<Record<string, Value>>)[segment];
    } else return undefined;
  }
  return value;
}

/** AND and OR of three values; `deciding` is the operand that settles it alone. */
function both(left: Value | undefined, right: Value | undefined, deciding: boolean): boolean | undefined {
  if (left === deciding || right === deciding) return deciding;
  return left === !deciding && right === !deciding ? !deciding : undefined;
}

function compare(
  operator: Comparison,
  left: Value | undefined,
  right: Value | undefined,
): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '=') return isSame(left, right);
  if (operator === '!=') return !isSame(left, right);
  if (typeof left === 'number' && typeof right === 'number') return ordered(operator, left - right);
  if (typeof left === 'string' && typeof right === 'string') {
    return ordered(operator, left === right ? 0 : left < right ? -1 : 1);
  }
  return undefined;
}

function ordered(operator: Exclude<Comparison, '=' | '!='>, difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

type Operand = Value | undefined;

const FUNCTIONS: Readonly<Record<string, (...operands: readonly Operand[]) => Operand>> = {
  is_defined: (value) => value !== undefined,
  is_null: (value) => value === null,
  is_string: (value) => typeof value === 'string',
  is_number: (value) => typeof value === 'number',
  is_bool: (value) => typeof value === 'boolean',
  is_array: (value) => isList(value),
  is_object: (value) => typeof value === 'object' && value !== null && !isList(value),
  is_primitive: (value) => value !== undefined && (typeof value !== 'object' || value === null),
  startswith: (text, start) => (areText(text, start) ? String(text).startsWith(String(start)) : undefined),
  starts_with: (text, start) => (areText(text, start) ? String(text).startsWith(String(start)) : undefined),
  endswith: (text, end) => (areText(text, end) ? String(text).endsWith(String(end)) : undefined),
  ends_with: (text, end) => (areText(text, end) ? String(text).endsWith(String(end)) : undefined),
  contains: (text, part) => (areText(text, part) ? String(text).includes(String(part)) : undefined),
  lower: (text) => (areText(text) ? String(text).toLowerCase() : undefined),
  upper: (text) => (areText(text) ? String(text).toUpperCase() : undefined),
  length: (text) => (areText(text) ? String(text).length : undefined),
  concat: (...texts) => (areText(...texts) ? texts.join('') : undefined),
  as_number: (value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  },
  abs: (value) => (typeof value === 'number' ? Math.abs(value) : undefined),
  floor: (value) => (typeof value === 'number' ? Math.floor(value) : undefined),
  ceiling: (value) => (typeof value === 'number' ? Math.ceil(value) : undefined),
};

/** The functions that a condition may call, for whoever checks one before its use. */
export function isFunction(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name);
}

/** Functions in `condition` that do not exist. */
export function unknownFunctions(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'literal':
    case 'path':
      return [];
    case 'list':
      return condition.items.flatMap(unknownFunctions);
    case 'not':
      return unknownFunctions(condition.operand);
    case 'call':
      return [
        ...(isFunction(condition.name) ? [] : [condition.name]),
        ...condition.operands.flatMap(unknownFunctions),
      ];
    default:
      return [...unknownFunctions(condition.left), ...unknownFunctions(condition.right)];
  }
}

function call(name: string, operands: readonly Operand[]): Operand {
  return FUNCTIONS[name]?.(...operands);
}

function areText(...operands: readonly Operand[]): boolean {
  return operands.every((operand) => typeof operand === 'string');
}

function isList(value: Operand): value is readonly Value[] {
  return Array.isArray(value);
}

function isSame(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || one === null) return one === other;
  return JSON.stringify(one) === JSON.stringify(other);
}
