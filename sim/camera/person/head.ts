/** Head, neck, ears, hair and hats. */
import { clamp, smoothStep } from '../arithmetic.js';
import type { Vector } from '../camera-pose.js';
import type { Mesh } from '../render/mesh.js';
import { addBall, addLoft, type Ball, type BallPoint, type BallShape, type Ring } from '../render/solids.js';
import { add, along, scale } from '../render/vectors.js';
import type { Appearance } from './appearance.js';
import type { Detail } from './detail.js';
import { FACE_BOTTOM, FACE_HALF_WIDTH, FACE_TOP, hairline } from './face-texture.js';
import type { Head, Skeleton } from './skeleton.js';
import { SLOT } from './slots.js';

/** Half axes of a head as shares of chin to crown. */
const HALF_WIDTH = 0.345;
const HALF_DEPTH = 0.425;
const HALF_HEIGHT = 0.5;

/** The vertices of head and hair, for the head's box. */
export interface HeadVertices {
  readonly first: number;
  readonly end: number;
}

export function addHead(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail): HeadVertices {
  addNeck(mesh, look, skeleton, detail);
  const { head } = skeleton;
  const ball: Ball = {
    centre: head.centre,
    right: scale(head.right, HALF_WIDTH * head.height),
    forward: scale(head.forward, HALF_DEPTH * head.height),
    up: scale(head.up, HALF_HEIGHT * head.height),
  };
  const first = mesh.vertexCount;
  addBall(mesh, ball, detail.headMeridians, detail.headParallels, headSlot, skull, (up) =>
    up < -0.55 ? 0.8 : 1,
  );
  if (detail.trimmings) addEars(mesh, head);
  addHair(mesh, look, head, ball, detail);
  return { first, end: mesh.vertexCount };
}

function headSlot(u: number, v: number): number {
  const inFace = Math.abs(u - 0.5) < FACE_HALF_WIDTH && v > FACE_TOP && v < FACE_BOTTOM;
  return inFace ? SLOT.face : SLOT.head;
}

function addNeck(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail): void {
  const h = skeleton.height;
  const slim = look.female || look.child ? 0.87 : 1.02;
  const { neckBase, neckTop } = skeleton;
  const ring = (centre: Vector, width: number, depth: number, v: number, openness: number): Ring => ({
    centre,
    across: [width * slim * h, 0, 0],
    along: [0, depth * slim * h, 0],
    v,
    openness,
  });
  const middle = along(scale(add(neckBase, neckTop), 0.5), [0, 1, 0], -0.002 * h);
  const rings = [
    ring(add(neckBase, [0, 0, -0.014 * h]), 0.046, 0.042, 0, 0.92),
    ring(add(neckBase, [0, 0, 0.002 * h]), 0.034, 0.036, 0.2, 0.9),
    ring(middle, 0.03, 0.032, 0.4, 0.82),
    ring(neckTop, 0.0295, 0.031, 0.6, 0.7),
  ];
  addLoft(mesh, rings, detail.limbSegments + 2, SLOT.skin);
}

/** A bump at (x, y) with the given half widths, falling like 1/(1+q)². */
function bump(x: number, y: number, halfWidth: number, halfHeight: number): number {
  const a = x / halfWidth;
  const b = y / halfHeight;
  const q = 1 + a * a + b * b;
  return 1 / (q * q);
}

/** A skull with brow, nose, lips, cheekbones and chin, as factors on a ball's half axes. */
const skull: BallShape = (point, factors) => {
  const { right, forward, up } = point;
  const aside = Math.abs(right);
  let wide = 1.02;
  let deep = forward > 0 ? 0.965 : 1.08;
  if (up < 0) {
    wide = 1.02 - 0.09 * -up - 0.24 * up * up;
    deep = forward > 0 ? 0.965 + 0.075 * up * up : 1.08 - 0.42 * -up;
  } else {
    wide += 0.03 * bump(up - 0.35, 0, 0.3, 1);
  }
  if (forward > 0.4) {
    const profile =
      0.035 * bump(aside - 0.3, up - 0.2, 0.3, 0.09) -
      0.05 * bump(aside - 0.4, up - 0.02, 0.17, 0.1) +
      noseProfile(aside, up) +
      0.035 * bump(aside, up + 0.5, 0.2, 0.09) -
      0.02 * bump(aside, up + 0.63, 0.25, 0.05) +
      0.05 * bump(aside, up + 0.8, 0.2, 0.12);
    deep += profile * smoothStep(0.4, 0.65, forward);
    wide += 0.03 * bump(aside - 0.62, up + 0.12, 0.2, 0.14);
  }
  factors[0] = wide;
  factors[1] = deep;
  factors[2] = 1;
};

function noseProfile(aside: number, up: number): number {
  const across = 1 - aside / (0.12 + 0.08 * clamp(-up / 0.35, 0, 1));
  if (across <= 0) return 0;
  const ridge = up > -0.33 ? clamp((0.14 - up) / 0.47, 0, 1) : clamp((up + 0.43) / 0.1, 0, 1);
  return 0.19 * across * ridge;
}

function addEars(mesh: Mesh, head: Head): void {
  const h = head.height;
  for (const side of [-1, 1]) {
    const root = along(along(head.centre, head.right, side * HALF_WIDTH * 0.99 * h), head.forward, -0.03 * h);
    const ear: Ball = {
      centre: along(root, head.up, -0.03 * h),
      right: scale(head.right, 0.035 * h),
      forward: scale(head.forward, 0.055 * h),
      up: scale(head.up, 0.12 * h),
    };
    addBall(mesh, ear, 8, 6, () => SLOT.skin);
  }
}

