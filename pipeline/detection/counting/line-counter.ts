import type { PixelBox } from '../../boundaries.js';
import type { CountingLine, PixelPoint } from './marks.js';

export interface LineCounts {
  readonly in: number;
  readonly out: number;
}

/** Feet must be this share of a body's height past the line: who stands on it does not cross with every step. */
const CLEAR_SHARE = 0.05;

interface Feet extends PixelPoint {
  readonly side: 'left' | 'right';
}

/** Counts who crosses one line, by direction. */
export class LineCounter {
  private readonly line: CountingLine;
  private readonly lastClear = new Map<number, Feet>();
  private entered = 0;
  private left = 0;

  constructor(line: CountingLine) {
    this.line = line;
  }

  get counts(): LineCounts {
    return { in: this.entered, out: this.left };
  }

  /** Where the person of a track is now. */
  follow(track: number, box: PixelBox): void {
    const { line } = this;
    const point = feetOf(box);
    const distance = distanceRightOf(line, point);
    if (Math.abs(distance) < CLEAR_SHARE * box.height) return;
    const feet: Feet = { ...point, side: distance > 0 ? 'right' : 'left' };
    const before = this.lastClear.get(track);
    this.lastClear.set(track, feet);
    if (before === undefined || before.side === feet.side || !passesBetween(line, before, feet)) return;
    if (feet.side === 'right') this.entered++;
    else this.left++;
  }

  /** A track has ended; nothing need be known of it. */
  forget(track: number): void {
    this.lastClear.delete(track);
  }
}

/** Where somebody stands: the middle of the box's lower edge. */
export function feetOf(box: PixelBox): PixelPoint {
  return { x: box.left + box.width / 2, y: box.top + box.height };
}

type Way = Pick<CountingLine, 'from' | 'to'>;

/** Pixels to the right of the line's direction, in a picture whose y grows downwards. */
function distanceRightOf({ from, to }: Way, point: PixelPoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return (dx * (point.y - from.y) - dy * (point.x - from.x)) / Math.sqrt(dx * dx + dy * dy);
}

/** True when the way from `a` to `b` meets the line between its ends. */
function passesBetween(line: CountingLine, a: PixelPoint, b: PixelPoint): boolean {
  const way: Way = { from: a, to: b };
  return distanceRightOf(way, line.from) * distanceRightOf(way, line.to) <= 0;
}
