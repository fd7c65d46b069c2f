/**
 * How far it is from any place to the nearest wall or display: a grid of signed distances, read by bilinear
 * interpolation. One lookup replaces a search through all obstacles in every step of every shopper, and answers
 * "can one walk straight from here to there" by sphere tracing.
 */
import type { FloorPlan, Point } from './floor-plan.js';
import { boundsOf, distance, signedDistanceToConvex } from './geometry.js';
import { type Obstacle, obstaclesOf } from './obstacles.js';

const NODES_PER_METRE = 10;
const SPACING_METRES = 1 / NODES_PER_METRE;
/** Distances are not told apart beyond this. */
const FARTHEST_METRES = 2;
/** Farther than this from everything is in the open. */
const OPEN_METRES = 1;
/** Shortest stride of a sphere trace. */
const SHORTEST_STRIDE_METRES = 0.05;

/** Metres to the nearest obstacle, negative inside. */
export const CLEARANCE = 0;
/** The unit vector that leads away from it, zero in the open. */
export const AWAY_X = 1;
export const AWAY_Y = 2;

export class ClearanceField {
  readonly widthMetres: number;
  readonly depthMetres: number;
  private readonly columns: number;
  private readonly rows: number;
  private readonly metres: Float32Array;
  /** By square metre: 1 where no place is nearer than `OPEN_METRES` to anything. */
  private readonly openBlocks: Uint8Array;
  private readonly blockColumns: number;
  /** What `probe` found, by the names above. A typed array, because numbers in it are never boxed. */
  readonly found = new Float64Array(3);
  private readonly askedX = new Float64Array(1);
  private readonly askedY = new Float64Array(1);

  constructor(widthMetres: number, depthMetres: number, obstacles: readonly Obstacle[]) {
    this.widthMetres = widthMetres;
    this.depthMetres = depthMetres;
    this.columns = Math.ceil(widthMetres / SPACING_METRES) + 2;
    this.rows = Math.ceil(depthMetres / SPACING_METRES) + 2;
    this.metres = new Float32Array(this.columns * this.rows);
    this.fillFromOuterWalls();
    for (const obstacle of obstacles) this.lowerAround(obstacle);
    this.blockColumns = Math.ceil(widthMetres) + 1;
    this.openBlocks = this.findOpenBlocks(Math.ceil(depthMetres) + 1);
  }

  static of(plan: FloorPlan): ClearanceField {
    return new ClearanceField(plan.widthMetres, plan.depthMetres, obstaclesOf(plan));
  }

  /** Metres from (x, y) to the nearest obstacle, at most 2; negative inside one or outside the store. */
  at(x: number, y: number): number {
    this.askedX[0] = x;
    this.askedY[0] = y;
    this.measure(this.askedX, this.askedY, 0);
    return this.found[CLEARANCE] ?? 0;
  }

  /**
   * Leaves in `found` what is nearest to the place (xs[index], ys[index]). In the open, at least 1 m from
   * everything, it says just that: 1 m, and no direction.
   */
  probe(xs: Float64Array, ys: Float64Array, index: number): void {
    const { found } = this;
    const block = ((ys[index] ?? 0) | 0) * this.blockColumns + ((xs[index] ?? 0) | 0);
    if (this.openBlocks[block] === 1) {
      found[CLEARANCE] = OPEN_METRES;
      found[AWAY_X] = 0;
      found[AWAY_Y] = 0;
    } else {
      this.measure(xs, ys, index);
    }
  }

  private measure(xs: Float64Array, ys: Float64Array, index: number): void {
    const { columns, metres, found } = this;
    const gridX = Math.min(Math.max((xs[index] ?? 0) * NODES_PER_METRE, 0), columns - 1.001);
    const gridY = Math.min(Math.max((ys[index] ?? 0) * NODES_PER_METRE, 0), this.rows - 1.001);
    const column = gridX | 0;
    const row = gridY | 0;
    const u = gridX - column;
    const v = gridY - row;
    const node = row * columns + column;
    const d00 = metres[node] ?? 0;
    const d10 = metres[node + 1] ?? 0;
    const d01 = metres[node + columns] ?? 0;
    const d11 = metres[node + columns + 1] ?? 0;
    const south = d00 + (d10 - d00) * u;
    const north = d01 + (d11 - d01) * u;
    const slopeX = (d10 - d00) * (1 - v) + (d11 - d01) * v;
    const slopeY = north - south;
    const squared = slopeX * slopeX + slopeY * slopeY;
    const scale = squared > 1e-18 ? 1 / Math.sqrt(squared) : 0;
    found[CLEARANCE] = south + slopeY * v;
    found[AWAY_X] = slopeX * scale;
    found[AWAY_Y] = slopeY * scale;
  }

