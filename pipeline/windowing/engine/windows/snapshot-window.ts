/** Snapshot windows: the rows of one instant (GROUP BY System.Timestamp()). */
import type { InputEvent, Row } from '../event.js';
import type { Value } from '../values/values.js';
import { emptyGroups, type Groups } from './groups.js';
import { emit, type WindowNode, type WindowSetting } from './window-node.js';

export class SnapshotWindow implements WindowNode {
  readonly stateFields = ['dueMs', 'groups'];
  dueMs = Number.POSITIVE_INFINITY;
  private groups: Groups = emptyGroups();

  constructor(private readonly setting: WindowSetting) {}

  accept(row: Row, timeMs: number, event: InputEvent | null, analytics: readonly Value[]): void {
    if (this.setting.code.accept(this.groups, row, timeMs, event, analytics) === null) return;
    this.dueMs = timeMs;
    this.setting.timeline.wake(timeMs);
  }

  fire(timeMs: number): void {
    const { states } = this.groups;
    this.groups = emptyGroups();
    this.dueMs = Number.POSITIVE_INFINITY;
    for (const state of states) emit(this.setting, state, timeMs);
  }
}
