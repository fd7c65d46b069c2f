/**
 * The light on a point of a person: an indoor sky that is brighter above, two rows of ceiling lamps, darkening
 * towards edges that turn away, and the material's own texture.
 */
import type { Vector } from '../camera-pose.js';
import { FINISH, type Material, PATTERN } from './materials.js';
import type { Mesh } from './mesh.js';
import { FOLDS, GRAIN, MOTTLE, texel } from './textures.js';

/** Directions in the person's own coordinates. */
export interface PersonLight {
  readonly key: Vector;
  readonly fill: Vector;
  /** The camera's position. */
  readonly eye: Vector;
}

/** Colour of one pixel in [0, 255], written by `shadePoint`. */
export type ShadeResult = Float64Array;

const EXPOSURE = 1.06;
/** Below this height the floor takes light away. */
const DIM_BELOW_METRES = 0.9;
/** Scratch for the material's own colour. */
const albedo = new Float64Array(3);

/** Shades the point of `triangle` with the barycentric weights (w0, w1, w2). */
export function shadePoint(
  mesh: Mesh,
  triangle: number,
  w0: number,
  w1: number,
  w2: number,
  material: Material,
  light: PersonLight,
  result: ShadeResult,
): void {
  const { corners, positions: p, normals: n, texture, openness } = mesh;
  const a = corners[triangle * 3] as number;
  const b = corners[triangle * 3 + 1] as number;
  const c = corners[triangle * 3 + 2] as number;
  const blend = (array: Float32Array, size: number, offset: number) =>
    (array[a * size + offset] as number) * w0 +
    (array[b * size + offset] as number) * w1 +
    (array[c * size + offset] as number) * w2;

  let nx = blend(n, 3, 0);
  let ny = blend(n, 3, 1);
  let nz = blend(n, 3, 2);
  const scale = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + 1e-12);
  nx *= scale;
  ny *= scale;
  nz *= scale;
  const ex = light.eye[0] - blend(p, 3, 0);
  const ey = light.eye[1] - blend(p, 3, 1);
  const z = blend(p, 3, 2);
  const ez = light.eye[2] - z;
  const facing = (nx * ex + ny * ey + nz * ez) / Math.sqrt(ex * ex + ey * ey + ez * ez);

  const relief = materialColour(material, blend(texture, 2, 0), blend(texture, 2, 1));
  const key = nx * light.key[0] + ny * light.key[1] + nz * light.key[2];
  const fill = nx * light.fill[0] + ny * light.fill[1] + nz * light.fill[2];
  const sky = 0.54 + 0.15 * nz;
  const lamps = (key > 0 ? key * 0.36 : key * 0.07) + (fill > 0 ? fill * 0.26 : fill * 0.04);
  const rim = 0.74 + 0.26 * (facing > 0 ? Math.sqrt(facing) : 0);
  const floorDim = z < DIM_BELOW_METRES ? 0.74 + (0.26 * z) / DIM_BELOW_METRES : 1;
  const level = (sky + lamps) * rim * blend(openness, 1, 0) * floorDim * (1 + relief) * EXPOSURE;
  const gloss = key > 0.5 ? glossOf(material, nz, relief) * 255 * (key - 0.5) * 2 : 0;
  result[0] = (albedo[0] as number) * level * 1.02 + gloss;
  result[1] = (albedo[1] as number) * level + gloss;
  result[2] = (albedo[2] as number) * level * 0.97 + gloss;
}

/** Fills `albedo` and returns how far folds or strands lighten (positive) or darken the point. */
function materialColour(material: Material, u: number, v: number): number {
  const [r, g, b] = material.colour;
  setAlbedo(r, g, b);
  switch (material.finish) {
    case FINISH.cloth:
      return clothColour(material, u, v);
    case FINISH.painted:
      texturedColour(material, u, v);
      return 0;
    case FINISH.skin:
      scaleAlbedo(1 + texel(MOTTLE, u * 256, v * 400) * 0.1);
      return 0;
    case FINISH.hair:
      return texel(GRAIN, u * 1400, v * 90) * 0.2 + texel(MOTTLE, u * 512, v * 120) * 0.16;
    case FINISH.plain:
    case FINISH.metal:
      return 0;
  }
}

