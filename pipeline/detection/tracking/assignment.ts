/** A pair of a row and a column. */
export interface AssignedPair {
  readonly row: number;
  readonly column: number;
}

/**
 * The assignment of rows to columns with the least total cost, each used at most once: shortest augmenting paths
 * (Jonker and Volgenant, 1987), O(n³). `cost` must be finite. Pairs that cost `limit` or more are left out; they
 * count as `limit` in the total, so that a pair that is possible is never given up for one that is not.
 */
export function assign(
  rows: number,
  columns: number,
  cost: (row: number, column: number) => number,
  limit: number,
): readonly AssignedPair[] {
  if (rows === 0 || columns === 0) return [];
  const size = Math.max(rows, columns);
  const costs = new Float64Array(size * size).fill(limit);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      costs[row * size + column] = Math.min(limit, cost(row, column));
    }
  }
  const rowOf = solve(costs, size);
  const pairs: AssignedPair[] = [];
  for (let column = 0; column < columns; column++) {
    const row = rowOf[column] ?? -1;
    if (row >= 0 && row < rows && (costs[row * size + column] ?? limit) < limit) pairs.push({ row, column });
  }
  return pairs;
}

/** Solves a square problem: the row of each column. */
function solve(costs: Float64Array, size: number): Int32Array {
  const rowPotential = new Float64Array(size);
  const columnPotential = new Float64Array(size);
  const rowOf = new Int32Array(size).fill(-1);
  const search: Search = {
    distance: new Float64Array(size),
    previousColumn: new Int32Array(size),
    done: new Uint8Array(size),
  };
  for (let row = 0; row < size; row++)
    augment(costs, size, row, rowPotential, columnPotential, rowOf, search);
  return rowOf;
}

/** What one search knows of the columns; used again by the next. */
interface Search {
  readonly distance: Float64Array;
  readonly previousColumn: Int32Array;
  readonly done: Uint8Array;
}

/** Finds the cheapest path from a free row to a free column (Dijkstra over reduced costs) and flips it. */
function augment(
  costs: Float64Array,
  size: number,
  startRow: number,
  rowPotential: Float64Array,
  columnPotential: Float64Array,
  rowOf: Int32Array,
  { distance, done, previousColumn }: Search,
): void {
  distance.fill(Number.POSITIVE_INFINITY);
  previousColumn.fill(-1);
  done.fill(0);
  let row = startRow;
  let column = -1;
  let reached = 0;
  do {
    let next = -1;
    for (let c = 0; c < size; c++) {
      if (done[c] === 1) continue;
      const reduced = (costs[row * size + c] ?? 0) - (rowPotential[row] ?? 0) - (columnPotential[c] ?? 0);
      if (reached + reduced < (distance[c] ?? 0)) {
        distance[c] = reached + reduced;
        previousColumn[c] = column;
      }
      if (next < 0 || (distance[c] ?? 0) < (distance[next] ?? 0)) next = c;
    }
    column = next;
    reached = distance[column] ?? 0;
    done[column] = 1;
    row = rowOf[column] ?? -1;
  } while (row >= 0);

  rowPotential[startRow] = (rowPotential[startRow] ?? 0) + reached;
  for (let c = 0; c < size; c++) {
    if (done[c] !== 1) continue;
    const slack = reached - (distance[c] ?? 0);
    const matched = rowOf[c] ?? -1;
    if (matched >= 0) rowPotential[matched] = (rowPotential[matched] ?? 0) + slack;
    columnPotential[c] = (columnPotential[c] ?? 0) - slack;
  }
  while (column >= 0) {
    const before = previousColumn[column] ?? -1;
    rowOf[column] = before >= 0 ? (rowOf[before] ?? -1) : startRow;
    column = before;
  }
}
