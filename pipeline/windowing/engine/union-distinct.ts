/** UNION without ALL: of rows that are equal and of one instant, the first. */
import type { InputEvent, Row, RowSink } from './event.js';
import { keyOf, type ValueRecord } from './values.js';

export class UnionDistinct implements RowSink {
  private instantMs = Number.NEGATIVE_INFINITY;
  private readonly seen = new Set<unknown>();

  constructor(private readonly sink: RowSink) {}

  row(row: Row, timeMs: number, event: InputEvent | null): void {
    if (timeMs !== this.instantMs) {
      this.seen.clear();
      this.instantMs = timeMs;
    }
    const key = keyOf(row as ValueRecord);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.sink.row(row, timeMs, event);
  }
}
