/**
 * Joins detections of the same person over time, online: tracking by detection with a motion model (SORT, Bewley
 * et al., 2016), sure and unsure detections associated in two stages (ByteTrack, Zhang et al., 2022), boxes
 * widened before they are compared so that few frames a second suffice (C-BIoU, Yang et al., 2023).
 */
import type { Detection, PixelBox } from '../boundaries.js';
import { assign } from './assignment.js';
import { BoxMotion } from './box-motion.js';
import { overlap } from './boxes.js';

export interface TrackerOptions {
  /** Detections from this score on take part in the first stage, the others only in the second. Default 0.3. */
  readonly sureScore?: number;
  /** Only detections from this score on may begin a track. Default 0.35. */
  readonly beginScore?: number;
  /** Sightings before a track is reported. Default 2. */
  readonly confirmSightings?: number;
  /** A track that is not seen for longer ends. Default 2000. */
  readonly lostMs?: number;
}

/** A person seen in the present frame. */
export interface TrackedPerson {
  /** From 1, in order of appearance; never used again. */
  readonly track: number;
  readonly detection: Detection;
  /** The motion model's box, smoother than the detection's. */
  readonly box: PixelBox;
  /** Pixels per second. */
  readonly velocity: { readonly x: number; readonly y: number };
  readonly firstSeenMs: number;
  /** Detections taken for this person so far. */
  readonly sightings: number;
}

interface Track {
  readonly id: number;
  readonly firstSeenMs: number;
  motion: BoxMotion;
  sightings: number;
  lastSeenMs: number;
  lastDetection: Detection;
  confirmed: boolean;
}

/** Least similarity (overlap of widened boxes, in [0, 1]) at each stage. */
const LEAST_SIMILARITY = { sure: 0.2, unsure: 0.4, unconfirmed: 0.25 } as const;
/** Boxes are widened by this share of their size on each side, and by more the longer ago the last frame is. */
const WIDENING = { base: 0.1, perSecond: 0.6, most: 0.5 } as const;
/** One person's box does not change more than this between two frames. */
const MOST_HEIGHT_RATIO = 2;
/** Two tracks whose boxes overlap more than this are the same person. */
const SAME_PERSON_OVERLAP = 0.85;
/** A hidden person loses half their supposed speed in this time. */
const HALF_SPEED_SECONDS = 0.5;

export class Tracker {
  private readonly options: Required<TrackerOptions>;
  private tracks: Track[] = [];
  private nextId = 1;
  private lastTimeMs: number | undefined;

  constructor(options: TrackerOptions = {}) {
    this.options = { sureScore: 0.3, beginScore: 0.35, confirmSightings: 2, lostMs: 2000, ...options };
  }

  /**
   * Takes the detections of the next frame, unsure ones included, and gives the people it holds: tracks that
   * are confirmed and were seen in this frame, by track number. `timeMs` must not decrease.
   */
  update(timeMs: number, detections: readonly Detection[]): readonly TrackedPerson[] {
    const isFirstFrame = this.lastTimeMs === undefined;
    const seconds = (timeMs - (this.lastTimeMs ?? timeMs)) / 1000;
    const previousMs = this.lastTimeMs ?? timeMs;
    this.lastTimeMs = timeMs;
    for (const track of this.tracks) track.motion = track.motion.predict(seconds);

    const sure = detections.filter((detection) => detection.score >= this.options.sureScore);
    const unsure = detections.filter((detection) => detection.score < this.options.sureScore);
    const confirmed = this.tracks.filter((track) => track.confirmed);
    const first = associate(confirmed, sure, seconds, LEAST_SIMILARITY.sure, timeMs);
    const stillSeen = first.tracks.filter((track) => track.lastSeenMs === previousMs);
    associate(stillSeen, unsure, seconds, LEAST_SIMILARITY.unsure, timeMs);
    const unconfirmed = this.tracks.filter((track) => !track.confirmed);
    const rest = associate(unconfirmed, first.detections, seconds, LEAST_SIMILARITY.unconfirmed, timeMs);

    for (const detection of rest.detections) {
      if (detection.score >= this.options.beginScore) this.begin(detection, timeMs, isFirstFrame);
    }
    for (const track of this.tracks) {
      if (track.sightings >= this.options.confirmSightings) track.confirmed = true;
      if (track.lastSeenMs < timeMs) {
        track.motion = track.motion.slowed(HALF_SPEED_SECONDS / (HALF_SPEED_SECONDS + seconds));
      }
    }
    this.tracks = this.tracks.filter((track) => this.lives(track, timeMs));
    this.dropDuplicates();
    return this.tracks.filter((track) => track.confirmed && track.lastSeenMs === timeMs).map(report);
  }

