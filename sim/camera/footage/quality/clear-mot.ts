/**
 * How good tracks are, by the definitions of CLEAR MOT (Bernardin and Stiefelhagen, "Evaluating Multiple Object
 * Tracking Performance", 2008) and of IDF1 (Ristani et al., 2016), as the MOT Challenge applies them.
 */

import { overlap } from '../../../../pipeline/detection/boxes.js';
import { assign } from '../../../../pipeline/detection/tracking/assignment.js';
import { IdentityMatches } from './identity-matches.js';
import { indexByFrame, type MotTruth, type TrackBox } from './mot-format.js';

export interface TrackingQuality extends FrameErrors {
  readonly precision: number;
  readonly recall: number;
  /** 1 − (missed + false + identity switches) / true boxes: may be negative. */
  readonly mota: number;
  /** Mean overlap of the matched boxes, in [0, 1]. */
  readonly motp: number;
  readonly idf1: number;
  /** How often a person's track is interrupted and taken up again. */
  readonly fragmentations: number;
  readonly truePositives: number;
}

export interface FrameErrors {
  readonly misses: number;
  readonly falsePositives: number;
  readonly idSwitches: number;
}

/** Boxes match when they overlap at least this much. */
const SAME_BOX = 0.5;
/** More than any number of matched pairs could cost: makes the assignment match as many as it can. */
const IMPOSSIBLE = 1000;

/** What is known of a true person on the way through the frames. */
interface Following {
  /** The track that this person was last matched to. */
  lastTrack: number | undefined;
  tracked: boolean;
  everTracked: boolean;
}

/** Judges tracks frame by frame; frames that are not given are not judged. */
export class ClearMot {
  private readonly trueByFrame: ReadonlyMap<number, readonly TrackBox[]>;
  private readonly distractorsByFrame: ReadonlyMap<number, readonly TrackBox[]>;
  private readonly followed = new Map<number, Following>();
  private readonly identities = new IdentityMatches(SAME_BOX);
  private readonly counts = {
    matched: 0,
    falsePositives: 0,
    misses: 0,
    switches: 0,
    fragmentations: 0,
    overlap: 0,
  };

  constructor(truth: MotTruth) {
    this.trueByFrame = indexByFrame(truth.people);
    this.distractorsByFrame = indexByFrame(truth.distractors);
  }

  /** The true people of a frame. */
  peopleIn(frame: number): readonly TrackBox[] {
    return this.trueByFrame.get(frame) ?? [];
  }

  /** The errors of the next frame, whose tracks are `reported`. */
  add(frame: number, reported: readonly TrackBox[]): FrameErrors {
    const { counts } = this;
    const people = this.peopleIn(frame);
    const tracks = withoutDistractors(people, this.distractorsByFrame.get(frame) ?? [], reported);
    this.identities.add(people, tracks);
    const pairs = matchFrame(people, tracks, this.followed);
    let idSwitches = 0;
    for (const person of people) if (this.follow(person, pairs.get(person))) idSwitches++;
    const falsePositives = tracks.length - pairs.size;
    const misses = people.length - pairs.size;
    counts.matched += pairs.size;
    counts.falsePositives += falsePositives;
    counts.misses += misses;
    counts.switches += idSwitches;
    return { misses, falsePositives, idSwitches };
  }

  /** The quality over all frames so far. */
  quality(): TrackingQuality {
    const { matched, falsePositives, misses, switches, fragmentations, overlap: shared } = this.counts;
    const trueBoxes = matched + misses;
    return {
      precision: ratio(matched, matched + falsePositives),
      recall: ratio(matched, trueBoxes),
      mota: 1 - ratio(misses + falsePositives + switches, trueBoxes),
      motp: ratio(shared, matched),
      idf1: ratio(2 * this.identities.count(), trueBoxes + matched + falsePositives),
      idSwitches: switches,
      fragmentations,
      truePositives: matched,
      falsePositives,
      misses,
    };
  }

  /** Takes note of whom a person was matched to; true when that is another track than before. */
  private follow(person: TrackBox, match: TrackBox | undefined): boolean {
    const { counts } = this;
    const following = this.followed.get(person.id) ?? {
      lastTrack: undefined,
      tracked: false,
      everTracked: false,
    };
    this.followed.set(person.id, following);
    let switched = false;
    if (match !== undefined) {
      switched = following.lastTrack !== undefined && following.lastTrack !== match.id;
      if (following.everTracked && !following.tracked) counts.fragmentations++;
      following.lastTrack = match.id;
      following.everTracked = true;
      counts.overlap += overlap(person.box, match.box);
    }
    following.tracked = match !== undefined;
    return switched;
  }
}

/** The quality of all tracks of a sequence, in every frame that the truth or the tracks speak of. */
export function trackingQuality(truth: MotTruth, reported: readonly TrackBox[]): TrackingQuality {
  const reportedByFrame = indexByFrame(reported);
  const frames = new Set([...truth.people.map(({ frame }) => frame), ...reportedByFrame.keys()]);
  const judge = new ClearMot(truth);
  for (const frame of [...frames].sort((a, b) => a - b)) judge.add(frame, reportedByFrame.get(frame) ?? []);
  return judge.quality();
}

/** Matches true boxes to reported ones: pairs of the frame before stay while they overlap, then the best others. */
function matchFrame(
  people: readonly TrackBox[],
  tracks: readonly TrackBox[],
  followed: ReadonlyMap<number, Following>,
): ReadonlyMap<TrackBox, TrackBox> {
  const pairs = new Map<TrackBox, TrackBox>();
  const taken = new Set<TrackBox>();
  const pair = (person: TrackBox, track: TrackBox) => {
    pairs.set(person, track);
    taken.add(track);
  };
  for (const person of people) {
    const following = followed.get(person.id);
    const same = tracks.find((track) => following?.tracked && track.id === following.lastTrack);
    if (same && !taken.has(same) && overlap(person.box, same.box) >= SAME_BOX) pair(person, same);
  }
  const openPeople = people.filter((person) => !pairs.has(person));
  const openTracks = tracks.filter((track) => !taken.has(track));
  for (const [person, track] of bestPairs(openPeople, openTracks)) pair(person, track);
  return pairs;
}

/** As many pairs as possible of boxes that match, and of those the ones that overlap most. */
function bestPairs(
  first: readonly TrackBox[],
  second: readonly TrackBox[],
): readonly (readonly [TrackBox, TrackBox])[] {
  const cost = (row: number, column: number): number => {
    const [a, b] = [first[row], second[column]];
    const shared = a && b ? overlap(a.box, b.box) : 0;
    return shared >= SAME_BOX ? 1 - shared : IMPOSSIBLE;
  };
  return assign(first.length, second.length, cost, IMPOSSIBLE).flatMap(({ row, column }) => {
    const [a, b] = [first[row], second[column]];
    return a && b ? [[a, b] as const] : [];
  });
}

/** Reported boxes that match a distractor, and no person better, do not count. */
function withoutDistractors(
  people: readonly TrackBox[],
  distractors: readonly TrackBox[],
  tracks: readonly TrackBox[],
): readonly TrackBox[] {
  if (distractors.length === 0) return tracks;
  const real = new Set(people);
  const excused = new Set(
    bestPairs([...people, ...distractors], tracks)
      .filter(([truth]) => !real.has(truth))
      .map(([, track]) => track),
  );
  return tracks.filter((track) => !excused.has(track));
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
