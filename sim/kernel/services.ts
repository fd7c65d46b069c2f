/**
 * What the kernel gives to everything it runs: time, randomness, a trace, and an order among things that
 * happen in the same instant. Stand-ins take these as a parameter and know nothing else of the kernel.
 */

/** A pending timer. */
export interface Timer {
  cancel(): void;
}

/** Structurally the solution's own `Clock`, so one object serves both. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z, always an integer. */
  now(): number;
  /** Calls `fire` once, `delayMs` from now (rounded to whole milliseconds, at least 0). */
  after(delayMs: number, fire: () => void): Timer;
  /** Resolves `delayMs` from now. */
  sleep(delayMs: number): Promise<void>;
}

/** A stream of random numbers that is a pure function of the seed and the stream's name. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Uniform integer, both ends included. */
  integer(low: number, high: number): number;
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** True with probability `share`. */
  chance(share: number): boolean;
  normal(mean: number, standardDeviation: number): number;
  exponential(mean: number): number;
  /** A version 4 UUID. */
  uuid(): string;
  bytes(count: number): Uint8Array;
}

/** `rng('shopper/17/path')`: the stream of that name. Streams are independent: adding one never changes another. */
export type RandomSource = (name: string) => RandomStream;

/** Facts a trace line may carry. */
export type TraceDetail = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The event trace of a run. Lines of one instant are put into a canonical order (component, key, what) before
 * they enter the digest, because the order of handling inside an instant differs between the fidelities.
 */
export interface Trace {
  /** `component` e.g. `blob-storage`, `key` what it is about e.g. a blob's name, `what` e.g. `put`. */
  record(component: string, key: string, what: string, detail?: TraceDetail): void;
}

/**
 * Orders what arrives at one place in one instant. Two pictures that reach a queue in the same millisecond may
 * be handled in either order by the protocols; the arbiter collects them until nothing more can happen in this
 * instant, then calls them in the order of their keys. Use it at every door where order changes an outcome:
 * queues, logs with sequence numbers, shared links, quotas.
 */
export interface Arbiter {
  /** Calls `admit` at the end of the current instant, in the order of (`place`, `key`). */
  submit(place: string, key: string, admit: () => void): void;
}

export interface KernelServices {
  readonly clock: Clock;
  readonly rng: RandomSource;
  readonly trace: Trace;
  readonly arbiter: Arbiter;
}
