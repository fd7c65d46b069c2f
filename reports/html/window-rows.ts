import type { RunRecord } from '../run-record.js';

export type WindowRow = RunRecord['windows'][number];

/** A row of the query that says which window it is of. */
export interface TimedRow {
  readonly windowEnd: string;
  readonly row: WindowRow;
}

/** Rows with a time, which all rows of our own query have; a query of the user's may give others. */
export function timedRows(rows: readonly WindowRow[]): TimedRow[] {
  return rows.flatMap((row) => {
    const { windowEnd } = row;
    return typeof windowEnd === 'string' && !Number.isNaN(Date.parse(windowEnd)) ? [{ windowEnd, row }] : [];
  });
}

/** A row's number; nothing for what the row does not have or privacy withheld. */
export function numberIn(row: WindowRow, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : 0;
}
