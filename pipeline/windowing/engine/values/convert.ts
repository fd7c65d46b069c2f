/** CAST, TRY_CAST and the implicit conversions (Data Types page: "Casting data", "Conversion to bit"). */
import type { DataType } from '../../language/parser/syntax.js';
import { DateTime, parseDateTime } from './date-time.js';
import { EvaluationError, Float, float, integer, toJson, typeOf, type Value } from './values.js';

const INTEGER = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** The value as a number for arithmetic, undefined when it is none. Bigints lose digits beyond 2^53. */
export function toNumber(value: Value): number | undefined {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'string':
      return NUMBER.test(value) ? Number(value) : undefined;
    default:
      return value instanceof Float ? value.value : undefined;
  }
}

/** The value as a datetime, undefined when it cannot be one. */
export function toDateTime(value: Value): DateTime | undefined {
  if (value instanceof DateTime) return value;
  return typeof value === 'string' ? parseDateTime(value) : undefined;
}

/** The text of a value, as CAST(… AS nvarchar(max)) and CONCAT give it. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof DateTime) return value.toString();
  return toJson(value);
}

/** CAST. NULL stays NULL. Throws EvaluationError `FF_QUERY_CAST` when the value cannot be of that type. */
export function cast(value: Value, type: DataType): Value {
  if (value === null || value === undefined) return null;
  const converted = convert(value, type);
  if (converted !== undefined) return converted;
  const shown = toJson(value);
  throw new EvaluationError(
    `Cannot convert ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown} (${typeOf(value)}) to ${type}`,
    'FF_QUERY_CAST',
  );
}

/** TRY_CAST: NULL where CAST fails. */
export function tryCast(value: Value, type: DataType): Value {
  if (value === null || value === undefined) return null;
  try {
    return convert(value, type) ?? null;
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function convert(value: Exclude<Value, null>, type: DataType): Value | undefined {
  switch (type) {
    case 'bigint':
      return toBigint(value);
    case 'float': {
      const number = toNumber(value);
      return number === undefined ? undefined : float(number);
    }
    case 'nvarchar(max)':
      return toText(value);
    case 'datetime':
      return toDateTime(value);
    case 'bit':
      return toBit(value);
    case 'record':
      return typeOf(value) === 'record' ? value : undefined;
    case 'array':
      return typeOf(value) === 'array' ? value : undefined;
  }
}

function toBigint(value: Exclude<Value, null>): number | bigint | undefined {
  if (typeof value === 'string') return INTEGER.test(value) ? integer(BigInt(value.trim())) : undefined;
  if (typeof value === 'bigint') return value;
  const number = toNumber(value);
  if (number === undefined || !Number.isFinite(number)) return undefined;
  const whole = Math.trunc(number);
  return Number.isSafeInteger(whole) ? whole + 0 : integer(BigInt(whole));
}

function toBit(value: Exclude<Value, null>): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    return undefined;
  }
  const number = toNumber(value);
  return number === undefined ? undefined : number !== 0;
}
