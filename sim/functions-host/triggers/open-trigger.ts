/** From what an app registered to the trigger that starts it, with its other bindings around each call. */
import type core from '@azure/functions-core';
import type { KernelServices } from '../../kernel/services.js';
import type { FunctionApp, Settings } from '../app/function-app.js';
import { openInputs } from '../bindings/input-bindings.js';
import { expandSettings, type OutputPorts, openOutputs, textOption } from '../bindings/output-bindings.js';
import type { StorageQueues } from '../bindings/queues.js';
import { withRetries } from '../bindings/retry.js';
import { FunctionsHostError } from '../host-error.js';
import type { InvocationLog } from '../invocation-log.js';
import { FunctionInvoker, type InvocationRequest, triggerOf } from '../invoker.js';
import type { IsolatedApp } from '../isolation/isolated-app.js';
import { parseBlobPath } from './blob-path.js';
import { BlobTrigger, POISON_QUEUE, type PoisonMessage } from './blob-trigger.js';
import type { Checkpoints } from './checkpoints.js';
import { EventHubsTrigger, type TriggerEvents } from './event-hubs-trigger.js';
import { HttpTrigger } from './http-trigger.js';
import type { Instances } from './instances.js';
import { parseSchedule } from './ncrontab.js';
import { QueueTrigger } from './queue-trigger.js';
import type { Receipts } from './receipts.js';
import { retryPolicyOf } from './retry-policy.js';
import { TimerTrigger } from './timer-trigger.js';
import type { FunctionCall, Trigger, TriggerParts } from './trigger.js';
import { WarmupTrigger } from './warmup-trigger.js';

export interface TriggerPorts extends OutputPorts {
  readonly app: FunctionApp;
  /** From a blob's write until the host knows of it; default 0. */
  readonly detectionDelayMs?: number;
  /** Invocations of one function at once, over what host.json says: what a plan can carry. */
  readonly concurrency?: number;
  /** Where Event Hubs triggers read; `connection` is the name of an app setting. */
  readonly eventSource?: (connection: string) => TriggerEvents;
  /** Which versions of blobs have been dealt with; default: in memory. */
  readonly receipts?: Receipts;
  /** How far Event Hubs triggers have read; default: in memory. */
  readonly checkpoints?: Checkpoints;
  /** What callers of HTTP functions must show unless these are anonymous; default: nothing. */
  readonly functionKey?: string;
}

export interface HostParts {
  readonly services: KernelServices;
  readonly options: TriggerPorts & { readonly receipts: Receipts; readonly checkpoints: Checkpoints };
  readonly settings: Settings;
  readonly log: InvocationLog;
  readonly queues: StorageQueues;
  readonly instances: Instances;
  /** Runs the handlers; null: this thread does. */
  readonly isolated: IsolatedApp | null;
  readonly appHookData: Record<string, unknown>;
  /** Told when a handler is called, and when it has answered. */
  onHandler(functionName: string, isRunning: boolean): void;
  onPoison(message: PoisonMessage): void;
}

type OpenTrigger = (host: HostParts, parts: TriggerParts, binding: core.BindingInfo) => Trigger;

const TRIGGERS: Readonly<Record<string, OpenTrigger>> = {
  blobtrigger: openBlobTrigger,
  queuetrigger: openQueueTrigger,
  timertrigger: openTimerTrigger,
  eventhubtrigger: openEventHubsTrigger,
  httptrigger: openHttpTrigger,
  warmuptrigger: (_host, parts) => new WarmupTrigger(parts),
};

/** Throws `FunctionsHostError` when the function uses what this host has not, or lacks a setting. */
export function openTrigger(host: HostParts, registered: core.RegisteredFunction): Trigger {
  const { metadata } = registered;
  const [, binding] = triggerOf(metadata);
  const open = TRIGGERS[binding.type.toLowerCase()];
  if (open === undefined)
    throw unsupported(
      metadata.name,
      `${binding.type} is not supported; expected blobTrigger, queueTrigger, timerTrigger, eventHubTrigger, httpTrigger or warmupTrigger`,
    );
  if (binding.sdkBinding === true)
    throw unsupported(metadata.name, 'sdkBinding is not supported; take the blob as a Buffer');
  return open(host, triggerParts(host, registered), binding);
}

function triggerParts(host: HostParts, registered: core.RegisteredFunction): TriggerParts {
  const { services, options, settings, log, queues, appHookData, isolated } = host;
  const { metadata } = registered;
  const functionName = metadata.name;
  const { clock } = services;
  const invoker =
    isolated === null
      ? new FunctionInvoker(registered, options.app.hooks, appHookData, {
          clock,
          log,
          timeoutMs: options.app.options.functionTimeoutMs,
        })
      : { invoke: (request: InvocationRequest) => isolated.invoke(functionName, request) };
  const fetchInputs = openInputs(metadata, options.storage, settings);
  const deliver = openOutputs(metadata, {
    functionName,
    ports: options,
    queues,
    settings,
    options: options.app.options,
    clock,
  });
  const policy = retryPolicyOf(metadata, triggerOf(metadata)[1].type);
  const hasPolicy = policy.maximumRetries > 0;
  const say = (level: core.LogLevel, invocationId: string, message: string) =>
    log.write({ level, category: 'host', functionName, invocationId, message });
  return {
    services,
    functionName,
    async call({ bindingData, ...invocation }: FunctionCall) {
      const { invocationId } = invocation;
      const extraInputs = await fetchInputs(bindingData, clock.now(), invocationId);
      let retryCount = 0;
      let exception: core.RetryContext['exception'];
      const attempt = () => {
        const retryContext = {
          retryCount,
          maxRetryCount: policy.maximumRetries,
          ...(exception && { exception }),
        };
        const request = { ...invocation, extraInputs, ...(hasPolicy ? { retryContext } : {}) };
        host.onHandler(functionName, true);
        return invoker.invoke(request).finally(() => host.onHandler(functionName, false));
      };
      const outputs = await withRetries(clock, policy, attempt, (error, delayMs) => {
        retryCount++;
        exception = { message: reasonOf(error), source: functionName, stackTrace: '' };
        say('warning', invocationId, `failed, next attempt in ${delayMs} ms: ${reasonOf(error)}`);
      });
      await deliver(outputs, {
        data: bindingData,
        guid: invocationId,
        onRetry: (error, delayMs) =>
          say(
            'warning',
            invocationId,
            `output not delivered, next attempt in ${delayMs} ms: ${reasonOf(error)}`,
          ),
      });
      return outputs;
    },
    onFailure: (invocationId, what, attempt, error) =>
      say('error', invocationId, `attempt ${attempt} on ${what} failed: ${reasonOf(error)}`),
  };
}

