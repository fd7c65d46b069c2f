/**
 * How good tracks are, by the definitions of CLEAR MOT (Bernardin and Stiefelhagen, "Evaluating Multiple Object
 * Tracking Performance", 2008) and of IDF1 (Ristani et al., 2016), as the MOT Challenge applies them.
 */
import { assign } from '../../../pipeline/detection/assignment.js';
import { overlap } from '../../../pipeline/detection/boxes.js';
import { identityMatches } from './identity-matches.js';
import { indexByFrame, type MotTruth, type TrackBox } from './mot-format.js';

export interface TrackingQuality {
  readonly precision: number;
  readonly recall: number;
  /** 1 − (missed + false + identity switches) / true boxes: may be negative. */
  readonly mota: number;
  /** Mean overlap of the matched boxes, in [0, 1]. */
  readonly motp: number;
  readonly idf1: number;
  readonly idSwitches: number;
  /** How often a person's track is interrupted and taken up again. */
  readonly fragmentations: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly misses: number;
  /** Frames with most errors first. */
  readonly worstFrames: readonly { readonly frame: number; readonly errors: number }[];
}

/** Boxes match when they overlap at least this much. */
const SAME_BOX = 0.5;
const WORST_FRAMES = 10;
/** More than any number of matched pairs could cost: makes the assignment match as many as it can. */
const IMPOSSIBLE = 1000;

/** What is known of a true person on the way through the frames. */
interface Following {
  /** The track that this person was last matched to. */
  lastTrack: number | undefined;
  tracked: boolean;
  everTracked: boolean;
}

export function trackingQuality(truth: MotTruth, reported: readonly TrackBox[]): TrackingQuality {
  const trueByFrame = indexByFrame(truth.people);
  const distractorsByFrame = indexByFrame(truth.distractors);
  const reportedByFrame = indexByFrame(reported);
  const frames = [...new Set([...trueByFrame.keys(), ...reportedByFrame.keys()])].sort((a, b) => a - b);
  const followed = new Map<number, Following>();
  const counts = { matched: 0, falsePositives: 0, misses: 0, switches: 0, fragmentations: 0, overlap: 0 };
  const errorsByFrame: { frame: number; errors: number }[] = [];
  const kept: TrackBox[] = [];

  for (const frame of frames) {
    const people = trueByFrame.get(frame) ?? [];
    const tracks = withoutDistractors(
      people,
      distractorsByFrame.get(frame) ?? [],
      reportedByFrame.get(frame) ?? [],
    );
    kept.push(...tracks);
    const pairs = matchFrame(people, tracks, followed);
    let switches = 0;
    for (const person of people) {
      const match = pairs.get(person);
      const following = followed.get(person.id) ?? {
        lastTrack: undefined,
        tracked: false,
        everTracked: false,
      };
      followed.set(person.id, following);
      if (match !== undefined) {
        if (following.lastTrack !== undefined && following.lastTrack !== match.id) switches++;
        if (following.everTracked && !following.tracked) counts.fragmentations++;
        following.lastTrack = match.id;
        following.everTracked = true;
        counts.overlap += overlap(person.box, match.box);
      }
      following.tracked = match !== undefined;
    }
    const falsePositives = tracks.length - pairs.size;
    const misses = people.length - pairs.size;
    counts.matched += pairs.size;
    counts.falsePositives += falsePositives;
    counts.misses += misses;
    counts.switches += switches;
    const errors = falsePositives + misses + switches;
    if (errors > 0) errorsByFrame.push({ frame, errors });
  }

  const trueBoxes = truth.people.length;
  const { matched, falsePositives, misses, switches } = counts;
  return {
    precision: ratio(matched, matched + falsePositives),
    recall: ratio(matched, trueBoxes),
    mota: 1 - ratio(misses + falsePositives + switches, trueBoxes),
    motp: ratio(counts.overlap, matched),
    idf1: ratio(2 * identityMatches(truth.people, kept, SAME_BOX), trueBoxes + kept.length),
    idSwitches: switches,
    fragmentations: counts.fragmentations,
    truePositives: matched,
    falsePositives,
    misses,
    worstFrames: errorsByFrame
      .toSorted((a, b) => b.errors - a.errors || a.frame - b.frame)
      .slice(0, WORST_FRAMES),
  };
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
