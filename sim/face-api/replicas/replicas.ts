/**
 * The replicas of the Face container behind their balancer: each serves one request at a time, the others wait
 * in one queue, first come first served; beyond the queue's bound the answer is 429. A replica may crash, which
 * loses the request it works on, or be drained for a restart, which loses none.
 *
 * What happens at one millisecond is put into an order that does not depend on the protocol: first what befalls the
 * replicas (one that comes back before one that goes), then requests that finish, then those that arrive, each by their
 * keys.
 */
import { type KernelServices, StageCounters, type StageFigures, type Timer } from '../../kernel/index.js';
import { badGateway, ConnectionReset, noReplica, rateLimited } from '../failure.js';
import { type Capacity, RateWindow } from './capacity.js';

export interface Job<Result> {
  /** Names the request among those of its millisecond. */
  readonly key: string;
  readonly carriesPicture: boolean;
  /** Called when a replica takes the request up. */
  readonly begin: () => Task<Result>;
}

export interface Task<Result> {
  /** Null: drawn from the capacity's model. */
  readonly serviceMs: number | null;
  readonly extraMs: number;
  /** Done when the service time has passed; may throw a `FaceApiFailure`. */
  readonly work: () => Result;
}

/** How a client learns that the replica it was sent to is gone: from the balancer, or from the connection. */
export type LossOfReplica = 'bad-gateway' | 'reset';

interface Request {
  readonly key: string;
  readonly carriesPicture: boolean;
  readonly begin: () => {
    readonly serviceMs: number | null;
    readonly extraMs: number;
    readonly finish: () => void;
  };
  readonly refuse: (failure: Error) => void;
}

interface Replica {
  state: 'up' | 'draining' | 'down';
  running: { readonly request: Request; readonly timer: Timer } | null;
}

const PLACE = 'face-api';

export class Replicas {
  private readonly services: KernelServices;
  private readonly capacity: Capacity;
  private readonly counters = new StageCounters(PLACE);
  private readonly openedAtMs: number;
  private readonly queue: Request[] = [];
  private readonly rate: RateWindow;
  private readonly replicas: readonly Replica[];
  private busyMs = 0;

  constructor(services: KernelServices, capacity: Capacity) {
    this.services = services;
    this.capacity = capacity;
    this.openedAtMs = services.clock.now();
    this.rate = new RateWindow(capacity.rateLimit);
    this.replicas = Array.from({ length: capacity.replicas }, () => ({ state: 'up', running: null }));
  }

  get count(): number {
    return this.replicas.length;
  }

  /** Resolves with what the job's work gives; rejects with a `FaceApiFailure` when there is no room or no replica. */
  serve<Result>({ begin, carriesPicture, key }: Job<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const request: Request = {
        key,
        carriesPicture,
        refuse: reject,
        begin: () => {
          const { extraMs, serviceMs, work } = begin();
          const finish = () => {
            try {
              resolve(work());
            } catch (error) {
              reject(error);
            }
          };
          return { extraMs, serviceMs, finish };
        },
      };
      this.services.arbiter.submit(PLACE, `1/${key}`, () => this.admit(request));
    });
  }

  /** Replica `index` stops at once; `lost` is told how many requests went with it. */
  crash(index: number, loss: LossOfReplica, lost: (requests: number) => void): void {
    this.services.arbiter.submit(PLACE, `/3/${index}`, () => {
      const replica = this.replicas[index];
      if (replica === undefined) return;
      const { running } = replica;
      replica.state = 'down';
      replica.running = null;
      if (running !== null) {
        running.timer.cancel();
        this.refuse(running.request, loss === 'reset' ? new ConnectionReset() : badGateway());
      }
      lost(running === null ? 0 : 1);
      this.turnAwayIfNoneIsUp();
    });
  }

  /** Replica `index` takes no more requests, and stops when it has done the one it works on. */
  drain(index: number): void {
    this.services.arbiter.submit(PLACE, `/2/${index}`, () => {
      const replica = this.replicas[index];
      if (replica === undefined || replica.state !== 'up') return;
      replica.state = replica.running === null ? 'down' : 'draining';
      this.turnAwayIfNoneIsUp();
    });
  }

  /** Replica `index` is ready again. */
  restore(index: number): void {
    this.services.arbiter.submit(PLACE, `/1/${index}`, () => {
      const replica = this.replicas[index];
      if (replica === undefined) return;
      replica.state = 'up';
      if (replica.running === null) this.startNext(replica);
    });
  }

  /** `dropped` counts requests that were turned away or lost; `utilisation` is the busy share of all replicas. */
  figures(): StageFigures {
    const openMs = this.services.clock.now() - this.openedAtMs;
    const capacityMs = openMs * this.replicas.length;
    return this.counters.figures(capacityMs > 0 ? Math.min(1, this.busyMs / capacityMs) : 0);
  }

  private admit(request: Request): void {
    this.counters.in++;
    const waitMs = this.rate.admit(this.services.clock.now());
    const idle = this.replicas.find(({ running, state }) => state === 'up' && running === null);
    if (waitMs > 0) this.refuse(request, rateLimited(seconds(waitMs)));
    else if (!this.isAnyUp()) this.refuse(request, noReplica());
    else if (idle !== undefined) this.start(idle, request);
    else if (this.queue.length < this.capacity.queueLimit) this.wait(request);
    else this.refuse(request, rateLimited(seconds(this.drainMs())));
  }

  private isAnyUp(): boolean {
    return this.replicas.some(({ state }) => state === 'up');
  }

  private turnAwayIfNoneIsUp(): void {
    if (this.isAnyUp()) return;
    for (const request of this.queue.splice(0)) {
      this.counters.dequeue();
      this.refuse(request, noReplica());
    }
  }

  private wait(request: Request): void {
    this.counters.enqueue();
    this.queue.push(request);
  }

  private refuse(request: Request, failure: Error): void {
    this.counters.dropped++;
    request.refuse(failure);
  }

  private start(replica: Replica, request: Request): void {
    const { extraMs, finish, serviceMs } = request.begin();
    const totalMs = Math.round((serviceMs ?? this.drawServiceMs(request)) + extraMs);
    const timer = this.services.clock.after(totalMs, () => {
      this.services.arbiter.submit(PLACE, `0/${request.key}`, () => {
        if (replica.running?.request !== request) return;
        this.busyMs += totalMs;
        this.counters.out++;
        replica.running = null;
        finish();
        if (replica.state === 'draining') replica.state = 'down';
        else this.startNext(replica);
      });
    });
    replica.running = { request, timer };
  }

  private startNext(replica: Replica): void {
    const next = this.queue.shift();
    if (next === undefined) return;
    this.counters.dequeue();
    this.start(replica, next);
  }

  private drawServiceMs({ key, carriesPicture }: Request): number {
    const { leastMs, meanMs } = carriesPicture ? this.capacity.pictureService : this.capacity.otherService;
    const extraMs = this.services.rng(`face-api/service/${key}`).exponential(Math.max(0, meanMs - leastMs));
    return Math.round(leastMs + extraMs);
  }

  /** About how long the queue takes to half empty. */
  private drainMs(): number {
    return (this.queue.length * this.capacity.pictureService.meanMs) / (2 * this.replicas.length);
  }
}

const seconds = (waitMs: number) => Math.max(1, Math.ceil(waitMs / 1000));
