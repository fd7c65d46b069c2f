import type { AnyRecord } from '../replay-record.js';
import type { StoreClock } from './store-clock.js';

/** Bins along an axis of time for counts: what a chart can show, and what keeps a long day's file small. */
export const FINE = 150;

/** Bins for shares and means, which need some people in each to say anything. */
export const COARSE = 24;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const WIDTHS_MS = [
  15 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
];

/** Equal parts of the run, in the store's time. */
export interface TimeBins {
  readonly widthMs: number;
  /** Beginning of each bin, in milliseconds of the axis. */
  readonly startsMs: readonly number[];
  /** The bin of a window, by its end; no valid index for windows outside the run. */
  indexOf(windowEnd: string): number;
}

/** A value for each bin, with the bin's place on the axis. */
export interface BinValue {
  readonly from: Date;
  readonly to: Date;
  readonly middle: Date;
  readonly value: number;
}

/** At most `most` bins of a width that people count time in. */
export function timeBins(record: AnyRecord, clock: StoreClock, most: number): TimeBins {
  const startMs = clock.axisMs(record.scenario.startAt);
  const spanMs = Math.max(record.virtualSeconds * SECOND_MS, 1);
  const longest = WIDTHS_MS.at(-1) ?? spanMs;
  const widthMs =
    WIDTHS_MS.find((width) => spanMs / width <= most) ?? longest * Math.ceil(spanMs / longest / most);
  const firstMs = Math.floor(startMs / widthMs) * widthMs;
  const count = Math.ceil((startMs + spanMs - firstMs) / widthMs);
  return {
    widthMs,
    startsMs: Array.from({ length: count }, (_, index) => firstMs + index * widthMs),
    // A window holds the instants before its end, hence the millisecond.
    indexOf: (windowEnd) => Math.floor((clock.axisMs(windowEnd) - 1 - firstMs) / widthMs),
  };
}

/** The sum of each bin; items outside the run are left out. */
export function sums<Item>(
  bins: TimeBins,
  items: readonly Item[],
  windowEnd: (item: Item) => string,
  value: (item: Item) => number,
): BinValue[] {
  const totals = bins.startsMs.map(() => 0);
  for (const item of items) {
    const index = bins.indexOf(windowEnd(item));
    const total = totals[index];
    if (total !== undefined) totals[index] = total + value(item);
  }
  return placed(bins, totals);
}

/** Bin by bin, `parts / wholes`; bins without a whole are left out. */
export function ratios(parts: readonly BinValue[], wholes: readonly BinValue[]): BinValue[] {
  return parts.flatMap((part, index) => {
    const whole = wholes[index]?.value ?? 0;
    return whole === 0 ? [] : [{ ...part, value: part.value / whole }];
  });
}

/** What has come together up to and with each bin. */
export function runningTotals(values: readonly BinValue[]): BinValue[] {
  let total = 0;
  return values.map((bin) => {
    total += bin.value;
    return { ...bin, value: total };
  });
}

function placed({ startsMs, widthMs }: TimeBins, values: readonly number[]): BinValue[] {
  return startsMs.map((startMs, index) => ({
    from: new Date(startMs),
    to: new Date(startMs + widthMs),
    middle: new Date(startMs + widthMs / 2),
    value: values[index] ?? 0,
  }));
}
