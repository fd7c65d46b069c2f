/** When to try again: a fixed interval, spread by chance so that the devices of a store do not all come at once. */
export interface RetrySchedule {
  readonly intervalMs: number;
  /** Share of the interval by which a wait may be longer or shorter, in [0, 1]. */
  readonly jitterShare: number;
}

/** The waits of one thing that is tried again and again. */
export interface Retry {
  nextDelayMs(): number;
}

export const DEFAULT_RETRY: RetrySchedule = { intervalMs: 5_000, jitterShare: 0.2 };

/** `random` gives numbers in [0, 1); no two retries should share one, or they would disturb each other. */
export function retryBy({ intervalMs, jitterShare }: RetrySchedule, random: () => number): Retry {
  return { nextDelayMs: () => Math.round(intervalMs * (1 + jitterShare * (2 * random() - 1))) };
}
