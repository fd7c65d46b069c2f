/** Where everybody is at any instant, from chunks of the store's time; old ones can be forgotten. */
import { EMOTIONS, type Emotion } from '../../pipeline/boundaries.js';
import type { StoreChunk, StoreFrames } from './feed/chunk.js';
import type { FloorPlan } from './plan/floor-plan.js';
import { ACTIVITIES, type Activity, type ShopperProfile } from './visits/shopper.js';

export interface ShopperState {
  readonly shopper: number;
  readonly x: number;
  readonly y: number;
  /** Compass: 0 along +y, π/2 along +x. */
  readonly headingRadians: number;
  readonly speedMetresPerSecond: number;
  readonly activity: Activity;
  /** Id of the display dwelt at. */
  readonly display: string | null;
  readonly section: string | null;
  /** To the display dwelt at. */
  readonly reaction: Emotion | null;
}

/** A shopper in the store at an instant. */
export interface Present {
  readonly state: ShopperState;
  readonly profile: ShopperProfile;
}

const TURN = 2 * Math.PI;

export class StoreTimeline {
  private readonly displays: readonly string[];
  private readonly sections: readonly string[];
  private readonly profiles = new Map<number, ShopperProfile>();
  private chunks: StoreChunk[] = [];

  constructor(plan: FloorPlan) {
    this.displays = plan.displays.map(({ id }) => id);
    this.sections = plan.sections.map(({ id }) => id);
  }

  /** Known up to and including this instant; -Infinity before the first chunk. */
  get untilMs(): number {
    return this.chunks.at(-1)?.toMs ?? -Infinity;
  }

  /** Chunks come in order, without gaps. */
  append(chunk: StoreChunk): void {
    if (this.chunks.length > 0 && chunk.fromMs !== this.untilMs) {
      throw new RangeError(`the timeline ends at ${this.untilMs}, the next chunk begins at ${chunk.fromMs}`);
    }
    this.chunks.push(chunk);
    for (const { profile } of chunk.arrivals) this.profiles.set(profile.shopper, profile);
  }

  /** Drops what is not needed for instants from `beforeMs` on. */
  forget(beforeMs: number): void {
    while (this.chunks.length > 1 && (this.chunks[0]?.toMs ?? Infinity) < beforeMs) {
      for (const { shopper } of this.chunks.shift()?.departures ?? []) this.profiles.delete(shopper);
    }
  }

  /** Of a shopper who is or was in the store within the time that is kept. */
  profile(shopper: number): ShopperProfile | undefined {
    return this.profiles.get(shopper);
  }

  /**
   * Everybody in the store at an instant, between two samples on the straight line between them; with `matters`,
   * only those who stand where it says so. Throws a `RangeError` for an instant that has been forgotten or has not
   * been appended yet.
   */
  at(timeMs: number, matters: (x: number, y: number) => boolean = everywhere): readonly ShopperState[] {
    const between = this.between(timeMs);
    // Before the first sample the store is empty.
    if (between === null) return [];
    const states: ShopperState[] = [];
    for (let row = between.before.first; row < between.before.end; row++) {
      const next = between.after?.rowOf(between.before.frames.shopper[row] ?? -1) ?? null;
      const x = along(between, 'x', row, next);
      const y = along(between, 'y', row, next);
      if (matters(x, y)) states.push(this.stateOf(between, row, next, x, y));
    }
    return states;
  }

  /** As `at`, with who they are. */
  present(timeMs: number, matters: (x: number, y: number) => boolean = everywhere): readonly Present[] {
    const found: Present[] = [];
    for (const state of this.at(timeMs, matters)) {
      const profile = this.profiles.get(state.shopper);
      if (profile !== undefined) found.push({ state, profile });
    }
    return found;
  }

  /** One shopper, as `at` has them; null when they are not in the store at that instant. */
  find(shopper: number, timeMs: number): ShopperState | null {
    const between = this.between(timeMs);
    const row = between?.before.rowOf(shopper) ?? null;
    if (between === null || row === null) return null;
    const next = between.after?.rowOf(shopper) ?? null;
    return this.stateOf(between, row, next, along(between, 'x', row, next), along(between, 'y', row, next));
  }

