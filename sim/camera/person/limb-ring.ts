import type { Vector } from '../camera-pose.js';
import type { Ring } from '../render/solids.js';
import { cross, scale, unit } from '../render/vectors.js';

const SIDEWAYS: Vector = [1, 0, 0];

/** A section square to `direction`: `halfWidth` sideways, `halfDepth` in the plane of the walk. */
export function limbRing(
  centre: Vector,
  direction: Vector,
  halfWidth: number,
  halfDepth: number,
  v: number,
  openness = 1,
  innerShade = 0,
): Ring {
  const forward = unit(cross(SIDEWAYS, direction));
  const sideways = unit(cross(direction, forward));
  return {
    centre,
    across: scale(sideways, halfWidth),
    along: scale(forward, halfDepth),
    v,
    openness,
    innerShade,
  };
}
