/** What went through one stage of the pipeline; every stand-in's core keeps one for each thing it does. */
export interface StageFigures {
  readonly stage: string;
  readonly in: number;
  readonly out: number;
  readonly dropped: number;
  readonly retried: number;
  /** Waiting now. */
  readonly queued: number;
  readonly peakQueue: number;
  /** Share of the stage's capacity that was busy, in [0, 1]; null where it has no bound. */
  readonly utilisation: number | null;
}

export class StageCounters {
  readonly stage: string;
  in = 0;
  out = 0;
  dropped = 0;
  retried = 0;
  private waiting = 0;
  private peak = 0;

  constructor(stage: string) {
    this.stage = stage;
  }

  get queued(): number {
    return this.waiting;
  }

  /** Something began to wait. */
  enqueue(): void {
    this.waiting++;
    this.peak = Math.max(this.peak, this.waiting);
  }

  /** Something stopped waiting. */
  dequeue(): void {
    this.waiting--;
  }

  figures(utilisation: number | null = null): StageFigures {
    const { stage, in: entered, out, dropped, retried } = this;
    return {
      stage,
      in: entered,
      out,
      dropped,
      retried,
      queued: this.waiting,
      peakQueue: this.peak,
      utilisation,
    };
  }
}
