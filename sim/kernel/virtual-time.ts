/**
 * Virtual time behind the global timers (by `@sinonjs/fake-timers`) and `Date`, so that third-party SDKs, their
 * keep-alives, token renewals and retry back-offs live in it too. `nextTick`, microtasks and immediates stay
 * real: they belong to the instant in which they are queued.
 */

import timers from 'node:timers';
import { type Clock as FakeClock, install } from '@sinonjs/fake-timers';
import type { Clock, Timer } from './services.js';
import { installVirtualDate } from './virtual-date.js';

/** The part of fake-timers' clock that its types leave out: it keeps its timers in a heap. */
interface WithHeap {
  readonly timerHeap?: { peek(): { readonly callAt: number } | undefined };
}

export interface VirtualTime {
  readonly clock: Clock;
  /** When the next timer is due; null when there is none. */
  nextTimerAt(): number | null;
  /** Moves to the next timer and fires it, and it alone. */
  fireNext(): void;
  /** Moves on to `epochMs`, before which no timer may be due. */
  moveTo(epochMs: number): void;
  uninstall(): void;
}

/** As Node does: a timer never fires in the millisecond that set it. */
const SHORTEST_TIMER_MS = 1;

type AnyTimer = (fire: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) => unknown;

export function installVirtualTime(startMs: number): VirtualTime {
  const fake: FakeClock = install({
    now: startMs,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
  const fakeSetTimeout = globalThis.setTimeout as unknown as AnyTimer;
  const atLeastOne: AnyTimer = (fire, delayMs, ...args) =>
    fakeSetTimeout(fire, Math.max(SHORTEST_TIMER_MS, Math.trunc(Number(delayMs)) || 0), ...args);
  Reflect.set(globalThis, 'setTimeout', atLeastOne);
  Reflect.set(timers, 'setTimeout', atLeastOne);
  const restoreDate = installVirtualDate(() => fake.now);

  return {
    clock: clockOver(fake),
    nextTimerAt: () => (fake as unknown as WithHeap).timerHeap?.peek()?.callAt ?? null,
    fireNext: () => {
      fake.next();
    },
    moveTo: (epochMs) => {
      fake.tick(epochMs - fake.now);
    },
    uninstall: () => {
      restoreDate();
      Reflect.set(globalThis, 'setTimeout', fakeSetTimeout);
      Reflect.set(timers, 'setTimeout', fakeSetTimeout);
      fake.uninstall();
    },
  };
}

function clockOver(fake: FakeClock): Clock {
  const after = (delayMs: number, fire: () => void): Timer => {
    const whole = Math.max(0, Math.round(delayMs));
    if (whole === 0) {
      const immediate = setImmediate(fire);
      return { cancel: () => clearImmediate(immediate) };
    }
    const handle = fake.setTimeout(fire, whole);
    return { cancel: () => fake.clearTimeout(handle) };
  };
  return {
    now: () => fake.now,
    after,
    sleep: (delayMs) =>
      new Promise((resolve) => {
        after(delayMs, resolve);
      }),
  };
}
