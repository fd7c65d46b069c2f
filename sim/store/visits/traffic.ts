/** Who comes to the store and what they do there. */
import type { AgeBand, Emotion } from '../../../pipeline/boundaries.js';

/** From this time of the store's day on, so many shoppers an hour arrive, until the next entry. */
export interface ArrivalRate {
  /** Minutes after local midnight. */
  readonly fromMinute: number;
  readonly shoppersPerHour: number;
}

/** A log-normal duration. */
export interface Duration {
  readonly medianMs: number;
  /** Standard deviation of its logarithm. */
  readonly spread: number;
}

/** Shares need not add up to 1; the rest is `neutral`. */
export type Reactions = Readonly<Partial<Record<Emotion, number>>>;

export interface Traffic {
  /** In the order of time. */
  readonly arrivals: readonly ArrivalRate[];
  /** Weight of parties of 1, 2, 3, … shoppers. */
  readonly partySizes: readonly number[];
  /** Share of shoppers who have been here before. */
  readonly returningShare: number;
  /** How many people the returning ones are drawn from. */
  readonly regulars: number;
  /** Mean number of displays a party comes for; at least one. */
  readonly errandDisplaysMean: number;
  readonly dwell: Duration;
  /** Share of parties who pay at a till before they leave. */
  readonly buyingShare: number;
  readonly payment: Duration;
  /** Scales Weidmann's free speed of 1.34 ± 0.26 m/s: people who look around walk more slowly. */
  readonly pace: number;
  readonly demographics: {
    readonly femaleShare: number;
    /** Weight of each age band. */
    readonly ages: Readonly<Record<AgeBand, number>>;
  };
  /** By display. */
  readonly reactions: Readonly<Record<string, Reactions>>;
}
