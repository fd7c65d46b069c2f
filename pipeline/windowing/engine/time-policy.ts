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

/** What the policy makes of an event. */
export type Admission =
  | { readonly kind: 'onTime'; readonly timeMs: number }
  | { readonly kind: 'adjusted'; readonly timeMs: number; readonly fault: TimeFault }
  | { readonly kind: 'dropped'; readonly fault: TimeFault };

/** The late and early policy, which look at the arrival alone. Not applied to events that go by arrival time. */
export function admitByArrival(policy: TimePolicy, timeMs: number, arrivalMs: number): Admission {
  if (timeMs > arrivalMs + EARLY_LIMIT_MS) return { kind: 'dropped', fault: 'early' };
  const earliestMs = arrivalMs - policy.lateToleranceMs;
  if (timeMs >= earliestMs) return { kind: 'onTime', timeMs };
  return policy.action === 'drop'
    ? { kind: 'dropped', fault: 'late' }
    : { kind: 'adjusted', timeMs: earliestMs, fault: 'late' };
}

/** The watermark of one partition (or substream) of an input. */
export class PartitionWatermark {
  private latestMs = Number.NEGATIVE_INFINITY;

  /** "The largest event time seen so far minus the out-of-order tolerance window size." */
  byEvents(outOfOrderToleranceMs: number): number {
    return this.latestMs - outOfOrderToleranceMs;
  }

  see(timeMs: number): void {
    if (timeMs > this.latestMs) this.latestMs = timeMs;
  }
}
