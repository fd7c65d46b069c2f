/**
 * The ways through the store: a visibility graph over the corners of walls and displays (Lozano-Pérez and
 * Wesley 1979), whose shortest paths are the shortest ways on the floor. Ways to a place are worked out once
 * (Dijkstra) and kept; a shopper then only asks which corner to walk to first.
 */
import FlatQueue from 'flatqueue';
import type { ClearanceField } from './clearance-field.js';
import type { Point } from './floor-plan.js';
import { distance } from './geometry.js';
import type { Obstacle } from './obstacles.js';

/** Ways keep this far from corners, so that bodies pass them without touching. */
const CORNER_CLEARANCE_METRES = 0.4;
/** A way is walkable for a body and a little air. */
export const WAY_RADIUS_METRES = 0.25;
/** How far at most a walker swings out at a corner, so that not everybody crosses the same point. */
const WIDEST_SWING_METRES = 0.8;

interface Corner extends Point {
  /** Away from the obstacle, along the bisector. */
  readonly outX: number;
  readonly outY: number;
}

/** The ways from everywhere to one place. */
export interface WaysTo {
  readonly destination: Point;
  /** By corner: metres to the destination; Infinity when there is no way. */
  readonly metres: Float64Array;
  /** By corner: the next one on the way; -1 when the destination is next. */
  readonly next: Int32Array;
}

export class Roadmap {
  private readonly field: ClearanceField;
  private readonly corners: readonly Corner[];
  /** By corner: the corners that can be walked to straight, and how far they are. */
  private readonly neighbours: readonly (readonly { readonly corner: number; readonly metres: number }[])[];
  /** Scratch of `bestCorner`: corners by the length of the way through them. */
  private readonly candidates = new FlatQueue<number>();
  private readonly kept = new Map<string, WaysTo>();

  constructor(field: ClearanceField, obstacles: readonly Obstacle[]) {
    this.field = field;
    this.corners = obstacles
      .flatMap(cornersOf)
      .filter(({ x, y }) => field.at(x, y) >= WAY_RADIUS_METRES + 0.05);
    this.neighbours = this.corners.map((from, index) =>
      this.corners.flatMap((to, corner) =>
        corner !== index && this.isStraight(from, to)
          ? [{ corner, metres: distance(from.x, from.y, to.x, to.y) }]
          : [],
      ),
    );
  }

