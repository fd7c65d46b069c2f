/** Tiling noise textures, built once: the folds of cloth, the grain of yarn and hair, the mottling of surfaces. */
import { clamp } from '../arithmetic.js';
import { hashRandom } from '../hash-random.js';

export const TEXTURE_SIZE = 256;
const MASK = TEXTURE_SIZE - 1;

/** Smooth noise in [0, 1] from a lattice of `cellsX` by `cellsY` random values. */
function valueNoise(seed: number, cellsX: number, cellsY: number): Float32Array {
  const random = hashRandom(seed);
  const lattice = Float32Array.from({ length: cellsX * cellsY }, random);
  const texture = new Float32Array(TEXTURE_SIZE * TEXTURE_SIZE);
  const at = (x: number, y: number) => lattice[(y % cellsY) * cellsX + (x % cellsX)] ?? 0;
  for (let y = 0; y < TEXTURE_SIZE; y++) {
    const fy = (y * cellsY) / TEXTURE_SIZE;
    const y0 = Math.floor(fy);
    const ty = ease(fy - y0);
    for (let x = 0; x < TEXTURE_SIZE; x++) {
      const fx = (x * cellsX) / TEXTURE_SIZE;
      const x0 = Math.floor(fx);
      const tx = ease(fx - x0);
      const upper = at(x0, y0) * (1 - tx) + at(x0 + 1, y0) * tx;
      const lower = at(x0, y0 + 1) * (1 - tx) + at(x0 + 1, y0 + 1) * tx;
      texture[y * TEXTURE_SIZE + x] = upper * (1 - ty) + lower * ty;
    }
  }
  return texture;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

const BROAD = valueNoise(1, 8, 8);
const MEDIUM = valueNoise(2, 16, 16);
const FINE = valueNoise(3, 64, 64);

/** The light on ridges that run across: the slope of two layers of ridged noise, in [-0.5, 0.5]. */
export const FOLDS = foldTexture();
/** Fine grain, in [-0.75, 0.75]. */
export const GRAIN = grainTexture();
/** Soft blotches, in [-0.5, 0.5]. */
export const MOTTLE = MEDIUM.map(
  (medium, i) => (BROAD[i] ?? 0) * 0.5 + medium * 0.3 + (FINE[i] ?? 0) * 0.2 - 0.5,
);

function foldTexture(): Float32Array {
  const coarse = valueNoise(4, 12, 5);
  const close = valueNoise(5, 20, 9);
  const height = coarse.map((value, i) => {
    const ridge = 1 - Math.abs(2 * value - 1);
    const closer = 1 - Math.abs(2 * (close[i] ?? 0) - 1);
    return ridge * ridge * 0.65 + closer * closer * 0.35 + (BROAD[i] ?? 0) * 0.3;
  });
  return height.map((value, i) => {
    const x = i & MASK;
    const y = i >> 8;
    const neighbour = height[((y + 3) & MASK) * TEXTURE_SIZE + ((x + 2) & MASK)] ?? 0;
    return clamp((value - neighbour) * 1.6, -0.5, 0.5);
  });
}

function grainTexture(): Float32Array {
  const random = hashRandom(77);
  return FINE.map((fine) => (random() + random() - 1) * 0.5 + (fine - 0.5) * 0.5);
}

/** The texel at (u, v), wrapped; coordinates in texels, of any sign. */
export function texel(texture: Float32Array, u: number, v: number): number {
  return texture[((v & MASK) << 8) | (u & MASK)] as number;
}
