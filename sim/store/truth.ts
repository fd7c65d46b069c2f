/**
 * The truth that the pipeline's numbers are held against: per window and section, who was there, who came in,
 * who dwelt. Windows are those of the pipeline: aligned to the epoch, (start, end], named by their end.
 */
import type { Emotion } from '../../pipeline/boundaries.js';
import type { StoreChunk } from './feed/chunk.js';
import type { FloorPlan } from './plan/floor-plan.js';
import { sectionFinder } from './plan/section-finder.js';
import type { ShopperProfile } from './visits/shopper.js';

export const WINDOW_MS = 15_000;

export interface SectionTruth {
  readonly section: string;
  /** Everybody who was in the section at any sample of the window, by number. */
  readonly shoppers: ReadonlySet<number>;
  /** Time that shoppers spent in the section, added up over them. */
  readonly presenceMs: number;
}

/** A finished dwell, in the plan's words. */
export interface DwellTruth {
  readonly shopper: number;
  readonly display: string;
  readonly section: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reaction: Emotion;
}

export interface TruthWindow {
  readonly endMs: number;
  /** One for each section of the plan, in its order. */
  readonly sections: readonly SectionTruth[];
  /** Who came in during the window: footfall. */
  readonly entered: readonly {
    readonly entrance: string;
    readonly section: string | null;
    readonly profile: ShopperProfile;
  }[];
  /** Who left. */
  readonly left: readonly number[];
  /** Dwells that ended in the window. */
  readonly dwells: readonly DwellTruth[];
}

interface OpenWindow {
  readonly endMs: number;
  readonly shoppers: readonly Set<number>[];
  readonly presenceMs: number[];
  readonly entered: TruthWindow['entered'][number][];
  readonly left: number[];
  readonly dwells: DwellTruth[];
}

/** Turns chunks into windows. Only the window that is still open is kept. */
export class StoreTruth {
  private readonly plan: FloorPlan;
  private readonly windowMs: number;
  private readonly entranceSections: readonly (string | null)[];
  private open: OpenWindow | null = null;

  constructor(plan: FloorPlan, windowMs = WINDOW_MS) {
    this.plan = plan;
    this.windowMs = windowMs;
    const sectionAt = sectionFinder(plan);
    this.entranceSections = plan.entrances.map(({ at }) => {
      // An entrance is on the outer wall; its section begins a hand's breadth inside.
      const x = Math.min(Math.max(at.x, 0.2), plan.widthMetres - 0.2);
      const y = Math.min(Math.max(at.y, 0.2), plan.depthMetres - 0.2);
      return plan.sections[sectionAt(x, y)]?.id ?? null;
    });
  }

  /** The windows that this chunk completes, in order; a chunk may not reach back into them. */
  append(chunk: StoreChunk): readonly TruthWindow[] {
    const completed: TruthWindow[] = [];
    const { frames, fromMs, samplePeriodMs } = chunk;
    const samples = frames.offsets.length - 1;
    for (let sample = 0; sample < samples; sample++) {
      const timeMs = fromMs + (sample + 1) * samplePeriodMs;
      const window = this.windowOf(timeMs, completed);
      const end = frames.offsets[sample + 1] ?? 0;
      for (let row = frames.offsets[sample] ?? 0; row < end; row++) {
        const section = frames.section[row] ?? -1;
        window.shoppers[section]?.add(frames.shopper[row] ?? -1);
        if (section >= 0) window.presenceMs[section] = (window.presenceMs[section] ?? 0) + samplePeriodMs;
      }
      this.addEvents(window, chunk, timeMs - samplePeriodMs, timeMs);
    }
    if (this.open !== null && this.open.endMs <= chunk.toMs) completed.push(this.close(this.open));
    return completed;
  }

  /** The window that is still open when the store's time ends in the middle of it. */
  end(): readonly TruthWindow[] {
    return this.open === null ? [] : [this.close(this.open)];
  }

  private windowOf(timeMs: number, completed: TruthWindow[]): OpenWindow {
    const endMs = Math.ceil(timeMs / this.windowMs) * this.windowMs;
    if (this.open?.endMs === endMs) return this.open;
    if (this.open !== null) completed.push(this.close(this.open));
    this.open = {
      endMs,
      shoppers: this.plan.sections.map(() => new Set<number>()),
      presenceMs: this.plan.sections.map(() => 0),
      entered: [],
      left: [],
      dwells: [],
    };
    return this.open;
  }

  private close(window: OpenWindow): TruthWindow {
    this.open = null;
    return {
      endMs: window.endMs,
      sections: this.plan.sections.map(({ id }, index) => ({
        section: id,
        shoppers: window.shoppers[index] ?? new Set(),
        presenceMs: window.presenceMs[index] ?? 0,
      })),
      entered: window.entered,
      left: window.left,
      dwells: window.dwells,
    };
  }

  /** What happened after `afterMs`, up to and including `untilMs`. */
  private addEvents(window: OpenWindow, chunk: StoreChunk, afterMs: number, untilMs: number): void {
    const within = (ms: number): boolean => ms > afterMs && ms <= untilMs;
    for (const { atMs, entrance, profile } of chunk.arrivals) {
      if (!within(atMs)) continue;
      const id = this.plan.entrances[entrance]?.id ?? '';
      window.entered.push({ entrance: id, section: this.entranceSections[entrance] ?? null, profile });
    }
    for (const { atMs, shopper } of chunk.departures) if (within(atMs)) window.left.push(shopper);
    for (const dwell of chunk.dwells) {
      const display = this.plan.displays[dwell.display];
      if (display === undefined || !within(dwell.toMs)) continue;
      window.dwells.push({ ...dwell, display: display.id, section: display.section });
    }
  }
}
