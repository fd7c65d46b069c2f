/** Whether two engines gave the same rows, in whatever order. */

export type PlainRow = readonly unknown[];

/** How many rows of either have no counterpart; numbers at the places of `tolerances` may differ by so much. */
export function countDifferences(
  ours: readonly PlainRow[],
  theirs: readonly PlainRow[],
  tolerances: ReadonlyMap<number, number>,
): number {
  const left = sortedRows(ours, tolerances);
  const right = sortedRows(theirs, tolerances);
  let differences = 0;
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const a = left[i];
    const b = right[j];
    if (a === undefined || b === undefined) break;
    if (a.text === b.text) {
      if (!areClose(a.inexact, b.inexact, [...tolerances.values()])) differences++;
      i++;
      j++;
    } else {
      differences++;
      if (a.text < b.text) i++;
      else j++;
    }
  }
  return differences + (left.length - i) + (right.length - j);
}

interface SortedRow {
  /** What must be equal. */
  readonly text: string;
  readonly inexact: readonly unknown[];
}

function sortedRows(
  rows: readonly PlainRow[],
  tolerances: ReadonlyMap<number, number>,
): readonly SortedRow[] {
  return rows
    .map((row) => ({
      text: JSON.stringify(row.filter((_value, i) => !tolerances.has(i)).map(plain)),
      inexact: row.filter((_value, i) => tolerances.has(i)),
    }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
}

/** Integers come as bigint or number. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}

function areClose(a: readonly unknown[], b: readonly unknown[], tolerances: readonly number[]): boolean {
  return a.every((value, i) => {
    const other = b[i];
    if (typeof value !== 'number' || typeof other !== 'number') return (value ?? null) === (other ?? null);
    return Math.abs(value - other) <= (tolerances[i] ?? 0);
  });
}
