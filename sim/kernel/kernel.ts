/**
 * The kernel of a world: virtual time, seeded randomness, and a loop that runs everything that can run now,
 * waits for quiescence, settles the instant, then jumps to the next timer. One kernel a thread.
 *
 * Open it before anything of a third party is imported in that thread (see `seeded-globals.ts`).
 */
import { EventTrace } from './event-trace.js';
import { InstantArbiter } from './instant-arbiter.js';
import { countPendingWork, kernelTurn } from './pending-work.js';
import { randomSource } from './random.js';
import { seedGlobals } from './seeded-globals.js';
import type { KernelServices } from './services.js';
import { installVirtualTime } from './virtual-time.js';

export interface KernelOptions {
  readonly seed: string | number;
  /** Epoch milliseconds at which virtual time begins. */
  readonly startMs: number;
  /** Receives every line of the trace in canonical order. */
  readonly onTraceLine?: (text: string) => void;
}

export interface Kernel extends KernelServices {
  readonly trace: EventTrace;
  /** Counts real work under way (a worker's answer, a socket) so that time stands still until it is done. */
  hold<T>(promise: Promise<T>): Promise<T>;
  /** Runs until virtual time `epochMs`, and all that happens at it; `stop` is asked at every quiet moment. */
  runUntil(epochMs: number, stop?: () => boolean): Promise<void>;
  /** Runs until `promise` settles; rejects as it does, or when nothing is left that could settle it. */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Timers fired so far. */
  readonly timersFired: number;
  /** Puts the thread's real time and randomness back. */
  close(): void;
}

/** More would save nothing more, and make a world hear of an interruption later. */
const TURNS_A_ROUND = 16;

/** A world in which a promise can never settle: a bug of the simulator or of the code under test. */
export class WorldStalledError extends Error {
  readonly code = 'FF_KERNEL_STALLED';
}

export function openKernel(options: KernelOptions): Kernel {
  const rng = randomSource(options.seed);
  const pending = countPendingWork();
  const restoreGlobals = seedGlobals(rng);
  const time = installVirtualTime(options.startMs);
  const arbiter = new InstantArbiter();
  const trace = new EventTrace(time.clock.now, options.onTraceLine);
  let timersFired = 0;
  let isClosed = false;

  type Outcome = 'stopped' | 'reached' | 'idle';

  /** Does the next thing that can happen; says how the loop ended, or null to go on. */
  function advance(untilMs: number, stop: () => boolean): Outcome | null {
    if (stop()) return 'stopped';
    const nextMs = time.nextTimerAt();
    const instantIsOver = nextMs === null || nextMs > time.clock.now();
    if (instantIsOver && !arbiter.isEmpty) {
      arbiter.release();
      return null;
    }
    if (nextMs === null) return 'idle';
    if (nextMs > untilMs) return 'reached';
    timersFired++;
    time.fireNext();
    return null;
  }

  /**
   * Several turns are queued at once, each of which does one thing: between two of them Node runs all that follows
   * from the first, but goes round its event loop only once for all of them.
   */
  function loop(untilMs: number, stop: () => boolean): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      const turn = (): void => {
        if (isOver || pending.immediates > 0 || pending.held > 0) return;
        try {
          const outcome = advance(untilMs, stop);
          if (outcome === null) return;
          isOver = true;
          resolve(outcome);
        } catch (error) {
          isOver = true;
          reject(error);
        }
      };
      const round = (): void => {
        if (isOver) return;
        if (pending.immediates === 0 && pending.held > 0) {
          pending.whenReleased(round);
          return;
        }
        for (let count = 0; count < TURNS_A_ROUND; count++) kernelTurn(turn);
        kernelTurn(round);
      };
      round();
    });
  }

  return {
    clock: time.clock,
    rng,
    trace,
    arbiter,
    hold: pending.hold,
    get timersFired() {
      return timersFired;
    },
    async runUntil(epochMs, stop = () => false) {
      const outcome = await loop(epochMs, stop);
      if (outcome !== 'stopped' && time.clock.now() < epochMs) time.moveTo(epochMs);
    },
    async drive(promise) {
      let settled = false;
      const mark = () => {
        settled = true;
      };
      promise.then(mark, mark);
      const outcome = await loop(Number.POSITIVE_INFINITY, () => settled);
      if (outcome !== 'stopped') {
        const tail = trace.tail().join('\n  ');
        throw new WorldStalledError(
          `nothing is left that could happen at ${new Date(time.clock.now()).toISOString()} (seed ${options.seed}); the trace ends:\n  ${tail}`,
        );
      }
      return promise;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      time.uninstall();
      restoreGlobals();
      pending.uninstall();
    },
  };
}
