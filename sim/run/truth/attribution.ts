/**
 * Holds the pipeline's numbers against the truth, window by window: every shopper who was missed or counted
 * more than once is put down to the stage that did it. The causes are found by following each shopper through
 * the stages; what the pipeline reports is not looked at until the end, so that comparing the two is a test of
 * both.
 */
import { type CausesSoFar, noCauses } from '../../../reports/attributed-causes.js';
import type { AttributionRow } from '../../../reports/run-record.js';
import { explained } from './explained.js';
import { FootfallAttribution } from './footfall-attribution.js';

/** A picture's people as the truth has them: the shopper under each of the detector's boxes, or nobody. */
export interface CapturedPicture {
  /** Names the picture: its blob's name. */
  readonly picture: string;
  readonly section: string;
  readonly windowEndMs: number;
  readonly people: readonly (number | null)[];
}

/** What came of one person in a picture at the end of the pipeline. */
export interface CountedEvent {
  readonly visitor: string | null;
  readonly newVisitor: boolean;
}

/** What the dashboard shows of a window; null when the row was withheld or never came. */
export interface MeasuredWindow {
  readonly people: number;
  readonly uniqueVisitors: number;
  readonly newVisitors: number;
}

type PictureFate = 'under-way' | 'counted' | 'late';

/** How far a shopper got in a window, as one of the cameras of the section saw it. */
interface Trail {
  seen: boolean;
  detected: boolean;
  readonly fates: PictureFate[];
  events: number;
  readonly visitors: Set<string>;
}

interface WindowState {
  readonly windowEndMs: number;
  readonly section: string;
  present: readonly number[] | null;
  readonly trails: Map<number, Trail>;
  readonly picturesUnderWay: Set<string>;
  /** Events of boxes under which nobody stood. */
  phantomEvents: number;
  readonly phantomVisitors: Set<string>;
  /** Late events that the policy moved into this window. */
  strayEvents: number;
  readonly strayVisitors: Set<string>;
  /** Events of pictures whose events had come before: their upload was done twice. */
  repeatedEvents: number;
  readonly measured: MeasuredWindow | null;
}

type MutableWindow = { -readonly [Key in keyof WindowState]: WindowState[Key] };

const NOTHING: MeasuredWindow = { people: 0, uniqueVisitors: 0, newVisitors: 0 };

export class Attribution {
  private readonly windows = new Map<string, MutableWindow>();
  private readonly pictures = new Map<string, CapturedPicture>();
  private readonly footfall = new FootfallAttribution();
  private readonly onRow: (row: AttributionRow) => void;
  /** Windows whose row was withheld; their events were suppressed. */
  private readonly withheld = new Set<string>();

  constructor(onRow: (row: AttributionRow) => void) {
    this.onRow = onRow;
  }

  /** Truth: who was in `section` at some time of the window. */
  present(windowEndMs: number, section: string, shoppers: readonly number[]): void {
    this.window(windowEndMs, section).present = shoppers;
  }

  /** Truth: a shopper came in. */
  entered(shopper: number, windowEndMs: number): void {
    this.footfall.entered(shopper, windowEndMs);
  }

  /** A look of a camera of `section`: who was in its view, and whom of them the detector found. */
  looked(
    windowEndMs: number,
    section: string,
    visible: readonly number[],
    detected: readonly number[],
  ): void {
    const window = this.window(windowEndMs, section);
    for (const shopper of visible) {
      trailOf(window, shopper).seen = true;
      this.footfall.reached(shopper, 'seen');
    }
    for (const shopper of detected) {
      const trail = trailOf(window, shopper);
      trail.seen = true;
      trail.detected = true;
      this.footfall.reached(shopper, 'detected');
    }
  }

  captured(picture: CapturedPicture): void {
    this.pictures.set(picture.picture, picture);
    const window = this.window(picture.windowEndMs, picture.section);
    window.picturesUnderWay.add(picture.picture);
    for (const shopper of picture.people) {
      if (shopper === null) continue;
      trailOf(window, shopper).fates.push('under-way');
      this.footfall.reached(shopper, 'captured');
    }
  }

