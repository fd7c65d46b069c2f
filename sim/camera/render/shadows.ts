/** Soft shadows of people on the floor: a wide pool, a darker core, and one under each shoe. */
import { type CameraPose, NEAR_METRES, projectPoint } from '../camera-pose.js';
import type { Skeleton } from '../person/skeleton.js';
import type { Standing } from './silhouette.js';
import { SAMPLES } from './silhouette.js';

/** An ellipse on the floor, `halfLength` along the heading of the person. */
interface Shadow {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfLength: number;
  readonly strength: number;
}

/** What shadows fall on. */
export interface ShadowGround {
  readonly pose: CameraPose;
  readonly rgba: Uint8ClampedArray;
  readonly floor: Uint8Array;
}

export function castShadows(ground: ShadowGround, skeleton: Skeleton, standing: Standing): void {
  const { height } = skeleton;
  const reach = (0.62 * height) / 1.7;
  const { x, y } = standing;
  darken(ground, standing, { x, y, halfWidth: reach, halfLength: reach, strength: 0.32 });
  darken(ground, standing, { x, y, halfWidth: 0.3, halfLength: 0.3, strength: 0.24 });
  for (const { ankle, side } of skeleton.legs) {
    const lifted = Math.max(0.2, 1 - (ankle[2] - 0.05 * height) * 5);
    const ahead = ankle[1] + 0.03 * height;
    darken(ground, standing, {
      x: x + standing.cosine * ankle[0] + standing.sine * ahead,
      y: y - standing.sine * ankle[0] + standing.cosine * ahead,
      halfWidth: 0.085 * height + 0.002 * side,
      halfLength: 0.12 * height,
      strength: 0.5 * lifted,
    });
  }
}

function darken(ground: ShadowGround, standing: Standing, shadow: Shadow): void {
  const { pose, rgba, floor } = ground;
  const bounds = shadowBounds(pose, shadow);
  if (!bounds) return;
  const { position: p, right: r, up: u, forward: f, focalPixels, widthPixels, heightPixels } = pose;
  for (let row = bounds.top; row <= bounds.bottom; row++) {
    const v = (heightPixels / 2 - row - 0.5) / focalPixels;
    const dz = f[2] + u[2] * v;
    if (dz >= 0) continue;
    const depth = -p[2] / dz;
    for (let column = bounds.left; column <= bounds.right; column++) {
      const pixel = row * widthPixels + column;
      const share = floor[pixel] as number;
      if (share === 0) continue;
      const h = (column + 0.5 - widthPixels / 2) / focalPixels;
      const dx = p[0] + (f[0] + r[0] * h + u[0] * v) * depth - shadow.x;
      const dy = p[1] + (f[1] + r[1] * h + u[1] * v) * depth - shadow.y;
      const across = (dx * standing.cosine - dy * standing.sine) / shadow.halfWidth;
      const along = (dx * standing.sine + dy * standing.cosine) / shadow.halfLength;
      const distance = across * across + along * along;
      if (distance >= 1) continue;
      const shade = (shadow.strength * (1 - distance) * (1 - distance) * share) / (SAMPLES * SAMPLES);
      const i = pixel * 4;
      rgba[i] = (rgba[i] as number) * (1 - shade);
      rgba[i + 1] = (rgba[i + 1] as number) * (1 - shade);
      rgba[i + 2] = (rgba[i + 2] as number) * (1 - shade);
    }
  }
}

/** The pixels around the shadow, both ends included; undefined when it is outside or too near the camera. */
function shadowBounds(pose: CameraPose, { x, y, halfWidth, halfLength }: Shadow) {
  const reach = Math.max(halfWidth, halfLength);
  let left = pose.widthPixels - 1;
  let right = 0;
  let top = pose.heightPixels - 1;
  let bottom = 0;
  for (const [dx, dy] of [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const) {
    const corner = projectPoint(pose, x + dx * reach, y + dy * reach, 0);
    if (corner.depthMetres < NEAR_METRES) return undefined;
    left = Math.min(left, Math.floor(corner.x));
    right = Math.max(right, Math.ceil(corner.x));
    top = Math.min(top, Math.floor(corner.y));
    bottom = Math.max(bottom, Math.ceil(corner.y));
  }
  left = Math.max(0, left);
  top = Math.max(0, top);
  right = Math.min(pose.widthPixels - 1, right);
  bottom = Math.min(pose.heightPixels - 1, bottom);
  return left <= right && top <= bottom ? { left, right, top, bottom } : undefined;
}
