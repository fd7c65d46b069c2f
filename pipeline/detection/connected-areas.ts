/** A group of set cells that touch, corners included; its box is in cells. */
export interface ConnectedArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly cells: number;
}

/** Groups the non-zero cells of a `columns` x `rows` grid, largest group first. `cells` is cleared. */
export function connectedAreas(cells: Uint8Array, columns: number, rows: number): readonly ConnectedArea[] {
  const areas: ConnectedArea[] = [];
  for (let start = 0; start < columns * rows; start++) {
    if (cells[start] !== 0) areas.push(takeArea(cells, columns, rows, start));
  }
  return areas.sort((a, b) => b.cells - a.cells);
}

function takeArea(cells: Uint8Array, columns: number, rows: number, start: number): ConnectedArea {
  let [left, right, top, bottom, count] = [columns, -1, rows, -1, 0];
  const open = [start];
  cells[start] = 0;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const x = cell % columns;
    const y = (cell - x) / columns;
    count++;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++) {
        const neighbour = ny * columns + nx;
        if (cells[neighbour] === 0) continue;
        cells[neighbour] = 0;
        open.push(neighbour);
      }
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1, cells: count };
}
