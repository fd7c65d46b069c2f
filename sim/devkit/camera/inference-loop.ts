import type { Clock, RandomSource, Timer } from '../../kernel/services.js';
import type { Look } from './sight.js';

export interface InferenceLoopOptions {
  readonly clock: Clock;
  readonly look: () => Promise<Look>;
  /** Hears a look once the model has had its time; resolves when it is ready for the next. */
  readonly hear: (look: Look) => Promise<void>;
  /** Where in the interval this camera's frames lie, in [0, 1): no two cameras look at the same instant. */
  readonly phase: number;
  /** Time that the model takes for a frame. */
  readonly inferenceMs: number;
  /** The time before which no look can matter; undefined: every look is made. */
  readonly nextUsefulLookMs?: () => number;
}

/** Looks at a steady rate. Frames lie on a grid of their own, whenever the loop was started. */
export class InferenceLoop {
  private readonly options: InferenceLoopOptions;
  private intervalMs: number | null = null;
  private timer: Timer | null = null;
  private busy = false;
  private made = 0;

  constructor(options: InferenceLoopOptions) {
    this.options = options;
  }

  /** Looks made. */
  get looks(): number {
    return this.made;
  }

  /** Looks every `intervalMs` from now on; null: not at all. */
  setInterval(intervalMs: number | null): void {
    if (intervalMs === this.intervalMs) return;
    this.intervalMs = intervalMs;
    this.timer?.cancel();
    this.timer = null;
    if (!this.busy) this.schedule();
  }

  private schedule(): void {
    const { clock, nextUsefulLookMs, phase } = this.options;
    const { intervalMs } = this;
    if (intervalMs === null) return;
    const nowMs = clock.now();
    const earliestMs = Math.max(nowMs + 1, nextUsefulLookMs?.() ?? 0);
    const atMs = firstFrame(earliestMs, intervalMs, phase);
    this.timer = clock.after(atMs - nowMs, () => void this.lookOnce());
  }

  private async lookOnce(): Promise<void> {
    const { clock, hear, inferenceMs, look } = this.options;
    this.timer = null;
    this.busy = true;
    this.made++;
    const seen = await look();
    if (inferenceMs > 0) await clock.sleep(inferenceMs);
    await hear(seen);
    this.busy = false;
    this.schedule();
  }
}

/** Where in the interval the frames of the Dev Kit of that name lie, in [0, 1). */
export function framePhase(rng: RandomSource, kitName: string): number {
  return rng(`camera/${kitName}/phase`).next();
}

/** The first millisecond at or after `earliestMs` that lies on the grid. */
export function firstFrame(earliestMs: number, intervalMs: number, phase: number): number {
  const frameAt = (frame: number) => Math.round((frame + phase) * intervalMs);
  // One frame early, so that rounding can never leave one out.
  let frame = Math.floor(earliestMs / intervalMs - phase) - 1;
  while (frameAt(frame) < earliestMs) frame++;
  return frameAt(frame);
}
