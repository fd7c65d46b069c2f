/** Rows as a push dataset takes them: every value checked against its column. */
import type { Column, DataType, Table } from './definition.js';
import { PowerBiError } from './errors.js';

export type Row = Readonly<Record<string, string | number | boolean | null>>;

const MAX_STRING_CHARACTERS = 4000;
const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

const FITS: Readonly<Record<DataType, (value: unknown) => boolean>> = {
  Int64: (value) => typeof value === 'number' && Number.isSafeInteger(value),
  Double: (value) => typeof value === 'number' && Number.isFinite(value),
  Decimal: (value) => typeof value === 'number' && Number.isFinite(value),
  Boolean: (value) => typeof value === 'boolean',
  Datetime: (value) => typeof value === 'string' && ISO_8601.test(value) && !Number.isNaN(Date.parse(value)),
  String: (value) => typeof value === 'string' && value.length <= MAX_STRING_CHARACTERS,
};

/** The rows of a request for `table`. Throws `PowerBiError` (`BadRequest`) that names the row and column. */
export function checkedRows(table: Table, rows: unknown): readonly Row[] {
  if (!Array.isArray(rows)) throw new PowerBiError('BadRequest', 'expected {"rows":[…]}');
  const columns = new Map(table.columns.map((column) => [column.name.toLowerCase(), column]));
  return rows.map((row: unknown, index) => checkedRow(table, columns, row, index));
}

function checkedRow(table: Table, columns: ReadonlyMap<string, Column>, row: unknown, index: number): Row {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new PowerBiError('BadRequest', `row ${index} of table "${table.name}" is not an object`);
  }
  const checked: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(row as Readonly<Record<string, unknown>>)) {
    const column = columns.get(name.toLowerCase());
    if (!column) {
      const known = table.columns.map((each) => each.name).join(', ');
      throw new PowerBiError(
        'BadRequest',
        `row ${index}: table "${table.name}" has no column "${name}"; it has ${known}`,
      );
    }
    if (value !== null && !FITS[column.dataType](value)) throw misfit(column, value, index);
    checked[column.name] = value as string | number | boolean | null;
  }
  return checked;
}

function misfit({ name, dataType }: Column, value: unknown, index: number): PowerBiError {
  const tooLong = dataType === 'String' && typeof value === 'string';
  const problem = tooLong
    ? `has ${value.length} characters; at most ${MAX_STRING_CHARACTERS} fit`
    : `is ${JSON.stringify(value)}; expected ${dataType}`;
  return new PowerBiError('BadRequest', `row ${index}: column "${name}" ${problem}`);
}
