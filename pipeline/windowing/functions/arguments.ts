/** Reading the arguments of functions, with the error that names the function when one is of the wrong type. */
import { toDateTime, toNumber, toText } from '../engine/values/convert.js';
import type { DateTime } from '../engine/values/date-time.js';
import { EvaluationError, toJson, typeOf, type Value } from '../engine/values/values.js';

function refuse(name: string, expected: string, value: Value): never {
  throw new EvaluationError(
    `${name} needs ${expected}, and ${toJson(value)} is of type ${typeOf(value)}`,
    'FF_QUERY_TYPE',
  );
}

export function numberArg(name: string, value: Value | undefined): number {
  const number = toNumber(value ?? null);
  return number === undefined ? refuse(name, 'a number', value ?? null) : number;
}

export function integerArg(name: string, value: Value | undefined): number {
  return Math.trunc(numberArg(name, value));
}

export function timeArg(name: string, value: Value | undefined): DateTime {
  return toDateTime(value ?? null) ?? refuse(name, 'a datetime', value ?? null);
}

/** Strings are taken as they are, other scalars as CAST would write them. */
export function textArg(name: string, value: Value | undefined): string {
  if (typeof value === 'string') return value;
  const type = typeOf(value ?? null);
  return type === 'record' || type === 'array'
    ? refuse(name, 'a string', value ?? null)
    : toText(value ?? null);
}
