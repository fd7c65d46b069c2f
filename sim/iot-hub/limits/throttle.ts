/**
 * A rate that shapes before it refuses: requests within the rate pass at once, above it they wait their turn,
 * and when the wait would grow beyond `maxWaitMs` they are refused ("IoT Hub quotas and throttling", Traffic
 * shaping). It allows a burst of `burstWindowMs`' worth: a second's for a rate by the second, a minute's for one by the minute.
 */
export class Throttle {
  private readonly intervalMs: number;
  private readonly burstMs: number;
  private readonly maxWaitMs: number;
  /** When the next request would be due if requests came exactly at the rate (generic cell rate algorithm). */
  private dueAtMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number, maxWaitMs: number, burstWindowMs = 1000) {
    this.intervalMs = 1000 / perSecond;
    this.burstMs = burstWindowMs - this.intervalMs;
    this.maxWaitMs = maxWaitMs;
  }

  /** Milliseconds to wait for a place, taken by this call; null when there is none to be had. */
  take(nowMs: number): number | null {
    const dueAtMs = Math.max(this.dueAtMs, nowMs);
    const waitMs = Math.max(0, Math.ceil(dueAtMs - this.burstMs - nowMs));
    if (waitMs > this.maxWaitMs) return null;
    this.dueAtMs = dueAtMs + this.intervalMs;
    return waitMs;
  }
}
