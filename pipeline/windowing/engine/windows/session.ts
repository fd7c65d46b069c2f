/** One session: the groups of its rows, and when it ends. Used again when its key comes back. */
import { emptyGroups, type GroupState, type Groups } from './groups.js';
import type { Mortal } from './swept-map.js';

export class Session implements Mortal, Groups {
  /** Its groups are empty then. */
  isGone = false;
  states: GroupState[] = emptyGroups().states;
  only: GroupState | null = null;
  index: Groups['index'] = null;
  lastMs = Number.NEGATIVE_INFINITY;
  /** When it ends at the latest. */
  checkMs = Number.POSITIVE_INFINITY;
  /** In the list of open sessions. */
  slot = 0;
}
