/** Gathers what happens in a world, for its run record: nothing in the world depends on it. */

import type { AnonymousEvent } from '../../../pipeline/boundaries.js';
import type { AttributionRow } from '../../../reports/run-record.js';
import type { LogLine } from '../../functions-host/index.js';
import { WINDOW_MS } from '../../store/truth.js';
import { Latencies } from '../record/latencies.js';
import { pictureKey } from '../sight/witness.js';
import { Attribution, type CountedEvent } from '../truth/attribution.js';
import type { ArrivedEvent, Punctuality, WindowOutput } from './stream-analytics.js';

/** Stages whose latency is measured, from the moment a picture is taken unless said otherwise. */
export const LATENCY_STAGES = ['toBlobStorage', 'toEventHubs', 'endToEnd'] as const;
export type LatencyStage = (typeof LATENCY_STAGES)[number];

/** Every field of `AnonymousEvent`; the compiler keeps the list complete. */
const ALLOWED_FIELDS: Readonly<Record<keyof AnonymousEvent, true>> = {
  eventId: true,
  storeId: true,
  cameraId: true,
  section: true,
  capturedAt: true,
  analyzed: true,
  visitor: true,
  newVisitor: true,
  returning: true,
  ageBand: true,
  gender: true,
  emotion: true,
  emotionScore: true,
};
const ALLOWED: ReadonlySet<string> = new Set(Object.keys(ALLOWED_FIELDS));

/** Lines of a run that the record keeps. */
export const MOST_LOG_LINES = 1_000;
/** What a reader can take in. */
const MOST_WARNINGS = 50;

/** Who truly was there, and came and went, in a window. */
export interface TruthOfWindow {
  readonly endMs: number;
  readonly sections: readonly { readonly section: string; readonly shoppers: ReadonlySet<number> }[];
  readonly entered: readonly { readonly profile: { readonly shopper: number } }[];
  readonly left: readonly number[];
}

/** The end of the window `(end - 15 s, end]` that an instant belongs to. */
export function windowEndOf(atMs: number): number {
  return Math.ceil(atMs / WINDOW_MS) * WINDOW_MS;
}

/** The end of the window that an event counts in; null where it was dropped. */
function windowCountedIn(punctuality: Punctuality, capturedAtMs: number): number | null {
  switch (punctuality.kind) {
    case 'in-time':
      return windowEndOf(capturedAtMs);
    case 'adjusted':
      return windowEndOf(punctuality.toMs);
    case 'dropped':
      return null;
  }
}

export class Collector {
  readonly attribution: Attribution;
  readonly attributionRows: AttributionRow[] = [];
  readonly latencies: Readonly<Record<LatencyStage, Latencies>> = {
    toBlobStorage: new Latencies(),
    toEventHubs: new Latencies(),
    endToEnd: new Latencies(),
  };
  /** Fields of events that are not in the allow-list. */
  readonly leaks = new Set<string>();
  readonly warnings = new Map<string, number>();
  readonly functionLog: LogLine[] = [];
  readonly truthWindows: { readonly endMs: number; readonly entered: number; readonly inside: number }[] = [];
  /** Of pictures taken whose events have not come yet, by key: when that truly was. */
  private readonly pending = new Map<string, number>();
  /** True capture times of the events in windows whose rows are not on the dashboard yet. */
  private readonly inWindows = new Map<number, number[]>();
  pictures = 0;
  analysedPictures = 0;
  uploaded = 0;
  /** Blobs that came to the container of pictures. */
  picturesWritten = 0;
  devicePicturesLost = 0;
  messagesLost = 0;
  eventsArrived = 0;
  /** Rows that Power BI took. */
  rowsPushed = 0;
  lateEvents = 0;
  analysedFaces = 0;
  females = 0;
  males = 0;
  returningVisitors = new Set<string>();
  visitors = new Set<string>();
  visitorDemographics = new Map<
    string,
    { readonly gender: string | null; readonly ageBand: string | null }
  >();
  emotionScoreSum = 0;
  private readonly inside = new Set<number>();

  constructor() {
    this.attribution = new Attribution((row) => this.attributionRows.push(row));
  }

  /** A warning for the reader of the report; the same one again is counted, not repeated. */
  warn(message: string): void {
    const isRoom = this.warnings.size < MOST_WARNINGS || this.warnings.has(message);
    const kept = isRoom ? message : 'more warnings, of which no more are listed';
    this.warnings.set(kept, (this.warnings.get(kept) ?? 0) + 1);
  }

