/**
 * Joins detections of the same person over time, online: tracking by detection with a motion model (SORT, Bewley
 * et al., 2016), sure and unsure detections associated in two stages (ByteTrack, Zhang et al., 2022), boxes
 * widened before they are compared so that few frames a second suffice (C-BIoU, Yang et al., 2023). Where the
 * caller says what people wear, that decides between neighbours and bridges occlusions (after DeepSORT, Wojke et
 * al., 2017, with colours in place of a network).
 */
import type { Detection, PixelBox } from '../boundaries.js';
import { type Appearance, blendAppearance } from './appearance.js';
import { associate, type Followed, type Sighting } from './association.js';
import { BoxMotion } from './box-motion.js';
import { between, intersectionArea, overlap } from './boxes.js';

export interface TrackerOptions {
  /** Detections from this score on take part in the first stage, the others only in the second. Default 0.3. */
  readonly sureScore?: number;
  /** Only detections from this score on may begin a track. Default 0.35. */
  readonly beginScore?: number;
  /** Sightings before a track is reported. Default 2. */
  readonly confirmSightings?: number;
  /** A track that is not seen for longer ends. Default 3000. */
  readonly lostMs?: number;
}

/** What the person in a detection wears; undefined when that is not known. */
export type AppearanceOf = (detection: Detection) => Appearance | undefined;

/** A person seen in the present frame. */
export interface TrackedPerson {
  /** From 1, in order of appearance; never used again. */
  readonly track: number;
  readonly detection: Detection;
  /** The detection's box, steadied by the motion model's. */
  readonly box: PixelBox;
  /** Pixels per second. */
  readonly velocity: { readonly x: number; readonly y: number };
  readonly firstSeenMs: number;
  /** Detections taken for this person so far. */
  readonly sightings: number;
  /** What the person wears, where the caller says it. */
  readonly appearance: Appearance | undefined;
}

/** Least overlap of widened boxes, in [0, 1], at each stage. */
const LEAST_OVERLAP = { sure: 0.2, unsure: 0.5, unconfirmed: 0.25 } as const;
/** Two tracks whose boxes overlap more than this are the same person. */
const SAME_PERSON_OVERLAP = 0.85;
/** A hidden person loses half their supposed speed in this time. */
const HALF_SPEED_SECONDS = 0.5;
/** How quickly a remembered appearance follows what is seen. */
const APPEARANCE_SHARE = 0.1;

/** How far a reported box is from the detection's towards the motion model's, which is steadier and lags. */
const STEADYING = 0.3;
/** Clothes are not looked at when more than this share of the box is covered. */
const MOST_COVERED = 0.2;

class Track implements Followed {
  sightings = 0;
  unseenSeconds = 0;
  appearance: Appearance | undefined;

  constructor(
    readonly id: number,
    readonly firstSeenMs: number,
    public motion: BoxMotion,
    public lastDetection: Detection,
    public confirmed: boolean,
  ) {}

  get box(): PixelBox {
    return this.motion.box;
  }

  predict(seconds: number): void {
    this.motion = this.motion.predict(seconds);
    this.unseenSeconds += seconds;
  }

  /** `learn`: whether the detection shows its clothes well enough to remember them. */
  see({ detection, appearance }: Sighting, learn: boolean): void {
    this.motion = this.motion.correct(detection.box, Math.max(0.3, detection.score));
    this.lastDetection = detection;
    this.sightings++;
    this.unseenSeconds = 0;
    if (!learn || appearance === undefined) return;
    this.appearance =
      this.appearance === undefined
        ? appearance
        : blendAppearance(this.appearance, appearance, APPEARANCE_SHARE);
  }
}

export class Tracker {
  private readonly options: Required<TrackerOptions>;
  private tracks: Track[] = [];
  private nextId = 1;
  private lastTimeMs: number | undefined;

  constructor(options: TrackerOptions = {}) {
    this.options = { sureScore: 0.3, beginScore: 0.35, confirmSightings: 2, lostMs: 3000, ...options };
  }

  /**
   * Takes the detections of the next frame, unsure ones included, and gives the people it holds: tracks that
   * are confirmed and were seen in this frame, by track number. `timeMs` must not decrease.
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

    const isSure = ({ detection }: Pick<Sighting, 'detection'>) => detection.score >= this.options.sureScore;
    const sightings = detections.map(
      (detection): Sighting => ({
        detection,
        appearance: appearanceOf(detection),
        clear: !detections.some(
          (other) => isSure({ detection: other }) && standsBefore(other.box, detection.box),
        ),
      }),
    );
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
      if (!seen.has(track)) {
        track.motion = track.motion.slowed(HALF_SPEED_SECONDS / (HALF_SPEED_SECONDS + seconds));
      }
    }
    this.tracks = this.tracks.filter((track) =>
      track.confirmed ? track.unseenSeconds * 1000 <= this.options.lostMs : seen.has(track),
    );
    this.dropDuplicates();
    return this.tracks.filter((track) => track.confirmed && seen.has(track)).map((track) => report(track));
  }

  /** Where the people of the last frame are thought to be at a later time, for frames the detector skips. */
  predict(timeMs: number): readonly TrackedPerson[] {
    const seconds = (timeMs - (this.lastTimeMs ?? timeMs)) / 1000;
    return this.tracks
      .filter((track) => track.confirmed && track.unseenSeconds === 0)
      .map((track) => report(track, track.motion.predict(seconds).box));
  }

  private begin(sighting: Sighting, timeMs: number, confirmed: boolean): Track {
    const { detection, appearance } = sighting;
    const track = new Track(this.nextId++, timeMs, BoxMotion.at(detection.box), detection, confirmed);
    track.sightings = 1;
    track.appearance = appearance;
    this.tracks.push(track);
    return track;
  }

  /** Of two tracks on one person the longer one remains. */
  private dropDuplicates(): void {
    const longestFirst = this.tracks.toSorted((a, b) => b.sightings - a.sightings || a.id - b.id);
    const kept = new Set<Track>();
    for (const track of longestFirst) {
      const isDouble = [...kept].some((other) => overlap(other.box, track.box) > SAME_PERSON_OVERLAP);
      if (!isDouble) kept.add(track);
    }
    this.tracks = this.tracks.filter((track) => kept.has(track));
  }
}

/** Whether a box covers a good part of another whose feet are farther up the picture, and so farther away. */
function standsBefore(nearer: PixelBox, other: PixelBox): boolean {
  if (nearer.top + nearer.height <= other.top + other.height) return false;
  return intersectionArea(nearer, other) > MOST_COVERED * other.width * other.height;
}

function report(track: Track, box = between(track.lastDetection.box, track.box, STEADYING)): TrackedPerson {
  return {
    track: track.id,
    detection: track.lastDetection,
    box,
    velocity: track.motion.velocity,
    firstSeenMs: track.firstSeenMs,
    sightings: track.sightings,
    appearance: track.appearance,
  };
}
