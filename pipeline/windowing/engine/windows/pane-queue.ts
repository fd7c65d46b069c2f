/**
 * The rows of one group over a sliding stretch of time, as panes: each holds what came up to its end. Panes are
 * shared by all windows that overlap them, and the whole is merged in amortised constant time a pane, by the
 * two-stacks method: the older panes keep the merge of themselves with everything after them up to a border; the
 * newer ones are merged as they come.
 */
import type { GroupCode } from '../compile/generate-group.js';
import type { GroupState } from './groups.js';

interface Pane {
  readonly endMs: number;
  readonly state: GroupState;
}

export class PaneQueue {
  /** Older panes, the oldest last; `state` is the merge of the pane and every later one of `front`. */
  private front: Pane[] = [];
  /** Newer panes as they came. */
  private back: Pane[] = [];
  private backMerged: GroupState | undefined;

  get isEmpty(): boolean {
    return this.front.length === 0 && this.back.length === 0;
  }

  /** End of the oldest pane; Infinity when there is none. */
  get oldestMs(): number {
    return this.front[this.front.length - 1]?.endMs ?? this.back[0]?.endMs ?? Number.POSITIVE_INFINITY;
  }

  push(code: GroupCode, endMs: number, state: GroupState): void {
    this.back.push({ endMs, state });
    if (this.backMerged === undefined) {
      this.backMerged = code.emptyLike(state);
    }
    code.merge(this.backMerged, state);
  }

  /** Drops every pane that ended at or before `timeMs`. */
  evict(code: GroupCode, timeMs: number): void {
    while (this.oldestMs <= timeMs) {
      if (this.front.length === 0) this.turn(code);
      this.front.pop();
    }
  }

  /** Everything in the queue, merged in the order of time. The queue must not be empty. */
  merged(code: GroupCode): GroupState {
    const older = this.front[this.front.length - 1]?.state;
    const some = older ?? this.backMerged;
    if (some === undefined) throw new Error('nothing to merge in an empty queue');
    const result = code.emptyLike(some);
    if (older !== undefined) code.merge(result, older);
    if (this.backMerged !== undefined) code.merge(result, this.backMerged);
    return result;
  }

  /** Makes the newer panes the older ones, each merged with those after it. */
  private turn(code: GroupCode): void {
    let after: GroupState | undefined;
    for (let i = this.back.length - 1; i >= 0; i--) {
      const pane = this.back[i];
      if (pane === undefined) continue;
      const state = code.emptyLike(pane.state);
      code.merge(state, pane.state);
      if (after !== undefined) code.merge(state, after);
      this.front.push({ endMs: pane.endMs, state });
      after = state;
    }
    this.back = [];
    this.backMerged = undefined;
  }
}
