import type { KernelServices } from '../kernel/services.js';
import type { StageFigures } from '../kernel/stage-counters.js';
import { Environment } from './app/environment.js';
import type { Settings } from './app/function-app.js';
import { functionsCore } from './app/injected-core.js';
import { type StorageQueue, StorageQueues } from './bindings/queues.js';
import { InvocationLog, type LogLine } from './invocation-log.js';
import { IsolatedApp } from './isolation/isolated-app.js';
import type { PoisonMessage } from './triggers/blob-trigger.js';
import { memoryCheckpoints } from './triggers/checkpoints.js';
import { type HttpAnswer, type HttpCall, HttpTrigger, serveHttp } from './triggers/http-trigger.js';
import { type InstanceFigures, ONE_INSTANCE, openInstances, type Plan } from './triggers/instances.js';
import { type HostParts, openTrigger, type TriggerPorts } from './triggers/open-trigger.js';
import { memoryReceipts } from './triggers/receipts.js';

export interface FunctionsHostOptions extends TriggerPorts {
  /** App settings, over those of local.settings.json; handlers see them as environment variables. */
  readonly settings?: Settings;
  /** How the app's blob and queue functions scale; default: one instance that is always there. */
  readonly plan?: Plan;
  /** Runs the handlers of an app folder in a thread of their own; for hosts in real time only. */
  readonly isolate?: boolean;
  /** Heap of that thread, in MB. */
  readonly handlerMemoryMb?: number;
  readonly onLog?: (line: LogLine) => void;
  /** Told when a handler is called, and when it has answered. */
  readonly onHandler?: (functionName: string, isRunning: boolean) => void;
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
  instances(): InstanceFigures;
  /** A storage queue of the app, as its triggers and outputs see it. */
  queue(name: string): StorageQueue;
  /** Answers as the app's HTTP functions do; 404 for what is none of theirs. */
  http(call: HttpCall): Promise<HttpAnswer>;
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
  const queues = new StorageQueues(() => services.clock.now());
  const instances = openInstances(services.clock, options.plan ?? ONE_INSTANCE);
  const isolated =
    options.isolate && app.folder !== null
      ? new IsolatedApp(services.clock, log, {
          appFolder: app.folder,
          timeoutMs: app.options.functionTimeoutMs,
          ...(options.handlerMemoryMb === undefined ? {} : { memoryMb: options.handlerMemoryMb }),
        })
      : null;
  const parts: HostParts = {
    services,
    options: {
      ...options,
      receipts: options.receipts ?? memoryReceipts(),
      checkpoints: options.checkpoints ?? memoryCheckpoints(),
    },
    settings,
    log,
    queues,
    instances,
    isolated,
    appHookData,
    onHandler: options.onHandler ?? (() => {}),
    onPoison: (message) => poison.push(message),
  };
  const triggers = app.functions.map((registered) => openTrigger(parts, registered));
  const httpTriggers = triggers.filter((trigger) => trigger instanceof HttpTrigger);
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
      instances.stop();
      await isolated?.close();
      environment.restore();
    },
    get isIdle() {
      return triggers.every((trigger) => trigger.isIdle);
    },
    figures: () => triggers.map((trigger) => trigger.figures()),
    poisonMessages: () => poison,
    logLines: () => log.lines(),
    instances: () => instances.figures(),
    queue: (name) => queues.queue(name),
    http: (call) => serveHttp(httpTriggers, call),
  };
}
