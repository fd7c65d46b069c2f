/** Rectangles: overlap, and keeping the best of those that show the same thing. */
import type { PixelBox } from '../boundaries.js';

export function intersectionArea(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, in [0, 1]; 0 when both are empty. */
export function overlap(a: PixelBox, b: PixelBox): number {
  const shared = intersectionArea(a, b);
  const union = a.width * a.height + b.width * b.height - shared;
  return union > 0 ? shared / union : 0;
}

/** Where a box ends, downwards: of two people on one floor the one whose box ends lower is nearer. */
export function bottomOf(box: PixelBox): number {
  return box.top + box.height;
}

/** The box that is `share` of the way from one to another. */
export function between(from: PixelBox, to: PixelBox, share: number): PixelBox {
  const blend = (a: number, b: number) => a + share * (b - a);
  return {
    left: blend(from.left, to.left),
    top: blend(from.top, to.top),
    width: blend(from.width, to.width),
    height: blend(from.height, to.height),
  };
}

/**
 * Greedy non-maximum suppression: goes from the highest score down and drops a box that overlaps a kept one by
 * more than `limit`. The order of equals is that of `candidates`.
 */
export function suppressOverlaps<T extends { readonly score: number; readonly box: PixelBox }>(
  candidates: readonly T[],
  limit: number,
): readonly T[] {
  const kept: T[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((better) => overlap(better.box, candidate.box) <= limit)) kept.push(candidate);
  }
  return kept;
}
