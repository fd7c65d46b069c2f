import { DateTime } from 'luxon';
import type { RunRecord } from '../run-record.js';

/**
 * The store's wall clock. Its offset from UTC is that of the run's start throughout, so that times in a chart
 * never run backwards, not even on the night the clocks change.
 */
export interface StoreClock {
  readonly zone: string;
  /** Milliseconds since the epoch of a UTC clock that shows the store's time, for axes in UTC. */
  axisMs(isoTime: string): number;
  /** `10:04:15`, or with its date where the run goes over midnight. */
  label(isoTime: string): string;
  /** `Saturday 7 March 2026, 10:00`. */
  date(isoTime: string): string;
}

export function storeClock({ scenario, virtualSeconds }: RunRecord): StoreClock {
  const start = DateTime.fromISO(scenario.startAt, { zone: scenario.timeZone });
  const offsetMinutes = Number.isFinite(start.offset) ? start.offset : 0;
  const zone = start.isValid ? scenario.timeZone : 'UTC';
  const onAxis = (isoTime: string) =>
    DateTime.fromISO(isoTime, { zone: 'utc' }).plus({ minutes: offsetMinutes }).setLocale('en-GB');
  const format = spansDays(onAxis(scenario.startAt), virtualSeconds) ? 'd LLL HH:mm:ss' : 'HH:mm:ss';
  return {
    zone,
    axisMs: (isoTime) => onAxis(isoTime).toMillis(),
    label: (isoTime) => onAxis(isoTime).toFormat(format),
    date: (isoTime) => onAxis(isoTime).toFormat('cccc d LLLL yyyy, HH:mm'),
  };
}

function spansDays(start: DateTime, virtualSeconds: number): boolean {
  return !start.hasSame(start.plus({ seconds: virtualSeconds }), 'day');
}
