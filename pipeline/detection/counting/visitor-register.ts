/**
 * Who of the tracks is whom: a track that begins at the picture's edge, wearing what somebody wore who left there
 * a while ago, is that visitor come back. What people wear is forgotten when that time is over.
 */
import type { PixelBox } from '../../boundaries.js';
import { type Appearance, appearanceSimilarity } from '../tracking/appearance.js';

export interface PictureSize {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** A person of a frame, as far as it matters here. */
export interface Followed {
  readonly track: number;
  readonly box: PixelBox;
  readonly appearance: Appearance | undefined;
  readonly firstSeenMs: number;
}

/** A box this near to the picture's edge, as a share of the picture's sides, is about to leave it or comes in. */
const EDGE_SHARE = 0.04;
/**
 * Clothes at least this alike are taken for the same, in [0, 1]. From here on nobody was taken for another of the real
 * clips' people, and one in 250 of drawn ones (reports/BENCHMARKS.md): taking two visitors for one is no better than
 * taking one for two.
 */
const LEAST_LIKENESS = 0.82;
/** Nobody comes back before the tracker has given them up: until then they are one track. */
const LEAST_ABSENCE_MS = 500;
/** One person's height in the picture, going and coming at the edge, does not differ more. */
const MOST_HEIGHT_RATIO = 1.6;

interface Trail {
  readonly visitor: number;
  box: PixelBox;
  lastSeenMs: number;
  appearance: Appearance | undefined;
  /** The visitor came back, and another track goes on with them. */
  continued: boolean;
}

export class VisitorRegister {
  private readonly size: PictureSize;
  private readonly reentryMs: number;
  /** Of every track that has not ended, whether it began at the edge. */
  private readonly beganAtEdge = new Map<number, boolean>();
  private readonly trails = new Map<number, Trail>();
  private visitors = 0;
  private cameBack = 0;

  constructor(size: PictureSize, reentryMs: number) {
    this.size = size;
    this.reentryMs = reentryMs;
  }

  /** Different visitors so far. */
  get count(): number {
    return this.visitors;
  }

  /** How often a visitor left and was known again. */
  get returns(): number {
    return this.cameBack;
  }

  /** The visitor of a track that was counted; undefined for one that was not. */
  visitorOf(track: number): number | undefined {
    return this.trails.get(track)?.visitor;
  }

  /** Takes note of everybody in view. `counts` says whose track has lasted long enough to be a person. */
  add(atMs: number, people: readonly Followed[], counts: (track: number) => boolean): void {
    for (const person of people) {
      const { track, box, appearance } = person;
      if (!this.beganAtEdge.has(track)) this.beganAtEdge.set(track, this.isAtEdge(box));
      const trail = this.trails.get(track);
      if (trail !== undefined) {
        trail.box = box;
        trail.lastSeenMs = atMs;
        trail.appearance = appearance ?? trail.appearance;
      } else if (counts(track)) this.begin(atMs, person);
    }
  }

  /** Forgets who has been away for longer than anybody may be, and what they wore. */
  forget(atMs: number, longestAbsenceMs: number): void {
    for (const [track, { lastSeenMs }] of this.trails) {
      if (atMs - lastSeenMs > Math.max(longestAbsenceMs, this.reentryMs)) this.trails.delete(track);
    }
  }

  /** The tracker has given a track up. */
  ended(track: number): void {
    this.beganAtEdge.delete(track);
  }

  private begin(atMs: number, person: Followed): void {
    const { appearance, box, track } = person;
    const before = this.beganAtEdge.get(track) === true ? this.mostAlike(person) : undefined;
    if (before === undefined) this.visitors++;
    else {
      before.continued = true;
      this.cameBack++;
    }
    const visitor = before?.visitor ?? this.visitors;
    this.trails.set(track, { visitor, box, lastSeenMs: atMs, appearance, continued: false });
  }

  /** Who left at the edge and may be this person. */
  private mostAlike({ appearance, box, firstSeenMs }: Followed): Trail | undefined {
    if (appearance === undefined) return undefined;
    let best: Trail | undefined;
    let bestLikeness = LEAST_LIKENESS;
    for (const trail of this.trails.values()) {
      const absentMs = firstSeenMs - trail.lastSeenMs;
      if (trail.continued || trail.appearance === undefined || !this.isAtEdge(trail.box)) continue;
      if (absentMs < LEAST_ABSENCE_MS || absentMs > this.reentryMs) continue;
      const ratio = trail.box.height / box.height;
      if (ratio > MOST_HEIGHT_RATIO || ratio < 1 / MOST_HEIGHT_RATIO) continue;
      const likeness = appearanceSimilarity(trail.appearance, appearance);
      if (likeness < bestLikeness) continue;
      best = trail;
      bestLikeness = likeness;
    }
    return best;
  }

  private isAtEdge({ left, top, width, height }: PixelBox): boolean {
    const { widthPixels, heightPixels } = this.size;
    const [marginX, marginY] = [EDGE_SHARE * widthPixels, EDGE_SHARE * heightPixels];
    return (
      left <= marginX ||
      top <= marginY ||
      left + width >= widthPixels - marginX ||
      top + height >= heightPixels - marginY
    );
  }
}
