/** Gathers what happens in a world, for its run record: nothing in the world depends on it. */
import type { AnonymousEvent } from '../../pipeline/boundaries.js';
import type { AttributionRow } from '../../reports/run-record.js';
import type { TruthWindow } from '../store/truth.js';
import { WINDOW_MS } from '../store/truth.js';
import { Latencies } from './record/latencies.js';
import { pictureKey } from './sight/witness.js';
import type { ArrivedEvent, WindowOutput } from './stream-analytics.js';
import { Attribution, type CountedEvent } from './truth/attribution.js';

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

/** What a reader can take in. */
const MOST_WARNINGS = 50;

interface PendingPicture {
  readonly cameraId: string;
  readonly capturedAtMs: number;
  readonly people: number;
}

/** The end of the window `(end - 15 s, end]` that an instant belongs to. */
export function windowEndOf(atMs: number): number {
  return Math.ceil(atMs / WINDOW_MS) * WINDOW_MS;
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
  readonly truthWindows: { readonly endMs: number; readonly entered: number; readonly inside: number }[] = [];
  /** Pictures taken whose events have not come yet, by key. */
  private readonly pending = new Map<string, PendingPicture>();
  /** Capture times of the events in windows whose rows are not on the dashboard yet. */
  private readonly inWindows = new Map<number, number[]>();
  pictures = 0;
  analysedPictures = 0;
  uploaded = 0;
  devicePicturesLost = 0;
  messagesLost = 0;
  eventsArrived = 0;
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

  truthWindow(window: TruthWindow): void {
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

  captured(cameraId: string, capturedAt: string, people: number): void {
    this.pictures++;
    this.pending.set(pictureKey(cameraId, capturedAt), {
      cameraId,
      capturedAtMs: Date.parse(capturedAt),
      people,
    });
  }

  stored(capturedAt: string, nowMs: number): void {
    this.uploaded++;
    this.latencies.toBlobStorage.add(nowMs - Date.parse(capturedAt));
  }

  /** The events of one picture, in the order of its people; returns the picture's key. */
  arrived(events: readonly ArrivedEvent[]): string {
    const [first] = events;
    if (first === undefined) throw new RangeError('a picture has at least one event');
    const { cameraId, capturedAt } = first.event;
    const key = pictureKey(cameraId, capturedAt);
    const capturedAtMs = Date.parse(capturedAt);
    if (this.pending.delete(key)) this.analysedPictures++;
    this.eventsArrived += events.length;
    this.latencies.toEventHubs.add(first.enqueuedAtMs - capturedAtMs);
    for (const { event } of events) {
      this.tally(event);
      for (const field of Object.keys(event)) if (!ALLOWED.has(field)) this.leaks.add(field);
    }
    const counted: readonly CountedEvent[] = events.map(({ event }) => event);
    const { punctuality } = first;
    if (punctuality.kind === 'in-time') {
      this.attribution.counted(key, counted);
      this.awaitRow(windowEndOf(capturedAtMs), capturedAtMs);
      return key;
    }
    this.lateEvents += events.length;
    const adjustedToMs = punctuality.kind === 'adjusted' ? windowEndOf(punctuality.toMs) : null;
    this.attribution.late(key, counted, adjustedToMs);
    if (adjustedToMs !== null) this.awaitRow(adjustedToMs, capturedAtMs);
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
      for (const capturedAtMs of this.inWindows.get(windowEndMs) ?? []) {
        this.latencies.endToEnd.add(nowMs - capturedAtMs);
      }
      this.inWindows.delete(windowEndMs);
    }
  }

  /** Pictures taken of which no event has come. */
  get unanalysedPictures(): number {
    return this.pending.size;
  }

  private awaitRow(windowEndMs: number, capturedAtMs: number): void {
    const waiting = this.inWindows.get(windowEndMs);
    if (waiting === undefined) this.inWindows.set(windowEndMs, [capturedAtMs]);
    else waiting.push(capturedAtMs);
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
