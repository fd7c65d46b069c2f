/** The queue trigger: a message starts a function, at least once; what fails too often goes to `<queue>-poison`. */
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import type { HostOptions } from '../app/host-json.js';
import { jsonBindingData } from '../bindings/binding-data.js';
import type { QueueMessage, StorageQueue } from '../bindings/queues.js';
import type { Instances } from './instances.js';
import { newInvocationId, type Trigger, type TriggerParts } from './trigger.js';
import { WorkQueue } from './work-queue.js';

interface Attempt {
  readonly message: QueueMessage;
  /** Counts from 1: the message's DequeueCount. */
  readonly number: number;
}

export interface QueueTriggerPorts {
  readonly queue: StorageQueue;
  readonly poison: StorageQueue;
  readonly instances: Instances;
}

/** "The maximum time to live … the default is seven days." */
const TIME_TO_LIVE_MS = 7 * 86_400_000;
/** How long Microsoft's host hides a message at a time, while its function runs. */
const HIDDEN_WHILE_HANDLED_MS = 10 * 60_000;

export class QueueTrigger implements Trigger {
  private readonly parts: TriggerParts;
  private readonly options: HostOptions['queues'];
  private readonly ports: QueueTriggerPorts;
  private readonly stage: StageCounters;
  private readonly work: WorkQueue<Attempt>;
  private stopReading: (() => void) | null = null;
  /** Failed, and not visible yet. */
  private hidden = 0;

  constructor(parts: TriggerParts, options: HostOptions['queues'], ports: QueueTriggerPorts) {
    this.parts = parts;
    this.options = options;
    this.ports = ports;
    this.stage = new StageCounters(`functions-host/${parts.functionName}`);
    this.work = new WorkQueue(
      parts.services.arbiter,
      this.stage,
      options.concurrency,
      ports.instances,
      (attempt) => this.perform(attempt),
    );
  }

  start(): void {
    this.stopReading ??= this.ports.queue.read((message) => {
      this.stage.in++;
      this.work.add(message.id, { message, number: 1 });
    });
  }

  stop(): void {
    this.stopReading?.();
    this.stopReading = null;
  }

  get isIdle(): boolean {
    return this.hidden === 0 && this.work.isIdle;
  }

  figures(): StageFigures {
    return this.stage.figures();
  }

  private async perform({ message, number }: Attempt): Promise<void> {
    const { id, text, insertedMs } = message;
    const invocationId = newInvocationId(this.parts, `${id}/${number}`);
    try {
      await this.parts.call({
        invocationId,
        input: { string: text },
        triggerMetadata: {
          Id: { string: id },
          QueueTrigger: { string: text },
          DequeueCount: { int: number },
          InsertionTime: time(insertedMs),
          ExpirationTime: time(insertedMs + TIME_TO_LIVE_MS),
          NextVisibleTime: time(this.parts.services.clock.now() + HIDDEN_WHILE_HANDLED_MS),
          PopReceipt: { string: invocationId },
        },
        bindingData: { ...jsonBindingData(text), id, queueTrigger: text },
      });
      this.stage.out++;
    } catch (error) {
      this.parts.onFailure(invocationId, `message ${id}`, number, error);
      this.afterFailure(message, number);
    }
  }

  private afterFailure(message: QueueMessage, number: number): void {
    if (number >= this.options.maxDequeueCount) {
      this.stage.dropped++;
      this.ports.poison.put(message.text);
      return;
    }
    this.stage.retried++;
    this.hidden++;
    this.parts.services.clock.after(this.options.visibilityTimeoutMs, () => {
      this.hidden--;
      this.work.add(message.id, { message, number: number + 1 });
    });
  }
}

function time(ms: number): { readonly json: string } {
  return { json: JSON.stringify(new Date(ms).toISOString()) };
}
