/**
 * Late, out-of-order and early events, and the watermark of an input partition (Time handling, "How time
 * progresses", and Event ordering pages). The late policy comes first, then the out-of-order policy. Adjusting
 * changes System.Timestamp alone.
 */

/** "This window is fixed at 5 minutes." */
export const EARLY_LIMIT_MS = 5 * 60_000;
/** "The largest possible value (20 days)." */
export const LATE_LIMIT_MS = 20 * 86_400_000;
export const DEFAULT_LATE_TOLERANCE_MS = 5_000;
export const DEFAULT_OUT_OF_ORDER_TOLERANCE_MS = 0;

export interface TimePolicy {
  readonly lateToleranceMs: number;
  readonly outOfOrderToleranceMs: number;
  readonly action: 'adjust' | 'drop';
}

/** Why an event's time was changed, or the event dropped. */
export type TimeFault = 'late' | 'outOfOrder' | 'early';

/**
 * What the late and early policies find, which look at the arrival alone; undefined when the event is on time.
 * They are not applied to events that go by arrival time.
 */
export function arrivalFault(
  policy: TimePolicy,
  timeMs: number,
  arrivalMs: number,
): 'early' | 'late' | undefined {
  if (timeMs > arrivalMs + EARLY_LIMIT_MS) return 'early';
  return timeMs < arrivalMs - policy.lateToleranceMs ? 'late' : undefined;
}

/** The watermark of one partition (or substream) of an input. */
export class PartitionWatermark {
  constructor(private latestMs = Number.NEGATIVE_INFINITY) {}

  /** The largest event time seen. */
  get latest(): number {
    return this.latestMs;
  }

  /** "The largest event time seen so far minus the out-of-order tolerance window size." */
  byEvents(outOfOrderToleranceMs: number): number {
    return this.latestMs - outOfOrderToleranceMs;
  }

  see(timeMs: number): void {
    if (timeMs > this.latestMs) this.latestMs = timeMs;
  }
}
