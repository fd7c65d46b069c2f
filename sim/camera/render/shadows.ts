/** Soft shadows of people on the floor: a wide pool, a darker core, and one under each shoe. */
import { type CameraPose, NEAR_METRES, projectPoint } from '../camera-pose.js';
import type { Skeleton } from '../person/skeleton.js';
import { SAMPLES, type Standing } from './silhouette.js';

/** An ellipse on the floor, in the person's own coordinates: to their right and ahead, metres. */
interface Shadow {
  readonly aside: number;
  readonly ahead: number;
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

/** How far the pool of a person of 1.7 m reaches; it holds the other shadows. */
const POOL_METRES = 0.62;

export function castShadows(ground: ShadowGround, skeleton: Skeleton, standing: Standing): void {
  const { height } = skeleton;
  const reach = (POOL_METRES * height) / 1.7;
  const feet = skeleton.legs.map(({ ankle }): Shadow => {
    const onFloor = Math.max(0.2, 1 - (ankle[2] - 0.05 * height) * 5);
    return {
      aside: ankle[0],
      ahead: ankle[1] + 0.03 * height,
      halfWidth: 0.085 * height,
      halfLength: 0.12 * height,
      strength: 0.5 * onFloor,
    };
  });
  const shadows = [
    { aside: 0, ahead: 0, halfWidth: reach, halfLength: reach, strength: 0.32 },
    { aside: 0, ahead: 0, halfWidth: 0.3, halfLength: 0.3, strength: 0.24 },
    ...feet,
  ];
  const bounds = shadowBounds(ground.pose, standing, reach);
  if (bounds) darken(ground, standing, shadows, bounds);
}

/** Pixels, both ends included. */
interface PixelBounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function darken(
  { pose, rgba, floor }: ShadowGround,
  standing: Standing,
  shadows: readonly Shadow[],
  bounds: PixelBounds,
): void {
  const { position: p, right: r, up: u, forward: f, focalPixels, widthPixels, heightPixels } = pose;
  for (let row = bounds.top; row <= bounds.bottom; row++) {
    const v = (heightPixels / 2 - row - 0.5) / focalPixels;
    const fall = f[2] + u[2] * v;
    if (fall >= 0) continue;
    // Where the lines of sight of this row meet the floor, relative to the person: a start and a step a pixel.
    const depth = -p[2] / fall;
    const h0 = (bounds.left + 0.5 - widthPixels / 2) / focalPixels;
    let dx = p[0] + (f[0] + r[0] * h0 + u[0] * v) * depth - standing.x;
    let dy = p[1] + (f[1] + r[1] * h0 + u[1] * v) * depth - standing.y;
    const stepX = (r[0] * depth) / focalPixels;
    const stepY = (r[1] * depth) / focalPixels;
    for (let column = bounds.left; column <= bounds.right; column++, dx += stepX, dy += stepY) {
      const pixel = row * widthPixels + column;
      const share = floor[pixel] as number;
      if (share === 0) continue;
      const aside = dx * standing.cosine - dy * standing.sine;
      const ahead = dx * standing.sine + dy * standing.cosine;
      const light = lightLeft(shadows, aside, ahead);
      if (light === 1) continue;
      const factor = 1 - ((1 - light) * share) / (SAMPLES * SAMPLES);
      const i = pixel * 4;
      rgba[i] = (rgba[i] as number) * factor;
      rgba[i + 1] = (rgba[i + 1] as number) * factor;
      rgba[i + 2] = (rgba[i + 2] as number) * factor;
    }
  }
}

/** The light in (0, 1] that the shadows leave at a point of the floor. */
function lightLeft(shadows: readonly Shadow[], aside: number, ahead: number): number {
  let light = 1;
  for (const shadow of shadows) {
    const a = (aside - shadow.aside) / shadow.halfWidth;
    const b = (ahead - shadow.ahead) / shadow.halfLength;
    const depth = 1 - a * a - b * b;
    if (depth > 0) light *= 1 - shadow.strength * depth * depth;
  }
  return light;
}

/** The pixels around the pool; undefined when it is outside the picture or too near the camera. */
function shadowBounds(pose: CameraPose, { x, y }: Standing, reach: number): PixelBounds | undefined {
  let left = pose.widthPixels - 1;
  let right = 0;
  let top = pose.heightPixels - 1;
  let bottom = 0;
  for (const dx of [-reach, reach]) {
    for (const dy of [-reach, reach]) {
      const corner = projectPoint(pose, x + dx, y + dy, 0);
      if (corner.depthMetres < NEAR_METRES) return undefined;
      left = Math.min(left, Math.floor(corner.x));
      right = Math.max(right, Math.ceil(corner.x));
      top = Math.min(top, Math.floor(corner.y));
      bottom = Math.max(bottom, Math.ceil(corner.y));
    }
  }
  left = Math.max(0, left);
  top = Math.max(0, top);
  right = Math.min(pose.widthPixels - 1, right);
  bottom = Math.min(pose.heightPixels - 1, bottom);
  return left <= right && top <= bottom ? { left, right, top, bottom } : undefined;
}
