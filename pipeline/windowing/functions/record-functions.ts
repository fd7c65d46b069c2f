/** Record, array and conversion functions (their pages), and the two table-valued functions of APPLY. */
import {
  EvaluationError,
  isArray,
  isRecord,
  toJson,
  typeOf,
  type Value,
  type ValueRecord,
} from '../engine/values/values.js';
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

/** As Azure says it: "Cannot cast value of type 'record' to type 'array'" stops the job (Input validation page). */
function wrongType(name: string, expected: 'array' | 'record', value: Value): EvaluationError {
  const is = `${toJson(value).slice(0, 60)} is of type ${typeOf(value)}`;
  return new EvaluationError(
    `${name} needs a value of type ${expected}, and ${is}; TRY_CAST(… AS ${expected}) gives NULL for it`,
    'FF_QUERY_TYPE',
  );
}

function arrayArg(name: string, value: Value): readonly Value[] {
  if (!isArray(value)) throw wrongType(name, 'array', value);
  return value;
}

function arrayElement(value: Value, index: Value): Value {
  const array = arrayArg('GetArrayElement', value);
  return array[integerArg('GetArrayElement', index)] ?? null;
}

/** `GetRecordPropertyValue(record, name)`; the name may be a path, `a.b`. */
function recordPropertyValue(record: Value, name: Value): Value {
  if (!isRecord(record)) throw wrongType('GetRecordPropertyValue', 'record', record);
  const path = textArg('GetRecordPropertyValue', name);
  const whole = fieldOf(record, path);
  if (whole !== null || !path.includes('.')) return whole;
  return path.split('.').reduce<Value>((value, step) => fieldOf(value, step.replace(/^\[|\]$/g, '')), record);
}

export const RECORD_FUNCTIONS: readonly ScalarFunction[] = [
  scalar('GetArrayElement(array, index)', undefined, arrayElement),
  scalar('GetArrayLength(array)', 'bigint', (array) => arrayArg('GetArrayLength', array ?? null).length),
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

/** `GetElements` is what GetArrayElements was called at first; Microsoft's Application Insights jobs still do. */
export function findTableFunction(name: string): TableFunctionName | undefined {
  const lower = name.toLowerCase();
  if (lower === 'getelements') return 'GetArrayElements';
  return (Object.keys(TABLE_FUNCTIONS) as TableFunctionName[]).find((known) => known.toLowerCase() === lower);
}

/** The rows that APPLY joins to an event. Throws EvaluationError when the value is of another type. */
export function tableRows(name: TableFunctionName, value: Value): readonly ValueRecord[] {
  if (value === null || value === undefined) return [];
  if (name === 'GetArrayElements') {
    return arrayArg(name, value).map((item, index) => ({ ArrayIndex: index, ArrayValue: item }));
  }
  if (!isRecord(value)) throw wrongType(name, 'record', value);
  return Object.keys(value).map((key) => ({ PropertyName: key, PropertyValue: value[key] ?? null }));
}