  /** The events of a picture came to the query in time; one for each of its people, in their order. */
  counted(picture: string, events: readonly CountedEvent[]): void {
    const taken = this.settle(picture, 'counted');
    if (taken === undefined) return;
    const window = this.window(taken.windowEndMs, taken.section);
    events.forEach((event, index) => {
      const shopper = taken.people[index] ?? null;
      if (shopper === null) {
        window.phantomEvents++;
        if (event.visitor !== null) window.phantomVisitors.add(event.visitor);
        if (event.newVisitor) this.footfall.countedNobody(taken.windowEndMs);
        return;
      }
      const trail = trailOf(window, shopper);
      trail.events++;
      if (event.visitor !== null) trail.visitors.add(event.visitor);
      this.footfall.reached(shopper, 'counted');
      if (event.newVisitor) this.footfall.countedNew(shopper, taken.windowEndMs);
    });
  }

  /**
   * The events of a picture were too late for their window. The late policy drops them, or adjusts their time:
   * then they count in the window that ends at `adjustedToMs`.
   */
  late(picture: string, events: readonly CountedEvent[], adjustedToMs: number | null): void {
    const taken = this.settle(picture, 'late');
    if (taken === undefined) return;
    for (const shopper of taken.people) if (shopper !== null) this.footfall.reached(shopper, 'late');
    if (adjustedToMs === null) return;
    const window = this.window(adjustedToMs, taken.section);
    events.forEach((event, index) => {
      window.strayEvents++;
      if (event.visitor !== null) window.strayVisitors.add(event.visitor);
      if (!event.newVisitor) return;
      const shopper = taken.people[index] ?? null;
      if (shopper === null) this.footfall.countedNobody(adjustedToMs);
      else this.footfall.countedNew(shopper, adjustedToMs);
    });
  }

  /** The events of a picture of `section` came once more: each counts again, in the window that ends then, if any. */
  repeated(section: string, events: readonly CountedEvent[], windowEndMs: number | null): void {
    if (windowEndMs === null) return;
    const window = this.window(windowEndMs, section);
    for (const { newVisitor, visitor } of events) {
      window.repeatedEvents++;
      if (visitor !== null) window.strayVisitors.add(visitor);
      if (newVisitor) this.footfall.countedNobody(windowEndMs);
    }
  }

  /** The row of a window as the dashboard got it. */
  measured(windowEndMs: number, section: string, row: MeasuredWindow): void {
    this.window(windowEndMs, section).measured = row;
    this.footfall.measured(windowEndMs, row.newVisitors);
  }

  /** The row of a window was withheld, because it spoke of too few. */
  suppressed(windowEndMs: number, section: string): void {
    this.withheld.add(keyOf(windowEndMs, section));
  }

  /** Closes the windows that ended by `untilMs` and of whose pictures all fates are known. */
  closeUntil(untilMs: number): void {
    for (const [key, window] of this.windows) {
      if (window.windowEndMs > untilMs || window.picturesUnderWay.size > 0 || window.present === null)
        continue;
      this.close(key, window);
    }
  }

  /** Closes everything: what is still under way is lost. */
  end(): void {
    for (const [key, window] of this.windows) this.close(key, window);
    this.footfall.end(this.onRow);
  }

  private close(key: string, window: WindowState): void {
    this.windows.delete(key);
    const withheld = this.withheld.delete(key);
    for (const picture of window.picturesUnderWay) this.pictures.delete(picture);
    if ((window.present ?? []).length === 0 && window.trails.size === 0 && window.measured === null) return;
    const measured = window.measured ?? NOTHING;
    this.onRow(rowOf(window, 'people', measured.people, peopleCauses(window, withheld)));
    this.onRow(rowOf(window, 'uniqueVisitors', measured.uniqueVisitors, visitorCauses(window, withheld)));
  }

