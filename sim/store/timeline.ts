/** Where everybody is at any instant, from chunks of the store's time; old ones can be forgotten. */
import { EMOTIONS, type Emotion } from '../../pipeline/boundaries.js';
import type { StoreChunk, StoreFrames } from './chunk.js';
import type { FloorPlan } from './floor-plan.js';
import { ACTIVITIES, type Activity, type ShopperProfile } from './shopper.js';

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

const TURN = 2 * Math.PI;

export class StoreTimeline {
  private readonly displays: readonly string[];
  private readonly sections: readonly string[];
  private readonly profiles = new Map<number, ShopperProfile>();
  private chunks: StoreChunk[] = [];
  private last: { readonly timeMs: number; readonly states: readonly ShopperState[] } | null = null;

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
    this.last = null;
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
   * Everybody in the store at an instant, between two samples on the straight line between them. Throws a
   * `RangeError` for an instant that has been forgotten or has not been appended yet.
   */
  at(timeMs: number): readonly ShopperState[] {
    if (this.last?.timeMs === timeMs) return this.last.states;
    const states = this.statesAt(timeMs);
    this.last = { timeMs, states };
    return states;
  }

  private statesAt(timeMs: number): readonly ShopperState[] {
    const before = this.sampleAtOrBefore(timeMs);
    // Before the first sample the store is empty.
    if (before === null) return [];
    const { frames, sample, sampleMs, periodMs } = before;
    const share = (timeMs - sampleMs) / periodMs;
    const after = share > 0 ? this.sampleAtOrBefore(sampleMs + periodMs) : null;
    const rows = after === null ? null : rowsByShopper(after.frames, after.sample);
    const states: ShopperState[] = [];
    const end = frames.offsets[sample + 1] ?? 0;
    for (let row = frames.offsets[sample] ?? 0; row < end; row++) {
      const next = rows?.get(frames.shopper[row] ?? -1);
      states.push(this.stateOf(frames, row, after?.frames ?? frames, next ?? null, share));
    }
    return states;
  }

  private stateOf(
    frames: StoreFrames,
    row: number,
    nextFrames: StoreFrames,
    next: number | null,
    share: number,
  ): ShopperState {
    const between = (column: Float32Array, nextColumn: Float32Array): number => {
      const from = column[row] ?? 0;
      return next === null ? from : from + ((nextColumn[next] ?? 0) - from) * share;
    };
    const reaction = frames.reaction[row] ?? -1;
    const heading = frames.headingRadians[row] ?? 0;
    return {
      shopper: frames.shopper[row] ?? 0,
      x: between(frames.x, nextFrames.x),
      y: between(frames.y, nextFrames.y),
      headingRadians:
        next === null ? heading : turnedTowards(heading, nextFrames.headingRadians[next] ?? 0, share),
      speedMetresPerSecond: between(frames.speedMetresPerSecond, nextFrames.speedMetresPerSecond),
      activity: ACTIVITIES[frames.activity[row] ?? 0] ?? 'walking',
      display: this.displays[frames.display[row] ?? -1] ?? null,
      section: this.sections[frames.section[row] ?? -1] ?? null,
      reaction: EMOTIONS[reaction] ?? null,
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
      if (sample >= 0) return { frames, sample, sampleMs: fromMs + (sample + 1) * periodMs, periodMs };
    }
    return null;
  }
}

interface Sample {
  readonly frames: StoreFrames;
  readonly sample: number;
  readonly sampleMs: number;
  readonly periodMs: number;
}

function rowsByShopper(frames: StoreFrames, sample: number): Map<number, number> {
  const rows = new Map<number, number>();
  const end = frames.offsets[sample + 1] ?? 0;
  for (let row = frames.offsets[sample] ?? 0; row < end; row++) rows.set(frames.shopper[row] ?? -1, row);
  return rows;
}

/** Along the shorter way round. */
function turnedTowards(from: number, to: number, share: number): number {
  const way = ((((to - from) % TURN) + TURN * 1.5) % TURN) - TURN / 2;
  return (from + way * share + TURN) % TURN;
}
