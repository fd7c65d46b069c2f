import type { LatencyPercentiles } from '../../../reports/run-record.js';

/**
 * Latencies of one stage: exact percentiles from a count of every whole millisecond that occurred, so memory
 * follows the spread of the values, not their number.
 */
export class Latencies {
  private readonly counts = new Map<number, number>();
  private total = 0;

  add(latencyMs: number, times = 1): void {
    this.counts.set(latencyMs, (this.counts.get(latencyMs) ?? 0) + times);
    this.total += times;
  }

  /** Nearest-rank percentiles; all zero when nothing was added. */
  percentiles(stage: string): LatencyPercentiles {
    const sorted = [...this.counts].sort(([one], [other]) => one - other);
    const rank = (share: number): number => {
      let left = Math.max(1, Math.ceil(share * this.total));
      for (const [valueMs, count] of sorted) {
        left -= count;
        if (left <= 0) return valueMs;
      }
      return 0;
    };
    return {
      stage,
      count: this.total,
      p50Ms: rank(0.5),
      p95Ms: rank(0.95),
      p99Ms: rank(0.99),
      maxMs: sorted.at(-1)?.[0] ?? 0,
    };
  }
}