function clothColour(material: Material, u: number, v: number): number {
  applyPattern(material, u, v);
  if (material.opening) applyOpening(material.opening.halfWidth, material.opening.inner, u, v);
  scaleAlbedo(1 + texel(GRAIN, u * 900, v * 700) * 0.06);
  return texel(FOLDS, u * 256 + material.foldOffset, v * 260) * material.folds;
}

function applyPattern(material: Material, u: number, v: number): void {
  const [r, g, b] = material.secondColour;
  switch (material.pattern) {
    case PATTERN.plain:
      return;
    case PATTERN.stripes:
      if ((Math.floor((v * 1000) / 38) & 1) === 1) setAlbedo(r, g, b);
      return;
    case PATTERN.check:
      mixAlbedo(r * 0.6, g * 0.6, b * 0.6, ((Math.floor(v * 22) & 1) + (Math.floor(u * 24) & 1)) * 0.42);
      return;
    case PATTERN.print:
      if (Math.abs(u - 0.25) < 0.075 && Math.abs(v - 0.2) < 0.06 && texel(MOTTLE, u * 900, v * 1400) > -0.1)
        setAlbedo(r, g, b);
      return;
    case PATTERN.denim: {
      const worn = Math.max(0, 1 - Math.abs(v - 0.22) * 5) * Math.max(0, 1 - Math.abs(u - 0.25) * 5);
      const seam = Math.abs(u - 0.5) < 0.012 || u < 0.012 || u > 0.988 ? 0.78 : 1;
      scaleAlbedo((1 + 0.22 * worn) * seam);
      return;
    }
  }
}

/** The garment's front: what is worn under an open jacket, and the dark line of its edge or buttons. */
function applyOpening(
  halfWidth: number,
  inner: readonly [number, number, number],
  u: number,
  v: number,
): void {
  const fromMiddle = Math.abs(u - 0.25);
  const half = halfWidth * (1 + Math.max(0, 0.14 - v) * 6);
  if (fromMiddle < half) setAlbedo(inner[0], inner[1], inner[2]);
  else if (fromMiddle < half + 0.008) scaleAlbedo(0.62);
}

function texturedColour(material: Material, u: number, v: number): void {
  const { texture, textureSize: size } = material;
  if (!texture) return;
  const x = Math.min(size - 1, Math.floor(u * size));
  const y = Math.min(size - 1, Math.floor(v * size));
  const i = (y * size + x) * 3;
  setAlbedo(texture[i] as number, texture[i + 1] as number, texture[i + 2] as number);
}

function glossOf(material: Material, nz: number, relief: number): number {
  switch (material.finish) {
    case FINISH.cloth:
      return 0;
    case FINISH.skin:
      return 0.045;
    case FINISH.painted:
      return 0.05;
    case FINISH.hair: {
      const upward = nz * 0.6 + 0.3;
      return upward > 0 ? upward * upward * 0.16 * (1 + relief) : 0;
    }
    case FINISH.plain:
      return 0.08;
    case FINISH.metal:
      return 0.25;
  }
}

function setAlbedo(r: number, g: number, b: number): void {
  albedo[0] = r;
  albedo[1] = g;
  albedo[2] = b;
}

function scaleAlbedo(factor: number): void {
  albedo[0] = (albedo[0] as number) * factor;
  albedo[1] = (albedo[1] as number) * factor;
  albedo[2] = (albedo[2] as number) * factor;
}

function mixAlbedo(r: number, g: number, b: number, share: number): void {
  albedo[0] = (albedo[0] as number) * (1 - share) + r * share;
  albedo[1] = (albedo[1] as number) * (1 - share) + g * share;
  albedo[2] = (albedo[2] as number) * (1 - share) + b * share;
}
