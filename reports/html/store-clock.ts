import { DateTime, IANAZone } from 'luxon';
import type { AnyRecord } from '../replay-record.js';

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

export function storeClock({ scenario, virtualSeconds }: AnyRecord): StoreClock {
  const zone = IANAZone.isValidZone(scenario.timeZone) ? scenario.timeZone : 'UTC';
  const start = DateTime.fromISO(scenario.startAt, { zone });
  const offsetMs = start.offset * 60_000;
  const axisMs = (isoTime: string): number => Date.parse(isoTime) + offsetMs;
  const format = (isoTime: string, pattern: string): string =>
    DateTime.fromMillis(axisMs(isoTime), { zone: 'utc', locale: 'en-GB' }).toFormat(pattern);
  const lastDay = start.plus({ seconds: virtualSeconds });
  const labelPattern = start.hasSame(lastDay, 'day') ? 'HH:mm:ss' : 'd LLL HH:mm:ss';
  return {
    zone,
    axisMs,
    label: (isoTime) => format(isoTime, labelPattern),
    date: (isoTime) => format(isoTime, 'cccc d LLLL yyyy, HH:mm'),
  };
}
