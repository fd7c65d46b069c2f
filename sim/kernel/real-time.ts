/** The same services on the wall clock, for `footfall up`: real time, real order, seeded randomness. */
import { InstantArbiter } from './instant-arbiter.js';
import { randomSource } from './random.js';
import type { KernelServices, Trace } from './services.js';

export function realTimeServices(seed: string | number, trace: Trace = { record: () => {} }): KernelServices {
  const arbiter = new InstantArbiter();
  return {
    clock: {
      now: () => Date.now(),
      after(delayMs, fire) {
        const handle = setTimeout(fire, Math.max(0, Math.round(delayMs)));
        return { cancel: () => clearTimeout(handle) };
      },
      sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.round(delayMs)))),
    },
    rng: randomSource(seed),
    trace,
    arbiter: {
      submit(place, key, admit) {
        if (arbiter.isEmpty) setImmediate(() => arbiter.release());
        arbiter.submit(place, key, admit);
      },
    },
  };
}
