/** How many people were counted in each quarter of a minute of the footage, beside the truth. */

export interface CountWindow {
  /** From the footage's start. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Visitors who were counted in it first. */
  readonly counted: number;
  /** Null where nobody knows. */
  readonly trueCounted: number | null;
}

/** As long as the windows of the pipeline's query. */
const WINDOW_MS = 15_000;

export class CountWindows {
  private readonly hasTruth: boolean;
  /** At the end of each window so far. */
  private readonly totals: { counted: number; trueCounted: number }[] = [];

  constructor(hasTruth: boolean) {
    this.hasTruth = hasTruth;
  }

  /** Who has been counted since the start, at the frame of this time; times must not decrease. */
  add(atMs: number, counted: number, trueCounted: number): void {
    const index = Math.floor(atMs / WINDOW_MS);
    while (this.totals.length <= index) this.totals.push({ ...this.totalBefore(this.totals.length) });
    this.totals[index] = { counted, trueCounted };
  }

  toWindows(): readonly CountWindow[] {
    return this.totals.map(({ counted, trueCounted }, index) => {
      const before = this.totalBefore(index);
      return {
        fromMs: index * WINDOW_MS,
        toMs: (index + 1) * WINDOW_MS,
        counted: counted - before.counted,
        trueCounted: this.hasTruth ? trueCounted - before.trueCounted : null,
      };
    });
  }

  private totalBefore(index: number): { readonly counted: number; readonly trueCounted: number } {
    return this.totals[index - 1] ?? { counted: 0, trueCounted: 0 };
  }
}

/** The largest difference from the truth in any window; null where nobody knows it. */
export function largestCountError(windows: readonly CountWindow[]): number | null {
  if (windows.some(({ trueCounted }) => trueCounted === null)) return null;
  return windows.reduce(
    (largest, { counted, trueCounted }) => Math.max(largest, Math.abs(counted - (trueCounted ?? 0))),
    0,
  );
}
