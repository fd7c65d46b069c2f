/**
 * Joins detections of the same person over time, online: tracking by detection with a motion model (SORT, Bewley
 * et al., 2016), sure and unsure detections associated in two stages (ByteTrack, Zhang et al., 2022), boxes
 * widened before they are compared so that few frames a second suffice (C-BIoU, Yang et al., 2023). Where the
 * caller says what people wear, that decides between neighbours and bridges occlusions (after DeepSORT, Wojke et
 * al., 2017, with colours in place of a network). Boxes are those of whole people, also of who is half hidden.
 */
import type { Detection, PixelBox } from '../../boundaries.js';
import { bottomOf, intersectionArea, overlap } from '../boxes.js';
import type { Appearance } from './appearance.js';
import { associate, type Sighting } from './association.js';
import { Track } from './track.js';

export interface TrackerOptions {
  /** Detections from this score on take part in the first stage, the others only in the second. Default 0.25. */
  readonly sureScore?: number;
  /** Only detections from this score on may begin a track. Default 0.4. */
  readonly beginScore?: number;
  /** Sightings before a track is reported. Default 2. */
  readonly confirmSightings?: number;
  /** A track that is not seen for longer ends. Default 6000. */
  readonly lostMs?: number;
}

/** What the person in a detection wears; undefined when that is not known. */
export type AppearanceOf = (detection: Detection) => Appearance | undefined;

/** A person in the present frame. */
export interface TrackedPerson {
  /** From 1, in order of appearance; never used again. */
  readonly track: number;
  /** The last one that was taken for this person. */
  readonly detection: Detection;
  /** False when somebody hides them from the detector's last look, or it missed them. */
  readonly isSeen: boolean;
  /** Where the whole person is, steadied by the motion model. */
  readonly box: PixelBox;
  /** Pixels per second. */
  readonly velocity: { readonly x: number; readonly y: number };
  readonly firstSeenMs: number;
  /** Detections taken for this person so far. */
  readonly sightings: number;
  /** What the person wears, where the caller says it. */
  readonly appearance: Appearance | undefined;
}

/** A tracker makes use of detections that would be too unsure on their own, from this score on. */
export const LOWEST_TRACKED_SCORE = 0.05;

/** Least overlap of widened boxes, in [0, 1], at each stage. */
const LEAST_OVERLAP = { sure: 0.2, unsure: 0.5, unconfirmed: 0.25 } as const;
/** Two tracks whose boxes overlap more than this are the same person. */
const SAME_PERSON_OVERLAP = 0.85;
/** Clothes are not looked at when more than this share of the box is covered. */
const MOST_COVERED = 0.2;

export class Tracker {
  private readonly options: Required<TrackerOptions>;
  private tracks: Track[] = [];
  private inView: readonly Track[] = [];
  private nextId = 1;
  private lastTimeMs: number | undefined;

  constructor(options: TrackerOptions = {}) {
    this.options = { sureScore: 0.25, beginScore: 0.4, confirmSightings: 2, lostMs: 6000, ...options };
  }

