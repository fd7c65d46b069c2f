/** CROSS APPLY and OUTER APPLY: a row for each element of an array or field of a record. */
import { type TableFunctionName, tableRows } from '../../functions/record-functions.js';
import type { RowFunction } from '../compile/row-function.js';
import { type InputEvent, type Row, type RowSink, Tuple } from '../event.js';
import type { Value, ValueRecord } from '../values/values.js';

/** The tuple of a row that is not one yet, and of one that is. */
export function asTuple(row: Row, timeMs: number, event: InputEvent | null): Tuple {
  return row instanceof Tuple ? row : new Tuple([row], [timeMs], [event]);
}

export class ApplyNode implements RowSink {
  constructor(
    private readonly fn: TableFunctionName,
    private readonly value: RowFunction<Value>,
    private readonly outer: boolean,
    private readonly sink: RowSink,
  ) {}

  row(row: Row, timeMs: number, event: InputEvent | null): void {
    const tuple = asTuple(row, timeMs, event);
    const elements = tableRows(this.fn, this.value(tuple, timeMs, event, []));
    for (const element of elements) this.give(tuple, element, timeMs, event);
    if (elements.length === 0 && this.outer) this.give(tuple, null, timeMs, event);
  }

  private give(tuple: Tuple, element: ValueRecord | null, timeMs: number, event: InputEvent | null): void {
    const joined = new Tuple([...tuple.rows, element], [...tuple.times, timeMs], [...tuple.events, event]);
    this.sink.row(joined, timeMs, event);
  }
}
