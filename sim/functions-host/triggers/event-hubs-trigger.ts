/**
 * The Event Hubs trigger: batches of a partition one after the other, each at least once (checkpoints say how far); the host goes on after a batch
 * that failed, as Microsoft's does ("checkpoints … regardless of the outcome"), so retrying is the function's.
 */
import type core from '@azure/functions-core';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import type { Checkpoints, PartitionOfGroup } from './checkpoints.js';
import { newInvocationId, type Trigger, type TriggerParts } from './trigger.js';

export interface TriggerEvent {
  readonly body: unknown;
  readonly enqueuedAtMs: number;
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly partitionKey: string | null;
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
  /** A checkpoint after so many batches. */
  readonly batchesACheckpoint: number;
}

/** What is read of a partition and not yet handled. */
interface Backlog {
  readonly events: TriggerEvent[];
  /** Events up to this one are dealt with; null: none is. */
  readonly handledBefore: Promise<number | null>;
  batches: number;
}

export class EventHubsTrigger implements Trigger {
  private readonly parts: TriggerParts;
  private readonly options: EventHubsTriggerOptions;
  private readonly source: TriggerEvents;
  private readonly stage: StageCounters;
  private readonly checkpoints: Checkpoints;
  private readonly partitions = new Map<string, Backlog>();
  private readonly busy = new Set<string>();
  private subscription: { close(): Promise<void> } | null = null;

  constructor(
    parts: TriggerParts,
    options: EventHubsTriggerOptions,
    source: TriggerEvents,
    checkpoints: Checkpoints,
  ) {
    this.parts = parts;
    this.options = options;
    this.source = source;
    this.checkpoints = checkpoints;
    this.stage = new StageCounters(`functions-host/${parts.functionName}`);
  }

  start(): void {
    const { hub, consumerGroup } = this.options;
    this.subscription ??= this.source.subscribe(hub, consumerGroup, (partitionId, events) => {
      const backlog = this.backlogOf(partitionId);
      for (const event of events) {
        backlog.events.push(event);
        this.stage.enqueue();
      }
      if (!this.busy.has(partitionId)) void this.workOff(partitionId, backlog);
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

  private backlogOf(partitionId: string): Backlog {
    let backlog = this.partitions.get(partitionId);
    if (backlog === undefined) {
      const handledBefore = this.checkpoints.load(this.partition(partitionId)).catch((error: unknown) => {
        this.parts.onFailure('', `the checkpoint of partition ${partitionId}`, 1, error);
        return null;
      });
      backlog = { events: [], handledBefore, batches: 0 };
      this.partitions.set(partitionId, backlog);
    }
    return backlog;
  }

  private partition(partitionId: string): PartitionOfGroup {
    const { consumerGroup, hub } = this.options;
    return { hub, consumerGroup, partitionId };
  }

  private async workOff(partitionId: string, backlog: Backlog): Promise<void> {
    this.busy.add(partitionId);
    const handled = (await backlog.handledBefore) ?? -1;
    const { batchesACheckpoint, cardinality, maxBatch } = this.options;
    while (backlog.events.length > 0) {
      const read = backlog.events.splice(0, cardinality === 'many' ? maxBatch : 1);
      for (const _ of read) this.stage.dequeue();
      const batch = read.filter(({ sequenceNumber }) => sequenceNumber > handled);
      const last = batch.at(-1);
      if (last === undefined) continue;
      this.stage.in += batch.length;
      await this.perform(partitionId, batch);
      if (++backlog.batches % batchesACheckpoint === 0) await this.checkpoint(partitionId, last);
    }
    this.busy.delete(partitionId);
  }

  /** One that cannot be kept is told of: its events come again after a restart, which is at least once. */
  private async checkpoint(partitionId: string, { sequenceNumber }: TriggerEvent): Promise<void> {
    try {
      await this.checkpoints.save(this.partition(partitionId), sequenceNumber);
    } catch (error) {
      this.parts.onFailure('', `the checkpoint of partition ${partitionId}`, 1, error);
    }
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
        OffsetArray: json(batch.map(({ offset }) => offset)),
        PartitionKeyArray: json(batch.map(({ partitionKey }) => partitionKey)),
        EnqueuedTimeUtcArray: json(batch.map(({ enqueuedAtMs }) => time(enqueuedAtMs))),
      };
    return {
      ...context,
      SequenceNumber: { int: first.sequenceNumber },
      Offset: { string: first.offset },
      ...(first.partitionKey === null ? {} : { PartitionKey: { string: first.partitionKey } }),
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