  /** Where the people of the last frame are thought to be at a later time, for frames the detector skips. */
  predict(timeMs: number): readonly TrackedPerson[] {
    const { lastTimeMs } = this;
    if (lastTimeMs === undefined) return [];
    return this.tracks
      .filter((track) => track.confirmed && track.lastSeenMs === lastTimeMs)
      .map((track) => report({ ...track, motion: track.motion.predict((timeMs - lastTimeMs) / 1000) }));
  }

  private begin(detection: Detection, timeMs: number, confirmed: boolean): void {
    this.tracks.push({
      id: this.nextId++,
      firstSeenMs: timeMs,
      motion: BoxMotion.at(detection.box),
      sightings: 1,
      lastSeenMs: timeMs,
      lastDetection: detection,
      confirmed,
    });
  }

  private lives(track: Track, timeMs: number): boolean {
    return track.confirmed ? timeMs - track.lastSeenMs <= this.options.lostMs : track.lastSeenMs === timeMs;
  }

  /** Of two tracks on one person the longer one remains. */
  private dropDuplicates(): void {
    const longestFirst = this.tracks.toSorted((a, b) => b.sightings - a.sightings || a.id - b.id);
    const kept = new Set<Track>();
    for (const track of longestFirst) {
      const box = track.motion.box;
      const isDouble = [...kept].some((other) => overlap(other.motion.box, box) > SAME_PERSON_OVERLAP);
      if (!isDouble) kept.add(track);
    }
    this.tracks = this.tracks.filter((track) => kept.has(track));
  }
}

/** Gives each track its detection where one is similar enough; returns those of both that are left. */
function associate(
  tracks: readonly Track[],
  detections: readonly Detection[],
  seconds: number,
  leastSimilarity: number,
  timeMs: number,
): { readonly tracks: readonly Track[]; readonly detections: readonly Detection[] } {
  const widening = Math.min(WIDENING.most, WIDENING.base + WIDENING.perSecond * seconds);
  const tracked = tracks.map((track) => widen(track.motion.box, widening));
  const detected = detections.map((detection) => widen(detection.box, widening));
  const dissimilarity = (row: number, column: number): number => {
    const [a, b] = [tracked[row], detected[column]];
    if (a === undefined || b === undefined) return 1;
    const ratio = a.height / b.height;
    if (ratio > MOST_HEIGHT_RATIO || ratio < 1 / MOST_HEIGHT_RATIO) return 1;
    return 1 - overlap(a, b);
  };
  const pairs = assign(tracks.length, detections.length, dissimilarity, 1 - leastSimilarity);
  const usedTracks = new Set<Track>();
  const usedDetections = new Set<Detection>();
  for (const { row, column } of pairs) {
    const [track, detection] = [tracks[row], detections[column]];
    if (track === undefined || detection === undefined) continue;
    see(track, detection, timeMs);
    usedTracks.add(track);
    usedDetections.add(detection);
  }
  return {
    tracks: tracks.filter((track) => !usedTracks.has(track)),
    detections: detections.filter((detection) => !usedDetections.has(detection)),
  };
}

function see(track: Track, detection: Detection, timeMs: number): void {
  track.motion = track.motion.correct(detection.box, Math.max(0.3, detection.score));
  track.sightings++;
  track.lastSeenMs = timeMs;
  track.lastDetection = detection;
}

function widen(box: PixelBox, share: number): PixelBox {
  return {
    left: box.left - box.width * share,
    top: box.top - box.height * share,
    width: box.width * (1 + 2 * share),
    height: box.height * (1 + 2 * share),
  };
}

function report({ id, lastDetection, motion, firstSeenMs, sightings }: Track): TrackedPerson {
  return {
    track: id,
    detection: lastDetection,
    box: motion.box,
    velocity: motion.velocity,
    firstSeenMs,
    sightings,
  };
}
