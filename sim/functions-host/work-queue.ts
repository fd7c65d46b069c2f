import type { Arbiter } from '../kernel/services.js';
import type { StageCounters } from '../kernel/stage-counters.js';

/**
 * First come, first served, so many at once. What arrives in one instant is put in the order of its keys, so
 * that the same work starts in the same order however it was brought here.
 */
export class WorkQueue<Work> {
  private readonly waiting: Work[] = [];
  private running = 0;
  /** Brought here in this instant, not yet in its place in the queue. */
  private arriving = 0;
  private readonly place: string;
  private readonly limit: number;
  private readonly arbiter: Arbiter;
  private readonly stage: StageCounters;
  private readonly perform: (work: Work) => Promise<void>;

  /** `perform` must not reject. */
  constructor(arbiter: Arbiter, stage: StageCounters, limit: number, perform: (work: Work) => Promise<void>) {
    this.arbiter = arbiter;
    this.stage = stage;
    this.place = stage.stage;
    this.limit = limit;
    this.perform = perform;
  }

  /** Nothing comes, waits or runs. */
  get isIdle(): boolean {
    return this.arriving === 0 && this.waiting.length === 0 && this.running === 0;
  }

  add(key: string, work: Work): void {
    this.arriving++;
    this.arbiter.submit(this.place, key, () => {
      this.arriving--;
      this.stage.enqueue();
      this.waiting.push(work);
      this.startNext();
    });
  }

  private startNext(): void {
    if (this.running >= this.limit) return;
    const work = this.waiting.shift();
    if (work === undefined) return;
    this.stage.dequeue();
    this.running++;
    this.perform(work).finally(() => {
      this.running--;
      this.startNext();
    });
  }
}
