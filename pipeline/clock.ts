/**
 * Time as the solution sees it. Production code asks the system; inside a simulated world the same globals
 * are virtual, so this one adapter serves both. Nothing else in `pipeline/` may read the clock or set a timer.
 */

/** A pending timer. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now(): number;
  /** Calls `fire` once, `delayMs` from now. */
  after(delayMs: number, fire: () => void): Timer;
  /** Resolves `delayMs` from now. */
  sleep(delayMs: number): Promise<void>;
}

/** The clock of this process: real time in production, virtual time in a world. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
  sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
};
