/** SELECT DISTINCT: of equal rows with the same time the first is given. */
import type { InputEvent, Row, RowSink } from './event.js';
import type { Stateful } from './state.js';
import { toJson, type ValueRecord } from './values/values.js';

export class DistinctRows implements RowSink, Stateful {
  readonly stateFields = ['timeMs', 'seen'];
  private timeMs = Number.NEGATIVE_INFINITY;
  /** Rows of that time as JSON. */
  private seen = new Set<string>();

  constructor(private readonly sink: RowSink) {}

  row(row: Row, timeMs: number, event: InputEvent | null): void {
    if (timeMs !== this.timeMs) {
      this.timeMs = timeMs;
      this.seen.clear();
    }
    const text = toJson(row as ValueRecord);
    if (this.seen.has(text)) return;
    this.seen.add(text);
    this.sink.row(row, timeMs, event);
  }
}
