/**
 * The Event Hubs trigger: batches of a partition one after the other, each once; the host goes on after a batch
 * that failed, as Microsoft's does ("checkpoints … regardless of the outcome"), so retrying is the function's.
 */
import type core from '@azure/functions-core';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import { newInvocationId, type Trigger, type TriggerParts } from './trigger.js';

export interface TriggerEvent {
  readonly body: unknown;
  readonly enqueuedAtMs: number;
  readonly sequenceNumber: number;
}

/** A way to read all partitions of one event hub. */
export interface TriggerEvents {
  subscribe(
    hub: string,
    consumerGroup: string,
    onEvents: (partitionId: string, events: readonly TriggerEvent[]) => void,
  ): { close(): Promise<void> };
}

export interface EventHubsTriggerOptions {
  readonly hub: string;
  readonly consumerGroup: string;
  /** `many`: a handler gets an array. */
  readonly cardinality: 'one' | 'many';
  readonly maxBatch: number;
}

export class EventHubsTrigger implements Trigger {
  private readonly parts: TriggerParts;
  private readonly options: EventHubsTriggerOptions;
  private readonly source: TriggerEvents;
  private readonly stage: StageCounters;
  private readonly partitions = new Map<string, TriggerEvent[]>();
  private readonly busy = new Set<string>();
  private subscription: { close(): Promise<void> } | null = null;

  constructor(parts: TriggerParts, options: EventHubsTriggerOptions, source: TriggerEvents) {
    this.parts = parts;
    this.options = options;
    this.source = source;
    this.stage = new StageCounters(`functions-host/${parts.functionName}`);
  }

  start(): void {
    const { hub, consumerGroup } = this.options;
    this.subscription ??= this.source.subscribe(hub, consumerGroup, (partitionId, events) => {
      const waiting = this.partitions.get(partitionId) ?? [];
      this.partitions.set(partitionId, waiting);
      for (const event of events) {
        waiting.push(event);
        this.stage.in++;
        this.stage.enqueue();
      }
      if (!this.busy.has(partitionId)) void this.workOff(partitionId, waiting);
    });
  }

  stop(): void {
    void this.subscription?.close();
    this.subscription = null;
  }

  get isIdle(): boolean {
    return this.busy.size === 0;
  }

  figures(): StageFigures {
    return this.stage.figures();
  }

  private async workOff(partitionId: string, waiting: TriggerEvent[]): Promise<void> {
    this.busy.add(partitionId);
    const { cardinality, maxBatch } = this.options;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, cardinality === 'many' ? maxBatch : 1);
      for (const _ of batch) this.stage.dequeue();
      await this.perform(partitionId, batch);
    }
    this.busy.delete(partitionId);
  }

  private async perform(partitionId: string, batch: readonly TriggerEvent[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const what = `${this.options.hub}/${partitionId}/${first.sequenceNumber}`;
    const invocationId = newInvocationId(this.parts, what);
    const isMany = this.options.cardinality === 'many';
    try {
      await this.parts.call({
        invocationId,
        input: isMany ? manyInput(batch) : oneInput(first),
        triggerMetadata: { ...this.metadata(partitionId, batch, first) },
        bindingData: {},
      });
      this.stage.out += batch.length;
    } catch (error) {
      this.stage.dropped += batch.length;
      this.parts.onFailure(invocationId, what, 1, error);
    }
  }

  private metadata(
    partitionId: string,
    batch: readonly TriggerEvent[],
    first: TriggerEvent,
  ): Readonly<Record<string, core.TypedData>> {
    const { hub, consumerGroup, cardinality } = this.options;
    const json = (value: unknown): core.TypedData => ({ json: JSON.stringify(value) });
    const time = (ms: number) => new Date(ms).toISOString();
    const context = { PartitionContext: json({ eventHubName: hub, consumerGroup, partitionId }) };
    if (cardinality === 'many')
      return {
        ...context,
        SequenceNumberArray: json(batch.map(({ sequenceNumber }) => sequenceNumber)),
        EnqueuedTimeUtcArray: json(batch.map(({ enqueuedAtMs }) => time(enqueuedAtMs))),
      };
    return {
      ...context,
      SequenceNumber: { int: first.sequenceNumber },
      EnqueuedTimeUtc: json(time(first.enqueuedAtMs)),
    };
  }
}

function oneInput({ body }: TriggerEvent): core.TypedData {
  return body instanceof Uint8Array ? { bytes: body } : { json: JSON.stringify(body) };
}

function manyInput(batch: readonly TriggerEvent[]): core.TypedData {
  const bodies = batch.map(({ body }) =>
    body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : body,
  );
  return { json: JSON.stringify(bodies) };
}
