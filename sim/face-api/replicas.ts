/**
 * The replicas of the Face container behind their balancer: each serves one request at a time, the others wait
 * in one queue, first come first served; beyond the queue's bound the answer is 429.
 *
 * What happens at one millisecond is put into an order that does not depend on the protocol: first those that
 * finish, then those that arrive, each by their keys.
 */
import { type KernelServices, StageCounters, type StageFigures } from '../kernel/index.js';
import { type FaceApiFailure, rateLimited } from './failure.js';

export interface ServiceTime {
  /** The time that every request takes at least. */
  readonly leastMs: number;
  readonly meanMs: number;
}

export interface Capacity {
  readonly replicas: number;
  /** How many requests may wait; one more is answered with 429. */
  readonly queueLimit: number;
  /** For requests that carry a picture. */
  readonly pictureService: ServiceTime;
  /** For all others. */
  readonly otherService: ServiceTime;
  /** The pricing tier's limit on requests (F0: 20 a minute, S0: 10 a second); null for a container. */
  readonly rateLimit: { readonly requests: number; readonly perMs: number } | null;
}

/** A container answers 10 to 20 requests a second on the hardware Microsoft recommends. */
export const CONTAINER_CAPACITY: Capacity = {
  replicas: 2,
  queueLimit: 200,
  pictureService: { leastMs: 50, meanMs: 70 },
  otherService: { leastMs: 10, meanMs: 20 },
  rateLimit: null,
};

export interface Job<Result> {
  /** Names the request among those of its millisecond. */
  readonly key: string;
  readonly carriesPicture: boolean;
  /** Done when the service time has passed; may throw a `FaceApiFailure`. */
  readonly work: () => Result;
}

interface Waiting {
  readonly key: string;
  readonly carriesPicture: boolean;
  readonly finish: () => void;
  readonly refuse: (failure: FaceApiFailure) => void;
}

const PLACE = 'face-api';

export class Replicas {
  private readonly services: KernelServices;
  private readonly capacity: Capacity;
  private readonly counters = new StageCounters(PLACE);
  private readonly openedAtMs: number;
  private readonly queue: Waiting[] = [];
  private readonly admittedAtMs: number[] = [];
  private busy = 0;
  private busyMs = 0;

  constructor(services: KernelServices, capacity: Capacity) {
    this.services = services;
    this.capacity = capacity;
    this.openedAtMs = services.clock.now();
  }

  /** Resolves with what `job.work` gives; rejects with a 429 `FaceApiFailure` when there is no room. */
  serve<Result>(job: Job<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        try {
          resolve(job.work());
        } catch (error) {
          reject(error);
        }
      };
      const { key, carriesPicture } = job;
      this.services.arbiter.submit(PLACE, `1/${key}`, () =>
        this.admit({ key, carriesPicture, finish, refuse: reject }),
      );
    });
  }

  /** `dropped` counts answers of 429; `utilisation` is the busy share of all replicas since the start. */
  figures(): StageFigures {
    const openMs = this.services.clock.now() - this.openedAtMs;
    const capacityMs = openMs * this.capacity.replicas;
    return this.counters.figures(capacityMs > 0 ? Math.min(1, this.busyMs / capacityMs) : 0);
  }

  private admit(request: Waiting): void {
    this.counters.in++;
    const waitMs = this.overRateMs();
    if (waitMs > 0) this.refuse(request, waitMs);
    else if (this.busy < this.capacity.replicas) this.start(request);
    else if (this.queue.length < this.capacity.queueLimit) this.wait(request);
    else this.refuse(request, this.drainMs());
  }

  private wait(request: Waiting): void {
    this.counters.enqueue();
    this.queue.push(request);
  }

  private refuse(request: Waiting, waitMs: number): void {
    this.counters.dropped++;
    request.refuse(rateLimited(Math.max(1, Math.ceil(waitMs / 1000))));
  }

  private start(request: Waiting): void {
    this.busy++;
    const serviceMs = this.drawServiceMs(request);
    this.services.clock.after(serviceMs, () => {
      this.services.arbiter.submit(PLACE, `0/${request.key}`, () => {
        this.busy--;
        this.busyMs += serviceMs;
        this.counters.out++;
        request.finish();
        this.startNext();
      });
    });
  }

  private startNext(): void {
    const next = this.queue.shift();
    if (next === undefined) return;
    this.counters.dequeue();
    this.start(next);
  }

  private drawServiceMs({ key, carriesPicture }: Waiting): number {
    const { leastMs, meanMs } = carriesPicture ? this.capacity.pictureService : this.capacity.otherService;
    const extraMs = this.services.rng(`face-api/service/${key}`).exponential(Math.max(0, meanMs - leastMs));
    return Math.round(leastMs + extraMs);
  }

  /** How long until the rate limit has room for one more; 0 when it has, and then it is taken. */
  private overRateMs(): number {
    const { rateLimit } = this.capacity;
    if (rateLimit === null) return 0;
    const now = this.services.clock.now();
    while ((this.admittedAtMs[0] ?? now) <= now - rateLimit.perMs) this.admittedAtMs.shift();
    const oldest = this.admittedAtMs[0];
    if (oldest !== undefined && this.admittedAtMs.length >= rateLimit.requests)
      return oldest + rateLimit.perMs - now;
    this.admittedAtMs.push(now);
    return 0;
  }

  /** About how long the queue takes to half empty. */
  private drainMs(): number {
    return (this.queue.length * this.capacity.pictureService.meanMs) / (2 * this.capacity.replicas);
  }
}
