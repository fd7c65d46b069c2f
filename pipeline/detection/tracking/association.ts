/** Which detection belongs to which track: by where the track should be, and by what the person wears. */
import type { Detection, PixelBox } from '../../boundaries.js';
import { overlap } from '../boxes.js';
import { type Appearance, appearanceSimilarity } from './appearance.js';
import { type AssignedPair, assign } from './assignment.js';
import { completeBox } from './hidden-parts.js';

/** A detection with what the person wears, where that is known. */
export interface Sighting {
  readonly detection: Detection;
  readonly appearance: Appearance | undefined;
  /** Nobody nearer to the camera stands before them, so that the clothes in the box are theirs. */
  readonly clear: boolean;
  /** Boxes of others who stand nearer to the camera. */
  readonly nearer: readonly PixelBox[];
}

/** What association needs of a track. */
export interface Followed {
  /** Where it should be by now. */
  readonly box: PixelBox;
  readonly appearance: Appearance | undefined;
  /** Seconds since it was last seen. */
  readonly unseenSeconds: number;
}

export interface Association<T extends Followed> {
  readonly pairs: readonly { readonly track: T; readonly sighting: Sighting }[];
  readonly openTracks: readonly T[];
  readonly openSightings: readonly Sighting[];
}

/** Boxes are widened by this share of their size on each side, and by more the longer ago the last frame is. */
const WIDENING = { base: 0.1, perSecond: 0.6, most: 0.5 } as const;
/** One person's box does not change more than this between two frames. */
const MOST_HEIGHT_RATIO = 2;
/** How much clothes count beside the place, among detections that are near enough. */
const APPEARANCE_WEIGHT = 2;
/**
 * Who wears less alike than this is somebody else: the same clothes are 0.8 alike or more in nineteen cases of
 * twenty, others half as much on average.
 */
const LEAST_LIKENESS = 0.55;
/** Where boxes overlap more than this, it was the light that changed. */
const SAME_PLACE = 0.85;
/** A hidden person is taken up again from this similarity of clothes on, within reach. */
const LEAST_RECOVERY = 0.7;
/** Who comes to the place of somebody hidden for longer is somebody else, unless they wear the same. */
const RECOVERY_BY_PLACE_SECONDS = 3;
/** What it costs to be at the end of that reach. */
const REACH_WEIGHT = 0.2;
/** Heights of the body within which a hidden person may reappear, and by how much it grows. */
const REACH = { base: 0.5, perSecond: 0.8, most: 2.5 } as const;

/**
 * Pairs tracks and sightings whose widened boxes overlap by at least `leastOverlap`, in [0, 1], and hidden people
 * with sightings within reach that wear the same; all at once, so that who reappears is not taken for a neighbour.
 * `frameSeconds` is the time since the frame before.
 */
export function associate<T extends Followed>(
  tracks: readonly T[],
  sightings: readonly Sighting[],
  frameSeconds: number,
  leastOverlap: number,
): Association<T> {
  const widening = Math.min(WIDENING.most, WIDENING.base + WIDENING.perSecond * frameSeconds);
  const trackBoxes = tracks.map((track) => widen(track.box, widening));
  const sightingBoxes = sightings.map(({ detection }) => widen(detection.box, widening));
  const farthest = 1 - leastOverlap;
  const impossible = farthest + REACH_WEIGHT + APPEARANCE_WEIGHT;
  return pairUp(tracks, sightings, impossible, (track, sighting, row, column) => {
    const [a, visible] = [trackBoxes[row], sightingBoxes[column]];
    if (a === undefined || visible === undefined || !similarHeight(a, visible)) return impossible;
    const { box } = sighting.detection;
    const whole = widen(completeBox(box, track.box, sighting.nearer), widening);
    const likeness = likenessOf(track, sighting);
    const differs = likeness !== undefined && likeness < LEAST_LIKENESS;
    if (differs && overlap(track.box, box) < SAME_PLACE) return impossible;
    const isAlike = likeness !== undefined && likeness >= LEAST_RECOVERY;
    if (!isAlike && track.unseenSeconds > RECOVERY_BY_PLACE_SECONDS) return impossible;
    const clothes = APPEARANCE_WEIGHT * (1 - (likeness ?? 1));
    const shared = overlap(a, whole);
    if (shared >= leastOverlap) return 1 - shared + clothes;
    const away = shareOfReach(track, frameSeconds, box);
    if (!isAlike || away > 1) return impossible;
    return farthest + REACH_WEIGHT * away + clothes;
  });
}

/** How far a box is from a hidden track, as a share of how far they may have come; infinite for one not hidden. */
function shareOfReach(track: Followed, frameSeconds: number, box: PixelBox): number {
  if (track.unseenSeconds <= frameSeconds) return Number.POSITIVE_INFINITY;
  const reach = Math.min(REACH.most, REACH.base + REACH.perSecond * track.unseenSeconds);
  return centreDistance(track.box, box) / box.height / reach;
}

function pairUp<T extends Followed>(
  tracks: readonly T[],
  sightings: readonly Sighting[],
  impossible: number,
  cost: (track: T, sighting: Sighting, row: number, column: number) => number,
): Association<T> {
  const costAt = (row: number, column: number): number => {
    const [track, sighting] = [tracks[row], sightings[column]];
    return track && sighting ? cost(track, sighting, row, column) : impossible;
  };
  const assigned: readonly AssignedPair[] = assign(tracks.length, sightings.length, costAt, impossible);
  const pairs = assigned.flatMap(({ row, column }) => {
    const [track, sighting] = [tracks[row], sightings[column]];
    return track && sighting ? [{ track, sighting }] : [];
  });
  const usedTracks = new Set(pairs.map(({ track }) => track));
  const usedSightings = new Set(pairs.map(({ sighting }) => sighting));
  return {
    pairs,
    openTracks: tracks.filter((track) => !usedTracks.has(track)),
    openSightings: sightings.filter((sighting) => !usedSightings.has(sighting)),
  };
}

/** Undefined when the clothes of one of them are not known. */
function likenessOf(track: Followed, { appearance }: Sighting): number | undefined {
  if (track.appearance === undefined || appearance === undefined) return undefined;
  return appearanceSimilarity(track.appearance, appearance);
}

function similarHeight(a: PixelBox, b: PixelBox): boolean {
  const ratio = a.height / b.height;
  return ratio <= MOST_HEIGHT_RATIO && ratio >= 1 / MOST_HEIGHT_RATIO;
}

function centreDistance(a: PixelBox, b: PixelBox): number {
  const dx = a.left + a.width / 2 - b.left - b.width / 2;
  const dy = a.top + a.height / 2 - b.top - b.height / 2;
  return Math.sqrt(dx * dx + dy * dy);
}

function widen(box: PixelBox, share: number): PixelBox {
  return {
    left: box.left - box.width * share,
    top: box.top - box.height * share,
    width: box.width * (1 + 2 * share),
    height: box.height * (1 + 2 * share),
  };
}
