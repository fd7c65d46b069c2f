/** Plane geometry of the floor, in metres. Only + - * / and square roots, so results are the same on every build. */
import type { Point } from './floor-plan.js';

/** True when `p` is inside the simple polygon (even-odd rule; points on the border may be either). */
export function polygonContains(polygon: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  let previous = polygon[polygon.length - 1];
  for (const corner of polygon) {
    if (previous !== undefined && corner.y > y !== previous.y > y) {
      const crossing = corner.x + ((previous.x - corner.x) * (y - corner.y)) / (previous.y - corner.y);
      if (x < crossing) inside = !inside;
    }
    previous = corner;
  }
  return inside;
}

/** Twice the signed area: positive when the corners run counter-clockwise. */
export function twiceSignedArea(polygon: readonly Point[]): number {
  let sum = 0;
  let previous = polygon[polygon.length - 1];
  for (const corner of polygon) {
    if (previous !== undefined) sum += previous.x * corner.y - corner.x * previous.y;
    previous = corner;
  }
  return sum;
}

export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export function boundsOf(points: readonly Point[]): Bounds {
  let bounds = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const { x, y } of points) {
    bounds = {
      minX: Math.min(bounds.minX, x),
      minY: Math.min(bounds.minY, y),
      maxX: Math.max(bounds.maxX, x),
      maxY: Math.max(bounds.maxY, y),
    };
  }
  return bounds;
}

/** From the point to the segment a–b. */
export function distanceToSegment(x: number, y: number, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / squared;
  const t = Math.min(1, Math.max(0, along));
  return distance(x, y, a.x + t * dx, a.y + t * dy);
}

export function distance(ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  return Math.sqrt(dx * dx + dy * dy);
}

/** From the point to a convex polygon with counter-clockwise corners; negative inside. */
export function signedDistanceToConvex(polygon: readonly Point[], x: number, y: number): number {
  let deepest = -Infinity;
  let nearest = Infinity;
  let previous = polygon[polygon.length - 1];
  for (const corner of polygon) {
    if (previous !== undefined) {
      const ex = corner.x - previous.x;
      const ey = corner.y - previous.y;
      const length = Math.sqrt(ex * ex + ey * ey);
      const outside = ((x - previous.x) * ey - (y - previous.y) * ex) / length;
      deepest = Math.max(deepest, outside);
      nearest = Math.min(nearest, distanceToSegment(x, y, previous, corner));
    }
    previous = corner;
  }
  return deepest <= 0 ? deepest : nearest;
}

/** Places inside a polygon, on a lattice of `spacingMetres`; the mean of the corners when none falls inside. */
export function latticeInside(polygon: readonly Point[], spacingMetres: number): readonly Point[] {
  const { minX, minY, maxX, maxY } = boundsOf(polygon);
  const points: Point[] = [];
  for (let y = minY + spacingMetres / 2; y < maxY; y += spacingMetres) {
    for (let x = minX + spacingMetres / 2; x < maxX; x += spacingMetres) {
      if (polygonContains(polygon, x, y)) points.push({ x, y });
    }
  }
  return points.length > 0 ? points : [middleOf(polygon)];
}

/** The mean of the points. */
export function middleOf(points: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  for (const point of points) {
    x += point.x / points.length;
    y += point.y / points.length;
  }
  return { x, y };
}
