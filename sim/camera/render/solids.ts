/** Closed surfaces that bodies are made of: lofts through elliptic rings, and shaped balls. */
import { cosine, sine } from '../arithmetic.js';
import type { Vector } from '../camera-pose.js';
import type { Mesh } from './mesh.js';
import { cross, dot, subtract } from './vectors.js';

/** One cross-section of a loft. */
export interface Ring {
  readonly centre: Vector;
  /** From the centre to the surface at u = 0. */
  readonly across: Vector;
  /** From the centre to the surface at u = 1/4. */
  readonly along: Vector;
  /** Texture coordinate along the loft. */
  readonly v: number;
  /** Light that the surroundings leave; 1 unless given. */
  readonly openness?: number;
  /** How much darker the two ends of `across` are, in [0, 1]: where an arm hangs before the flank. */
  readonly sideShade?: number;
  /** How much darker the surface is towards u = 0 (positive) or u = 1/2 (negative). */
  readonly innerShade?: number;
}

export interface LoftOptions {
  /** 0 for ellipses; 1 for sections with the corners of a fourth-power superellipse; more for boxes. */
  readonly squareness?: number;
  /** How far the closing cap bulges, in metres; open when absent. */
  readonly startCap?: number;
  readonly endCap?: number;
  /** Radius factor by ring and angle index, for the ripple of a hem. */
  readonly ripple?: (ring: number, turn: number) => number;
}

