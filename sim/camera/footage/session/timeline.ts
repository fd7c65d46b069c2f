/** How many people were in view and counted, over the time of the footage, in a bounded number of steps. */

export interface TimelineStep {
  /** From the footage's start. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Mean number of people in view. */
  readonly inView: number;
  /** Null where nobody knows. */
  readonly trueInView: number | null;
  /** Counted since the start, at the end of the step. */
  readonly counted: number;
  readonly trueCounted: number | null;
}

interface Step {
  readonly index: number;
  frames: number;
  inView: number;
  trueInView: number;
  counted: number;
  trueCounted: number;
}

const FIRST_STEP_MS = 250;
/** With more steps than this, each two become one: an hour needs no more memory than a minute. */
const MOST_STEPS = 480;

export class Timeline {
  private stepMs = FIRST_STEP_MS;
  private steps: Step[] = [];
  private readonly hasTruth: boolean;

  constructor(hasTruth: boolean) {
    this.hasTruth = hasTruth;
  }

  /** One frame; times must not decrease. */
  add(
    atMs: number,
    now: {
      readonly inView: number;
      readonly trueInView: number;
      readonly counted: number;
      readonly trueCounted: number;
    },
  ): void {
    while (Math.floor(atMs / this.stepMs) >= MOST_STEPS) this.coarsen();
    const index = Math.floor(atMs / this.stepMs);
    const last = this.steps.at(-1);
    const step =
      last?.index === index
        ? last
        : { index, frames: 0, inView: 0, trueInView: 0, counted: 0, trueCounted: 0 };
    if (step !== last) this.steps.push(step);
    step.frames++;
    step.inView += now.inView;
    step.trueInView += now.trueInView;
    step.counted = now.counted;
    step.trueCounted = now.trueCounted;
  }

  toSteps(): readonly TimelineStep[] {
    return this.steps.map(({ index, frames, inView, trueInView, counted, trueCounted }) => ({
      fromMs: index * this.stepMs,
      toMs: (index + 1) * this.stepMs,
      inView: hundredths(inView / frames),
      trueInView: this.hasTruth ? hundredths(trueInView / frames) : null,
      counted,
      trueCounted: this.hasTruth ? trueCounted : null,
    }));
  }

  private coarsen(): void {
    this.stepMs *= 2;
    const merged = new Map<number, Step>();
    for (const step of this.steps) {
      const index = Math.floor(step.index / 2);
      const before = merged.get(index);
      if (before === undefined) merged.set(index, { ...step, index });
      else {
        before.frames += step.frames;
        before.inView += step.inView;
        before.trueInView += step.trueInView;
        before.counted = step.counted;
        before.trueCounted = step.trueCounted;
      }
    }
    this.steps = [...merged.values()];
  }
}

const hundredths = (value: number) => Math.round(value * 100) / 100;
