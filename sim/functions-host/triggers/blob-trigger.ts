/**
 * The blob trigger: a new version of a blob whose name matches starts a function, at least once. What fails is
 * tried again after a while; what has failed too often goes to the poison queue.
 */
import type core from '@azure/functions-core';
import type { KernelServices } from '../../kernel/services.js';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import type { HostOptions } from '../app/host-json.js';
import type { BindingData } from '../bindings/binding-data.js';
import type { BlobPath } from './blob-path.js';
import type { Instances } from './instances.js';
import type { BlobVersion, Receipts } from './receipts.js';
import type { Trigger } from './trigger.js';
import { WorkQueue } from './work-queue.js';

/** A blob has a new version. */
export interface BlobArrival extends BlobVersion {
  /** Where the blob is, for the handler's `triggerMetadata.uri`. */
  readonly uri: string;
}

export interface TriggerBlob {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly lastModifiedMs: number;
}

/** The storage account that a trigger watches. */
export interface TriggerBlobs {
  /** Returns how to stop. */
  onBlobWritten(listener: (arrival: BlobArrival) => void): () => void;
  /** Returns null when the blob is gone. */
  get(container: string, name: string): Promise<TriggerBlob | null>;
  /** Where blobs of output bindings go. */
  put?: ((container: string, name: string, body: Uint8Array) => Promise<unknown>) | undefined;
}

/** The message in `webjobs-blobtrigger-poison`, by "Poison blobs". */
export interface PoisonMessage {
  readonly FunctionId: string;
  readonly BlobType: 'BlockBlob';
  readonly ContainerName: string;
  readonly BlobName: string;
  readonly ETag: string;
}

export const POISON_QUEUE = 'webjobs-blobtrigger-poison';

export interface BlobTriggerOptions {
  readonly functionName: string;
  readonly functionId: string;
  readonly path: BlobPath;
  readonly blobs: HostOptions['blobs'];
  /** From a blob's write until the host knows of it. */
  readonly detectionDelayMs: number;
  readonly instances: Instances;
  /** The handler is known to leave what it gets as it is: it is lent the blob's own bytes instead of a copy. */
  readonly lendsBlobs: boolean;
}

export interface BlobInvocation {
  readonly invocationId: string;
  readonly input: core.TypedData;
  readonly triggerMetadata: Readonly<Record<string, core.TypedData>>;
  readonly bindingData: BindingData;
}

export interface BlobTriggerPorts {
  readonly storage: TriggerBlobs;
  readonly receipts: Receipts;
  poison(message: PoisonMessage): void;
  /** Runs the function and delivers its outputs; rejects when either fails. */
  invoke(invocation: BlobInvocation): Promise<unknown>;
  /** Told of an attempt that failed. */
  onFailure(invocationId: string, arrival: BlobArrival, attempt: number, error: unknown): void;
}

interface Attempt {
  readonly arrival: BlobArrival;
  readonly parameters: Readonly<Record<string, string>>;
  /** Counts from 1, as a queue's DequeueCount does. */
  readonly number: number;
}

export class BlobTrigger implements Trigger {
  private readonly services: KernelServices;
  private readonly options: BlobTriggerOptions;
  private readonly ports: BlobTriggerPorts;
  private readonly stage: StageCounters;
  private readonly queue: WorkQueue<Attempt>;
  private readonly usage: SlotUsage;
  private stopListening: (() => void) | null = null;
  /** Seen, but not yet in the queue: on its way here, or waiting to be tried again. */
  private delayed = 0;

  constructor(services: KernelServices, options: BlobTriggerOptions, ports: BlobTriggerPorts) {
    this.services = services;
    this.options = options;
    this.ports = ports;
    const { concurrency } = options.blobs;
    this.stage = new StageCounters(`functions-host/${options.functionName}`);
    this.usage = new SlotUsage(() => services.clock.now(), concurrency * options.instances.most);
    this.queue = new WorkQueue(services.arbiter, this.stage, concurrency, options.instances, (attempt) =>
      this.perform(attempt),
    );
  }

  start(): void {
    this.stopListening ??= this.ports.storage.onBlobWritten((arrival) => this.notice(arrival));
  }

  /** Hears of no more blobs; what has come is still worked off. */
  stop(): void {
    this.stopListening?.();
    this.stopListening = null;
  }

  get isIdle(): boolean {
    return this.delayed === 0 && this.queue.isIdle;
  }

  figures(): StageFigures {
    return this.stage.figures(this.usage.share());
  }

  private notice(arrival: BlobArrival): void {
    if (arrival.container !== this.options.path.container) return;
    const parameters = this.options.path.match(arrival.name);
    if (parameters === null) return;
    this.stage.in++;
    this.addAfter(this.options.detectionDelayMs, { arrival, parameters, number: 1 });
  }

  private addAfter(delayMs: number, attempt: Attempt): void {
    this.delayed++;
    const add = () => {
      this.delayed--;
      this.queue.add(blobPathOf(attempt.arrival), attempt);
    };
    if (delayMs === 0) add();
    else this.services.clock.after(delayMs, add);
  }

