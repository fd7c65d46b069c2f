/**
 * The transcendental functions that the store needs, from plain arithmetic: `Math`'s own may differ in the last
 * bit from one build of an engine to another, and a run must not.
 */

/** A constant by the standard, unlike the functions. */
const { LN2 } = Math;

/** e to the power x, within 1e-12 of its value, for |x| up to 700. */
export function exponentialOf(x: number): number {
  const halvings = Math.round(x / LN2);
  const rest = x - halvings * LN2;
  let term = 1;
  let sum = 1;
  for (let n = 1; n < 14; n++) {
    term *= rest / n;
    sum += term;
  }
  return sum * 2 ** halvings;
}

/**
 * The compass heading of a vector, in radians in [0, 2π): 0 along +y, π/2 along +x. Within 1e-5 of its value
 * (Abramowitz and Stegun 4.4.49).
 */
export function compassRadians(x: number, y: number): number {
  const across = Math.abs(x);
  const ahead = Math.abs(y);
  if (across === 0 && ahead === 0) return 0;
  const steep = across > ahead;
  const ratio = steep ? ahead / across : across / ahead;
  const r2 = ratio * ratio;
  const arc = ratio * (0.999866 + r2 * (-0.3302995 + r2 * (0.180141 + r2 * (-0.085133 + r2 * 0.0208351))));
  const fromAxis = steep ? Math.PI / 2 - arc : arc;
  const halfTurn = y < 0 ? Math.PI - fromAxis : fromAxis;
  return x < 0 ? 2 * Math.PI - halfTurn : halfTurn;
}