function openBlobTrigger(host: HostParts, parts: TriggerParts, binding: core.BindingInfo): Trigger {
  const { options, services, settings, queues } = host;
  const { functionName } = parts;
  const { app, concurrency, detectionDelayMs = 0, receipts, storage } = options;
  const pattern = expandSettings(textOption(functionName, binding, 'path'), settings);
  const path = parseBlobPath(pattern);
  if (path === null)
    throw unsupported(
      functionName,
      `path ${JSON.stringify(pattern)} is no blob name pattern; expected container/{name}`,
    );
  const { blobs } = app.options;
  return new BlobTrigger(
    services,
    {
      functionName,
      functionId: `Host.Functions.${functionName}`,
      path,
      blobs: { ...blobs, concurrency: concurrency ?? blobs.concurrency },
      detectionDelayMs,
      instances: host.instances,
      // Of the solution in place, not of a user's folder.
      lendsBlobs: app.folder === null,
    },
    {
      storage: storage(textOption(functionName, binding, 'connection')),
      receipts,
      poison(message) {
        host.onPoison(message);
        queues.queue(POISON_QUEUE).put(JSON.stringify(message));
      },
      invoke: (invocation) => parts.call(invocation),
      onFailure: (invocationId, { container, name }, attempt, error) =>
        parts.onFailure(invocationId, `${container}/${name}`, attempt, error),
    },
  );
}

function openQueueTrigger(host: HostParts, parts: TriggerParts, binding: core.BindingInfo): Trigger {
  const { options, queues, settings } = host;
  const name = expandSettings(textOption(parts.functionName, binding, 'queueName'), settings);
  const limits = options.app.options.queues;
  return new QueueTrigger(
    parts,
    { ...limits, concurrency: options.concurrency ?? limits.concurrency },
    { queue: queues.queue(name), poison: queues.queue(`${name}-poison`), instances: host.instances },
  );
}

function openTimerTrigger(host: HostParts, parts: TriggerParts, binding: core.BindingInfo): Trigger {
  const text = expandSettings(textOption(parts.functionName, binding, 'schedule'), host.settings);
  const schedule = parseSchedule(text);
  if (schedule === null)
    throw unsupported(
      parts.functionName,
      `schedule ${JSON.stringify(text)} is no NCRONTAB expression; expected {second} {minute} {hour} {day} {month} {day-of-week}`,
    );
  return new TimerTrigger(parts, schedule, binding.runOnStartup === true);
}

function openEventHubsTrigger(host: HostParts, parts: TriggerParts, binding: core.BindingInfo): Trigger {
  const { functionName } = parts;
  const { app, eventSource } = host.options;
  if (eventSource === undefined) throw unsupported(functionName, 'there are no event hubs to read from');
  const group = typeof binding.consumerGroup === 'string' ? binding.consumerGroup : '$Default';
  return new EventHubsTrigger(
    parts,
    {
      hub: expandSettings(textOption(functionName, binding, 'eventHubName'), host.settings),
      consumerGroup: expandSettings(group, host.settings),
      cardinality: binding.cardinality === 'many' ? 'many' : 'one',
      maxBatch: app.options.eventHubs.maxEventBatchSize,
      batchesACheckpoint: app.options.eventHubs.batchCheckpointFrequency,
    },
    eventSource(textOption(functionName, binding, 'connection')),
    host.options.checkpoints,
  );
}

function openHttpTrigger(host: HostParts, parts: TriggerParts, binding: core.BindingInfo): Trigger {
  const { app, functionKey = null } = host.options;
  const route = typeof binding.route === 'string' ? binding.route : parts.functionName;
  const methods = Array.isArray(binding.methods)
    ? binding.methods.map((method) => String(method).toLowerCase())
    : [];
  const prefix = app.options.httpRoutePrefix;
  const isAnonymous = String(binding.authLevel ?? 'anonymous').toLowerCase() === 'anonymous';
  return new HttpTrigger(parts, {
    route: prefix === '' ? route : `${prefix}/${route}`,
    methods,
    key: isAnonymous ? null : functionKey,
  });
}

function unsupported(functionName: string, reason: string): FunctionsHostError {
  return new FunctionsHostError('FF_FUNCTIONS_BINDING_UNSUPPORTED', `function ${functionName}: ${reason}`);
}

/** With its cause: `fetch failed` alone helps nobody. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
