/**
 * How many instances of the app run, in virtual time: "Event-driven scaling in Azure Functions". All functions of
 * an app share its instances, and each instance carries so many invocations of each function at once.
 */
import type { Clock, Timer } from '../../kernel/services.js';

export type Plan =
  | { readonly kind: 'dedicated'; readonly instances: number }
  | {
      readonly kind: 'consumption';
      readonly mostInstances: number;
      /** From the decision for an instance until it takes work. */
      readonly coldStartMs: number;
      /** "For non-HTTP triggers, new instances are allocated, at most, once every 30 seconds". */
      readonly scaleEveryMs: number;
      /** After this long without work there is no instance left. */
      readonly idleAfterMs: number;
    };

/** One App Service instance: what Azure Stack Hub runs Functions on. */
export const ONE_INSTANCE: Plan = { kind: 'dedicated', instances: 1 };

/** The service's own figures, and a cold start as Node apps have it. */
export function consumptionPlan(mostInstances: number): Plan {
  return {
    kind: 'consumption',
    mostInstances,
    coldStartMs: 2_500,
    scaleEveryMs: 30_000,
    idleAfterMs: 20 * 60_000,
  };
}

/** A queue of work that the instances carry. */
export interface Workload {
  readonly waiting: number;
  readonly isIdle: boolean;
  /** More instances are there. */
  wake(): void;
}

export interface InstanceFigures {
  readonly ready: number;
  readonly peak: number;
  readonly coldStarts: number;
}

export interface Instances {
  readonly ready: number;
  readonly most: number;
  add(workload: Workload): void;
  /** Work waits, and there is no free slot. */
  ask(): void;
  figures(): InstanceFigures;
  stop(): void;
}

export function openInstances(clock: Clock, plan: Plan): Instances {
  if (plan.kind === 'consumption') return new ScalingInstances(clock, plan);
  const { instances } = plan;
  return {
    ready: instances,
    most: instances,
    add: () => {},
    ask: () => {},
    figures: () => ({ ready: instances, peak: instances, coldStarts: 0 }),
    stop: () => {},
  };
}

class ScalingInstances implements Instances {
  ready = 0;
  private starting = 0;
  private peak = 0;
  private coldStarts = 0;
  private idleSinceMs: number | null = null;
  private timer: Timer | null = null;
  private readonly workloads: Workload[] = [];
  private readonly clock: Clock;
  private readonly plan: Plan & { readonly kind: 'consumption' };

  constructor(clock: Clock, plan: Plan & { readonly kind: 'consumption' }) {
    this.clock = clock;
    this.plan = plan;
  }

  get most(): number {
    return this.plan.mostInstances;
  }

  add(workload: Workload): void {
    this.workloads.push(workload);
  }

  ask(): void {
    // The first instance is not waited for; further ones come at the pace of the scale controller.
    if (this.ready + this.starting === 0) this.startOne();
    this.timer ??= this.clock.after(this.plan.scaleEveryMs, () => this.look());
  }

  figures(): InstanceFigures {
    return { ready: this.ready, peak: this.peak, coldStarts: this.coldStarts };
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private startOne(): void {
    this.starting++;
    this.coldStarts++;
    this.clock.after(this.plan.coldStartMs, () => {
      this.starting--;
      this.ready++;
      this.peak = Math.max(this.peak, this.ready);
      for (const workload of this.workloads) workload.wake();
    });
  }

  /** The scale controller: one more while work waits, none after a long idleness. */
  private look(): void {
    this.timer = null;
    const isWaiting = this.workloads.some(({ waiting }) => waiting > 0);
    const isIdle = this.starting === 0 && this.workloads.every((workload) => workload.isIdle);
    if (isWaiting && this.ready + this.starting < this.plan.mostInstances) this.startOne();
    const now = this.clock.now();
    this.idleSinceMs = isIdle ? (this.idleSinceMs ?? now) : null;
    if (this.idleSinceMs !== null && now - this.idleSinceMs >= this.plan.idleAfterMs) {
      this.ready = 0;
      this.idleSinceMs = null;
      return;
    }
    this.timer = this.clock.after(this.plan.scaleEveryMs, () => this.look());
  }
}
