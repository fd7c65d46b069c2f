/** How much the service can do: replicas, their speed, the queue before them, and a pricing tier's limit. */

export interface ServiceTime {
  /** The time that every request takes at least. */
  readonly leastMs: number;
  readonly meanMs: number;
}

export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
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
  readonly rateLimit: RateLimit | null;
}

/** A container answers 10 to 20 requests a second on the hardware Microsoft recommends. */
export const CONTAINER_CAPACITY: Capacity = {
  replicas: 2,
  queueLimit: 200,
  pictureService: { leastMs: 50, meanMs: 70 },
  otherService: { leastMs: 10, meanMs: 20 },
  rateLimit: null,
};

/** Lets at most so many requests in within any span of the limit's length. */
export class RateWindow {
  private readonly limit: RateLimit | null;
  private readonly admittedAtMs: number[] = [];

  constructor(limit: RateLimit | null) {
    this.limit = limit;
  }

  /** How long until there is room for one more, in ms; 0 when there is, and then it is taken. */
  admit(nowMs: number): number {
    if (this.limit === null) return 0;
    const { perMs, requests } = this.limit;
    while ((this.admittedAtMs[0] ?? nowMs) <= nowMs - perMs) this.admittedAtMs.shift();
    const oldest = this.admittedAtMs[0];
    if (oldest !== undefined && this.admittedAtMs.length >= requests) return oldest + perMs - nowMs;
    this.admittedAtMs.push(nowMs);
    return 0;
  }
}
