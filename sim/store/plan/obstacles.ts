/** What cannot be walked through: inner walls and displays, as convex polygons with counter-clockwise corners. */
import type { Display, FloorPlan, Point, Wall } from './floor-plan.js';
import { distance } from './geometry.js';

export type Obstacle = readonly Point[];

export function obstaclesOf(plan: FloorPlan): readonly Obstacle[] {
  const walls = plan.walls.filter((wall) => wallLength(wall) > 0).map(wallObstacle);
  return [...walls, ...plan.displays.map(displayObstacle)];
}

/** The four corners of a display, from its lower left counter-clockwise. */
export function displayObstacle({ at, widthMetres, depthMetres }: Display): Obstacle {
  const right = at.x + widthMetres;
  const top = at.y + depthMetres;
  return [at, { x: right, y: at.y }, { x: right, y: top }, { x: at.x, y: top }];
}

/** The four corners of a wall: its line, thickened to both sides. */
export function wallObstacle(wall: Wall): Obstacle {
  const { from, to, thicknessMetres } = wall;
  const length = wallLength(wall);
  const sideX = (((from.y - to.y) / length) * thicknessMetres) / 2;
  const sideY = (((to.x - from.x) / length) * thicknessMetres) / 2;
  return [
    { x: from.x - sideX, y: from.y - sideY },
    { x: to.x - sideX, y: to.y - sideY },
    { x: to.x + sideX, y: to.y + sideY },
    { x: from.x + sideX, y: from.y + sideY },
  ];
}

function wallLength({ from, to }: Wall): number {
  return distance(from.x, from.y, to.x, to.y);
}
