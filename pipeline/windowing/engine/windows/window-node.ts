/** What every window operator is: it takes rows into groups and gives a row for each group when a window ends. */

import type { TimedNode, Timeline } from '../arrival/timeline.js';
import type { GroupCode } from '../compile/generate-group.js';
import type { InputEvent, Row, RowSink } from '../event.js';
import type { OnRowError } from '../graph.js';
import type { Stateful } from '../state.js';
import type { Value } from '../values/values.js';
import type { GroupState } from './groups.js';

export interface WindowNode extends TimedNode, Stateful {
  accept(row: Row, timeMs: number, event: InputEvent | null, analytics: readonly Value[]): void;
}

/** What a window operator is given. */
export interface WindowSetting {
  readonly code: GroupCode;
  readonly windowId: string | null;
  readonly sink: RowSink;
  readonly timeline: Timeline;
  readonly onRowError: OnRowError;
}

/** Gives the row of a group at the end of a window, unless HAVING leaves it out; an error concerns this row alone. */
export function emit(setting: WindowSetting, state: GroupState, endMs: number): void {
  try {
    const row = setting.code.result(state, endMs, setting.windowId);
    if (row !== null) setting.sink.row(row, endMs, null);
  } catch (error) {
    setting.onRowError(error, null, endMs);
  }
}
