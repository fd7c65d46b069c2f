/** When parties arrive: a Poisson process whose rate follows the store's day (thinning, Lewis and Shedler 1979). */
import type { RandomSource } from '../../kernel/services.js';
import { minuteOfDay } from './local-time.js';
import { weightedIndex } from './people.js';
import type { ArrivalRate, Traffic } from './traffic.js';

export interface PartyArrival {
  /** Numbered from 0 in the order of arrival. */
  readonly party: number;
  readonly atMs: number;
  readonly size: number;
}

const HOUR_MS = 3_600_000;

/** Parties in the order of time, up to `endMs`. */
export function* partyArrivals(
  traffic: Traffic,
  rng: RandomSource,
  period: { readonly startMs: number; readonly endMs: number; readonly timeZone: string },
): Generator<PartyArrival> {
  const gaps = rng('arrivals/gaps');
  const sizes = rng('arrivals/sizes');
  const minute = minuteOfDay(period.timeZone);
  const meanSize = meanPartySize(traffic.partySizes);
  const busiest = Math.max(0, ...traffic.arrivals.map(({ shoppersPerHour }) => shoppersPerHour));
  if (busiest === 0) return;
  const meanGapMs = (HOUR_MS * meanSize) / busiest;
  let party = 0;
  for (
    let atMs = period.startMs + gaps.exponential(meanGapMs);
    atMs < period.endMs;
    atMs += gaps.exponential(meanGapMs)
  ) {
    if (!gaps.chance(rateAt(traffic.arrivals, minute(atMs)) / busiest)) continue;
    yield { party: party++, atMs: Math.round(atMs), size: weightedIndex(traffic.partySizes, sizes) + 1 };
  }
}

/** Shoppers an hour; before the first entry of the day the last one holds. */
export function rateAt(arrivals: readonly ArrivalRate[], minute: number): number {
  const current = arrivals.findLast(({ fromMinute }) => fromMinute <= minute) ?? arrivals.at(-1);
  return current?.shoppersPerHour ?? 0;
}

function meanPartySize(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, index) => sum + weight * (index + 1), 0) / total;
}
