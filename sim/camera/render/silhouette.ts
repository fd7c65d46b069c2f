/**
 * One person on their own, as if nothing stood before them: which triangle covers each sample of the picture,
 * and how near. Samples lie `SAMPLES` by `SAMPLES` in a pixel, so that edges can be blended later.
 */
import { type CameraPose, NEAR_METRES } from '../camera-pose.js';
import type { Mesh } from './mesh.js';

/** Samples along each side of a pixel. */
export const SAMPLES = 2;

/** Where a person stands and which way they face. */
export interface Standing {
  readonly x: number;
  readonly y: number;
  /** Sine and cosine of the compass heading. */
  readonly sine: number;
  readonly cosine: number;
}

/** A rectangle of samples, right and bottom excluded. */
export interface SampleRectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A silhouette reaches at most this share of the picture's size beyond its edges. */
const MARGIN_SHARE = 0.5;
const EMPTY: SampleRectangle = { left: 0, top: 0, right: 0, bottom: 0 };

export class Silhouette {
  bounds: SampleRectangle = EMPTY;
  /** Row by row over `bounds`: 1/depth of the nearest surface, 0 where there is none. */
  nearness = new Float32Array(0);
  /** The triangle's index + 1, 0 where there is none. */
  triangle = new Uint16Array(0);

  /** Draws the mesh, whose `screen` must be filled. */
  draw(mesh: Mesh, pose: CameraPose): void {
    this.bounds = sampleBounds(mesh, pose);
    const { left, top, right, bottom } = this.bounds;
    const size = (right - left) * (bottom - top);
    if (size > this.triangle.length) {
      this.nearness = new Float32Array(size);
      this.triangle = new Uint16Array(size);
    } else {
      this.nearness.fill(0, 0, size);
      this.triangle.fill(0, 0, size);
    }
    if (size > 0) this.drawTriangles(mesh);
  }

  private drawTriangles(mesh: Mesh): void {
    const { screen: s, corners } = mesh;
    const { left, top, right, bottom } = this.bounds;
    const { nearness, triangle } = this;
    const stride = right - left;
    for (let k = 0; k < mesh.triangleCount; k++) {
      const a = (corners[k * 3] as number) * 3;
      // Seen from outside, corners run clockwise in a picture whose y grows downwards: exchange two.
      const b = (corners[k * 3 + 2] as number) * 3;
      const c = (corners[k * 3 + 1] as number) * 3;
      const na = s[a + 2] as number;
      const nb = s[b + 2] as number;
      const nc = s[c + 2] as number;
      if (na <= 0 || nb <= 0 || nc <= 0) continue;
      const ax = s[a] as number;
      const ay = s[a + 1] as number;
      const bx = s[b] as number;
      const by = s[b + 1] as number;
      const cx = s[c] as number;
      const cy = s[c + 1] as number;
      const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
      if (area <= 0) continue;
      const x0 = Math.max(left, Math.ceil(Math.min(ax, bx, cx) - 0.5));
      const x1 = Math.min(right - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
      const y0 = Math.max(top, Math.ceil(Math.min(ay, by, cy) - 0.5));
      const y1 = Math.min(bottom - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
      if (x0 > x1 || y0 > y1) continue;

      const inverse = 1 / area;
      const w0x = (by - cy) * inverse;
      const w0y = (cx - bx) * inverse;
      const w1x = (cy - ay) * inverse;
      const w1y = (ax - cx) * inverse;
      const px = x0 + 0.5;
      const py = y0 + 0.5;
      let row0 = ((bx - px) * (cy - py) - (by - py) * (cx - px)) * inverse;
      let row1 = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) * inverse;
      for (let y = y0; y <= y1; y++, row0 += w0y, row1 += w1y) {
        let w0 = row0;
        let w1 = row1;
        let i = (y - top) * stride + x0 - left;
        for (let x = x0; x <= x1; x++, w0 += w0x, w1 += w1x, i++) {
          const w2 = 1 - w0 - w1;
          if (w0 < -1e-6 || w1 < -1e-6 || w2 < -1e-6) continue;
          const near = na * w0 + nb * w1 + nc * w2;
          if (near <= (nearness[i] as number)) continue;
          nearness[i] = near;
          triangle[i] = k + 1;
        }
      }
    }
  }
}

/** Fills `mesh.screen`: sample coordinates and 1/depth, the latter negative for what is too near to draw. */
export function projectMesh(mesh: Mesh, pose: CameraPose, standing: Standing): void {
  const { positions: p, screen: s } = mesh;
  const row = (axis: CameraPose['right']) => [
    axis[0] * standing.cosine - axis[1] * standing.sine,
    axis[0] * standing.sine + axis[1] * standing.cosine,
    axis[2],
    axis[0] * (standing.x - pose.position[0]) +
      axis[1] * (standing.y - pose.position[1]) -
      axis[2] * pose.position[2],
  ];
  const [rx = 0, ry = 0, rz = 0, r0 = 0] = row(pose.right);
  const [ux = 0, uy = 0, uz = 0, u0 = 0] = row(pose.up);
  const [fx = 0, fy = 0, fz = 0, f0 = 0] = row(pose.forward);
  const focal = pose.focalPixels * SAMPLES;
  const middleX = (pose.widthPixels * SAMPLES) / 2;
  const middleY = (pose.heightPixels * SAMPLES) / 2;
  for (let i = 0; i < mesh.vertexCount * 3; i += 3) {
    const x = p[i] as number;
    const y = p[i + 1] as number;
    const z = p[i + 2] as number;
    const depth = x * fx + y * fy + z * fz + f0;
    const near = depth > NEAR_METRES ? 1 / depth : -1;
    s[i] = middleX + focal * (x * rx + y * ry + z * rz + r0) * near;
    s[i + 1] = middleY - focal * (x * ux + y * uy + z * uz + u0) * near;
    s[i + 2] = near;
  }
}

/** The rectangle of samples around some vertices that lie before the camera, cut at the margin. */
function sampleBounds(mesh: Mesh, pose: CameraPose): SampleRectangle {
  const box = vertexBounds(mesh, 0, mesh.vertexCount);
  if (!box) return EMPTY;
  const width = pose.widthPixels * SAMPLES;
  const height = pose.heightPixels * SAMPLES;
  const left = Math.max(Math.floor(-width * MARGIN_SHARE), Math.floor(box.left));
  const right = Math.min(Math.ceil(width * (1 + MARGIN_SHARE)), Math.ceil(box.right));
  const top = Math.max(Math.floor(-height * MARGIN_SHARE), Math.floor(box.top));
  const bottom = Math.min(Math.ceil(height * (1 + MARGIN_SHARE)), Math.ceil(box.bottom));
  return right > left && bottom > top ? { left, top, right, bottom } : EMPTY;
}

/** The exact extent in samples of the vertices [first, end); undefined when none lies before the camera. */
export function vertexBounds(mesh: Mesh, first: number, end: number): SampleRectangle | undefined {
  const s = mesh.screen;
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let i = first * 3; i < end * 3; i += 3) {
    if ((s[i + 2] as number) <= 0) continue;
    const x = s[i] as number;
    const y = s[i + 1] as number;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return left > right ? undefined : { left, top, right, bottom };
}