  /** What handlers of Functions write; the newest are kept. */
  noteFunctionLog(line: LogLine): void {
    this.functionLog.push(line);
    if (this.functionLog.length > 2 * MOST_LOG_LINES) this.functionLog.splice(0, MOST_LOG_LINES);
  }

  truthWindow(window: TruthOfWindow): void {
    for (const { section, shoppers } of window.sections) {
      this.attribution.present(
        window.endMs,
        section,
        [...shoppers].sort((one, other) => one - other),
      );
    }
    for (const { profile } of window.entered) {
      this.attribution.entered(profile.shopper, window.endMs);
      this.inside.add(profile.shopper);
    }
    for (const shopper of window.left) this.inside.delete(shopper);
    this.truthWindows.push({
      endMs: window.endMs,
      entered: window.entered.length,
      inside: this.inside.size,
    });
  }

  /** `capturedAt` is what the camera took the time to be, `takenAtMs` the true time. */
  captured(cameraId: string, capturedAt: string, takenAtMs: number): void {
    this.pictures++;
    this.pending.set(pictureKey(cameraId, capturedAt), takenAtMs);
  }

  stored(cameraId: string, capturedAt: string, nowMs: number): void {
    this.uploaded++;
    this.latencies.toBlobStorage.add(nowMs - this.takenAtMs(cameraId, capturedAt));
  }

  /** The events of one picture, in the order of its people; returns the picture's key. */
  arrived(events: readonly ArrivedEvent[]): string {
    const [first] = events;
    if (first === undefined) throw new RangeError('a picture has at least one event');
    const { cameraId, capturedAt } = first.event;
    const key = pictureKey(cameraId, capturedAt);
    const capturedAtMs = Date.parse(capturedAt);
    const takenAtMs = this.takenAtMs(cameraId, capturedAt);
    const isFirstTime = this.pending.delete(key);
    if (isFirstTime) this.analysedPictures++;
    this.eventsArrived += events.length;
    this.latencies.toEventHubs.add(first.enqueuedAtMs - takenAtMs);
    for (const { event } of events) {
      this.tally(event);
      for (const field of Object.keys(event)) if (!ALLOWED.has(field)) this.leaks.add(field);
    }
    const counted: readonly CountedEvent[] = events.map(({ event }) => event);
    const { punctuality } = first;
    if (punctuality.kind !== 'in-time') this.lateEvents += events.length;
    const countedIn = windowCountedIn(punctuality, capturedAtMs);
    if (!isFirstTime) this.attribution.repeated(first.event.section, counted, countedIn);
    else if (countedIn === windowEndOf(takenAtMs) && punctuality.kind === 'in-time')
      this.attribution.counted(key, counted);
    else this.attribution.late(key, counted, countedIn);
    if (countedIn !== null) this.awaitRow(countedIn, takenAtMs);
    return key;
  }

  /** An event that no picture can be found for: it is not of the form that the pattern's query reads. */
  strange(event: object): void {
    this.eventsArrived++;
    const fields = Object.keys(event).sort().join(', ') || 'none';
    this.warn(`an event has no cameraId and no capturedAt that tell its picture; its fields are ${fields}`);
  }

  /** The rows of a window are on the dashboard. */
  shown(rows: readonly WindowOutput[], nowMs: number): void {
    for (const windowEndMs of new Set(rows.map((row) => row.windowEndMs))) {
      for (const takenAtMs of this.inWindows.get(windowEndMs) ?? []) {
        this.latencies.endToEnd.add(nowMs - takenAtMs);
      }
      this.inWindows.delete(windowEndMs);
    }
  }

  /** Pictures taken of which no event has come. */
  get unanalysedPictures(): number {
    return this.pending.size;
  }

  private takenAtMs(cameraId: string, capturedAt: string): number {
    return this.pending.get(pictureKey(cameraId, capturedAt)) ?? Date.parse(capturedAt);
  }

  private awaitRow(windowEndMs: number, takenAtMs: number): void {
    const waiting = this.inWindows.get(windowEndMs);
    if (waiting === undefined) this.inWindows.set(windowEndMs, [takenAtMs]);
    else waiting.push(takenAtMs);
  }

  private tally(event: ArrivedEvent['event']): void {
    if (!event.analyzed) return;
    this.analysedFaces++;
    this.emotionScoreSum += event.emotionScore ?? 0;
    const { visitor } = event;
    if (visitor === null) return;
    if (event.newVisitor) this.visitors.add(visitor);
    if (event.returning === true) this.returningVisitors.add(visitor);
    if (!this.visitorDemographics.has(visitor)) {
      this.visitorDemographics.set(visitor, { gender: event.gender, ageBand: event.ageBand });
    }
  }
}
