/** Which section a place is in. Asked for everybody at every sample, so the answer is mostly read from a grid. */
import type { FloorPlan } from './floor-plan.js';
import { distanceToSegment, polygonContains } from './geometry.js';

const CELL_METRES = 0.5;
/** In the grid: a border runs through this cell, the polygons must be asked. */
const BORDER = -2;

/** The index of the first section that contains a place, -1 for none. */
export function sectionFinder(plan: FloorPlan): (x: number, y: number) => number {
  const ask = (x: number, y: number): number =>
    plan.sections.findIndex(({ area }) => polygonContains(area, x, y));
  const columns = Math.ceil(plan.widthMetres / CELL_METRES) + 1;
  const rows = Math.ceil(plan.depthMetres / CELL_METRES) + 1;
  const grid = new Int16Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5) * CELL_METRES;
      const y = (row + 0.5) * CELL_METRES;
      grid[row * columns + column] = isOnBorder(plan, x, y) ? BORDER : ask(x, y);
    }
  }
  return (x, y) => {
    const section = grid[Math.floor(y / CELL_METRES) * columns + Math.floor(x / CELL_METRES)] ?? BORDER;
    return section === BORDER ? ask(x, y) : section;
  };
}

/** True when a border may run through the cell around this place. */
function isOnBorder({ sections }: FloorPlan, x: number, y: number): boolean {
  return sections.some(({ area }) =>
    area.some((corner, index) => {
      const next = area[(index + 1) % area.length] ?? corner;
      return distanceToSegment(x, y, corner, next) < CELL_METRES;
    }),
  );
}
