/** A pinhole camera in the store: from metres on the floor to pixels of the picture. */
import { angleOf, cosine, degrees, radians, sine, tangent } from './arithmetic.js';
import type { SceneCamera } from './scene.js';

export type Vector = readonly [number, number, number];

export interface CameraPose {
  readonly position: Vector;
  /** Unit vectors of the camera: to the right of the picture, to its top, and along its axis. */
  readonly right: Vector;
  readonly up: Vector;
  readonly forward: Vector;
  /** Pixels per unit of tangent; pixels are square. */
  readonly focalPixels: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** A point of the picture; `depthMetres` is along the axis, positive in front of the camera. */
export interface ProjectedPoint {
  readonly x: number;
  readonly y: number;
  readonly depthMetres: number;
}

/** Nothing nearer than this is drawn or seen. */
export const NEAR_METRES = 0.12;

export function cameraPose(camera: SceneCamera): CameraPose {
  const heading = radians(camera.headingDegrees);
  const tilt = radians(camera.tiltDegrees);
  const [sh, ch, st, ct] = [sine(heading), cosine(heading), sine(tilt), cosine(tilt)];
  return {
    position: [camera.at.x, camera.at.y, camera.heightMetres],
    right: [ch, -sh, 0],
    up: [sh * st, ch * st, ct],
    forward: [sh * ct, ch * ct, -st],
    focalPixels: camera.widthPixels / 2 / tangent(radians(camera.fieldOfViewDegrees) / 2),
    widthPixels: camera.widthPixels,
    heightPixels: camera.heightPixels,
  };
}

/** Where a point of the store appears; meaningless unless `depthMetres` exceeds `NEAR_METRES`. */
export function projectPoint(pose: CameraPose, x: number, y: number, z: number): ProjectedPoint {
  const { position: p, right: r, up: u, forward: f } = pose;
  const dx = x - p[0];
  const dy = y - p[1];
  const dz = z - p[2];
  const depthMetres = dx * f[0] + dy * f[1] + dz * f[2];
  const scale = pose.focalPixels / depthMetres;
  return {
    x: pose.widthPixels / 2 + (dx * r[0] + dy * r[1] + dz * r[2]) * scale,
    y: pose.heightPixels / 2 - (dx * u[0] + dy * u[1] + dz * u[2]) * scale,
    depthMetres,
  };
}

/** Pixels between the feet and the crown of somebody of `heightMetres` who stands at (x, y). */
export function personPixelHeight(pose: CameraPose, x: number, y: number, heightMetres: number): number {
  const feet = projectPoint(pose, x, y, 0);
  const crown = projectPoint(pose, x, y, heightMetres);
  if (feet.depthMetres < NEAR_METRES || crown.depthMetres < NEAR_METRES) return pose.heightPixels;
  const dx = feet.x - crown.x;
  const dy = feet.y - crown.y;
  return Math.sqrt(dx * dx + dy * dy);
}

/** The angle below the horizontal, in degrees, under which the camera sees the point: what makes people flat. */
export function elevationDegrees(pose: CameraPose, x: number, y: number, z: number): number {
  const dx = x - pose.position[0];
  const dy = y - pose.position[1];
  return degrees(angleOf(pose.position[2] - z, Math.sqrt(dx * dx + dy * dy)));
}

/** Compass heading in radians from (x, y) towards the camera. */
export function headingToCamera(pose: CameraPose, x: number, y: number): number {
  return angleOf(pose.position[0] - x, pose.position[1] - y);
}

/** Metres from the camera to a point of the store. */
export function distanceTo(pose: CameraPose, x: number, y: number, z: number): number {
  const dx = x - pose.position[0];
  const dy = y - pose.position[1];
  const dz = z - pose.position[2];
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
