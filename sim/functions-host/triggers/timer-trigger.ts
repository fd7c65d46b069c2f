/** The timer trigger: one run at a time; a run that outlasts its next time is followed at once by one past due. */

import type { Timer } from '../../kernel/services.js';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import type { Schedule } from './ncrontab.js';
import { newInvocationId, type Trigger, type TriggerParts } from './trigger.js';

/** The longest delay that a timer of Node can have. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export class TimerTrigger implements Trigger {
  private readonly parts: TriggerParts;
  private readonly schedule: Schedule;
  private readonly runOnStartup: boolean;
  private readonly stage: StageCounters;
  private timer: Timer | null = null;
  private isRunning = false;
  private isStopped = true;
  private lastMs: number | null = null;

  constructor(parts: TriggerParts, schedule: Schedule, runOnStartup: boolean) {
    this.parts = parts;
    this.schedule = schedule;
    this.runOnStartup = runOnStartup;
    this.stage = new StageCounters(`functions-host/${parts.functionName}`);
  }

  start(): void {
    this.isStopped = false;
    if (this.runOnStartup) void this.run(false);
    else this.wait(this.now());
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  get isIdle(): boolean {
    return !this.isRunning;
  }

  figures(): StageFigures {
    return this.stage.figures();
  }

  private now(): number {
    return this.parts.services.clock.now();
  }

  /** For the first time after `sinceMs`, which may be over already. */
  private wait(sinceMs: number): void {
    const dueMs = this.schedule(sinceMs);
    if (dueMs === null || this.isStopped) return;
    const aheadMs = dueMs - this.now();
    if (aheadMs < 0) {
      void this.run(true);
      return;
    }
    this.timer = this.parts.services.clock.after(Math.min(aheadMs, LONGEST_WAIT_MS), () => {
      if (this.now() < dueMs) this.wait(sinceMs);
      else void this.run(false);
    });
  }

  private async run(isPastDue: boolean): Promise<void> {
    const startedMs = this.now();
    this.isRunning = true;
    this.stage.in++;
    const what = new Date(startedMs).toISOString();
    const invocationId = newInvocationId(this.parts, what);
    try {
      const input = { json: JSON.stringify(this.timerInfo(startedMs, isPastDue)) };
      await this.parts.call({ invocationId, input, triggerMetadata: {}, bindingData: {} });
      this.stage.out++;
    } catch (error) {
      this.stage.dropped++;
      this.parts.onFailure(invocationId, what, 1, error);
    }
    this.lastMs = startedMs;
    this.isRunning = false;
    this.wait(isPastDue ? this.now() : startedMs);
  }

  /** What a handler gets, in the case in which Microsoft's host sends it. */
  private timerInfo(nowMs: number, isPastDue: boolean): object {
    const nextMs = this.schedule(nowMs);
    const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
    const Last = time(this.lastMs) ?? '0001-01-01T00:00:00Z';
    return {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last, Next: time(nextMs), LastUpdated: Last },
      IsPastDue: isPastDue,
    };
  }
}
