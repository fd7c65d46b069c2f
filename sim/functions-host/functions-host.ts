import type core from '@azure/functions-core';
import type { KernelServices } from '../kernel/services.js';
import type { StageFigures } from '../kernel/stage-counters.js';
import { parseBlobPath } from './blob-path.js';
import { BlobTrigger, type PoisonMessage, type TriggerBlobs } from './blob-trigger.js';
import type { FunctionApp, Settings } from './function-app.js';
import { FunctionsHostError } from './host-error.js';
import { functionsCore } from './injected-core.js';
import { InvocationLog, type LogLine } from './invocation-log.js';
import { FunctionInvoker, triggerOf } from './invoker.js';
import { expandSettings, type OutputPorts, openOutputs, textOption } from './output-bindings.js';
import { memoryReceipts, type Receipts } from './receipts.js';

export interface FunctionsHostOptions extends OutputPorts {
  readonly app: FunctionApp;
  /** App settings, over those of local.settings.json; handlers see them as environment variables. */
  readonly settings?: Settings;
  /** From a blob's write until the host knows of it; default 0. */
  readonly detectionDelayMs?: number;
  /** Invocations of one function at once, over what host.json says: what a plan can carry. */
  readonly concurrency?: number;
  /** `connection` is the name of an app setting. */
  readonly storage: (connection: string) => TriggerBlobs;
  /** Default: in memory. */
  readonly receipts?: Receipts;
  readonly onLog?: (line: LogLine) => void;
}

export interface FunctionsHost {
  /** Runs the app's start hooks, then listens. */
  start(): Promise<void>;
  /** Listens no more, waits for what has come, and runs the app's end hooks. */
  stop(): Promise<void>;
  /** Nothing waits, runs or is due to be tried again. */
  readonly isIdle: boolean;
  /** A stage for each function. */
  figures(): readonly StageFigures[];
  /** What is in `webjobs-blobtrigger-poison`, oldest first. */
  poisonMessages(): readonly PoisonMessage[];
  logLines(): readonly LogLine[];
}

/** How often `stop` looks whether all work is done. */
const DRAIN_POLL_MS = 100;

/** Throws `FunctionsHostError` when the app uses what this host has not, or lacks a setting. */
export function openFunctionsHost(services: KernelServices, options: FunctionsHostOptions): FunctionsHost {
  const { app } = options;
  const settings = { ...app.settings, ...options.settings };
  const log = new InvocationLog(() => services.clock.now(), options.onLog ?? (() => {}));
  const appHookData: Record<string, unknown> = {};
  const poison: PoisonMessage[] = [];
  const triggers = app.functions.map((registered) =>
    openBlobTrigger(services, options, settings, log, appHookData, registered, (message) =>
      poison.push(message),
    ),
  );
  const environment = new Environment(settings);
  const runHooks = async (name: string) => {
    for (const hook of app.hooks)
      if (hook.name === name) await hook.callback({ hookData: appHookData, appHookData });
  };

  return {
    async start() {
      environment.apply();
      functionsCore.onLog((level, category, message) =>
        log.write({ level, category, functionName: null, invocationId: null, message }),
      );
      await runHooks('appStart');
      for (const trigger of triggers) trigger.start();
    },
    async stop() {
      for (const trigger of triggers) trigger.stop();
      while (!triggers.every((trigger) => trigger.isIdle)) await services.clock.sleep(DRAIN_POLL_MS);
      await runHooks('appTerminate');
      environment.restore();
    },
    get isIdle() {
      return triggers.every((trigger) => trigger.isIdle);
    },
    figures: () => triggers.map((trigger) => trigger.figures()),
    poisonMessages: () => poison,
    logLines: () => log.lines(),
  };
}

function openBlobTrigger(
  services: KernelServices,
  options: FunctionsHostOptions,
  settings: Settings,
  log: InvocationLog,
  appHookData: Record<string, unknown>,
  registered: core.RegisteredFunction,
  onPoison: (message: PoisonMessage) => void,
): BlobTrigger {
  const { app, detectionDelayMs = 0, receipts = memoryReceipts(), storage } = options;
  const { metadata } = registered;
  const [, trigger] = triggerOf(metadata);
  refuseUnsupported(metadata, trigger);
  const pattern = expandSettings(textOption(metadata.name, trigger, 'path'), settings);
  const path = parseBlobPath(pattern);
  if (path === null)
    throw new FunctionsHostError(
      'FF_FUNCTIONS_BINDING_UNSUPPORTED',
      `function ${metadata.name}: path ${JSON.stringify(pattern)} is no blob name pattern; expected container/{name}`,
    );
  const { functionTimeoutMs: timeoutMs, blobs } = app.options;
  const invoker = new FunctionInvoker(registered, app.hooks, appHookData, {
    clock: services.clock,
    log,
    timeoutMs,
  });
  const deliver = openOutputs(metadata, options, settings, app.options, services.clock);
  const say = (level: core.LogLevel, invocationId: string, message: string) =>
    log.write({ level, category: 'host', functionName: metadata.name, invocationId, message });
  return new BlobTrigger(
    services,
    {
      functionName: metadata.name,
      functionId: `Host.Functions.${metadata.name}`,
      path,
      blobs: { ...blobs, concurrency: options.concurrency ?? blobs.concurrency },
      detectionDelayMs,
    },
    {
      storage: storage(textOption(metadata.name, trigger, 'connection')),
      receipts,
      poison: onPoison,
      async invoke(invocation) {
        const outputs = await invoker.invoke(invocation);
        await deliver(outputs, (error, delayMs) =>
          say(
            'warning',
            invocation.invocationId,
            `output not delivered, next attempt in ${delayMs} ms: ${reasonOf(error)}`,
          ),
        );
      },
      onFailure: (invocationId, { container, name }, attempt, error) =>
        say('error', invocationId, `attempt ${attempt} on ${container}/${name} failed: ${reasonOf(error)}`),
    },
  );
}

function refuseUnsupported(metadata: core.FunctionMetadata, trigger: core.BindingInfo): void {
  if (trigger.type.toLowerCase() !== 'blobtrigger')
    throw new FunctionsHostError(
      'FF_FUNCTIONS_BINDING_UNSUPPORTED',
      `function ${metadata.name}: ${trigger.type} is not supported; expected blobTrigger`,
    );
  if (trigger.sdkBinding === true)
    throw new FunctionsHostError(
      'FF_FUNCTIONS_BINDING_UNSUPPORTED',
      `function ${metadata.name}: sdkBinding is not supported; take the blob as a Buffer`,
    );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** App settings are environment variables to a handler. */
class Environment {
  private readonly settings: Settings;
  private before: Readonly<Record<string, string | undefined>> = {};

  constructor(settings: Settings) {
    this.settings = settings;
  }

  apply(): void {
    const names = Object.keys(this.settings);
    this.before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
    Object.assign(process.env, this.settings);
  }

  restore(): void {
    for (const [name, value] of Object.entries(this.before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
