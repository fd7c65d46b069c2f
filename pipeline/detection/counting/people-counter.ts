/** Counts people in front of one camera: each visitor once, who crosses a line, who stays in a zone. */
import type { TrackedPerson } from '../tracking/tracker.js';
import { LineCounter, type LineCounts } from './line-counter.js';
import { type CameraMarks, NO_MARKS } from './marks.js';
import { type PictureSize, VisitorRegister } from './visitor-register.js';
import { ZoneCounter, type ZoneFigures } from './zone-counter.js';

/** What counting needs of a tracked person. */
export type CountedPerson = Pick<TrackedPerson, 'track' | 'box' | 'firstSeenMs' | 'sightings' | 'appearance'>;

export interface PeopleCounts {
  /** Visitors: who comes back soon enough counts once. */
  readonly people: number;
  /** Over all lines; null when there is none. */
  readonly in: number | null;
  readonly out: number | null;
  /** How often somebody who had left was known again. */
  readonly returned: number;
  readonly lines: readonly LineCounts[];
  readonly zones: readonly ZoneFigures[];
}

/** A track that was seen less is too likely a false alarm to be a person. */
const LEAST_SIGHTINGS = 5;
const LEAST_MS = 500;
/** A track that was not seen for so long has ended. Longer than any tracker waits. */
const ENDED_AFTER_MS = 5_000;

export class PeopleCounter {
  private readonly lines: readonly LineCounter[];
  private readonly zones: readonly ZoneCounter[];
  private readonly register: VisitorRegister;
  private readonly lastSeenMs = new Map<number, number>();

  constructor(size: PictureSize, marks: CameraMarks = NO_MARKS) {
    this.lines = marks.lines.map((line) => new LineCounter(line));
    this.zones = marks.zones.map((zone) => new ZoneCounter(zone));
    this.register = new VisitorRegister(size, marks.reentryMs);
  }

  /** Everybody in view at `atMs`; times must not decrease. */
  add(atMs: number, people: readonly CountedPerson[]): void {
    this.endTracks(atMs);
    const lasting = new Set<number>();
    for (const { track, box, sightings, firstSeenMs } of people) {
      this.lastSeenMs.set(track, atMs);
      if (sightings >= LEAST_SIGHTINGS && atMs - firstSeenMs >= LEAST_MS) lasting.add(track);
      for (const line of this.lines) line.follow(track, box);
    }
    this.register.add(atMs, people, (track) => lasting.has(track));
    const known = people.flatMap(({ track, box }) => {
      const visitor = this.register.visitorOf(track);
      return visitor === undefined ? [] : [{ visitor, box }];
    });
    for (const zone of this.zones) zone.add(atMs, known);
  }

  /** The visitor of a track that still runs and was counted. */
  visitorOf(track: number): number | undefined {
    return this.register.visitorOf(track);
  }

  get counts(): PeopleCounts {
    const lines = this.lines.map(({ counts }) => counts);
    const total = (direction: 'in' | 'out') =>
      lines.length === 0 ? null : lines.reduce((sum, line) => sum + line[direction], 0);
    return {
      people: this.register.count,
      in: total('in'),
      out: total('out'),
      returned: this.register.returns,
      lines,
      zones: this.zones.map((zone) => zone.figures()),
    };
  }

  private endTracks(atMs: number): void {
    this.register.forget(atMs, ENDED_AFTER_MS);
    for (const [track, seenMs] of this.lastSeenMs) {
      if (atMs - seenMs <= ENDED_AFTER_MS) continue;
      this.lastSeenMs.delete(track);
      this.register.ended(track);
      for (const line of this.lines) line.forget(track);
    }
  }
}