  private async perform(attempt: Attempt): Promise<void> {
    const { arrival, number } = attempt;
    const { functionName } = this.options;
    const path = blobPathOf(arrival);
    const invocationId = this.services.rng(`functions-host/${functionName}/${path}/${number}`).uuid();
    this.usage.begin();
    try {
      const outcome = await this.handle(attempt, invocationId);
      this.record(attempt, outcome);
      if (outcome === 'succeeded') this.stage.out++;
      else this.stage.dropped++;
    } catch (error) {
      this.ports.onFailure(invocationId, arrival, number, error);
      this.record(attempt, 'failed');
      this.afterFailure(attempt);
    } finally {
      this.usage.end();
    }
  }

  private async handle(
    { arrival, parameters }: Attempt,
    invocationId: string,
  ): Promise<'succeeded' | 'already done' | 'gone'> {
    const { functionId } = this.options;
    if (await this.ports.receipts.isCompleted(functionId, arrival)) return 'already done';
    const blob = await this.ports.storage.get(arrival.container, arrival.name);
    if (blob === null) return 'gone';
    await this.ports.invoke({
      invocationId,
      input: { bytes: this.options.lendsBlobs ? memoryOf(blob.body) : blob.body },
      triggerMetadata: triggerMetadata(arrival, parameters, blob),
      bindingData: { ...parameters, blobTrigger: blobPathOf(arrival) },
    });
    await this.ports.receipts.complete(functionId, arrival);
    return 'succeeded';
  }

  private afterFailure(attempt: Attempt): void {
    const { maxDequeueCount, visibilityTimeoutMs } = this.options.blobs;
    if (attempt.number < maxDequeueCount) {
      this.stage.retried++;
      this.addAfter(visibilityTimeoutMs, { ...attempt, number: attempt.number + 1 });
      return;
    }
    this.stage.dropped++;
    this.record(attempt, 'poison');
    const { container, name, etag } = attempt.arrival;
    this.ports.poison({
      FunctionId: this.options.functionId,
      BlobType: 'BlockBlob',
      ContainerName: container,
      BlobName: name,
      ETag: etag,
    });
  }

  private record({ arrival, number }: Attempt, what: string): void {
    const key = `${this.options.functionName} ${blobPathOf(arrival)}`;
    this.services.trace.record('functions-host', key, what, { attempt: number });
  }
}

function blobPathOf({ container, name }: BlobVersion): string {
  return `${container}/${name}`;
}

/** "Blob trigger: metadata": what a handler finds in `context.triggerMetadata`. */
function triggerMetadata(
  arrival: BlobArrival,
  parameters: Readonly<Record<string, string>>,
  blob: TriggerBlob,
): Readonly<Record<string, core.TypedData>> {
  const properties = {
    ContentLength: blob.body.byteLength,
    ContentType: blob.contentType,
    ETag: blob.etag,
    LastModified: new Date(blob.lastModifiedMs).toISOString(),
    BlobType: 'BlockBlob',
  };
  return {
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, textData(value)])),
    BlobTrigger: textData(blobPathOf(arrival)),
    Uri: textData(arrival.uri),
    Properties: { json: JSON.stringify(properties) },
    Metadata: { json: JSON.stringify(blob.metadata) },
  };
}

/** What JSON may begin with. */
const JSON_START = /^[\s{["\-\d]|^(?:true|false|null)/;

/**
 * A text as the host hands it to a worker. The worker library takes every string for JSON first and, at the cost
 * of an exception, for text second; a text that cannot be JSON is handed over as the JSON of itself, which it reads
 * to the same value.
 */
function textData(value: string): core.TypedData {
  return JSON_START.test(value) ? { string: value } : { json: JSON.stringify(value) };
}

/**
 * The memory that `bytes` fill, over which the worker library lays a buffer; a view it would copy. Its types know of
 * views only. Bytes that fill a part of their memory stay what they are.
 */
function memoryOf(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? (bytes.buffer as unknown as Uint8Array) : bytes;
}

/** How busy the slots were since the first blob came. */
class SlotUsage {
  private readonly now: () => number;
  private readonly slots: number;
  private busy = 0;
  private busySlotMs = 0;
  private changedMs: number | null = null;
  private firstMs: number | null = null;

  constructor(now: () => number, slots: number) {
    this.now = now;
    this.slots = slots;
  }

  begin(): void {
    this.account();
    this.busy++;
  }

  end(): void {
    this.account();
    this.busy--;
  }

  /** In [0, 1]. */
  share(): number {
    this.account();
    const elapsedMs = this.now() - (this.firstMs ?? this.now());
    return elapsedMs === 0 ? 0 : this.busySlotMs / (elapsedMs * this.slots);
  }

  private account(): void {
    const now = this.now();
    this.firstMs ??= now;
    this.busySlotMs += this.busy * (now - (this.changedMs ?? now));
    this.changedMs = now;
  }
}
