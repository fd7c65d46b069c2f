/**
 * How far it is from any place to the nearest wall or display: a grid of signed distances, read by bilinear
 * interpolation. One lookup replaces a search through all obstacles in every step of every shopper, and answers
 * "can one walk straight from here to there" by sphere tracing.
 */
import type { FloorPlan, Point } from './floor-plan.js';
import { boundsOf, distance, signedDistanceToConvex } from './geometry.js';
import { type Obstacle, obstaclesOf } from './obstacles.js';

const SPACING_METRES = 0.1;
/** Distances are not told apart beyond this. */
const FARTHEST_METRES = 2;
/** Shortest stride of a sphere trace. */
const SHORTEST_STRIDE_METRES = 0.05;

export class ClearanceField {
  readonly widthMetres: number;
  readonly depthMetres: number;
  private readonly columns: number;
  private readonly rows: number;
  private readonly metres: Float32Array;
  /** What `probe` found: metres to the nearest obstacle (negative inside), and the way away from it. */
  clearance = 0;
  awayX = 0;
  awayY = 0;

  constructor(widthMetres: number, depthMetres: number, obstacles: readonly Obstacle[]) {
    this.widthMetres = widthMetres;
    this.depthMetres = depthMetres;
    this.columns = Math.ceil(widthMetres / SPACING_METRES) + 2;
    this.rows = Math.ceil(depthMetres / SPACING_METRES) + 2;
    this.metres = new Float32Array(this.columns * this.rows);
    this.fillFromOuterWalls();
    for (const obstacle of obstacles) this.lowerAround(obstacle);
  }

  static of(plan: FloorPlan): ClearanceField {
    return new ClearanceField(plan.widthMetres, plan.depthMetres, obstaclesOf(plan));
  }

  /** Metres from (x, y) to the nearest obstacle, at most 2; negative inside one or outside the store. */
  at(x: number, y: number): number {
    this.probe(x, y);
    return this.clearance;
  }

  /** As `at`, and leaves the unit vector that leads away from the obstacle too (zero in the open). */
  probe(x: number, y: number): void {
    const { columns, metres } = this;
    const gridX = Math.min(Math.max(x / SPACING_METRES, 0), columns - 1.001);
    const gridY = Math.min(Math.max(y / SPACING_METRES, 0), this.rows - 1.001);
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
    this.clearance = south + (north - south) * v;
    const slopeX = (d10 - d00) * (1 - v) + (d11 - d01) * v;
    const slopeY = north - south;
    const steepness = Math.sqrt(slopeX * slopeX + slopeY * slopeY);
    this.awayX = steepness > 1e-9 ? slopeX / steepness : 0;
    this.awayY = steepness > 1e-9 ? slopeY / steepness : 0;
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
