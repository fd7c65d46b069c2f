/**
 * A person's outline in the picture without drawing them: the body as a stack of level ellipses, projected. Good
 * for boxes and for what hides whom; a test holds it against the drawn silhouettes.
 */
import { cosine, sine } from '../arithmetic.js';
import { type CameraPose, NEAR_METRES } from '../camera-pose.js';
import type { SceneShopper } from '../scene.js';

/**
 * Height, half axes (sideways, forward) and how far ahead of the feet the body's levels lie, as shares of body
 * height; arms and what they carry included.
 */
const LEVELS = [
  [0, 0.095, 0.085, 0.01],
  [0.28, 0.105, 0.075, 0.005],
  [0.48, 0.155, 0.11, 0],
  [0.65, 0.165, 0.115, 0.015],
  [0.8, 0.15, 0.085, 0.03],
  [0.845, 0.06, 0.06, 0.04],
  [0.875, 0.05, 0.06, 0.05],
  [0.94, 0.055, 0.066, 0.058],
  [1, 0.034, 0.04, 0.06],
] as const;
export const LEVEL_COUNT = LEVELS.length;
/** The first level of the head: the chin. */
export const HEAD_LEVEL = 6;
/** How far the feet reach before and behind the trunk at a comfortable pace, as a share of body height. */
const STRIDE_REACH = 0.17;
const COMFORTABLE_SPEED = 1.34;

/** A projected outline; the arrays hold one number a level, from the feet up. */
export class BodyOutline {
  readonly x = new Float64Array(LEVEL_COUNT);
  readonly y = new Float64Array(LEVEL_COUNT);
  /** Half extents in pixels. */
  readonly halfWidth = new Float64Array(LEVEL_COUNT);
  readonly halfHeight = new Float64Array(LEVEL_COUNT);
  left = 0;
  top = 0;
  right = 0;
  bottom = 0;
  /** Along the camera's axis, at the feet and the crown: whichever is nearer. */
  depthMetres = 0;

  /** Projects the shopper; false when part of them is too near the camera or behind it. */
  project(pose: CameraPose, { state, profile }: SceneShopper): boolean {
    const { position: p, right: r, up: u, forward: f } = pose;
    const height = profile.heightMetres;
    const dx = state.x - p[0];
    const dy = state.y - p[1];
    const feetDepth = dx * f[0] + dy * f[1] - p[2] * f[2];
    const crownDepth = feetDepth + height * f[2];
    if (feetDepth < NEAR_METRES || crownDepth < NEAR_METRES) return false;
    this.depthMetres = Math.min(feetDepth, crownDepth);
    const s = sine(state.headingRadians);
    const c = cosine(state.headingRadians);
    // The camera's axes in the person's own directions: (sideways, forward).
    const rightAside = r[0] * c - r[1] * s;
    const rightAhead = r[0] * s + r[1] * c;
    const upAside = u[0] * c - u[1] * s;
    const upAhead = u[0] * s + u[1] * c;
    const stride = STRIDE_REACH * Math.min(1.15, state.speedMetresPerSecond / COMFORTABLE_SPEED);
    const baseX = dx * r[0] + dy * r[1] - p[2] * r[2];
    const baseY = dx * u[0] + dy * u[1] - p[2] * u[2];
    this.left = this.top = Number.POSITIVE_INFINITY;
    this.right = this.bottom = Number.NEGATIVE_INFINITY;
    for (let level = 0; level < LEVEL_COUNT; level++) {
      const [share, aside, ahead, lean] = LEVELS[level] ?? LEVELS[0];
      const z = share * height;
      const scale = pose.focalPixels / (feetDepth + z * f[2]);
      const halfAside = aside * height;
      const halfAhead = (ahead + (share < 0.5 ? stride * (1 - share * 2) : 0)) * height;
      const x = pose.widthPixels / 2 + (baseX + z * r[2] + lean * height * rightAhead) * scale;
      const y = pose.heightPixels / 2 - (baseY + z * u[2] + lean * height * upAhead) * scale;
      const halfWidth = scale * extent(halfAside * rightAside, halfAhead * rightAhead);
      const halfHeight = scale * extent(halfAside * upAside, halfAhead * upAhead);
      this.x[level] = x;
      this.y[level] = y;
      this.halfWidth[level] = halfWidth;
      this.halfHeight[level] = halfHeight;
      this.left = Math.min(this.left, x - halfWidth);
      this.right = Math.max(this.right, x + halfWidth);
      this.top = Math.min(this.top, y - halfHeight);
      this.bottom = Math.max(this.bottom, y + halfHeight);
    }
    return true;
  }

  /** Whether a point of the picture lies within the outline. */
  covers(x: number, y: number): boolean {
    if (x < this.left || x > this.right || y < this.top || y > this.bottom) return false;
    for (let level = 0; level + 1 < LEVEL_COUNT; level++) {
      const low = this.y[level] as number;
      const high = this.y[level + 1] as number;
      if (y > low || y < high) continue;
      const share = (low - y) / (low - high);
      const middle = (this.x[level] as number) * (1 - share) + (this.x[level + 1] as number) * share;
      const half =
        (this.halfWidth[level] as number) * (1 - share) + (this.halfWidth[level + 1] as number) * share;
      if (Math.abs(x - middle) <= half) return true;
    }
    return false;
  }

  overlaps(other: BodyOutline): boolean {
    return (
      this.left < other.right && other.left < this.right && this.top < other.bottom && other.top < this.bottom
    );
  }
}

function extent(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}

/** Height above the floor at a level, as a share of body height. */
export function levelShare(level: number): number {
  return LEVELS[level]?.[0] ?? 1;
}