  /** The ways to a place that many will walk to; worked out at the first call. */
  waysTo(destination: Point): WaysTo {
    const key = `${destination.x},${destination.y}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const ways = this.findWays(destination);
    this.kept.set(key, ways);
    return ways;
  }

  /**
   * The corners to walk by, the destination last; null when there is no way. `swing` in [0, 1) says how far
   * out this walker takes the corners.
   */
  route(from: Point, ways: WaysTo, swing: number): readonly Point[] | null {
    if (this.isStraight(from, ways.destination)) return [ways.destination];
    let corner = this.firstCorner(from, ways);
    if (corner === -1) return null;
    const route: Point[] = [];
    let at = from;
    while (corner !== -1) {
      const next = ways.next[corner] ?? -1;
      at = this.swungOut(at, corner, next === -1 ? ways.destination : this.corner(next), swing);
      route.push(at);
      corner = next;
    }
    route.push(ways.destination);
    return route;
  }

  /** Metres of the shortest way; Infinity when there is none. */
  metresTo(from: Point, ways: WaysTo): number {
    const { destination } = ways;
    if (this.isStraight(from, destination)) return distance(from.x, from.y, destination.x, destination.y);
    const corner = this.firstCorner(from, ways);
    if (corner === -1) return Infinity;
    const { x, y } = this.corner(corner);
    return distance(from.x, from.y, x, y) + (ways.metres[corner] ?? Infinity);
  }

  isStraight(from: Point, to: Point): boolean {
    return this.field.canWalk(from.x, from.y, to.x, to.y, WAY_RADIUS_METRES);
  }

  /** The corner at which the shortest way begins: the best that can be walked to straight; -1 for none. */
  private firstCorner(from: Point, ways: WaysTo): number {
    const straight = this.bestCorner(from, ways, (corner) => this.isStraight(from, corner));
    if (straight !== -1) return straight;
    // Pressed against a shelf, a walker has less air than a way needs: then the body itself has to do.
    return this.bestCorner(from, ways, (corner) => this.isStraightForBody(from, corner));
  }

  /** Tries the corners from the one with the shortest way on. */
  private bestCorner(from: Point, ways: WaysTo, isGood: (corner: Corner) => boolean): number {
    const { candidates } = this;
    candidates.clear();
    for (let index = 0; index < this.corners.length; index++) {
      const metres = ways.metres[index] ?? Infinity;
      const { x, y } = this.corner(index);
      if (metres < Infinity) candidates.push(index, distance(from.x, from.y, x, y) + metres);
    }
    for (let index = candidates.pop(); index !== undefined; index = candidates.pop()) {
      if (isGood(this.corner(index))) return index;
    }
    return -1;
  }

  private isStraightForBody(from: Point, to: Point): boolean {
    const radius = Math.min(WAY_RADIUS_METRES, this.field.at(from.x, from.y)) - 0.06;
    return this.field.canWalk(from.x, from.y, to.x, to.y, radius);
  }

  private swungOut(from: Point, index: number, to: Point, swing: number): Point {
    const corner = this.corner(index);
    const metres = swing * WIDEST_SWING_METRES;
    const wide = { x: corner.x + corner.outX * metres, y: corner.y + corner.outY * metres };
    return this.isStraight(from, wide) && this.isStraight(wide, to) ? wide : corner;
  }

  private findWays(destination: Point): WaysTo {
    const count = this.corners.length;
    const metres = new Float64Array(count).fill(Infinity);
    const next = new Int32Array(count).fill(-1);
    const open = new FlatQueue<number>();
    for (const [index, corner] of this.corners.entries()) {
      if (!this.isStraight(corner, destination)) continue;
      const straight = distance(corner.x, corner.y, destination.x, destination.y);
      metres[index] = straight;
      open.push(index, straight);
    }
    for (let reached = open.peekValue(); reached !== undefined; reached = open.peekValue()) {
      const nearest = open.pop() ?? 0;
      const known = metres[nearest] ?? Infinity;
      // A shorter way was found after this entry was made.
      if (reached > known) continue;
      for (const neighbour of this.neighbours[nearest] ?? []) {
        const through = known + neighbour.metres;
        if (through >= (metres[neighbour.corner] ?? Infinity)) continue;
        metres[neighbour.corner] = through;
        next[neighbour.corner] = nearest;
        open.push(neighbour.corner, through);
      }
    }
    return { destination, metres, next };
  }

  private corner(index: number): Corner {
    const corner = this.corners[index];
    if (corner === undefined) throw new RangeError(`no corner ${index}`);
    return corner;
  }
}

/** The corners of an obstacle, moved outwards so that both sides keep their clearance. */
function cornersOf(obstacle: Obstacle): Corner[] {
  return obstacle.map((corner, index) => {
    const before = obstacle[(index + obstacle.length - 1) % obstacle.length] ?? corner;
    const after = obstacle[(index + 1) % obstacle.length] ?? corner;
    const in1 = outwardNormal(before, corner);
    const in2 = outwardNormal(corner, after);
    const mitre = 1 + in1.x * in2.x + in1.y * in2.y;
    const outX = (in1.x + in2.x) / mitre;
    const outY = (in1.y + in2.y) / mitre;
    return {
      x: corner.x + outX * CORNER_CLEARANCE_METRES,
      y: corner.y + outY * CORNER_CLEARANCE_METRES,
      outX,
      outY,
    };
  });
}

/** Of an edge of a polygon with counter-clockwise corners. */
function outwardNormal(from: Point, to: Point): Point {
  const length = distance(from.x, from.y, to.x, to.y);
  return { x: (to.y - from.y) / length, y: (from.x - to.x) / length };
}
