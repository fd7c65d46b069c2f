/**
 * Hopping windows: every hop, what came in the last `size`. Time is cut into panes that all windows share, so a
 * row is taken in once, however many windows it falls into.
 */

import type { InputEvent, Row } from '../event.js';
import type { Value } from '../values/values.js';
import { alignedEnd } from './alignment.js';
import { emptyGroups, type Groups, KeyedMap } from './groups.js';
import { PaneQueue } from './pane-queue.js';
import { emit, type WindowNode, type WindowSetting } from './window-node.js';

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

interface Group {
  readonly keys: readonly unknown[];
  readonly panes: PaneQueue;
}

export class HoppingWindow implements WindowNode {
  readonly stateFields = ['dueMs', 'groups', 'live', 'pane', 'paneEndMs'];
  dueMs = Number.POSITIVE_INFINITY;
  private groups = new KeyedMap<Group>();
  private live = new Set<Group>();
  private pane: Groups = emptyGroups();
  private paneEndMs = Number.NEGATIVE_INFINITY;
  private readonly paneEndOf: (timeMs: number) => number;
  private readonly windowEndOf: (timeMs: number) => number;

  constructor(
    private readonly setting: WindowSetting,
    private readonly sizeMs: number,
    private readonly hopMs: number,
    offsetMs: number,
  ) {
    this.paneEndOf = alignedEnd(greatestCommonDivisor(sizeMs, hopMs), offsetMs);
    this.windowEndOf = alignedEnd(hopMs, offsetMs);
  }

  accept(row: Row, timeMs: number, event: InputEvent | null, analytics: readonly Value[]): void {
    if (timeMs > this.paneEndMs) {
      this.seal();
      this.paneEndMs = this.paneEndOf(timeMs);
    }
    if (this.setting.code.accept(this.pane, row, timeMs, event, analytics) === null) return;
    if (this.dueMs !== Number.POSITIVE_INFINITY) return;
    this.dueMs = this.windowEndOf(timeMs);
    this.setting.timeline.wake(this.dueMs);
  }

  fire(endMs: number): void {
    this.seal();
    const startMs = endMs - this.sizeMs;
    for (const group of this.live) {
      group.panes.evict(this.setting.code, startMs);
      if (group.panes.isEmpty) {
        this.live.delete(group);
        this.groups.delete(group.keys);
      } else emit(this.setting, group.panes.merged(this.setting.code), endMs);
    }
    this.dueMs = this.live.size === 0 ? Number.POSITIVE_INFINITY : endMs + this.hopMs;
    this.setting.timeline.wake(this.dueMs);
  }

  /** Gives the rows of the pane that is over to their groups. */
  private seal(): void {
    const { states } = this.pane;
    if (states.length === 0) return;
    this.pane = emptyGroups();
    for (const state of states) {
      const keys = this.setting.code.keys(state);
      let group = this.groups.get(keys);
      if (group === undefined) {
        group = { keys, panes: new PaneQueue() };
        this.groups.set(keys, group);
        this.live.add(group);
      }
      group.panes.push(this.setting.code, this.paneEndMs, state);
    }
  }
}
