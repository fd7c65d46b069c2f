/**
 * A head's skin, painted: u = 1/2 is straight ahead, v = 0 the crown and 1 the neck. Made once per person. The
 * face is anybody's: who a shopper is to the Face API stands in the recorded personas, not in these pixels.
 */
import { clamp, smoothStep } from '../arithmetic.js';
import type { Colour } from '../render/materials.js';
import { MOTTLE, texel } from '../render/textures.js';
import type { Appearance } from './appearance.js';

export const FACE_TEXTURE_SIZE = 128;
/** The face reaches this far in u to either side of straight ahead. */
export const FACE_HALF_WIDTH = 0.2;
/** The face's span in v: from the brow line's hair to below the chin. */
export const FACE_TOP = 0.28;
export const FACE_BOTTOM = 0.88;

/** One texel under the brush. */
class Brush {
  r = 0;
  g = 0;
  b = 0;

  set(colour: Colour): void {
    [this.r, this.g, this.b] = colour;
  }

  darken(share: number): void {
    this.r *= 1 - share;
    this.g *= 1 - share;
    this.b *= 1 - share;
  }

  paint(share: number, red: number, green: number, blue: number): void {
    this.r += (red - this.r) * share;
    this.g += (green - this.g) * share;
    this.b += (blue - this.b) * share;
  }
}

export function faceTexture(look: Appearance): Float32Array {
  const size = FACE_TEXTURE_SIZE;
  const texture = new Float32Array(size * size * 3);
  const brush = new Brush();
  for (let j = 0; j < size; j++) {
    const v = (j + 0.5) / size;
    for (let i = 0; i < size; i++) {
      const u = (i + 0.5) / size;
      const aside = Math.abs(u - 0.5);
      brush.set(look.skin);
      brush.darken(-0.08 * texel(MOTTLE, i * 2, j * 2));
      if (aside < FACE_HALF_WIDTH + 0.06) paintFace(brush, look, u, v, aside);
      brush.darken(0.25 * spot(aside - 0.25, v - 0.52, 0.03, 0.05));
      if (look.hairStyle !== 'bald') {
        const [r, g, b] = look.hair;
        const line = hairline(look, aside);
        brush.paint(smoothStep(line + 0.012, line - 0.012, v), r, g, b);
      }
      texture.set([brush.r, brush.g, brush.b], (j * size + i) * 3);
    }
  }
  return texture;
}

/** A soft round spot: (1 - q/4)⁴, close to a Gaussian and zero from two radii on. */
function spot(du: number, dv: number, radiusU: number, radiusV: number): number {
  const a = du / radiusU;
  const b = dv / radiusV;
  const q = 1 - (a * a + b * b) * 0.35;
  return q > 0 ? q * q * q * q : 0;
}

function paintFace(brush: Brush, look: Appearance, u: number, v: number, aside: number): void {
  paintFlesh(brush, look, v, aside);
  if (look.beard) paintBeard(brush, look, v, aside);
  paintMouth(brush, look, v, aside);
  paintBrows(brush, look, v, aside);
  paintEyes(brush, u, v, aside);
  if (look.glasses) paintGlasses(brush, v, aside);
}

/** Cheeks, sockets, the sides and the wings of the nose, the chin, and lines of age. */
function paintFlesh(brush: Brush, look: Appearance, v: number, aside: number): void {
  const [r, g, b] = look.skin;
  brush.paint(0.28 * spot(aside - 0.075, v - 0.605, 0.05, 0.06), r * 0.98, g * 0.72, b * 0.68);
  brush.darken(0.26 * spot(aside - 0.068, v - 0.492, 0.05, 0.04));
  brush.darken(0.16 * spot(aside - 0.03, v - 0.52, 0.02, 0.07));
  brush.darken(-0.1 * spot(aside, v - 0.565, 0.014, 0.06));
  brush.darken(0.3 * spot(aside - 0.022, v - 0.625, 0.014, 0.011));
  brush.darken(0.14 * spot(aside, v - 0.725, 0.04, 0.014));
  brush.darken(0.22 * smoothStep(0.8, 0.9, v));
  brush.darken(-0.05 * spot(aside, v - 0.37, 0.12, 0.06));
  brush.darken(look.lines * 0.2 * spot(aside - 0.055 - (v - 0.63) * 0.25, v - 0.645, 0.008, 0.045));
  brush.darken(look.lines * 0.16 * spot(aside - 0.065, v - 0.53, 0.03, 0.009));
}