  /**
   * Takes the detections of the next frame, unsure ones included, and gives the people it holds: tracks that are
   * confirmed and were seen in this frame, by track number, then those who are there unseen. `timeMs` must not
   * decrease.
   */
  update(
    timeMs: number,
    detections: readonly Detection[],
    appearanceOf: AppearanceOf = () => undefined,
  ): readonly TrackedPerson[] {
    const isFirstFrame = this.lastTimeMs === undefined;
    const seconds = (timeMs - (this.lastTimeMs ?? timeMs)) / 1000;
    this.lastTimeMs = timeMs;
    const wasHidden = new Set(this.tracks.filter((track) => track.unseenSeconds > 0));
    for (const track of this.tracks) track.predict(seconds);
    const seen = new Set<Track>();

    const sightings = this.sightingsOf(detections, appearanceOf);
    const isSure = ({ detection }: Sighting) => detection.score >= this.options.sureScore;
    const take = (pairs: readonly { readonly track: Track; readonly sighting: Sighting }[]) => {
      for (const { track, sighting } of pairs) {
        track.see(sighting, isSure(sighting) && sighting.clear);
        seen.add(track);
      }
    };
    const confirmed = this.tracks.filter((track) => track.confirmed);
    const sure = associate(confirmed, sightings.filter(isSure), seconds, LEAST_OVERLAP.sure);
    take(sure.pairs);
    const justSeen = sure.openTracks.filter((track) => !wasHidden.has(track));
    const unsure = sightings.filter((sighting) => !isSure(sighting));
    take(associate(justSeen, unsure, seconds, LEAST_OVERLAP.unsure).pairs);
    const unconfirmed = this.tracks.filter((track) => !track.confirmed);
    const rest = associate(unconfirmed, sure.openSightings, seconds, LEAST_OVERLAP.unconfirmed);
    take(rest.pairs);
    for (const sighting of rest.openSightings) {
      if (sighting.detection.score >= this.options.beginScore)
        seen.add(this.begin(sighting, timeMs, isFirstFrame));
    }

    for (const track of this.tracks) {
      if (track.sightings >= this.options.confirmSightings) track.confirmed = true;
      if (!seen.has(track)) track.miss(seconds);
    }
    this.tracks = this.tracks.filter((track) =>
      track.confirmed ? track.unseenSeconds * 1000 <= this.options.lostMs : seen.has(track),
    );
    this.dropDuplicates(seen);
    const inSight = this.tracks.filter((track) => track.confirmed && seen.has(track));
    const outOfSight = this.tracks.filter((track) => !seen.has(track) && track.isStillThere(inSight));
    this.inView = [...inSight, ...outOfSight];
    return this.inView.map((track) => report(track, track.steadyBox, seen.has(track)));
  }

  /** Where the people of the last frame are thought to be at a later time, for frames the detector skips. */
  predict(timeMs: number): readonly TrackedPerson[] {
    const seconds = (timeMs - (this.lastTimeMs ?? timeMs)) / 1000;
    return this.inView.map((track) => report(track, track.boxIn(seconds), track.unseenSeconds === 0));
  }

  private sightingsOf(detections: readonly Detection[], appearanceOf: AppearanceOf): readonly Sighting[] {
    const sureBoxes = detections.filter(({ score }) => score >= this.options.sureScore).map(({ box }) => box);
    return detections.map((detection) => {
      const nearer = sureBoxes.filter((box) => bottomOf(box) > bottomOf(detection.box));
      const clear = !nearer.some((box) => coversMuchOf(box, detection.box));
      return { detection, appearance: appearanceOf(detection), nearer, clear };
    });
  }

  private begin(sighting: Sighting, timeMs: number, confirmed: boolean): Track {
    const track = new Track(this.nextId++, timeMs, sighting, confirmed);
    this.tracks.push(track);
    return track;
  }

  /** Of two tracks seen on one person the longer one remains. Who is not seen may pass behind somebody. */
  private dropDuplicates(seen: ReadonlySet<Track>): void {
    const longestFirst = [...seen].sort((a, b) => b.sightings - a.sightings || a.id - b.id);
    const kept = new Set<Track>();
    for (const track of longestFirst) {
      const isDouble = [...kept].some((other) => overlap(other.box, track.box) > SAME_PERSON_OVERLAP);
      if (!isDouble) kept.add(track);
    }
    this.tracks = this.tracks.filter((track) => kept.has(track) || !seen.has(track));
  }
}

function coversMuchOf(nearer: PixelBox, other: PixelBox): boolean {
  return intersectionArea(nearer, other) > MOST_COVERED * other.width * other.height;
}

function report(track: Track, box: PixelBox, isSeen: boolean): TrackedPerson {
  return {
    track: track.id,
    detection: track.lastDetection,
    isSeen,
    box,
    velocity: track.velocity,
    firstSeenMs: track.firstSeenMs,
    sightings: track.sightings,
    appearance: track.appearance,
  };
}
