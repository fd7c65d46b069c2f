/** An input's event → the row that the query sees: compatibility level and CREATE TABLE applied. */
import type { CompatibilityLevel } from '../../language/binder/environment.js';
import type { CreateTableSyntax, DataType } from '../../language/parser/syntax.js';
import { toNumber } from '../values/convert.js';
import { DateTime, parseDateTime, timeOfString } from '../values/date-time.js';
import {
  EvaluationError,
  float,
  integer,
  toJson,
  typeOf,
  type Value,
  type ValueRecord,
} from '../values/values.js';

export type ReadRow = (body: Readonly<Record<string, unknown>>) => ValueRecord;

/** How bodies of one input become rows. Throws EvaluationError for one that CREATE TABLE does not allow. */
export function rowReader(level: CompatibilityLevel, table: CreateTableSyntax | undefined): ReadRow {
  const adapt: ReadRow = level === '1.2' ? (body) => body as ValueRecord : (body) => adaptRecord(body, level);
  return table === undefined ? adapt : (body) => typedRow(adapt(body), table);
}

/**
 * Below 1.2, JSON booleans are read as bigint; at 1.0 names become lower case and strings that are datetimes
 * become datetimes (Compatibility level page).
 */
function adaptRecord(body: Readonly<Record<string, unknown>>, level: '1.0' | '1.1'): ValueRecord {
  const entries = Object.entries(body).map(([name, value]) => [
    level === '1.0' ? name.toLowerCase() : name,
    adaptValue(value, level),
  ]);
  return Object.fromEntries(entries) as ValueRecord;
}

function adaptValue(value: unknown, level: '1.0' | '1.1'): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return level === '1.0' ? (automaticDateTime(value) ?? value) : value;
  if (Array.isArray(value)) return value.map((item) => adaptValue(item, level));
  if (typeof value !== 'object' || value === null || typeOf(value as Value) !== 'record') return value;
  return adaptRecord(value as Readonly<Record<string, unknown>>, level);
}

function automaticDateTime(text: string): DateTime | undefined {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? parseDateTime(text) : undefined;
}

function typedRow(row: ValueRecord, table: CreateTableSyntax): ValueRecord {
  const typed: Record<string, Value> = { ...row };
  for (const column of table.columns) {
    const name = Object.keys(row).find((key) => key.toLowerCase() === column.name.toLowerCase());
    const value = name === undefined ? null : (row[name] ?? null);
    if (name === undefined || value === null) continue;
    const read = readAs(value, column.type);
    if (read === undefined) {
      throw new EvaluationError(
        `Column ${column.name} of CREATE TABLE ${table.name} is ${column.type}, and ${toJson(value).slice(0, 60)} is not`,
        'FF_EVENT_TYPE',
      );
    }
    typed[name] = read;
  }
  return typed;
}

/** What a type takes at ingress: its own values, and the text of them that CSV has for every type. */
function readAs(value: Exclude<Value, null>, type: DataType): Value | undefined {
  const own = typeOf(value);
  switch (type) {
    case 'bigint':
      if (own === 'bigint') return value;
      return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? integer(BigInt(value)) : undefined;
    case 'float': {
      const number = own === 'bit' ? undefined : toNumber(value);
      return number === undefined || !Number.isFinite(number) ? undefined : float(number);
    }
    case 'datetime':
      return value instanceof DateTime ? value : typeof value === 'string' ? parseDateTime(value) : undefined;
    case 'bit':
      if (own === 'bit') return value;
      if (typeof value === 'string') return { true: true, false: false, null: null }[value.toLowerCase()];
      return value === 1 || value === 0 ? value === 1 : undefined;
    default:
      return own === type ? value : undefined;
  }
}

/** Event time of what TIMESTAMP BY gives: milliseconds, NaN when it is no datetime. */
export function eventTime(value: Value): number {
  if (typeof value === 'string') return timeOfString(value);
  return value instanceof DateTime ? value.time : Number.NaN;
}
