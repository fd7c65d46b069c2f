/** Tumbling windows `(end − size, end]`: one set of groups at a time, since rows come in the order of time. */

import type { InputEvent, Row } from '../event.js';
import type { Value } from '../values/values.js';
import { alignedEnd } from './alignment.js';
import { emptyGroups, type Groups } from './groups.js';
import { emit, type WindowNode, type WindowSetting } from './window-node.js';

export class TumblingWindow implements WindowNode {
  readonly stateFields = ['dueMs', 'groups'];
  dueMs = Number.POSITIVE_INFINITY;
  private groups: Groups = emptyGroups();
  private readonly endOf: (timeMs: number) => number;

  constructor(
    private readonly setting: WindowSetting,
    sizeMs: number,
    offsetMs: number,
  ) {
    this.endOf = alignedEnd(sizeMs, offsetMs);
  }

  accept(row: Row, timeMs: number, event: InputEvent | null, analytics: readonly Value[]): void {
    const { code, timeline } = this.setting;
    if (code.accept(this.groups, row, timeMs, event, analytics) === null) return;
    if (this.dueMs !== Number.POSITIVE_INFINITY) return;
    this.dueMs = this.endOf(timeMs);
    timeline.wake(this.dueMs);
  }

  fire(endMs: number): void {
    const { states } = this.groups;
    this.groups = emptyGroups();
    this.dueMs = Number.POSITIVE_INFINITY;
    for (const state of states) emit(this.setting, state, endMs);
  }
}
