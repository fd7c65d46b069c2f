/**
 * Who is near whom: bodies sorted into square cells by counting, so that the three cells of a row lie side by
 * side in memory. What steering asks of a neighbour is packed along, `STRIDE` numbers a body.
 */
import type { Crowd } from './crowd.js';

/** Bodies farther apart than this do not see each other. */
export const SIGHT_METRES = 2;

export const STRIDE = 6;
export const PACKED_VELOCITY_X = 0;
export const PACKED_VELOCITY_Y = 1;
export const PACKED_DIRECTION_X = 2;
export const PACKED_DIRECTION_Y = 3;
export const PACKED_RADIUS = 4;
export const PACKED_PARTY = 5;

export class NeighbourGrid {
  readonly columns: number;
  readonly rows: number;
  /** `starts[cell]` to `starts[cell + 1]`: the places in the order of bodies that stand in this cell. */
  readonly starts: Int32Array;
  /** Slots, cell by cell. */
  slots = new Int32Array(0);
  /** Per place in the order: x, y. By themselves, because many are looked at and few are near. */
  positions = new Float64Array(0);
  /** Per place in the order: velocity, direction, radius, party. */
  packed = new Float64Array(0);
  count = 0;
  private cellOf = new Int32Array(0);

  /** A grid over the floor from (0, 0) to (width, depth). A border of empty cells spares steering the edges. */
  constructor(widthMetres: number, depthMetres: number) {
    this.columns = Math.floor(widthMetres / SIGHT_METRES) + 3;
    this.rows = Math.floor(depthMetres / SIGHT_METRES) + 3;
    this.starts = new Int32Array(this.columns * this.rows + 1);
  }

  private cell(x: number, y: number): number {
    const column = Math.min(Math.max((x / SIGHT_METRES + 1) | 0, 1), this.columns - 2);
    const row = Math.min(Math.max((y / SIGHT_METRES + 1) | 0, 1), this.rows - 2);
    return row * this.columns + column;
  }

  /** The cell of the body at this place in the order. */
  cellAt(place: number): number {
    return this.cellOf[this.slots[place] ?? 0] ?? 0;
  }

  /** Sorts the bodies as they stand now. Within a cell they keep the order of their slots. */
  rebuild(crowd: Crowd): void {
    this.reserve(crowd.extent);
    const { starts, cellOf } = this;
    starts.fill(0);
    for (let slot = 0; slot < crowd.extent; slot++) {
      if (crowd.alive[slot] !== 1) continue;
      const cell = this.cell(crowd.x[slot] ?? 0, crowd.y[slot] ?? 0);
      cellOf[slot] = cell;
      starts[cell] = (starts[cell] ?? 0) + 1;
    }
    let total = 0;
    for (let cell = 0; cell < starts.length; cell++) {
      total += starts[cell] ?? 0;
      starts[cell] = total;
    }
    this.count = total;
    for (let slot = crowd.extent - 1; slot >= 0; slot--) {
      if (crowd.alive[slot] !== 1) continue;
      const cell = cellOf[slot] ?? 0;
      const place = (starts[cell] ?? 0) - 1;
      starts[cell] = place;
      this.pack(crowd, slot, place);
    }
  }

  private pack(crowd: Crowd, slot: number, place: number): void {
    const { packed } = this;
    const at = place * STRIDE;
    const speed = crowd.speedMetresPerSecond[slot] ?? 0;
    const directionX = crowd.directionX[slot] ?? 0;
    const directionY = crowd.directionY[slot] ?? 0;
    this.slots[place] = slot;
    this.positions[place * 2] = crowd.x[slot] ?? 0;
    this.positions[place * 2 + 1] = crowd.y[slot] ?? 0;
    packed[at + PACKED_VELOCITY_X] = directionX * speed;
    packed[at + PACKED_VELOCITY_Y] = directionY * speed;
    packed[at + PACKED_DIRECTION_X] = directionX;
    packed[at + PACKED_DIRECTION_Y] = directionY;
    packed[at + PACKED_RADIUS] = crowd.radiusMetres[slot] ?? 0;
    packed[at + PACKED_PARTY] = crowd.party[slot] ?? 0;
  }

  private reserve(bodies: number): void {
    if (bodies <= this.slots.length) return;
    const room = Math.max(64, bodies * 2);
    this.slots = new Int32Array(room);
    this.cellOf = new Int32Array(room);
    this.positions = new Float64Array(room * 2);
    this.packed = new Float64Array(room * STRIDE);
  }
}
