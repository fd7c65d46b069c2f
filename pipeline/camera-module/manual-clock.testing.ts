import type { Clock } from '../clock.js';

/** A clock that a test moves; `run` lets everything due until then happen, in order. */
export class ManualClock implements Clock {
  private nowMs: number;
  private timers: { readonly atMs: number; readonly fire: () => void }[] = [];

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, fire: () => void): { cancel(): void } {
    const timer = { atMs: this.nowMs + delayMs, fire };
    this.timers.push(timer);
    return {
      cancel: () => {
        this.timers = this.timers.filter((other) => other !== timer);
      },
    };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  async run(durationMs: number): Promise<void> {
    const untilMs = this.nowMs + durationMs;
    await settled();
    for (let next = this.nextUntil(untilMs); next !== undefined; next = this.nextUntil(untilMs)) {
      this.timers = this.timers.filter((timer) => timer !== next);
      this.nowMs = next.atMs;
      next.fire();
      await settled();
    }
    this.nowMs = untilMs;
  }

  private nextUntil(untilMs: number): { readonly atMs: number; readonly fire: () => void } | undefined {
    const due = this.timers.filter(({ atMs }) => atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
