/** Who stands under a detector's box: the truth's boxes and the detector's, matched greedily by overlap. */
import type { Detection, PixelBox } from '../../../pipeline/boundaries.js';
import type { VisiblePerson } from '../../camera/visibility/visible-person.js';

/**
 * Overlap from which a box is taken for a person. Lower than the 0.5 of detection benchmarks: a box that is
 * too large still shows whom it shows.
 */
const LEAST_OVERLAP = 0.3;

type Boxed = Pick<VisiblePerson, 'shopper' | 'box' | 'fullBox'>;

/** For each detection, the number of the shopper it shows, or null; nobody is shown twice. */
export function shoppersUnder(
  detections: readonly Detection[],
  people: readonly Boxed[],
): readonly (number | null)[] {
  const pairs = overlappingPairs(detections, people);
  const found: (number | null)[] = detections.map(() => null);
  const taken = new Set<number>();
  for (const { box, index } of pairs) {
    if (found[box] !== null || taken.has(index)) continue;
    found[box] = people[index]?.shopper ?? null;
    taken.add(index);
  }
  return found;
}

interface Pair {
  readonly box: number;
  readonly index: number;
  readonly overlap: number;
}

/** The pairs that may belong together, those that overlap most first. */
function overlappingPairs(detections: readonly Detection[], people: readonly Boxed[]): readonly Pair[] {
  const pairs: Pair[] = [];
  detections.forEach((detection, box) => {
    people.forEach((person, index) => {
      const overlap = Math.max(
        overlapOf(detection.box, person.box),
        overlapOf(detection.box, person.fullBox),
      );
      if (overlap >= LEAST_OVERLAP) pairs.push({ box, index, overlap });
    });
  });
  return pairs.sort(
    (one, other) => other.overlap - one.overlap || one.box - other.box || one.index - other.index,
  );
}

/** Intersection over union, in [0, 1]. */
export function overlapOf(one: PixelBox, other: PixelBox): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}