  /** True when a body of this radius can walk the straight line. */
  canWalk(fromX: number, fromY: number, toX: number, toY: number, radiusMetres: number): boolean {
    const length = distance(fromX, fromY, toX, toY);
    let walked = 0;
    while (walked < length) {
      const t = walked / length;
      const room = this.at(fromX + (toX - fromX) * t, fromY + (toY - fromY) * t) - radiusMetres;
      if (room < 0) return false;
      walked += Math.max(room, SHORTEST_STRIDE_METRES);
    }
    return this.at(toX, toY) >= radiusMetres;
  }

  /** Every place a body of this radius can walk to from `starts`. */
  reachableFrom(starts: readonly Point[], radiusMetres: number): ReachableFloor {
    const { columns, rows, metres } = this;
    const reached = new Uint8Array(metres.length);
    const open: number[] = [];
    const visit = (node: number): void => {
      if (reached[node] === 1 || (metres[node] ?? 0) < radiusMetres) return;
      reached[node] = 1;
      open.push(node);
    };
    for (const { x, y } of starts) {
      visit(Math.round(y / SPACING_METRES) * columns + Math.round(x / SPACING_METRES));
    }
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const column = node % columns;
      if (column > 0) visit(node - 1);
      if (column < columns - 1) visit(node + 1);
      if (node >= columns) visit(node - columns);
      if (node < columns * (rows - 1)) visit(node + columns);
    }
    return new ReachableFloor(reached, columns);
  }

  private fillFromOuterWalls(): void {
    for (let row = 0; row < this.rows; row++) {
      const y = row * SPACING_METRES;
      for (let column = 0; column < this.columns; column++) {
        const x = column * SPACING_METRES;
        const room = Math.min(x, y, this.widthMetres - x, this.depthMetres - y);
        this.metres[row * this.columns + column] = Math.min(FARTHEST_METRES, room);
      }
    }
  }

  private findOpenBlocks(blockRows: number): Uint8Array {
    const open = new Uint8Array(this.blockColumns * blockRows).fill(1);
    // A node on the line between blocks belongs to all of them.
    const block = (node: number): number => Math.floor(node / NODES_PER_METRE);
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        if ((this.metres[row * this.columns + column] ?? 0) >= OPEN_METRES) continue;
        for (const y of [block(row), block(row - 1)]) {
          for (const x of [block(column), block(column - 1)]) {
            if (x >= 0 && y >= 0 && x < this.blockColumns && y < blockRows)
              open[y * this.blockColumns + x] = 0;
          }
        }
      }
    }
    return open;
  }

  private lowerAround(obstacle: Obstacle): void {
    const { minX, minY, maxX, maxY } = boundsOf(obstacle);
    const node = (metres: number, count: number): number =>
      Math.min(Math.max(Math.round(metres / SPACING_METRES), 0), count - 1);
    const lastRow = node(maxY + FARTHEST_METRES, this.rows);
    const lastColumn = node(maxX + FARTHEST_METRES, this.columns);
    for (let row = node(minY - FARTHEST_METRES, this.rows); row <= lastRow; row++) {
      for (let column = node(minX - FARTHEST_METRES, this.columns); column <= lastColumn; column++) {
        const at = row * this.columns + column;
        const away = signedDistanceToConvex(obstacle, column * SPACING_METRES, row * SPACING_METRES);
        this.metres[at] = Math.min(this.metres[at] ?? 0, away);
      }
    }
  }
}

/** Which places can be walked to. */
export class ReachableFloor {
  private readonly reached: Uint8Array;
  private readonly columns: number;

  constructor(reached: Uint8Array, columns: number) {
    this.reached = reached;
    this.columns = columns;
  }

  has({ x, y }: Point): boolean {
    return this.reached[Math.round(y / SPACING_METRES) * this.columns + Math.round(x / SPACING_METRES)] === 1;
  }
}
