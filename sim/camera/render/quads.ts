/** Flat painted surfaces of the store, drawn once per camera with perspective-correct paint. */
import { type CameraPose, NEAR_METRES, type Vector } from '../camera-pose.js';
import { SAMPLES } from './silhouette.js';
import { cross, dot, subtract } from './vectors.js';

/** Writes the colour at (u, v), metres along the two edges from the origin, into `colour`. */
export type Paint = (u: number, v: number, colour: Float64Array) => void;

/** A parallelogram seen from the side to which edgeU × edgeV points. */
export interface Quad {
  readonly origin: Vector;
  readonly edgeU: Vector;
  readonly edgeV: Vector;
  readonly paint: Paint;
  /** How much light falls on it. */
  readonly light: number;
  /** Shadows of people fall on it. */
  readonly floor: boolean;
}

/** The picture in samples: three colour bytes, 1/depth, and whether the floor is seen. */
export class SampleCanvas {
  readonly width: number;
  readonly height: number;
  readonly colour: Uint8ClampedArray;
  readonly nearness: Float32Array<ArrayBuffer>;
  readonly floor: Uint8Array;

  constructor(pose: CameraPose) {
    this.width = pose.widthPixels * SAMPLES;
    this.height = pose.heightPixels * SAMPLES;
    this.colour = new Uint8ClampedArray(this.width * this.height * 3).fill(30);
    this.nearness = new Float32Array(this.width * this.height);
    this.floor = new Uint8Array(this.width * this.height);
  }
}

/** A corner on the picture: sample x and y, 1/depth, and u and v divided by depth. */
type Corner = readonly [x: number, y: number, near: number, u: number, v: number];
/** A corner before the camera: right, up, depth, u, v. */
type CameraCorner = readonly [number, number, number, number, number];

/** Draws the quads that face the camera, nearest first so that what is hidden is not painted. */
export function drawQuads(canvas: SampleCanvas, pose: CameraPose, quads: readonly Quad[]): void {
  const facing = quads
    .filter((quad) => dot(subtract(pose.position, quad.origin), cross(quad.edgeU, quad.edgeV)) > 0)
    .map((quad) => ({ quad, distance: distanceTo(pose, quad) }));
  facing.sort((a, b) => a.distance - b.distance);
  for (const { quad } of facing) drawQuad(canvas, pose, quad);
}

function distanceTo(pose: CameraPose, { origin, edgeU, edgeV }: Quad): number {
  const middle: Vector = [
    origin[0] + (edgeU[0] + edgeV[0]) / 2,
    origin[1] + (edgeU[1] + edgeV[1]) / 2,
    origin[2] + (edgeU[2] + edgeV[2]) / 2,
  ];
  const offset = subtract(middle, pose.position);
  return dot(offset, offset);
}

function drawQuad(canvas: SampleCanvas, pose: CameraPose, quad: Quad): void {
  const corners = clipNear(cameraCorners(pose, quad)).map((corner) => onPicture(pose, corner));
  const [first] = corners;
  for (let i = 1; first && i + 1 < corners.length; i++) {
    const second = corners[i];
    const third = corners[i + 1];
    if (second && third) drawTriangle(canvas, first, second, third, quad);
  }
}

function cameraCorners(pose: CameraPose, { origin, edgeU, edgeV }: Quad): readonly CameraCorner[] {
  const lengthU = Math.sqrt(dot(edgeU, edgeU));
  const lengthV = Math.sqrt(dot(edgeV, edgeV));
  const corner = (a: number, b: number): CameraCorner => {
    const offset = subtract(
      [
        origin[0] + edgeU[0] * a + edgeV[0] * b,
        origin[1] + edgeU[1] * a + edgeV[1] * b,
        origin[2] + edgeU[2] * a + edgeV[2] * b,
      ],
      pose.position,
    );
    return [
      dot(offset, pose.right),
      dot(offset, pose.up),
      dot(offset, pose.forward),
      a * lengthU,
      b * lengthV,
    ];
  };
  return [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
}

/** Sutherland and Hodgman's clipping at the near plane. */
function clipNear(corners: readonly CameraCorner[]): readonly CameraCorner[] {
  const kept: CameraCorner[] = [];
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length] ?? a;
    const aInside = a[2] >= NEAR_METRES;
    if (aInside) kept.push(a);
    if (aInside === b[2] >= NEAR_METRES) return;
    const t = (NEAR_METRES - a[2]) / (b[2] - a[2]);
    const at = (k: 0 | 1 | 3 | 4) => a[k] + (b[k] - a[k]) * t;
    kept.push([at(0), at(1), NEAR_METRES, at(3), at(4)]);
  });
  return kept;
}

function onPicture(pose: CameraPose, [right, up, depth, u, v]: CameraCorner): Corner {
  const near = 1 / depth;
  const focal = pose.focalPixels * SAMPLES;
  return [
    (pose.widthPixels * SAMPLES) / 2 + focal * right * near,
    (pose.heightPixels * SAMPLES) / 2 - focal * up * near,
    near,
    u * near,
    v * near,
  ];
}

const colour = new Float64Array(3);

function drawTriangle(canvas: SampleCanvas, a: Corner, first: Corner, second: Corner, quad: Quad): void {
  const turned = (first[0] - a[0]) * (second[1] - a[1]) - (first[1] - a[1]) * (second[0] - a[0]);
  if (turned === 0) return;
  const [b, c] = turned > 0 ? [first, second] : [second, first];
  const inverse = 1 / Math.abs(turned);
  const x0 = Math.max(0, Math.ceil(Math.min(a[0], b[0], c[0]) - 0.5));
  const x1 = Math.min(canvas.width - 1, Math.floor(Math.max(a[0], b[0], c[0]) - 0.5));
  const y0 = Math.max(0, Math.ceil(Math.min(a[1], b[1], c[1]) - 0.5));
  const y1 = Math.min(canvas.height - 1, Math.floor(Math.max(a[1], b[1], c[1]) - 0.5));
  const { colour: target, nearness, floor, width } = canvas;
  for (let y = y0; y <= y1; y++) {
    const py = y + 0.5;
    for (let x = x0; x <= x1; x++) {
      const px = x + 0.5;
      const w0 = ((b[0] - px) * (c[1] - py) - (b[1] - py) * (c[0] - px)) * inverse;
      const w1 = ((c[0] - px) * (a[1] - py) - (c[1] - py) * (a[0] - px)) * inverse;
      const w2 = 1 - w0 - w1;
      if (w0 < 0 || w1 < 0 || w2 < -1e-9) continue;
      const near = a[2] * w0 + b[2] * w1 + c[2] * w2;
      const i = y * width + x;
      if (near <= (nearness[i] as number)) continue;
      quad.paint(
        (a[3] * w0 + b[3] * w1 + c[3] * w2) / near,
        (a[4] * w0 + b[4] * w1 + c[4] * w2) / near,
        colour,
      );
      nearness[i] = near;
      floor[i] = quad.floor ? 1 : 0;
      target[i * 3] = (colour[0] as number) * quad.light;
      target[i * 3 + 1] = (colour[1] as number) * quad.light;
      target[i * 3 + 2] = (colour[2] as number) * quad.light;
    }
  }
}
