/**
 * Sliding windows: "outputs events only for those points in time when the content of the window actually
 * changes, when an event entered or exits the window". A group whose window is empty gives nothing.
 */
import type { InputEvent, Row } from '../event.js';
import { Queue } from '../queue.js';
import type { Value } from '../values/values.js';
import { emptyGroups, type Groups, KeyedMap } from './groups.js';
import { PaneQueue } from './pane-queue.js';
import { emit, type WindowNode, type WindowSetting } from './window-node.js';

interface Group {
  readonly keys: readonly unknown[];
  readonly panes: PaneQueue;
}

export class SlidingWindow implements WindowNode {
  readonly stateFields = ['dueMs', 'groups', 'instant', 'instantMs', 'exits'];
  dueMs = Number.POSITIVE_INFINITY;
  private groups = new KeyedMap<Group>();
  /** Rows of the current instant. */
  private instant: Groups = emptyGroups();
  private instantMs = Number.NEGATIVE_INFINITY;
  /** When rows leave their group's window, in order. */
  private exits = new Queue<{ readonly timeMs: number; readonly group: Group }>();

  constructor(
    private readonly setting: WindowSetting,
    private readonly sizeMs: number,
  ) {}

  accept(row: Row, timeMs: number, event: InputEvent | null, analytics: readonly Value[]): void {
    if (this.setting.code.accept(this.instant, row, timeMs, event, analytics) === null) return;
    this.instantMs = timeMs;
    this.dueMs = Math.min(this.dueMs, timeMs);
    this.setting.timeline.wake(this.dueMs);
  }

  fire(timeMs: number): void {
    const changed = new Set<Group>();
    for (let exit = this.exits.peek(); exit?.timeMs === timeMs; exit = this.exits.peek()) {
      this.exits.shift();
      exit.group.panes.evict(this.setting.code, timeMs - this.sizeMs);
      changed.add(exit.group);
    }
    if (this.instantMs === timeMs) this.enter(timeMs, changed);
    for (const group of changed) {
      if (group.panes.isEmpty) this.groups.delete(group.keys);
      else emit(this.setting, group.panes.merged(this.setting.code), timeMs);
    }
    this.dueMs = this.exits.peek()?.timeMs ?? Number.POSITIVE_INFINITY;
    this.setting.timeline.wake(this.dueMs);
  }

  private enter(timeMs: number, changed: Set<Group>): void {
    const { states } = this.instant;
    this.instant = emptyGroups();
    for (const state of states) {
      const keys = this.setting.code.keys(state);
      let group = this.groups.get(keys);
      if (group === undefined) {
        group = { keys, panes: new PaneQueue() };
        this.groups.set(keys, group);
      }
      group.panes.push(this.setting.code, timeMs, state);
      this.exits.push({ timeMs: timeMs + this.sizeMs, group });
      changed.add(group);
    }
  }
}