  private between(timeMs: number): Between | null {
    const before = this.sampleAtOrBefore(timeMs);
    if (before === null) return null;
    const share = (timeMs - before.atMs) / before.periodMs;
    return {
      before,
      after: share > 0 ? this.sampleAtOrBefore(before.atMs + before.periodMs) : null,
      share,
    };
  }

  private stateOf(between: Between, row: number, next: number | null, x: number, y: number): ShopperState {
    const { before, after, share } = between;
    const { frames } = before;
    const heading = frames.headingRadians[row] ?? 0;
    return {
      shopper: frames.shopper[row] ?? 0,
      x,
      y,
      headingRadians:
        after === null || next === null
          ? heading
          : turnedTowards(heading, after.frames.headingRadians[next] ?? 0, share),
      speedMetresPerSecond: along(between, 'speedMetresPerSecond', row, next),
      activity: ACTIVITIES[frames.activity[row] ?? 0] ?? 'walking',
      display: this.displays[frames.display[row] ?? -1] ?? null,
      section: this.sections[frames.section[row] ?? -1] ?? null,
      reaction: EMOTIONS[frames.reaction[row] ?? -1] ?? null,
    };
  }

  private sampleAtOrBefore(timeMs: number): Sample | null {
    const first = this.chunks[0];
    if (first === undefined || timeMs < first.fromMs || timeMs > this.untilMs) {
      throw new RangeError(`${timeMs} is not within the timeline, ${first?.fromMs} to ${this.untilMs}`);
    }
    for (let index = this.chunks.length - 1; index >= 0; index--) {
      const chunk = this.chunks[index];
      if (chunk === undefined) continue;
      const { fromMs, frames, samplePeriodMs: periodMs } = chunk;
      // Sample n is of fromMs + (n + 1) * period.
      const samples = frames.offsets.length - 1;
      const sample = Math.min(Math.floor((timeMs - fromMs) / periodMs), samples) - 1;
      if (sample >= 0) return new Sample(frames, sample, fromMs + (sample + 1) * periodMs, periodMs);
    }
    return null;
  }
}

/** The rows of one sample, from `first` up to, not including, `end`. */
class Sample {
  readonly frames: StoreFrames;
  readonly first: number;
  readonly end: number;
  readonly atMs: number;
  readonly periodMs: number;
  private expected: number;

  constructor(frames: StoreFrames, index: number, atMs: number, periodMs: number) {
    this.frames = frames;
    this.first = frames.offsets[index] ?? 0;
    this.end = frames.offsets[index + 1] ?? 0;
    this.atMs = atMs;
    this.periodMs = periodMs;
    this.expected = this.first;
  }

  /** A shopper's row. Samples follow one order, so asking in it finds each row where the last one was found. */
  rowOf(shopper: number): number | null {
    const { expected } = this;
    const row = this.search(shopper, expected, this.end) ?? this.search(shopper, this.first, expected);
    if (row !== null) this.expected = row + 1;
    return row;
  }

  private search(shopper: number, from: number, to: number): number | null {
    for (let row = from; row < to; row++) if (this.frames.shopper[row] === shopper) return row;
    return null;
  }
}

/** An instant between two samples, `share` of the way; without a second one at a sample or at the end. */
interface Between {
  readonly before: Sample;
  readonly after: Sample | null;
  readonly share: number;
}

type Continuous = 'x' | 'y' | 'speedMetresPerSecond';

/** On the straight line from a shopper's row to their next one. */
function along(
  { before, after, share }: Between,
  column: Continuous,
  row: number,
  next: number | null,
): number {
  const from = before.frames[column][row] ?? 0;
  if (after === null || next === null) return from;
  return from + ((after.frames[column][next] ?? 0) - from) * share;
}

function everywhere(): boolean {
  return true;
}

/** Along the shorter way round. */
function turnedTowards(from: number, to: number, share: number): number {
  const way = ((((to - from) % TURN) + TURN * 1.5) % TURN) - TURN / 2;
  return (from + way * share + TURN) % TURN;
}
