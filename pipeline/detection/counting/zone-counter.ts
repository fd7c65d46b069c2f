import type { PixelBox } from '../../boundaries.js';
import { feetOf } from './line-counter.js';
import { type CountingZone, isInside } from './marks.js';

export interface ZoneFigures {
  /** Different visitors who were in the zone. */
  readonly visitors: number;
  /** Stays, of which a visitor may have several. */
  readonly stays: number;
  /** Mean over time of how many were in it, 0 for no time at all. */
  readonly meanOccupancy: number;
  readonly peakOccupancy: number;
  readonly meanDwellMs: number;
  readonly longestDwellMs: number;
}

/** A stay that is interrupted for less than this goes on: boxes jump, and people are hidden for a moment. */
const INTERRUPTION_MS = 1_500;
/** Who is in the zone for less walks through its corner. */
const SHORTEST_STAY_MS = 500;

interface Stay {
  readonly fromMs: number;
  untilMs: number;
}

/** Who is in one zone, how many at once, and for how long. */
export class ZoneCounter {
  private readonly zone: CountingZone;
  private readonly open = new Map<number, Stay>();
  private readonly visitors = new Set<number>();
  private stays = 0;
  private dwellMs = 0;
  private longestDwellMs = 0;
  private peak = 0;
  private personMs = 0;
  private watchedMs = 0;
  private last: { readonly atMs: number; readonly inside: number } | null = null;

  constructor(zone: CountingZone) {
    this.zone = zone;
  }

  /** Everybody in view at `atMs`, by visitor. Times must not decrease. */
  add(atMs: number, people: readonly { readonly visitor: number; readonly box: PixelBox }[]): void {
    let inside = 0;
    for (const { visitor, box } of people) {
      if (!isInside(feetOf(box), this.zone.area)) continue;
      inside++;
      const stay = this.open.get(visitor);
      if (stay === undefined) this.open.set(visitor, { fromMs: atMs, untilMs: atMs });
      else stay.untilMs = atMs;
    }
    for (const [visitor, stay] of this.open) {
      if (atMs - stay.untilMs > INTERRUPTION_MS) this.close(visitor, stay);
    }
    if (this.last !== null) {
      this.personMs += this.last.inside * (atMs - this.last.atMs);
      this.watchedMs += atMs - this.last.atMs;
    }
    this.last = { atMs, inside };
    this.peak = Math.max(this.peak, inside);
  }

  /** Stays that go on count as long as they have lasted. */
  figures(): ZoneFigures {
    const goingOn = [...this.open].filter(([, stay]) => lengthOf(stay) >= SHORTEST_STAY_MS);
    const lengths = goingOn.map(([, stay]) => lengthOf(stay));
    const stays = this.stays + goingOn.length;
    const dwellMs = this.dwellMs + lengths.reduce((sum, length) => sum + length, 0);
    return {
      visitors: new Set([...this.visitors, ...goingOn.map(([visitor]) => visitor)]).size,
      stays,
      meanOccupancy: this.watchedMs === 0 ? 0 : this.personMs / this.watchedMs,
      peakOccupancy: this.peak,
      meanDwellMs: stays === 0 ? 0 : dwellMs / stays,
      longestDwellMs: Math.max(this.longestDwellMs, ...lengths),
    };
  }

  private close(visitor: number, stay: Stay): void {
    this.open.delete(visitor);
    const length = lengthOf(stay);
    if (length < SHORTEST_STAY_MS) return;
    this.stays++;
    this.visitors.add(visitor);
    this.dwellMs += length;
    this.longestDwellMs = Math.max(this.longestDwellMs, length);
  }
}

function lengthOf({ fromMs, untilMs }: Stay): number {
  return untilMs - fromMs;
}
