import type core from '@azure/functions-core';
import type { Clock } from '../kernel/services.js';
import { type EventSender, toBatches } from './event-hubs-output.js';
import type { Settings } from './function-app.js';
import { FunctionsHostError } from './host-error.js';
import type { HostOptions } from './host-json.js';
import { type Outputs, outputsOf } from './invoker.js';
import { withRetries } from './retry.js';

/** Sends what one function gave to its outputs. */
export type DeliverOutputs = (
  outputs: Outputs,
  onRetry: (error: unknown, delayMs: number) => void,
) => Promise<void>;

export interface OutputPorts {
  /** `connection` is the name of an app setting. */
  readonly eventSender: (connection: string, eventHubName: string) => EventSender;
}

type DeliverOne = (
  value: core.TypedData,
  onRetry: (error: unknown, delayMs: number) => void,
) => Promise<void>;

/** Throws `FunctionsHostError` for a binding that this host has not. */
export function openOutputs(
  metadata: core.FunctionMetadata,
  ports: OutputPorts,
  settings: Settings,
  options: HostOptions,
  clock: Clock,
): DeliverOutputs {
  const bindings = outputsOf(metadata).map(([name, binding]): readonly [string, DeliverOne] => {
    if (binding.type !== 'eventHub')
      throw new FunctionsHostError(
        'FF_FUNCTIONS_BINDING_UNSUPPORTED',
        `function ${metadata.name}: output binding ${binding.type} is not supported; expected eventHub`,
      );
    return [name, eventHubOutput(metadata.name, binding, ports, settings, options, clock)];
  });
  return async (outputs, onRetry) => {
    for (const [name, deliver] of bindings) {
      const value = outputs.get(name);
      if (value !== undefined) await deliver(value, onRetry);
    }
  };
}

function eventHubOutput(
  functionName: string,
  binding: core.BindingInfo,
  ports: OutputPorts,
  settings: Settings,
  options: HostOptions,
  clock: Clock,
): DeliverOne {
  const connection = textOption(functionName, binding, 'connection');
  const eventHubName = expandSettings(textOption(functionName, binding, 'eventHubName'), settings);
  const sender = ports.eventSender(connection, eventHubName);
  const named = typeof binding.partitionKey === 'string' ? binding.partitionKey : undefined;
  const keyPattern = named ?? settings[`${connection}__partitionKey`];
  return async (value, onRetry) => {
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
