/** Record, array and conversion functions (their pages), and the two table-valued functions of APPLY. */
import { isArray, isRecord, typeOf, type Value, type ValueRecord } from '../engine/values.js';
import { integerArg, textArg } from './arguments.js';
import { type ScalarFunction, scalar } from './scalar-function.js';

/** A field of a record by name, in any case when none has the very name; NULL when there is none. */
export function fieldOf(value: Value | undefined, name: string): Value {
  if (value === null || value === undefined || !isRecord(value)) return null;
  if (Object.hasOwn(value, name)) return value[name] ?? null;
  const lower = name.toLowerCase();
  for (const key of Object.keys(value)) if (key.toLowerCase() === lower) return value[key] ?? null;
  return null;
}

function arrayElement(array: Value, index: Value): Value {
  if (!isArray(array)) return null;
  return array[integerArg('GetArrayElement', index)] ?? null;
}

/** `GetRecordPropertyValue(record, name)`; the name may be a path, `a.b`. */
function recordPropertyValue(record: Value, name: Value): Value {
  const path = textArg('GetRecordPropertyValue', name);
  const whole = fieldOf(record, path);
  if (whole !== null || !path.includes('.')) return whole;
  return path.split('.').reduce<Value>((value, step) => fieldOf(value, step.replace(/^\[|\]$/g, '')), record);
}

export const RECORD_FUNCTIONS: readonly ScalarFunction[] = [
  scalar('GetArrayElement(array, index)', undefined, arrayElement),
  scalar('GetArrayLength(array)', 'bigint', (array) =>
    isArray(array ?? null) ? (array as readonly Value[]).length : null,
  ),
  scalar('GetRecordPropertyValue(record, name)', undefined, recordPropertyValue),
  scalar('GetType(expression)', 'nvarchar(max)', (value) => (value === null ? null : typeOf(value ?? null))),
  scalar(
    'COALESCE(expression[, ...])',
    undefined,
    (...values) => values.find((value) => value !== null && value !== undefined) ?? null,
    {
      takesNull: true,
    },
  ),
];

export type TableFunctionName = 'GetArrayElements' | 'GetRecordProperties';

export const TABLE_FUNCTIONS: Readonly<
  Record<TableFunctionName, { readonly columns: readonly string[]; readonly signature: string }>
> = {
  GetArrayElements: { columns: ['ArrayIndex', 'ArrayValue'], signature: 'GetArrayElements(array)' },
  GetRecordProperties: {
    columns: ['PropertyName', 'PropertyValue'],
    signature: 'GetRecordProperties(record)',
  },
};

/** The rows that APPLY joins to an event. */
export function tableRows(name: TableFunctionName, value: Value): readonly ValueRecord[] {
  if (value === null || value === undefined) return [];
  if (name === 'GetArrayElements') {
    if (!isArray(value)) return [];
    return value.map((item, index) => ({ ArrayIndex: index, ArrayValue: item }));
  }
  if (!isRecord(value)) return [];
  return Object.keys(value).map((key) => ({ PropertyName: key, PropertyValue: value[key] ?? null }));
}
