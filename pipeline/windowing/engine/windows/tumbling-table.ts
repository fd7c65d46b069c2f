/** Tumbling windows whose groups have one key: there may be many of them, so they lie in a table. */

import type { GroupTable, TableCode } from '../compile/generate-table.js';
import type { InputEvent, Row } from '../event.js';
import type { Value } from '../values/values.js';
import { alignedEnd } from './alignment.js';
import type { WindowNode, WindowSetting } from './window-node.js';

export class TumblingTable implements WindowNode {
  readonly stateFields = ['dueMs', 'table'];
  dueMs = Number.POSITIVE_INFINITY;
  private table: GroupTable;
  /** The cleared table of an earlier window. */
  private spare: GroupTable | undefined;
  private readonly endOf: (timeMs: number) => number;

  constructor(
    private readonly setting: WindowSetting,
    private readonly code: TableCode,
    sizeMs: number,
    offsetMs: number,
  ) {
    this.table = code.create();
    this.endOf = alignedEnd(sizeMs, offsetMs);
  }

  accept(row: Row, timeMs: number, event: InputEvent | null, analytics: readonly Value[]): void {
    if (!this.code.accept(this.table, row, timeMs, event, analytics)) return;
    if (this.dueMs !== Number.POSITIVE_INFINITY) return;
    this.dueMs = this.endOf(timeMs);
    this.setting.timeline.wake(this.dueMs);
  }

  fire(endMs: number): void {
    const { table, code, setting } = this;
    // Whoever takes the rows may send others here before the last of them.
    this.table = this.spare ?? code.create();
    this.spare = undefined;
    this.dueMs = Number.POSITIVE_INFINITY;
    for (let group = 0; group < table.size; group++) {
      try {
        const row = code.result(table, group, endMs, setting.windowId);
        if (row !== null) setting.sink.row(row, endMs, null);
      } catch (error) {
        // It concerns this row alone.
        setting.onRowError(error, null, endMs);
      }
    }
    code.clear(table);
    this.spare = table;
  }
}