  private settle(picture: string, fate: PictureFate): CapturedPicture | undefined {
    const taken = this.pictures.get(picture);
    if (taken === undefined) return undefined;
    this.pictures.delete(picture);
    const window = this.window(taken.windowEndMs, taken.section);
    window.picturesUnderWay.delete(picture);
    for (const shopper of taken.people) {
      if (shopper === null) continue;
      const { fates } = trailOf(window, shopper);
      fates[fates.indexOf('under-way')] = fate;
    }
    return taken;
  }

  private window(windowEndMs: number, section: string): MutableWindow {
    const key = keyOf(windowEndMs, section);
    const known = this.windows.get(key);
    if (known !== undefined) return known;
    const window: MutableWindow = {
      windowEndMs,
      section,
      present: null,
      trails: new Map(),
      picturesUnderWay: new Set(),
      phantomEvents: 0,
      phantomVisitors: new Set(),
      strayEvents: 0,
      strayVisitors: new Set(),
      repeatedEvents: 0,
      measured: null,
    };
    this.windows.set(key, window);
    return window;
  }
}

function keyOf(windowEndMs: number, section: string): string {
  return `${windowEndMs} ${section}`;
}

function trailOf(window: WindowState, shopper: number): Trail {
  const known = window.trails.get(shopper);
  if (known !== undefined) return known;
  const trail: Trail = { seen: false, detected: false, fates: [], events: 0, visitors: new Set() };
  window.trails.set(shopper, trail);
  return trail;
}

/** The stage that lost a shopper of whom no event was counted. */
export function causeOfAbsence(trail: Trail | undefined): keyof CausesSoFar {
  if (trail === undefined || !trail.seen) return 'unseen';
  if (!trail.detected) return 'undetected';
  if (trail.fates.length === 0) return 'notCaptured';
  return trail.fates.includes('late') ? 'late' : 'lost';
}

function peopleCauses(window: WindowState, withheld: boolean): CausesSoFar {
  const causes = noCauses();
  const present = new Set(window.present ?? []);
  for (const shopper of present) {
    const trail = window.trails.get(shopper);
    if (trail === undefined || trail.events === 0) causes[causeOfAbsence(trail)]++;
    else if (withheld) causes.suppressed++;
    else causes.doubleCounted += trail.events - 1;
  }
  if (withheld) return causes;
  causes.shifted += window.strayEvents;
  causes.doubleCounted += window.repeatedEvents;
  causes.misAnalysed += window.phantomEvents;
  for (const [shopper, trail] of window.trails) if (!present.has(shopper)) causes.misAnalysed += trail.events;
  return causes;
}

function visitorCauses(window: WindowState, withheld: boolean): CausesSoFar {
  const causes = noCauses();
  const present = [...new Set(window.present ?? [])].sort((one, other) => one - other);
  const owned = new Set<string>();
  for (const shopper of present) {
    const trail = window.trails.get(shopper);
    if (trail === undefined || trail.events === 0) {
      causes[causeOfAbsence(trail)]++;
      continue;
    }
    const own = [...trail.visitors].filter((visitor) => !owned.has(visitor));
    for (const visitor of own) owned.add(visitor);
    if (own.length === 0) causes.misAnalysed--;
    else if (withheld) causes.suppressed++;
    else causes.doubleCounted += own.length - 1;
  }
  if (withheld) return causes;
  const others = [...window.trails.values(), { visitors: window.phantomVisitors }].flatMap(({ visitors }) => [
    ...visitors,
  ]);
  const foreign = new Set(others.filter((visitor) => !owned.has(visitor)));
  causes.misAnalysed += foreign.size;
  for (const visitor of window.strayVisitors) {
    if (!owned.has(visitor) && !foreign.has(visitor)) causes.shifted++;
  }
  return causes;
}

function rowOf(
  window: WindowState,
  quantity: AttributionRow['quantity'],
  measured: number,
  causes: CausesSoFar,
): AttributionRow {
  return {
    windowEnd: new Date(window.windowEndMs).toISOString(),
    section: window.section,
    quantity,
    truth: new Set(window.present ?? []).size,
    measured,
    ...causes,
  };
}

/** The invariant of every row: the causes explain the whole difference. */
export function isExplained(row: AttributionRow): boolean {
  return explained(row.truth, row) === row.measured;
}
