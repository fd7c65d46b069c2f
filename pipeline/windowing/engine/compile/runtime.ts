/** What generated code calls. Every function takes NULL as null or undefined. */
import { fieldOf } from '../../functions/record-functions.js';
import type { InputEvent } from '../event.js';
import { cast, toNumber, toText, tryCast } from '../values/convert.js';
import { DateTime } from '../values/date-time.js';
import { likePattern } from '../values/like.js';
import { metadataColumn, metadataProperty } from '../values/metadata.js';
import * as operators from '../values/operators.js';
import { keyOf, type Value, type ValueRecord } from '../values/values.js';

const { compare } = operators;

export const runtime = {
  ...operators,
  cast,
  tryCast,
  fieldOf,
  keyOf,
  metadataProperty,
  time: (timeMs: number): Value => DateTime.fromTime(timeMs),
  less: (a: Value, b: Value): boolean => compare(a, b) < 0,
  lessOrEqual: (a: Value, b: Value): boolean => compare(a, b) <= 0,
  more: (a: Value, b: Value): boolean => compare(a, b) > 0,
  moreOrEqual: (a: Value, b: Value): boolean => compare(a, b) >= 0,
  isText: (value: Value, text: string): boolean =>
    typeof value === 'string' ? value === text : compare(value, text) === 0,
  isNumber: (value: Value, number: number): boolean =>
    typeof value === 'number' ? value === number : compare(value, number) === 0,
  /** A value where a condition is needed: a bit, or a number other than 0. */
  truth: (value: Value): boolean =>
    value === true || (value !== null && value !== undefined && isNonZero(value)),
  falsehood: (value: Value): boolean =>
    value === false || (value !== null && value !== undefined && toNumber(value) === 0),
  isIn: (value: Value, items: readonly Value[]): boolean => items.some((item) => compare(value, item) === 0),
  /** Known not to be in the list: with a NULL in it, nothing is. */
  isNotIn: (value: Value, items: readonly Value[]): boolean =>
    items.every((item) => operators.unequal(value, item)),
  matches: (value: Value, pattern: RegExp): boolean =>
    value !== null && value !== undefined && pattern.test(toText(value)),
  isUnlike: (value: Value, pattern: RegExp): boolean =>
    value !== null && value !== undefined && !pattern.test(toText(value)),
  likePattern: (pattern: Value, escaper: Value): RegExp =>
    pattern === null || pattern === undefined
      ? NEVER
      : likePattern(toText(pattern), escaper === null ? null : toText(escaper)),
  put,
  copyRow,
  expandRecord,
};

export type Runtime = typeof runtime;

const NEVER = /[^\s\S]/;

function isNonZero(value: Exclude<Value, null>): boolean {
  const number = toNumber(value);
  return number !== undefined && number !== 0;
}

/** Sets a column unless one of that name (in any case) is there already: those to the left take precedence. */
function put(into: Record<string, Value>, name: string, value: Value): void {
  const lower = name.toLowerCase();
  for (const key of Object.keys(into)) if (key.toLowerCase() === lower) return;
  into[name] = value ?? null;
}

/** Copies every field of a row but those that are taken. */
function copyRow(into: Record<string, Value>, row: ValueRecord | null): void {
  if (row === null || row === undefined) return;
  const isEmpty = Object.keys(into).length === 0;
  for (const name of Object.keys(row)) {
    if (name === '__proto__') continue;
    if (isEmpty) into[name] = row[name] ?? null;
    else put(into, name, row[name] ?? null);
  }
}

function expandRecord(into: Record<string, Value>, value: Value): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof DateTime)) {
    copyRow(into, value as ValueRecord);
  }
}

/**
 * Finds a field that a row does not have under the very name: in another case, else among the metadata of the
 * event. Remembers the spelling it found, since events of one stream spell alike.
 */
export function fieldFinder(name: string): (row: ValueRecord | null, event: InputEvent | null) => Value {
  const lower = name.toLowerCase();
  let spelling = name;
  return (row, event) => {
    if (row === null || row === undefined) return null;
    if (Object.hasOwn(row, spelling)) return row[spelling] ?? null;
    for (const key of Object.keys(row)) {
      if (key.length === lower.length && key.toLowerCase() === lower) {
        spelling = key;
        return row[key] ?? null;
      }
    }
    return event === null || event === undefined ? null : metadataColumn(name, event);
  };
}
