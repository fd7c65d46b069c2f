/**
 * What of a person a detector cannot see. It puts a box around what is visible; whoever is followed is as tall and as
 * wide as before, so the edges that something nearer hides are put where they must be.
 */
import type { PixelBox } from '../../boundaries.js';
import { intersectionArea } from '../boxes.js';

/** A box that is smaller than this share of what is expected lacks something. */
const COMPLETE = 0.95;
/** The lower body is hidden when this share of where it should be is covered by somebody nearer. */
const LEAST_COVERED_BELOW = 0.4;
/** The same for a side, where arms and strides make the width less certain. */
const LEAST_COVERED_BESIDE = 0.8;
/** A shelf or a post hides the legs of who keeps their head where it was and is so much shorter at once. */
const SUDDENLY_SHORTER = 0.2;
const SAME_TOP = 0.06;

/**
 * The whole of a person of whom `seen` is visible and who should measure what `expected` does, with the boxes of
 * others who are `nearer` to the camera.
 */
export function completeBox(seen: PixelBox, expected: PixelBox, nearer: readonly PixelBox[]): PixelBox {
  return completeWidth(completeHeight(seen, expected, nearer), expected, nearer);
}

function completeHeight(seen: PixelBox, expected: PixelBox, nearer: readonly PixelBox[]): PixelBox {
  if (seen.height >= COMPLETE * expected.height) return seen;
  const missing = expected.height - seen.height;
  const below: PixelBox = { ...seen, top: seen.top + seen.height, height: missing };
  const isBehindThing =
    missing > SUDDENLY_SHORTER * expected.height &&
    Math.abs(seen.top - expected.top) < SAME_TOP * expected.height;
  const isHidden = isBehindThing || isCovered(below, nearer, LEAST_COVERED_BELOW);
  return isHidden ? { ...seen, height: expected.height } : seen;
}

function completeWidth(seen: PixelBox, expected: PixelBox, nearer: readonly PixelBox[]): PixelBox {
  if (seen.width >= COMPLETE * expected.width) return seen;
  const missing = expected.width - seen.width;
  const toLeft: PixelBox = { ...seen, left: seen.left - missing, width: missing };
  const toRight: PixelBox = { ...seen, left: seen.left + seen.width, width: missing };
  const hidesLeft = isCovered(toLeft, nearer, LEAST_COVERED_BESIDE);
  const hidesRight = isCovered(toRight, nearer, LEAST_COVERED_BESIDE);
  if (!hidesLeft && !hidesRight) return seen;
  const beyondLeft = hidesLeft && hidesRight ? missing / 2 : hidesLeft ? missing : 0;
  return { ...seen, left: seen.left - beyondLeft, width: expected.width };
}

function isCovered(strip: PixelBox, nearer: readonly PixelBox[], leastShare: number): boolean {
  const covered = nearer.reduce((area, box) => area + intersectionArea(box, strip), 0);
  return covered >= leastShare * strip.width * strip.height;
}
