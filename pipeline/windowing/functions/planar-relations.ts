/** How shapes lie to each other, in the plane of longitude and latitude (the projection of level 1.2). */
import type { Part, Position, Shape } from './geography.js';

type Polygon = Extract<Part, { kind: 'polygon' }>;

function cross(o: Position, a: Position, b: Position): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}

function isOnSegment(p: Position, a: Position, b: Position): boolean {
  if (Math.abs(cross(a, b, p)) > 1e-12) return false;
  const within = (i: 0 | 1): boolean => p[i] >= Math.min(a[i], b[i]) && p[i] <= Math.max(a[i], b[i]);
  return within(0) && within(1);
}

function segmentsMeet(a: Position, b: Position, c: Position, d: Position): boolean {
  if (segmentsCross(a, b, c, d)) return true;
  return isOnSegment(a, c, d) || isOnSegment(b, c, d) || isOnSegment(c, a, b) || isOnSegment(d, a, b);
}

/** Cross at a point inside both. */
function segmentsCross(a: Position, b: Position, c: Position, d: Position): boolean {
  const opposite = (p: number, q: number): boolean => (p > 0 && q < 0) || (p < 0 && q > 0);
  return opposite(cross(a, b, c), cross(a, b, d)) && opposite(cross(c, d, a), cross(c, d, b));
}

function segments(part: Part): readonly (readonly [Position, Position])[] {
  const lines =
    part.kind === 'point' ? [[part.at, part.at]] : part.kind === 'line' ? [part.points] : part.rings;
  return lines.flatMap((line) =>
    line.slice(1).map((end, i): readonly [Position, Position] => [line[i] ?? end, end]),
  );
}

/** 1 inside, 0 on the border, -1 outside. */
function sideOf(point: Position, polygon: Polygon): -1 | 0 | 1 {
  let inside = false;
  for (const [a, b] of segments(polygon)) {
    if (isOnSegment(point, a, b)) return 0;
    const straddles = a[1] > point[1] !== b[1] > point[1];
    if (straddles && point[0] < ((b[0] - a[0]) * (point[1] - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside ? 1 : -1;
}

function vertices(part: Part): readonly Position[] {
  if (part.kind === 'point') return [part.at];
  return part.kind === 'line' ? part.points : part.rings.flat();
}

/** Every part of `a` lies in some polygon of `b`; a border belongs to its polygon. */
export function isWithin(a: Shape, b: Shape): boolean {
  const polygons = b.filter((part) => part.kind === 'polygon');
  return a.every((part) => polygons.some((polygon) => isPartWithin(part, polygon)));
}

function isPartWithin(part: Part, polygon: Polygon): boolean {
  if (vertices(part).some((vertex) => sideOf(vertex, polygon) < 0)) return false;
  return !segments(part).some(([a, b]) => segments(polygon).some(([c, d]) => segmentsCross(a, b, c, d)));
}

/** They have a point in common. */
export function intersects(a: Shape, b: Shape): boolean {
  return a.some((one) => b.some((other) => partsMeet(one, other)));
}

function partsMeet(a: Part, b: Part): boolean {
  if (segments(a).some(([p, q]) => segments(b).some(([r, s]) => segmentsMeet(p, q, r, s)))) return true;
  const covers = (outer: Part, inner: Part): boolean =>
    outer.kind === 'polygon' && vertices(inner).some((vertex) => sideOf(vertex, outer) >= 0);
  return covers(a, b) || covers(b, a);
}

/** Their insides have area in common, and neither lies within the other. */
export function overlaps(a: Shape, b: Shape): boolean {
  if (isWithin(a, b) || isWithin(b, a)) return false;
  return a.some((one) => b.some((other) => insidesMeet(one, other)));
}

function insidesMeet(a: Part, b: Part): boolean {
  if (a.kind !== 'polygon' || b.kind !== 'polygon') return false;
  if (segments(a).some(([p, q]) => segments(b).some(([r, s]) => segmentsCross(p, q, r, s)))) return true;
  const hasInside = (outer: Polygon, inner: Polygon): boolean =>
    vertices(inner).some((vertex) => sideOf(vertex, outer) > 0) ||
    segments(inner).some(([p, q]) => sideOf([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2], outer) > 0);
  return hasInside(a, b) || hasInside(b, a);
}
