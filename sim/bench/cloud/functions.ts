/**
 * Invocations of a v4 app whose handlers do nothing themselves: what the host, `@azure/functions` and the bindings
 * cost. In the host's own thread, as a run has it, and in a thread of its own.
 */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FunctionsHost,
  loadFunctionApp,
  openFunctionsHost,
  type TriggerBlobs,
} from '../../functions-host/index.js';
import { realTimeServices } from '../../kernel/real-time.js';
import { projectRoot } from '../../kernel/worker-entry.js';
import type { Bench } from '../bench.js';
import { underLoad } from './load.js';

const APP = `import { app, output } from '@azure/functions';
  app.http('ask', { methods: ['POST'], authLevel: 'anonymous', route: 'ask/{id}',
    handler: async (request, context) => ({ jsonBody: { id: request.params.id, ...(await request.json()) } }) });
  app.storageQueue('work', { queueName: 'jobs', connection: 'S',
    return: output.storageQueue({ queueName: 'done', connection: 'S' }),
    handler: (message) => ({ done: message.n }) });`;

const NO_BLOBS: TriggerBlobs = { onBlobWritten: () => () => {}, get: async () => null };
const NO_EVENTS = { send: async () => {} };
const CALLS = 10_000;
const ISOLATED_CALLS = 4_000;
const AT_ONCE = 16;
const MS_PER_SECOND = 1000;
const POLL_MS = 1;

export async function measureFunctions(...[report, progress]: Parameters<Bench['run']>): Promise<void> {
  const folder = writeApp();
  try {
    for (const [where, isolate, calls] of [
      ['', false, CALLS],
      ['.isolated', true, ISOLATED_CALLS],
    ] as const) {
      const host = await open(folder, isolate);
      await callHttp(host, calls / 4);
      const { cpuMicroseconds, p99Ms, perSecond } = await callHttp(host, calls);
      await workOff(host, calls / 4);
      const messages = await workOff(host, calls);
      await host.stop();
      report({ metric: `cloud.functions${where}.http`, value: Math.round(perSecond), unit: '1/s' });
      report({ metric: `cloud.functions${where}.http.p99Ms`, value: p99Ms, unit: 'ms' });
      report({ metric: `cloud.functions${where}.http.cpu`, value: cpuMicroseconds, unit: 'µs' });
      report({ metric: `cloud.functions${where}.queue`, value: Math.round(messages), unit: '1/s' });
      progress(
        `cloud.functions${where}: ${Math.round(perSecond)} HTTP calls/s (${Math.round(cpuMicroseconds)} µs each), ` +
          `${Math.round(messages)} queue messages/s`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeApp(): string {
  const folder = mkdtempSync(join(tmpdir(), 'footfall-bench-app-'));
  symlinkSync(join(projectRoot(import.meta.dirname), 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "main": "app.mjs" }');
  writeFileSync(join(folder, 'app.mjs'), APP);
  return folder;
}

async function open(folder: string, isolate: boolean): Promise<FunctionsHost> {
  const host = openFunctionsHost(realTimeServices('bench'), {
    app: await loadFunctionApp(folder),
    isolate,
    storage: () => NO_BLOBS,
    eventSender: () => NO_EVENTS,
  });
  await host.start();
  return host;
}

function callHttp(host: FunctionsHost, count: number) {
  const body = Buffer.from('{ "people": 3 }');
  const headers = { 'content-type': 'application/json' };
  return underLoad(count, AT_ONCE, async (index) => {
    const { status } = await host.http({
      method: 'POST',
      url: `http://localhost/api/ask/${index}`,
      headers,
      body,
    });
    if (status !== 200) throw new Error(`the function answered ${status}`);
  });
}

/** Messages a second through a queue trigger to an output queue. */
async function workOff(host: FunctionsHost, count: number): Promise<number> {
  const [jobs, done] = [host.queue('jobs'), host.queue('done')];
  const wanted = done.messages().length + count;
  const beganMs = performance.now();
  for (let n = 0; n < count; n++) jobs.put(JSON.stringify({ n }));
  while (done.messages().length < wanted) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  return (count * MS_PER_SECOND) / (performance.now() - beganMs);
}
