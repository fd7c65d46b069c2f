/** Runs in the worker thread: loads the app, and calls its functions as the host asks. */
import { parentPort, workerData } from 'node:worker_threads';
import { realTimeServices } from '../../kernel/real-time.js';
import { loadFunctionApp } from '../app/function-app.js';
import { InvocationLog } from '../invocation-log.js';
import { FunctionInvoker } from '../invoker.js';
import type { WorkerAnswer, WorkerCall, WorkerStart } from './isolation-messages.js';

const { clock } = realTimeServices('isolation');
const answer = (message: WorkerAnswer) => parentPort?.postMessage(message);

const { appFolder } = workerData as WorkerStart;
const app = await loadFunctionApp(appFolder);
const log = new InvocationLog(clock.now, ({ atMs: _, ...line }) => answer({ kind: 'log', line }));
const appHookData = {};
const invokers = new Map(
  app.functions.map((registered) => {
    // The host keeps the time: it can end a handler that does not end by itself.
    const services = { clock, log, timeoutMs: null };
    return [registered.metadata.name, new FunctionInvoker(registered, app.hooks, appHookData, services)];
  }),
);

parentPort?.on('message', ({ call, functionName, request }: WorkerCall) => {
  const invoker = invokers.get(functionName);
  if (invoker === undefined) {
    answer({ kind: 'failed', call, message: `the app has no function ${functionName}` });
    return;
  }
  invoker.invoke(request).then(
    (outputs) => answer({ kind: 'done', call, outputs }),
    (error: unknown) =>
      answer({ kind: 'failed', call, message: error instanceof Error ? error.message : String(error) }),
  );
});
