/**
 * Values as the engine holds them.
 *
 * "It is records that have a type and not columns" (Data Types page), so every value carries its own type:
 * - bigint: a JavaScript number that is an integer, or a `bigint` beyond 2^53;
 * - float: a number with a fraction, or a `Float` when its value is whole (`5.0` is not `5`: it divides otherwise);
 * - nvarchar(max): a string; datetime: a `DateTime`; bit: a boolean; record: an object; array: an array.
 */
import { DateTime } from './date-time.js';

/** A float whose value is a whole number. */
export class Float {
  constructor(readonly value: number) {}
}

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | DateTime
  | Float
  | ValueRecord
  | readonly Value[];

export interface ValueRecord {
  readonly [name: string]: Value;
}

export type ValueType =
  | 'null'
  | 'bigint'
  | 'float'
  | 'nvarchar(max)'
  | 'datetime'
  | 'bit'
  | 'record'
  | 'array';

/** What goes wrong while a row is evaluated; the job's error policy decides about the row. */
export class EvaluationError extends Error {
  constructor(
    message: string,
    readonly code = 'FF_QUERY_EVALUATION',
  ) {
    super(message);
    this.name = 'EvaluationError';
  }
}

export const BIGINT_MAX = 9_223_372_036_854_775_807n;
export const BIGINT_MIN = -9_223_372_036_854_775_808n;

/** A float of that value. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** The smallest representation of a 64-bit integer. Throws EvaluationError when it does not fit. */
export function integer(value: bigint): number | bigint {
  if (value > BIGINT_MAX || value < BIGINT_MIN) {
    throw new EvaluationError(`${value} does not fit a bigint (-2^63 … 2^63-1)`, 'FF_QUERY_OVERFLOW');
  }
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

export function typeOf(value: Value): ValueType {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'bigint' : 'float';
    case 'bigint':
      return 'bigint';
    case 'string':
      return 'nvarchar(max)';
    case 'boolean':
      return 'bit';
    default:
      if (value === null || value === undefined) return 'null';
      if (value instanceof DateTime) return 'datetime';
      if (value instanceof Float) return 'float';
      return Array.isArray(value) ? 'array' : 'record';
  }
}

export function isRecord(value: Value): value is ValueRecord {
  return typeOf(value) === 'record';
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/**
 * The value as an output writes it: datetimes as ISO 8601 strings of seven digits, floats as numbers. Bigints
 * beyond 2^53 stay `bigint`. Records and arrays are copied only when something in them changes.
 */
export function toOutput(value: Value): unknown {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof DateTime) return value.toString();
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) {
    return value.some((item) => toOutput(item) !== item) ? value.map(toOutput) : value;
  }
  const record = value as ValueRecord;
  let copy: Record<string, unknown> | undefined;
  for (const name in record) {
    const before = record[name];
    const after = toOutput(before ?? null);
    if (after !== before) {
      copy ??= { ...record };
      copy[name] = after;
    }
  }
  return copy ?? record;
}

/** JSON text of a value, bigints beyond 2^53 with all their digits. */
export function toJson(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (value instanceof DateTime) return JSON.stringify(value.toString());
      if (value instanceof Float) return String(value.value);
      if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
      return `{${Object.entries(value)
        .map(([name, item]) => `${JSON.stringify(name)}:${toJson(item)}`)
        .join(',')}}`;
    default:
      return 'null';
  }
}

/**
 * A primitive that is equal for values that GROUP BY, DISTINCT and joins take for equal, so that a Map can hold
 * them: `5` and `5.0` are one key, and NULL is a key of its own.
 */
export function keyOf(value: Value | undefined): string | number | boolean | bigint | null {
  if (typeof value !== 'object') return value ?? null;
  if (value === null) return null;
  if (value instanceof Float) return value.value;
  // The prefix keeps these apart from strings that look alike.
  if (value instanceof DateTime) return `\u0000t${value.time}`;
  return `\u0000j${toJson(value)}`;
}
