/**
 * Functions of analysis from + - * / and square roots alone. ECMAScript leaves the last digits of `Math.sin`,
 * `Math.pow`, `Math.exp` and their like to the engine; pictures must be equal to the bit on every machine, so
 * nothing that decides a pixel may call them. IEEE 754 fixes the results of the five operations used here.
 */

const HALF_PI = Math.PI / 2;
const TAU = 2 * Math.PI;
/** Enough for arguments below 0.12: their ninth power over 9! is below 1e-13. */
const TAYLOR_TERMS = 8;
const TAN_OF_AN_EIGHTH = Math.SQRT2 - 1;

/** Sine of an angle in radians; the error is below 1e-9, and grows as the argument loses digits: 1e-7 at 1e9. */
export function sine(radians: number): number {
  const turns = radians / TAU;
  let x = (turns - Math.floor(turns + 0.5)) * TAU;
  if (x > HALF_PI) x = Math.PI - x;
  else if (x < -HALF_PI) x = -Math.PI - x;
  const s = x * x;
  const tail = (1 / 6_227_020_800) * s * (1 - s / 210);
  const middle = -1 / 5040 + s * (1 / 362_880 + s * (-1 / 39_916_800 + tail));
  return x * (1 + s * (-1 / 6 + s * (1 / 120 + s * middle)));
}

/** Cosine of an angle in radians. */
export function cosine(radians: number): number {
  return sine(radians + HALF_PI);
}

export function tangent(radians: number): number {
  return sine(radians) / cosine(radians);
}

/** The angle of (x, y) in radians, in (-π, π], counted from +x towards +y; 0 for the origin. Error below 1e-8. */
export function angleOf(y: number, x: number): number {
  if (x === 0 && y === 0) return 0;
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const within = ay <= ax ? arcTangent(ay / ax) : HALF_PI - arcTangent(ax / ay);
  const upper = x < 0 ? Math.PI - within : within;
  return y < 0 ? -upper : upper;
}

/** For ratios in [0, 1]: halves the range by atan(r) = π/4 + atan((r-1)/(r+1)), then the Taylor series. */
function arcTangent(ratio: number): number {
  const reduced = ratio > TAN_OF_AN_EIGHTH;
  const x = reduced ? (ratio - 1) / (ratio + 1) : ratio;
  const s = x * x;
  let sum = 0;
  for (let odd = 19; odd >= 1; odd -= 2) sum = 1 / odd - s * sum;
  return (reduced ? Math.PI / 4 : 0) + x * sum;
}

/** e to the x; relative error below 1e-10 for |x| < 30. */
export function exponential(x: number): number {
  const halvings = 8;
  const small = x / (1 << halvings);
  let result = 1;
  for (let term = TAYLOR_TERMS; term >= 1; term--) result = 1 + (small / term) * result;
  for (let i = 0; i < halvings; i++) result *= result;
  return result;
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

export function degrees(angleRadians: number): number {
  return (angleRadians * 180) / Math.PI;
}

/** Brings an angle in degrees to (-180, 180]. */
export function signedDegrees(angleDegrees: number): number {
  const turns = angleDegrees / 360;
  const wrapped = (turns - Math.floor(turns + 0.5)) * 360;
  return wrapped === -180 ? 180 : wrapped;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** 0 below `from`, 1 above `to` (or the reverse when from > to), smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}
