/** What the simulation hands out: a piece of the store's time, as plain data that can be sent between threads. */
import { EMOTIONS } from '../../../pipeline/boundaries.js';
import { compassRadians } from '../arithmetic.js';
import { ACTIVITIES, type Shopper, type ShopperProfile } from '../visits/shopper.js';
import type { Dwell } from '../visits/visits.js';
import type { Crowd } from '../walking/crowd.js';

/** Between two samples. Divides the 15 s of a window, and is a multiple of the step. */
export const SAMPLE_PERIOD_MS = 500;

/**
 * Everybody in the store, sample by sample. Sample n is of `fromMs + (n + 1) * samplePeriodMs`; its rows are
 * those from `offsets[n]` to `offsets[n + 1]`.
 */
export interface StoreFrames {
  readonly offsets: Uint32Array;
  readonly shopper: Uint32Array;
  /** Metres. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Compass: 0 along +y, π/2 along +x. */
  readonly headingRadians: Float32Array;
  readonly speedMetresPerSecond: Float32Array;
  /** Index into `ACTIVITIES`. */
  readonly activity: Uint8Array;
  /** Index of the display dwelt at, -1 for none. */
  readonly display: Int16Array;
  /** Index of the section, -1 for none. */
  readonly section: Int16Array;
  /** Index into `EMOTIONS`, -1 for none. */
  readonly reaction: Int8Array;
}

export interface Arrival {
  readonly atMs: number;
  /** Index of the entrance. */
  readonly entrance: number;
  readonly profile: ShopperProfile;
}

export interface Departure {
  readonly atMs: number;
  readonly entrance: number;
  readonly shopper: number;
}

/** The time after `fromMs` up to and including `toMs`. */
export interface StoreChunk {
  readonly fromMs: number;
  readonly toMs: number;
  readonly samplePeriodMs: number;
  readonly frames: StoreFrames;
  readonly arrivals: readonly Arrival[];
  readonly departures: readonly Departure[];
  readonly dwells: readonly Dwell[];
}

/** Collects what happens into chunks. */
export class ChunkRecorder {
  private fromMs: number;
  private rows: FrameRows = new FrameRows(1024);
  private arrivals: Arrival[] = [];
  private departures: Departure[] = [];
  private dwells: Dwell[] = [];
  private readonly sectionAt: (x: number, y: number) => number;

  constructor(fromMs: number, sectionAt: (x: number, y: number) => number) {
    this.fromMs = fromMs;
    this.sectionAt = sectionAt;
  }

  arrived(arrival: Arrival): void {
    this.arrivals.push(arrival);
  }

  departed(departure: Departure): void {
    this.departures.push(departure);
  }

  dwelt(dwell: Dwell): void {
    this.dwells.push(dwell);
  }

  sample(shoppers: Iterable<Shopper>, crowd: Crowd): void {
    for (const shopper of shoppers) this.rows.add(shopper, crowd, this.sectionAt);
    this.rows.endSample();
  }

  /** The chunk up to now; a new one begins. */
  take(toMs: number): StoreChunk {
    const { fromMs, arrivals, departures, dwells } = this;
    const frames = this.rows.frames();
    this.fromMs = toMs;
    this.rows = new FrameRows(Math.max(1024, frames.shopper.length));
    this.arrivals = [];
    this.departures = [];
    this.dwells = [];
    return { fromMs, toMs, samplePeriodMs: SAMPLE_PERIOD_MS, frames, arrivals, departures, dwells };
  }
}

/** The buffers of a chunk, to be moved rather than copied to another thread. */
export function transferablesOf({ frames }: StoreChunk): ArrayBuffer[] {
  return Object.values(frames).map((column) => column.buffer as ArrayBuffer);
}

/** The columns of `StoreFrames`, as they grow. */
class FrameRows {
  private length = 0;
  private readonly offsets: number[] = [0];
  private columns: Omit<StoreFrames, 'offsets'>;

  constructor(capacity: number) {
    this.columns = emptyColumns(capacity);
  }

  add(member: Shopper, crowd: Crowd, sectionAt: (x: number, y: number) => number): void {
    if (this.length === this.columns.shopper.length) this.columns = copied(this.columns, this.length * 2);
    const { columns, length: row } = this;
    const { slot, dwell } = member;
    const x = crowd.x[slot] ?? 0;
    const y = crowd.y[slot] ?? 0;
    columns.shopper[row] = member.profile.shopper;
    columns.x[row] = x;
    columns.y[row] = y;
    columns.headingRadians[row] = compassRadians(crowd.directionX[slot] ?? 0, crowd.directionY[slot] ?? 0);
    columns.speedMetresPerSecond[row] = crowd.speedMetresPerSecond[slot] ?? 0;
    columns.activity[row] = ACTIVITIES.indexOf(member.activity);
    columns.display[row] = dwell?.display ?? -1;
    columns.section[row] = sectionAt(x, y);
    columns.reaction[row] = dwell === null ? -1 : EMOTIONS.indexOf(dwell.reaction);
    this.length++;
  }

  endSample(): void {
    this.offsets.push(this.length);
  }

  frames(): StoreFrames {
    return { offsets: Uint32Array.from(this.offsets), ...copied(this.columns, this.length) };
  }
}

function emptyColumns(rows: number): Omit<StoreFrames, 'offsets'> {
  return {
    shopper: new Uint32Array(rows),
    x: new Float32Array(rows),
    y: new Float32Array(rows),
    headingRadians: new Float32Array(rows),
    speedMetresPerSecond: new Float32Array(rows),
    activity: new Uint8Array(rows),
    display: new Int16Array(rows),
    section: new Int16Array(rows),
    reaction: new Int8Array(rows),
  };
}

/** The same columns with room for `rows`, cut off or filled up with zeros. */
function copied(columns: Omit<StoreFrames, 'offsets'>, rows: number): Omit<StoreFrames, 'offsets'> {
  const copy = emptyColumns(rows);
  const common = Math.min(rows, columns.shopper.length);
  copy.shopper.set(columns.shopper.subarray(0, common));
  copy.x.set(columns.x.subarray(0, common));
  copy.y.set(columns.y.subarray(0, common));
  copy.headingRadians.set(columns.headingRadians.subarray(0, common));
  copy.speedMetresPerSecond.set(columns.speedMetresPerSecond.subarray(0, common));
  copy.activity.set(columns.activity.subarray(0, common));
  copy.display.set(columns.display.subarray(0, common));
  copy.section.set(columns.section.subarray(0, common));
  copy.reaction.set(columns.reaction.subarray(0, common));
  return copy;
}
