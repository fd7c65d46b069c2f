import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { FakeEventHub, FakeStorage, writeApp } from '../app/app.testing.js';
import { loadFunctionApp } from '../app/function-app.js';
import { type FunctionsHost, openFunctionsHost } from '../functions-host.js';
import { consumptionPlan, type Plan } from './instances.js';

const START_MS = Date.UTC(2026, 2, 1, 9);
const MINUTE_MS = 60_000;
let kernel: Kernel;
let host: FunctionsHost;

beforeEach(() => {
  kernel = openKernel({ seed: 3, startMs: START_MS });
});
afterEach(() => kernel.close());

/** An app that works ten seconds on each message, one at once on each instance. */
async function start(plan: Plan): Promise<void> {
  const app = await loadFunctionApp(
    writeApp({
      'src/functions/f.mjs': `
        import { app, output } from '@azure/functions';
        app.storageQueue('work', {
          queueName: 'jobs', connection: 'S', return: output.storageQueue({ queueName: 'done', connection: 'S' }),
          handler: (message) => new Promise((resolve) => setTimeout(resolve, 10_000, message)),
        });`,
    }),
  );
  const storage = new FakeStorage();
  const hub = new FakeEventHub(() => kernel.clock.now());
  host = openFunctionsHost(kernel, {
    app,
    plan,
    concurrency: 1,
    storage: () => storage,
    eventSender: () => hub,
  });
  await kernel.drive(host.start());
}

const put = (count: number) => {
  for (let index = 0; index < count; index++) host.queue('jobs').put(`job ${index}`);
};
const doneAfterSeconds = () =>
  host
    .queue('done')
    .messages()
    .map(({ insertedMs }) => (insertedMs - START_MS) / 1000);

test('two dedicated instances do two at once', async () => {
  await start({ kind: 'dedicated', instances: 2 });
  put(4);
  await kernel.drive(host.stop());
  expect(doneAfterSeconds()).toEqual([10, 10, 20, 20]);
});

test('the first message of a consumption plan waits for a cold start, the next does not', async () => {
  await start(consumptionPlan(100));
  put(1);
  await kernel.runUntil(START_MS + MINUTE_MS);
  put(1);
  await kernel.runUntil(START_MS + 2 * MINUTE_MS);
  expect(doneAfterSeconds()).toEqual([12.5, 70]);
});

test('instances come one by one while work waits, up to the most, and go when there is none', async () => {
  await start({
    ...consumptionPlan(100),
    kind: 'consumption',
    mostInstances: 3,
    coldStartMs: 0,
    scaleEveryMs: 30_000,
    idleAfterMs: 5 * MINUTE_MS,
  });
  put(20);
  await kernel.runUntil(START_MS + 30 * MINUTE_MS);
  const done = doneAfterSeconds();
  expect(done.slice(0, 5)).toEqual([10, 20, 30, 40, 40]);
  expect(done).toHaveLength(20);
  expect(host.instances()).toEqual({ ready: 0, peak: 3, coldStarts: 3 });
  put(1);
  await kernel.drive(host.stop());
  expect(host.instances().coldStarts).toBe(4);
});