interface Circle {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const circles = new Map<string, Circle>();

/** `segments` + 1 points around a section, the last one on the first. */
function circle(segments: number, squareness: number): Circle {
  const key = `${segments}/${squareness}`;
  const known = circles.get(key);
  if (known) return known;
  const made: Circle = { x: new Float64Array(segments + 1), y: new Float64Array(segments + 1) };
  for (let j = 0; j <= segments; j++) {
    const angle = ((j % segments) / segments) * 2 * Math.PI;
    const x = cosine(angle);
    const y = sine(angle);
    const corner = 1 / Math.sqrt(Math.sqrt(x * x * x * x + y * y * y * y)) - 1;
    made.x[j] = x * (1 + squareness * corner);
    made.y[j] = y * (1 + squareness * corner);
  }
  circles.set(key, made);
  return made;
}

/** A surface through the rings, in order; all of one material. */
export function addLoft(
  mesh: Mesh,
  rings: readonly Ring[],
  segments: number,
  material: number,
  options: LoftOptions = {},
): void {
  const firstVertex = mesh.vertexCount;
  const firstTriangle = mesh.triangleCount;
  const points = circle(segments, options.squareness ?? 0);
  rings.forEach((ring, index) => {
    addRing(mesh, ring, points, segments, options.ripple, index);
  });
  const turned = runsBackwards(rings);
  const stride = segments + 1;
  for (let i = 0; i + 1 < rings.length; i++) {
    for (let j = 0; j < segments; j++) {
      const a = firstVertex + i * stride + j;
      addQuad(mesh, a, a + 1, a + stride, a + stride + 1, material, turned);
    }
  }
  if (options.startCap !== undefined)
    addCap(mesh, rings, firstVertex, segments, material, true, options.startCap);
  if (options.endCap !== undefined)
    addCap(mesh, rings, firstVertex, segments, material, false, options.endCap);
  mesh.smoothNormals(firstVertex, firstTriangle);
  for (let i = 0; i < rings.length; i++)
    mesh.weld(firstVertex + i * stride, firstVertex + i * stride + segments);
}

function addRing(
  mesh: Mesh,
  ring: Ring,
  points: Circle,
  segments: number,
  ripple: LoftOptions['ripple'],
  index: number,
): void {
  const { centre: c, across: a, along: b } = ring;
  const open = ring.openness ?? 1;
  const side = ring.sideShade ?? 0;
  const inner = ring.innerShade ?? 0;
  for (let j = 0; j <= segments; j++) {
    let x = points.x[j] as number;
    let y = points.y[j] as number;
    const towardsInside = inner > 0 ? Math.max(0, x) * inner : Math.min(0, x) * inner;
    const openness = open * (1 - side * x * x) * (1 - towardsInside);
    if (ripple) {
      const factor = ripple(index, j / segments);
      x *= factor;
      y *= factor;
    }
    mesh.addVertex(
      c[0] + a[0] * x + b[0] * y,
      c[1] + a[1] * x + b[1] * y,
      c[2] + a[2] * x + b[2] * y,
      j / segments,
      ring.v,
      openness,
    );
  }
}

function addQuad(
  mesh: Mesh,
  a: number,
  b: number,
  c: number,
  d: number,
  material: number,
  turned: boolean,
): void {
  if (turned) {
    mesh.addTriangle(a, c, b, material);
    mesh.addTriangle(b, c, d, material);
  } else {
    mesh.addTriangle(a, b, c, material);
    mesh.addTriangle(b, d, c, material);
  }
}

function addCap(
  mesh: Mesh,
  rings: readonly Ring[],
  firstVertex: number,
  segments: number,
  material: number,
  atStart: boolean,
  bulge: number,
): void {
  const index = atStart ? 0 : rings.length - 1;
  const ring = rings[index];
  const neighbour = rings[atStart ? 1 : rings.length - 2];
  if (!ring || !neighbour) return;
  const outwards = subtract(ring.centre, neighbour.centre);
  const step = bulge / Math.sqrt(dot(outwards, outwards) + 1e-20);
  const [x, y, z] = ring.centre;
  const v = ring.v + (atStart ? -bulge : bulge);
  const tip = mesh.addVertex(
    x + outwards[0] * step,
    y + outwards[1] * step,
    z + outwards[2] * step,
    0.25,
    v,
    ring.openness ?? 1,
  );
  const turned = runsBackwards(rings) !== atStart;
  for (let j = 0; j < segments; j++) {
    const a = firstVertex + index * (segments + 1) + j;
    if (turned) mesh.addTriangle(a + 1, a, tip, material);
    else mesh.addTriangle(a, a + 1, tip, material);
  }
}

/** Whether the sections turn clockwise seen from the loft's far end, so that triangles must be turned round. */
function runsBackwards(rings: readonly Ring[]): boolean {
  for (let i = 0; i + 1 < rings.length; i++) {
    const ring = rings[i];
    const next = rings[i + 1];
    if (!ring || !next) break;
    const sense = dot(cross(ring.across, ring.along), subtract(next.centre, ring.centre));
    if (sense !== 0) return sense < 0;
  }
  return false;
}

export interface Ball {
  readonly centre: Vector;
  /** Half axes; `right` × `forward` must point to `up`. */
  readonly right: Vector;
  readonly forward: Vector;
  readonly up: Vector;
}

/** A point of the unit sphere and its texture coordinates. */
export interface BallPoint {
  right: number;
  forward: number;
  up: number;
  u: number;
  v: number;
}

/** Writes the factors on the half axes (right, forward, up) at a point of the unit sphere into `factors`. */
export type BallShape = (point: Readonly<BallPoint>, factors: Float64Array) => void;

/**
 * A ball with `meridians` by `parallels` faces. Texture: u = 1/2 straight forward, growing to the ball's right;
 * v = 0 at the top. `materialAt` gives each face's material by its middle (u, v).
 */
export function addBall(
  mesh: Mesh,
  ball: Ball,
  meridians: number,
  parallels: number,
  materialAt: (u: number, v: number) => number,
  shape?: BallShape,
  opennessAt?: (up: number) => number,
): void {
  const firstVertex = mesh.vertexCount;
  const firstTriangle = mesh.triangleCount;
  const around = circle(meridians, 0);
  const down = circle(parallels * 2, 0);
  const factors = new Float64Array([1, 1, 1]);
  const point: BallPoint = { right: 0, forward: 0, up: 0, u: 0, v: 0 };
  const { centre: c, right: r, forward: f, up: u } = ball;
  for (let i = 0; i <= parallels; i++) {
    const height = down.x[i] as number;
    const width = down.y[i] as number;
    for (let j = 0; j <= meridians; j++) {
      point.right = -width * (around.y[j] as number);
      point.forward = -width * (around.x[j] as number);
      point.up = height;
      point.u = j / meridians;
      point.v = i / parallels;
      shape?.(point, factors);
      const kr = point.right * (factors[0] as number);
      const kf = point.forward * (factors[1] as number);
      const ku = height * (factors[2] as number);
      mesh.addVertex(
        c[0] + r[0] * kr + f[0] * kf + u[0] * ku,
        c[1] + r[1] * kr + f[1] * kf + u[1] * ku,
        c[2] + r[2] * kr + f[2] * kf + u[2] * ku,
        point.u,
        point.v,
        opennessAt?.(height) ?? 1,
      );
    }
  }
  const stride = meridians + 1;
  for (let i = 0; i < parallels; i++) {
    for (let j = 0; j < meridians; j++) {
      const a = firstVertex + i * stride + j;
      const material = materialAt((j + 0.5) / meridians, (i + 0.5) / parallels);
      if (i > 0) mesh.addTriangle(a, a + 1, a + stride, material);
      if (i < parallels - 1) mesh.addTriangle(a + 1, a + stride + 1, a + stride, material);
    }
  }
  mesh.smoothNormals(firstVertex, firstTriangle);
  for (let i = 0; i <= parallels; i++)
    mesh.weld(firstVertex + i * stride, firstVertex + i * stride + meridians);
}
