/** The warm-up trigger: runs once when the app starts, before anything else comes. */
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import { newInvocationId, type Trigger, type TriggerParts } from './trigger.js';

export class WarmupTrigger implements Trigger {
  private readonly parts: TriggerParts;
  private readonly stage: StageCounters;
  private isRunning = false;

  constructor(parts: TriggerParts) {
    this.parts = parts;
    this.stage = new StageCounters(`functions-host/${parts.functionName}`);
  }

  start(): void {
    void this.run();
  }

  stop(): void {}

  get isIdle(): boolean {
    return !this.isRunning;
  }

  figures(): StageFigures {
    return this.stage.figures();
  }

  private async run(): Promise<void> {
    const invocationId = newInvocationId(this.parts, 'warmup');
    this.isRunning = true;
    this.stage.in++;
    try {
      await this.parts.call({ invocationId, input: { json: '{}' }, triggerMetadata: {}, bindingData: {} });
      this.stage.out++;
    } catch (error) {
      this.stage.dropped++;
      this.parts.onFailure(invocationId, 'warm-up', 1, error);
    }
    this.isRunning = false;
  }
}