function paintBeard(brush: Brush, look: Appearance, v: number, aside: number): void {
  const [r, g, b] = look.hair;
  const cheek = smoothStep(0.2, 0.13, Math.abs(aside - 0.06) - 0.05);
  const share = 0.6 * smoothStep(0.6, 0.68, v) * cheek * (1 - spot(aside, v - 0.672, 0.05, 0.012));
  brush.paint(share, r * 0.8, g * 0.8, b * 0.8);
}

function paintMouth(brush: Brush, look: Appearance, v: number, aside: number): void {
  const [r, g, b] = look.skin;
  const lips = Math.min(1, spot(aside, v - 0.675, 0.05, 0.016) * 1.3);
  brush.paint(lips * (look.female ? 0.8 : 0.55), r * 0.76, g * 0.46, b * 0.45);
  brush.paint(spot(aside, v - 0.673, 0.046, 0.0048) * 0.8, r * 0.35, g * 0.2, b * 0.2);
}

function paintBrows(brush: Brush, look: Appearance, v: number, aside: number): void {
  if (aside < 0.022 || aside > 0.115) return;
  const line = 0.437 + Math.max(0, aside - 0.065) * 0.25;
  const [r, g, b] = look.hair;
  brush.paint(0.85 * spot(0, v - line, 1, look.female ? 0.009 : 0.0125), r * 0.55, g * 0.55, b * 0.55);
}

function paintEyes(brush: Brush, u: number, v: number, aside: number): void {
  const x = (aside - 0.067) / 0.031;
  const y = (v - 0.494) / 0.0165;
  const inEye = x * x + y * y;
  if (inEye < 1) {
    brush.paint(0.92, 228, 224, 220);
    const ix = (aside - 0.066) / 0.0135;
    const iy = (v - 0.493) / 0.0145;
    const inIris = ix * ix + iy * iy;
    if (inIris < 1) brush.paint(0.95, 50, 34, 24);
    if (inIris < 0.25) brush.paint(1, 12, 10, 10);
    const gx = (u - (u > 0.5 ? 0.57 : 0.43)) / 0.004;
    const gy = (v - 0.488) / 0.004;
    if (gx * gx + gy * gy < 1) brush.paint(0.9, 250, 250, 250);
  }
  if (inEye < 2) {
    const lid = clamp(1 - Math.abs(inEye - 1.02) / 0.4, 0, 1);
    brush.paint(0.75 * lid * (y < 0.1 ? 1 : 0.3), 38, 24, 18);
  }
}

function paintGlasses(brush: Brush, v: number, aside: number): void {
  const x = (aside - 0.068) / 0.047;
  const y = (v - 0.502) / 0.036;
  const rim = Math.abs(Math.sqrt(x * x * x * x + y * y * y * y) - 1) < 0.28;
  const bridge = aside < 0.022 && Math.abs(v - 0.487) < 0.006;
  const temple = aside > 0.115 && aside < 0.25 && Math.abs(v - 0.487) < 0.008;
  if (rim || bridge || temple) brush.paint(0.9, 25, 25, 28);
}

/** Where the hair begins, as v, `aside` of straight ahead in u. */
export function hairline(look: Appearance, aside: number): number {
  const forehead = look.hairStyle === 'crop' ? 0.23 : 0.262;
  if (aside < 0.15) return forehead + aside * 0.35;
  if (aside < 0.205) return forehead + 0.0525 + ((aside - 0.15) / 0.055) * (0.48 - forehead);
  if (aside < 0.3) return 0.5;
  return look.hairStyle === 'bob' || look.hairStyle === 'long' ? 0.8 : 0.7;
}
