import type { Arbiter } from '../../kernel/services.js';
import type { StageCounters } from '../../kernel/stage-counters.js';
import type { Instances, Workload } from './instances.js';

/**
 * First come, first served, so many at once on each instance. What arrives in one instant is put in the order of its keys, so
 * that the same work starts in the same order however it was brought here.
 */
export class WorkQueue<Work> implements Workload {
  private readonly held: Work[] = [];
  private running = 0;
  /** Brought here in this instant, not yet in its place in the queue. */
  private arriving = 0;
  private readonly place: string;
  private readonly limit: number;
  private readonly instances: Instances;
  private readonly arbiter: Arbiter;
  private readonly stage: StageCounters;
  private readonly perform: (work: Work) => Promise<void>;

  /** `limit` is of one instance; `perform` must not reject. */
  constructor(
    arbiter: Arbiter,
    stage: StageCounters,
    limit: number,
    instances: Instances,
    perform: (work: Work) => Promise<void>,
  ) {
    this.arbiter = arbiter;
    this.stage = stage;
    this.place = stage.stage;
    this.limit = limit;
    this.instances = instances;
    this.perform = perform;
    instances.add(this);
  }

  get waiting(): number {
    return this.held.length;
  }

  wake(): void {
    for (let waiting = -1; waiting !== this.held.length; ) {
      waiting = this.held.length;
      this.startNext();
    }
  }

  /** Nothing comes, waits or runs. */
  get isIdle(): boolean {
    return this.arriving === 0 && this.held.length === 0 && this.running === 0;
  }

  add(key: string, work: Work): void {
    this.arriving++;
    this.arbiter.submit(this.place, key, () => {
      this.arriving--;
      this.stage.enqueue();
      this.held.push(work);
      this.startNext();
    });
  }

  private startNext(): void {
    if (this.held.length === 0) return;
    if (this.running >= this.limit * this.instances.ready) {
      this.instances.ask();
      return;
    }
    const work = this.held.shift();
    if (work === undefined) return;
    this.stage.dequeue();
    this.running++;
    this.perform(work).finally(() => {
      this.running--;
      this.startNext();
    });
  }
}
