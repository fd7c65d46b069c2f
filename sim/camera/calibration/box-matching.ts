/** Which detection is of whom, by overlap. */
import type { PixelBox } from '../../../pipeline/boundaries.js';

/** Intersection over union, in [0, 1]. */
export function overlapOf(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}

/** Index of the first kind's box → index of the second's: best overlaps first, at least `least`, one to one. */
export function matchBoxes(
  first: readonly PixelBox[],
  second: readonly PixelBox[],
  least: number,
): ReadonlyMap<number, number> {
  const pairs = first
    .flatMap((a, i) => second.map((b, j) => ({ i, j, overlap: overlapOf(a, b) })))
    .filter(({ overlap }) => overlap >= least)
    .sort((a, b) => b.overlap - a.overlap || a.i - b.i || a.j - b.j);
  const matches = new Map<number, number>();
  const taken = new Set<number>();
  for (const { i, j } of pairs) {
    if (matches.has(i) || taken.has(j)) continue;
    matches.set(i, j);
    taken.add(j);
  }
  return matches;
}
