/** Reading an input: each event as the row that the query sees, and when it happened. */
import type { CompatibilityLevel } from '../../language/binder/environment.js';
import type { InputPlan } from '../../language/plan.js';
import { type RowFunction, valueFunction } from '../compile/row-function.js';
import type { InputEvent } from '../event.js';
import { EvaluationError, toJson, type Value, type ValueRecord } from '../values/values.js';
import { eventTime, type ReadRow, rowReader } from './read-event.js';

const NO_ANALYTICS: readonly Value[] = [];
const NOT_SCRIPTED = { tuple: false, udf: () => () => null } as const;

export class EventClock {
  readonly readRow: ReadRow;
  private readonly timestamp: RowFunction<Value> | undefined;

  constructor(plan: InputPlan, level: CompatibilityLevel) {
    this.readRow = rowReader(level, plan.table);
    this.timestamp =
      plan.timestampBy === undefined ? undefined : valueFunction(plan.timestampBy, NOT_SCRIPTED);
  }

  /** When it happened, by TIMESTAMP BY, else when it arrived. Throws EvaluationError for what is no datetime. */
  timeOf(row: ValueRecord, event: InputEvent): number {
    if (this.timestamp === undefined) return event.enqueuedAtMs;
    const value = this.timestamp(row, event.enqueuedAtMs, event, NO_ANALYTICS);
    const timeMs = eventTime(value);
    if (Number.isNaN(timeMs)) {
      throw new EvaluationError(
        `TIMESTAMP BY gives ${toJson(value).slice(0, 60)}, which is no datetime`,
        'FF_EVENT_TIMESTAMP',
      );
    }
    return timeMs;
  }

  /** The same of an event that was not read yet; NaN for one without a time. */
  timeOfEvent(event: InputEvent): number {
    try {
      return this.timeOf(this.readRow(event.body), event);
    } catch (error) {
      if (error instanceof EvaluationError) return Number.NaN;
      throw error;
    }
  }
}
