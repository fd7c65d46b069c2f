import type { RunRecord } from '../run-record.js';
import type { Html } from './markup.js';
import { type StoreClock, storeClock } from './store-clock.js';
import { COARSE, FINE, type TimeBins, timeBins } from './time-bins.js';

/** What every section is made from. */
export interface ReportView {
  readonly record: RunRecord;
  readonly clock: StoreClock;
  readonly bins: TimeBins;
  readonly coarseBins: TimeBins;
}

/** A part of the page with a heading of its own. */
export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export function viewOf(record: RunRecord): ReportView {
  const clock = storeClock(record);
  return { record, clock, bins: timeBins(record, clock, FINE), coarseBins: timeBins(record, clock, COARSE) };
}
