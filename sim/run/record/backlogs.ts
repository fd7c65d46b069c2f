import type { RunRecord } from '../../../reports/run-record.js';

/** Samples kept of one backlog; when there are more, every other one is dropped. */
const MOST_SAMPLES = 720;

/** What was waiting where, sampled over the run; the interval doubles as the run grows, so memory is bounded. */
export class Backlogs {
  private readonly series: readonly { readonly name: string; readonly read: () => number }[];
  private samples: { readonly atMs: number; readonly waiting: readonly number[] }[] = [];
  private intervalMs: number;
  private nextMs = Number.NEGATIVE_INFINITY;

  constructor(series: readonly { readonly name: string; readonly read: () => number }[], intervalMs: number) {
    this.series = series;
    this.intervalMs = intervalMs;
  }

  /** Takes a sample if one is due. */
  sample(nowMs: number): void {
    if (nowMs < this.nextMs) return;
    this.nextMs = nowMs + this.intervalMs;
    this.samples.push({ atMs: nowMs, waiting: this.series.map(({ read }) => read()) });
    if (this.samples.length <= MOST_SAMPLES) return;
    this.intervalMs *= 2;
    this.samples = this.samples.filter((_sample, index) => index % 2 === 0);
  }

  toRecord(): RunRecord['backlogs'] {
    return this.series.map(({ name }, index) => ({
      name,
      samples: this.samples.map(({ atMs, waiting }) => ({
        at: new Date(atMs).toISOString(),
        waiting: waiting[index] ?? 0,
      })),
    }));
  }
}
