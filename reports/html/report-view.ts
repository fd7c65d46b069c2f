import type { AnyRecord, ReplayRecord } from '../replay-record.js';
import type { RunRecord } from '../run-record.js';
import type { Html } from './markup.js';
import { type StoreClock, storeClock } from './store-clock.js';
import { COARSE, FINE, type TimeBins, timeBins } from './time-bins.js';

/** What every section is made from. */
export interface ReportView<Record extends AnyRecord = RunRecord> {
  readonly record: Record;
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

/** A view of a run or of a replay, for what both have. */
export type AnyView = ReportView<AnyRecord>;

export type ReplayView = ReportView<ReplayRecord>;

export function viewOf<Record extends AnyRecord>(record: Record): ReportView<Record> {
  const clock = storeClock(record);
  return { record, clock, bins: timeBins(record, clock, FINE), coarseBins: timeBins(record, clock, COARSE) };
}
