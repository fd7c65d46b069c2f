/** Counts people on footage: each track once when it has lasted, and each crossing of a line. */
import type { PixelBox } from '../../../pipeline/boundaries.js';
import type { TrackedPerson } from '../../../pipeline/detection/tracker.js';

export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** A line on the floor, in pixels of the picture. Going from its left to its right, seen from `from`, is going in. */
export interface CountingLine {
  readonly from: PixelPoint;
  readonly to: PixelPoint;
}

export interface PeopleCounts {
  readonly people: number;
  /** Null when there is no line. */
  readonly in: number | null;
  readonly out: number | null;
}

/** A track that was seen less is too likely a false alarm to be a person. */
const LEAST_SIGHTINGS = 5;
const LEAST_MS = 500;
/** Feet must be this share of a body's height past the line: who stands on it does not cross with every step. */
const CLEAR_SHARE = 0.05;

type Side = 'left' | 'right';

interface Feet extends PixelPoint {
  readonly side: Side;
}

export class PeopleCounter {
  private readonly counted = new Set<number>();
  private readonly lastClear = new Map<number, Feet>();
  private entered = 0;
  private left = 0;

  constructor(private readonly line: CountingLine | null = null) {}

  add(timeMs: number, people: readonly TrackedPerson[]): void {
    for (const { track, sightings, firstSeenMs, box } of people) {
      if (sightings >= LEAST_SIGHTINGS && timeMs - firstSeenMs >= LEAST_MS) this.counted.add(track);
      if (this.line) this.follow(track, box, this.line);
    }
  }

  get counts(): PeopleCounts {
    const crossings = this.line ? { in: this.entered, out: this.left } : { in: null, out: null };
    return { people: this.counted.size, ...crossings };
  }

  private follow(track: number, box: PixelBox, line: CountingLine): void {
    const point = { x: box.left + box.width / 2, y: box.top + box.height };
    const distance = distanceRightOf(line, point);
    if (Math.abs(distance) < CLEAR_SHARE * box.height) return;
    const feet: Feet = { ...point, side: distance > 0 ? 'right' : 'left' };
    const before = this.lastClear.get(track);
    this.lastClear.set(track, feet);
    if (before === undefined || before.side === feet.side || !passesBetween(line, before, feet)) return;
    if (feet.side === 'right') this.entered++;
    else this.left++;
  }
}

/** Pixels to the right of the line's direction, in a picture whose y grows downwards. */
function distanceRightOf({ from, to }: CountingLine, point: PixelPoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return (dx * (point.y - from.y) - dy * (point.x - from.x)) / Math.hypot(dx, dy);
}

/** True when the way from `a` to `b` meets the line between its ends. */
function passesBetween(line: CountingLine, a: PixelPoint, b: PixelPoint): boolean {
  const way: CountingLine = { from: a, to: b };
  return distanceRightOf(way, line.from) * distanceRightOf(way, line.to) <= 0;
}
