/** Bodies that walk to given goals in a room with given walls, for tests of walking. */
import { ClearanceField } from '../plan/clearance-field.js';
import type { Point } from '../plan/floor-plan.js';
import { distance } from '../plan/geometry.js';
import type { Obstacle } from '../plan/obstacles.js';
import { Roadmap } from '../plan/roadmap.js';
import { STEP_SECONDS } from '../simulation.js';
import { Crowd } from './crowd.js';
import { NeighbourGrid } from './neighbour-grid.js';
import { Steering } from './steering.js';

export interface Room {
  readonly crowd: Crowd;
  readonly field: ClearanceField;
  readonly roadmap: Roadmap;
  step(): void;
  add(at: Point, speed: number, party?: number): number;
  goTo(slot: number, goal: Point): void;
  position(slot: number): Point;
  /** Metres between the two nearest bodies. */
  nearestPair(): number;
}

export function room(width: number, depth: number, obstacles: readonly Obstacle[] = []): Room {
  const crowd = new Crowd(4);
  const field = new ClearanceField(width, depth, obstacles);
  const steering = new Steering(crowd, new NeighbourGrid(width, depth), field);
  const position = (slot: number): Point => ({ x: crowd.x[slot] ?? 0, y: crowd.y[slot] ?? 0 });
  const standing = (): number[] =>
    Array.from({ length: crowd.extent }, (_, slot) => slot).filter((slot) => crowd.alive[slot] === 1);
  return {
    crowd,
    field,
    roadmap: new Roadmap(field, obstacles),
    step: () => steering.step(STEP_SECONDS),
    add: ({ x, y }, desiredMetresPerSecond, party = crowd.extent) =>
      crowd.add({ x, y, directionX: 1, directionY: 0, desiredMetresPerSecond, party }),
    goTo: (slot, { x, y }) => crowd.walkTo(slot, x, y, true),
    position,
    nearestPair() {
      const places = standing().map(position);
      let nearest = Infinity;
      for (const [index, a] of places.entries()) {
        for (const b of places.slice(index + 1)) nearest = Math.min(nearest, distance(a.x, a.y, b.x, b.y));
      }
      return nearest;
    },
  };
}

/** A wall or a block, its sides along the axes. */
export function block(x: number, y: number, width: number, depth: number): Obstacle {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + depth },
    { x, y: y + depth },
  ];
}