function addHair(mesh: Mesh, look: Appearance, head: Head, skullBall: Ball, detail: Detail): void {
  const style = look.hairStyle;
  if (style === 'bald') return;
  addHairCap(mesh, look, skullBall, detail);
  if (style === 'long' || style === 'bob') addHangingHair(mesh, head, style === 'long', detail);
  if (style === 'bun') addBun(mesh, head);
  if (style === 'tail') addPonyTail(mesh, head);
  if (style === 'cap' || style === 'beanie') addHat(mesh, head, skullBall, style === 'cap', detail);
}

function hairThickness(look: Appearance): number {
  switch (look.hairStyle) {
    case 'crop':
      return 1.03;
    case 'cap':
    case 'beanie':
      return 1.035;
    case 'short':
      return 1.065;
    default:
      return 1.085;
  }
}

/** A second, larger skull that dives under the first one where the face begins. */
function addHairCap(mesh: Mesh, look: Appearance, skullBall: Ball, detail: Detail): void {
  const thick = hairThickness(look);
  const shape: BallShape = (point, factors) => {
    skull(point, factors);
    const aside = Math.abs(point.u - 0.5);
    const line = hairline(look, aside);
    const cover = smoothStep(line + 0.035, line - 0.045, point.v);
    const tuft = look.hairStyle === 'short' && point.up > 0.5 ? 0.025 : 0;
    const size = 0.94 + (thick - 0.94) * cover;
    factors[0] = (factors[0] ?? 1) * size;
    factors[1] = (factors[1] ?? 1) * size;
    factors[2] = size + tuft * cover;
  };
  addBall(mesh, skullBall, detail.headMeridians, detail.headParallels, () => SLOT.hair, shape);
}

/** A section of hair behind the head: how far below and behind its middle, half width and half depth. */
function behind(head: Head, down: number, back: number, width: number, depth: number, v: number): Ring {
  const h = head.height;
  return {
    centre: along(along(head.centre, head.up, -down * h), head.forward, -back * HALF_DEPTH * h),
    across: scale(head.right, width * HALF_WIDTH * h),
    along: scale(head.forward, depth * HALF_DEPTH * h),
    v,
  };
}

function addHangingHair(mesh: Mesh, head: Head, long: boolean, detail: Detail): void {
  const length = long ? 1.7 : 1.05;
  const rings = [
    behind(head, -0.2, 0.42, 0.9, 0.62, 0),
    behind(head, 0.1, 0.42, 1.12, 0.68, 0.1),
    behind(head, 0.4, 0.5, 1.14, 0.56, 0.2),
    behind(head, 0.4 + (length - 1.05) * 0.5, 0.62, 1.1, 0.42, 0.35),
    behind(head, length * 0.55 + 0.1, 0.66, 0.85, 0.3, 0.5),
  ];
  addLoft(mesh, rings, detail.limbSegments + 4, SLOT.hair, { startCap: 0.01, endCap: 0.02 });
}

function addPonyTail(mesh: Mesh, head: Head): void {
  const rings = [
    behind(head, -0.12, 0.98, 0.2, 0.12, 0),
    behind(head, -0.05, 1.22, 0.32, 0.2, 0.05),
    behind(head, 0.25, 1.32, 0.36, 0.22, 0.15),
    behind(head, 0.6, 1.28, 0.28, 0.17, 0.3),
    behind(head, 0.85, 1.2, 0.12, 0.08, 0.4),
  ];
  addLoft(mesh, rings, 8, SLOT.hair, { startCap: 0.01, endCap: 0.01 });
}

function addBun(mesh: Mesh, head: Head): void {
  const h = head.height;
  const bun: Ball = {
    centre: along(along(head.centre, head.up, 0.25 * h), head.forward, -1.0 * HALF_DEPTH * h),
    right: scale(head.right, 0.14 * h),
    forward: scale(head.forward, 0.14 * h),
    up: scale(head.up, 0.16 * h),
  };
  addBall(mesh, bun, 10, 8, () => SLOT.hair);
}

function addHat(mesh: Mesh, head: Head, skullBall: Ball, cap: boolean, detail: Detail): void {
  const h = head.height;
  const edge = cap ? 0.18 : 0.05;
  const shape = (point: Readonly<BallPoint>, factors: Float64Array) => {
    const crown = point.up >= edge;
    factors[0] = crown ? 1.11 : 0.9;
    factors[1] = crown ? 1.11 : 0.9;
    factors[2] = crown ? 1.09 : 0.55;
  };
  const hat = { ...skullBall, centre: along(skullBall.centre, skullBall.up, 0.05) };
  addBall(mesh, hat, detail.headMeridians, detail.headParallels, () => SLOT.hat, shape);
  if (!cap) return;
  const brim = (ahead: number, width: number, thick: number): Ring => ({
    centre: along(
      along(head.centre, head.forward, ahead * HALF_DEPTH * h),
      head.up,
      (0.12 - 0.03 * ahead) * h,
    ),
    across: scale(head.right, width * HALF_WIDTH * h),
    along: scale(head.up, thick * h),
    v: ahead,
  });
  const rings = [brim(0.7, 0.95, 0.03), brim(1.25, 0.85, 0.022), brim(1.6, 0.5, 0.016)];
  addLoft(mesh, rings, 10, SLOT.hat, { startCap: 0.01, endCap: 0.03 });
}
