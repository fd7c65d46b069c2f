import type core from '@azure/functions-core';
import type { Clock } from '../../kernel/services.js';
import type { Settings } from '../app/function-app.js';
import type { HostOptions } from '../app/host-json.js';
import { FunctionsHostError } from '../host-error.js';
import { type Outputs, outputsOf } from '../invoker.js';
import type { TriggerBlobs } from '../triggers/blob-trigger.js';
import { type BindingData, expandBinding, splitPath } from './binding-data.js';
import { type EventSender, toBatches } from './event-hubs-output.js';
import type { StorageQueues } from './queues.js';
import { withRetries } from './retry.js';

/** Where in the call of a function its outputs are sent. */
export interface OutputContext {
  readonly data: BindingData;
  readonly guid: string;
  onRetry(error: unknown, delayMs: number): void;
}

/** Sends what one function gave to its outputs. */
export type DeliverOutputs = (outputs: Outputs, context: OutputContext) => Promise<void>;

export interface OutputPorts {
  /** `connection` is the name of an app setting. */
  readonly eventSender: (connection: string, eventHubName: string) => EventSender;
  readonly storage: (connection: string) => TriggerBlobs;
}

interface OutputParts {
  readonly functionName: string;
  readonly ports: OutputPorts;
  readonly queues: StorageQueues;
  readonly settings: Settings;
  readonly options: HostOptions;
  readonly clock: Clock;
}

type DeliverOne = (value: core.TypedData, context: OutputContext) => Promise<void>;
type OpenOutput = (parts: OutputParts, binding: core.BindingInfo) => DeliverOne;

const OUTPUTS: Readonly<Record<string, OpenOutput>> = {
  eventhub: eventHubOutput,
  queue: queueOutput,
  blob: blobOutput,
  // The trigger answers it itself.
  http: () => async () => {},
};

/** Throws `FunctionsHostError` for a binding that this host has not. */
export function openOutputs(metadata: core.FunctionMetadata, parts: OutputParts): DeliverOutputs {
  const bindings = outputsOf(metadata).map(([name, binding]): readonly [string, DeliverOne] => {
    const open = OUTPUTS[binding.type.toLowerCase()];
    if (open !== undefined) return [name, open(parts, binding)];
    throw new FunctionsHostError(
      'FF_FUNCTIONS_BINDING_UNSUPPORTED',
      `function ${metadata.name}: output binding ${binding.type} is not supported; expected eventHub, queue, blob or http`,
    );
  });
  return async (outputs, context) => {
    for (const [name, deliver] of bindings) {
      const value = outputs.get(name);
      if (value !== undefined) await deliver(value, context);
    }
  };
}

function queueOutput({ functionName, queues, settings }: OutputParts, binding: core.BindingInfo): DeliverOne {
  const queue = queues.queue(expandSettings(textOption(functionName, binding, 'queueName'), settings));
  return async (value) => {
    const json: unknown = value.json === undefined ? undefined : JSON.parse(value.json);
    const messages = Array.isArray(json)
      ? json.map(messageText)
      : [json === undefined ? textOf(value) : messageText(json)];
    for (const message of messages) queue.put(message);
  };
}

function messageText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textOf({ string, bytes, json, int, double }: core.TypedData): string {
  if (bytes !== undefined) return Buffer.from(bytes).toString('utf8');
  return string ?? json ?? String(int ?? double ?? '');
}

function blobOutput(parts: OutputParts, binding: core.BindingInfo): DeliverOne {
  const { functionName, settings, ports, clock } = parts;
  const path = expandSettings(textOption(functionName, binding, 'path'), settings);
  const { put } = ports.storage(textOption(functionName, binding, 'connection'));
  if (put === undefined)
    throw new FunctionsHostError(
      'FF_FUNCTIONS_BINDING_UNSUPPORTED',
      `function ${functionName}: there is no storage that blobs could be written to`,
    );
  return async (value, { data, guid }) => {
    const { container, blob } = splitPath(expandBinding(path, data, clock.now(), guid));
    await put(container, blob, value.bytes ?? Buffer.from(textOf(value), 'utf8'));
  };
}

function eventHubOutput(parts: OutputParts, binding: core.BindingInfo): DeliverOne {
  const { functionName, ports, settings, options, clock } = parts;
  const connection = textOption(functionName, binding, 'connection');
  const eventHubName = expandSettings(textOption(functionName, binding, 'eventHubName'), settings);
  const sender = ports.eventSender(connection, eventHubName);
  const named = typeof binding.partitionKey === 'string' ? binding.partitionKey : undefined;
  const keyPattern = named ?? settings[`${connection}__partitionKey`];
  return async (value, { onRetry }) => {
    for (const { events, partitionKey } of toBatches(value, keyPattern))
      await withRetries(
        clock,
        options.eventHubs.clientRetry,
        () => sender.send(events, partitionKey),
        onRetry,
      );
  };
}

export function textOption(functionName: string, binding: core.BindingInfo, option: string): string {
  const value = binding[option];
  if (typeof value === 'string' && value !== '') return value;
  throw new FunctionsHostError(
    'FF_FUNCTIONS_BINDING_UNSUPPORTED',
    `function ${functionName}: binding ${binding.type} needs ${option}, a text; found ${JSON.stringify(value)}`,
  );
}

/** `%NAME%` in a binding stands for the app setting of that name. */
export function expandSettings(text: string, settings: Settings): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value !== undefined) return value;
    throw new FunctionsHostError(
      'FF_FUNCTIONS_SETTING_MISSING',
      `the app setting ${name}, which a binding names as %${name}%, is not set`,
    );
  });
}
