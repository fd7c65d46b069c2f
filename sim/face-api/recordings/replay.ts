/**
 * Answers requests from recordings. Strictly: a request that differs in anything that matters has no answer, and is
 * told which recording comes nearest and what differs. Or by the nearest recording of the same operation.
 */
import type { ReceivedRequest } from '../request.js';
import { type Coverage, CoverageTally } from './coverage.js';
import { type Nearest, nearestOf } from './nearest.js';
import { nameOf, type RecordedAnswer, type Recording } from './recording.js';

export type Matching = 'strict' | 'nearest';

export interface Replay {
  /** Whether there is an answer to `request`. */
  knows(request: ReceivedRequest): boolean;
  /** The next answer to `request`; undefined when there is none. */
  answer(request: ReceivedRequest): RecordedAnswer | undefined;
  /** Null when there are no recordings at all. */
  nearest(request: ReceivedRequest): Nearest | null;
  /** Tells that `request` had no answer, from wherever. */
  noteUnmatched(request: ReceivedRequest): void;
  coverage(): Coverage;
}

export function openReplay(recordings: readonly Recording[], matching: Matching = 'strict'): Replay {
  const byName = new Map(recordings.map((recording) => [nameOf(recording.request), recording]));
  const turns = new Map<string, number>();
  const tally = new CoverageTally(recordings);
  const nearest = (request: ReceivedRequest) => nearestOf(recordings, request);

  const find = (request: ReceivedRequest): Recording | undefined => {
    const exact = byName.get(nameOf(request));
    if (exact !== undefined || matching === 'strict') return exact;
    const near = nearest(request);
    return near?.isSameOperation ? near.recording : undefined;
  };
  const nextAnswer = ({ id, answers }: Recording): RecordedAnswer | undefined => {
    const turn = turns.get(id) ?? 0;
    turns.set(id, turn + 1);
    return answers[Math.min(turn, answers.length - 1)];
  };

  return {
    knows: (request) => recordings.length > 0 && find(request) !== undefined,
    answer(request) {
      // Most runs have none; they need not keep in mind what was asked.
      if (recordings.length === 0) return undefined;
      tally.noteAsked(request);
      const recording = find(request);
      if (recording === undefined) return undefined;
      tally.noteUsed(recording, nameOf(recording.request) === nameOf(request) ? 'exact' : 'nearest');
      return nextAnswer(recording);
    },
    nearest,
    noteUnmatched: (request) => tally.noteUnmatched(request),
    coverage: () => tally.coverage(),
  };
}
