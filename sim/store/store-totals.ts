/** A run's truth in sums, for the report: where people stood, what they looked at, how they felt about it. */
import { EMOTIONS, type Emotion } from '../../pipeline/boundaries.js';
import type { StoreChunk } from './feed/chunk.js';
import type { FloorPlan } from './plan/floor-plan.js';

/** Side of a cell of the heat map. */
export const HEAT_CELL_METRES = 0.5;

export interface DisplayTotals {
  readonly display: string;
  readonly dwells: number;
  readonly dwellMs: number;
  readonly reactions: Readonly<Record<Emotion, number>>;
}

export interface HeatMap {
  readonly cellMetres: number;
  readonly columns: number;
  readonly rows: number;
  /** Shopper-seconds a cell, row by row from the south-west corner. */
  readonly seconds: Float64Array;
}

export interface StoreTotals {
  readonly visits: number;
  /** Different persons among them. */
  readonly persons: number;
  readonly returningVisits: number;
  readonly parties: number;
  /** Most shoppers in the store at one instant. */
  readonly mostAtOnce: number;
  readonly displays: readonly DisplayTotals[];
  readonly heat: HeatMap;
}

export class StoreTally {
  private readonly plan: FloorPlan;
  private readonly columns: number;
  private readonly rows: number;
  private readonly seconds: Float64Array;
  private readonly dwells: { count: number; ms: number; readonly reactions: Record<Emotion, number> }[];
  private readonly persons = new Set<string>();
  private readonly parties = new Set<number>();
  private visits = 0;
  private returningVisits = 0;
  private mostAtOnce = 0;

  constructor(plan: FloorPlan) {
    this.plan = plan;
    this.columns = Math.ceil(plan.widthMetres / HEAT_CELL_METRES);
    this.rows = Math.ceil(plan.depthMetres / HEAT_CELL_METRES);
    this.seconds = new Float64Array(this.columns * this.rows);
    this.dwells = plan.displays.map(() => ({ count: 0, ms: 0, reactions: noReactions() }));
  }

  append({ frames, arrivals, dwells, samplePeriodMs }: StoreChunk): void {
    for (const { profile } of arrivals) {
      this.visits++;
      if (profile.returning) this.returningVisits++;
      this.persons.add(profile.personId);
      this.parties.add(profile.party);
    }
    for (const { display, fromMs, toMs, reaction } of dwells) {
      const totals = this.dwells[display];
      if (totals === undefined) continue;
      totals.count++;
      totals.ms += toMs - fromMs;
      totals.reactions[reaction]++;
    }
    for (let row = 0; row < frames.x.length; row++) {
      const column = Math.floor((frames.x[row] ?? 0) / HEAT_CELL_METRES);
      const cell = Math.floor((frames.y[row] ?? 0) / HEAT_CELL_METRES) * this.columns + column;
      this.seconds[cell] = (this.seconds[cell] ?? 0) + samplePeriodMs / 1000;
    }
    for (let sample = 1; sample < frames.offsets.length; sample++) {
      const present = (frames.offsets[sample] ?? 0) - (frames.offsets[sample - 1] ?? 0);
      this.mostAtOnce = Math.max(this.mostAtOnce, present);
    }
  }

  totals(): StoreTotals {
    return {
      visits: this.visits,
      persons: this.persons.size,
      returningVisits: this.returningVisits,
      parties: this.parties.size,
      mostAtOnce: this.mostAtOnce,
      displays: this.plan.displays.map(({ id }, index) => {
        const { count = 0, ms = 0, reactions = noReactions() } = this.dwells[index] ?? {};
        return { display: id, dwells: count, dwellMs: ms, reactions: { ...reactions } };
      }),
      heat: {
        cellMetres: HEAT_CELL_METRES,
        columns: this.columns,
        rows: this.rows,
        seconds: this.seconds.slice(),
      },
    };
  }
}

function noReactions(): Record<Emotion, number> {
  return Object.fromEntries(EMOTIONS.map((emotion) => [emotion, 0])) as Record<Emotion, number>;
}
