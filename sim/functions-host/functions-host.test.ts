import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../kernel/index.js';
import { FakeEventHub, FakeStorage, writeApp } from './app/app.testing.js';
import { loadFunctionApp } from './app/function-app.js';
import { type FunctionsHost, type FunctionsHostOptions, openFunctionsHost } from './functions-host.js';

const START_MS = Date.UTC(2026, 2, 1, 9);
const MINUTE_MS = 60_000;

let kernel: Kernel;
let storage: FakeStorage;
let hub: FakeEventHub;
let host: FunctionsHost;

beforeEach(() => {
  kernel = openKernel({ seed: 3, startMs: START_MS });
  storage = new FakeStorage();
  hub = new FakeEventHub(() => kernel.clock.now());
});
afterEach(() => kernel.close());

async function start(
  files: Readonly<Record<string, string>>,
  options: Partial<FunctionsHostOptions> = {},
): Promise<void> {
  const app = await loadFunctionApp(writeApp(files));
  host = openFunctionsHost(kernel, { app, storage: () => storage, eventSender: () => hub, ...options });
  await kernel.drive(host.start());
}

async function finish(): Promise<void> {
  await kernel.drive(host.stop());
}

/** A v4 app with one blob trigger; `body` is the handler's. */
function blobApp(body: string, extra = ''): string {
  return `
    import { app, output } from '@azure/functions';
    app.storageBlob('onPicture', {
      path: 'fromcamera/{store}/{name}', connection: 'PICTURES',
      return: output.eventHub({ eventHubName: '%HUB%', connection: 'EVENTS' }),
      handler: async (blob, context) => { ${body} },
    });
    ${extra}`;
}

const SETTINGS = { settings: { HUB: 'faces', EVENTS__partitionKey: '{storeId}' } };

describe('an unmodified v4 app', () => {
  test('gets the picture, its metadata and settings, and sends what it returns', async () => {
    const wanted: string[] = [];
    await start(
      {
        'src/functions/on-picture.mjs': blobApp(`
          context.log('picture of', blob.length, 'bytes', process.env.GREETING);
          const { store, name, uri, metadata, properties } = context.triggerMetadata;
          return [
            { storeId: store, name, uri, people: blob.toString(), meta: metadata.storeid, length: properties.contentLength },
            { storeId: 'other', isBuffer: Buffer.isBuffer(blob) },
            { storeId: store, second: true },
          ];`),
        'local.settings.json': '{ "Values": { "GREETING": "hello", "HUB": "overridden" } } // a comment',
      },
      {
        ...SETTINGS,
        eventSender: (connection, eventHubName) => {
          wanted.push(`${connection}/${eventHubName}`);
          return hub;
        },
      },
    );
    storage.write('fromcamera', 'one/cam/1.jpg', 'two people');
    storage.write('elsewhere', 'one/2.jpg', 'ignored');
    await finish();
    expect(wanted).toEqual(['EVENTS/faces']);
    const [first, second] = hub.sent;
    expect(first?.partitionKey).toBe('one/cam');
    expect(first?.bodies).toEqual([
      {
        storeId: 'one/cam',
        name: '1.jpg',
        uri: 'http://storage/fromcamera/one/cam/1.jpg',
        people: 'two people',
        meta: 'one',
        length: 10,
      },
      { storeId: 'one/cam', second: true },
    ]);
    expect(second).toMatchObject({ partitionKey: 'other', bodies: [{ storeId: 'other', isBuffer: true }] });
    const line = host.logLines().find(({ category }) => category === 'user');
    expect(line).toMatchObject({
      message: 'picture of 10 bytes hello',
      functionName: 'onPicture',
      level: 'information',
    });
    expect(line?.invocationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(host.figures()[0]).toMatchObject({ in: 1, out: 1, dropped: 0, queued: 0 });
    expect(process.env.GREETING).toBeUndefined();
  });

  test('has its hooks called around each invocation', async () => {
    await start(
      {
        'src/functions/on-picture.mjs': blobApp(
          `return { from: 'handler' };`,
          `const seen = [];
           app.hook.appStart(() => { seen.push('start'); });
           app.hook.preInvocation((context) => {
             seen.push('pre ' + context.invocationContext.functionName);
             context.functionHandler = async () => ({ from: 'hook' });
           });
           app.hook.postInvocation((context) => { seen.push('post'); context.result = { ...context.result, seen }; });`,
        ),
      },
      SETTINGS,
    );
    storage.write('fromcamera', 'one/1.jpg', '');
    await finish();
    expect(hub.sent[0]?.bodies).toEqual([{ from: 'hook', seen: ['start', 'pre onPicture', 'post'] }]);
  });

  test('deals with a version once, however often it is announced, and again when it changes', async () => {
    await start({ 'src/functions/f.mjs': blobApp(`return { text: blob.toString() };`) }, SETTINGS);
    const arrival = storage.write('fromcamera', 'one/1.jpg', 'first');
    await kernel.runUntil(START_MS + 10);
    storage.announce(arrival);
    await kernel.runUntil(START_MS + 20);
    storage.write('fromcamera', 'one/1.jpg', 'second');
    await finish();
    expect(hub.sent.map(({ bodies }) => bodies)).toEqual([[{ text: 'first' }], [{ text: 'second' }]]);
  });

  test('passes over a blob that is gone before its turn', async () => {
    await start({ 'src/functions/f.mjs': blobApp(`return {};`) }, { ...SETTINGS, detectionDelayMs: 500 });
    storage.write('fromcamera', 'one/1.jpg', 'x');
    storage.delete('fromcamera', 'one/1.jpg');
    await finish();
    expect(hub.sent).toEqual([]);
    expect(host.figures()[0]).toMatchObject({ in: 1, out: 0, dropped: 1 });
    expect(host.poisonMessages()).toEqual([]);
  });
});

describe('a handler that fails', () => {
  const HOST_JSON = `{ "version": "2.0", "functionTimeout": "00:00:05",
    "extensions": { "queues": { "visibilityTimeout": "00:00:30" } } }`;

  test('is tried five times, then its blob is poison, and it is named', async () => {
    await start(
      {
        'src/functions/f.mjs': blobApp(`throw new Error('no face in ' + context.triggerMetadata.name);`),
        'host.json': HOST_JSON,
      },
      SETTINGS,
    );
    const { etag } = storage.write('fromcamera', 'one/1.jpg', 'x');
    await finish();
    const failures = host.logLines().filter(({ category }) => category === 'host');
    expect(failures.map(({ atMs }) => (atMs - START_MS) / 1000)).toEqual([0, 30, 60, 90, 120]);
    expect(failures[4]).toMatchObject({
      functionName: 'onPicture',
      message: 'attempt 5 on fromcamera/one/1.jpg failed: no face in 1.jpg',
    });
    expect(new Set(failures.map(({ invocationId }) => invocationId)).size).toBe(5);
    expect(host.poisonMessages()).toEqual([
      {
        FunctionId: 'Host.Functions.onPicture',
        BlobType: 'BlockBlob',
        ContainerName: 'fromcamera',
        BlobName: 'one/1.jpg',
        ETag: etag,
      },
    ]);
    expect(host.figures()[0]).toMatchObject({ in: 1, out: 0, dropped: 1, retried: 4 });
  });

  test('and then does not, has its blob dealt with once', async () => {
    await start(
      {
        'src/functions/f.mjs': blobApp(
          `if (++attempts < 3) throw new Error('not yet'); return { attempts };`,
          'let attempts = 0;',
        ),
      },
      SETTINGS,
    );
    storage.write('fromcamera', 'one/1.jpg', 'x');
    await finish();
    expect(hub.sent.map(({ bodies }) => bodies)).toEqual([[{ attempts: 3 }]]);
    expect(host.poisonMessages()).toEqual([]);
  });

  test('by hanging, is given up after its time and frees its place', async () => {
    await start(
      {
        'src/functions/f.mjs': blobApp(
          `if (context.triggerMetadata.name === 'hang.jpg') await new Promise(() => {});
           return { name: context.triggerMetadata.name };`,
        ),
        'host.json': HOST_JSON,
      },
      { ...SETTINGS, concurrency: 1 },
    );
    storage.write('fromcamera', 'one/hang.jpg', 'x');
    storage.write('fromcamera', 'one/ok.jpg', 'x');
    await kernel.runUntil(START_MS + 6000);
    expect(hub.sent).toMatchObject([{ atMs: START_MS + 5000, bodies: [{ name: 'ok.jpg' }] }]);
    expect(host.logLines().map(({ message }) => message)).toContain(
      'attempt 1 on fromcamera/one/hang.jpg failed: Timeout value of 5000 ms exceeded by function: onPicture',
    );
    await finish();
    expect(host.poisonMessages()).toHaveLength(1);
  });
});

test('an event that can never be sent fails its invocation at once, and no retry is spent on it', async () => {
  let sends = 0;
  await start(
    { 'src/functions/f.mjs': blobApp(`return { too: 'large' };`) },
    {
      ...SETTINGS,
      eventSender: () => ({
        async send() {
          sends++;
          throw Object.assign(new Error('too large'), { retryable: false });
        },
      }),
    },
  );
  storage.write('fromcamera', 'one/1.jpg', 'x');
  await finish();
  expect(sends).toBe(5);
  expect(host.poisonMessages()).toHaveLength(1);
});

describe('many pictures', () => {
  test('run so many at once, in the order of their names where they come together', async () => {
    await start(
      {
        'src/functions/f.mjs': blobApp(
          `most = Math.max(most, ++running);
           await new Promise((resolve) => setTimeout(resolve, 1000));
           running--;
           return { name: context.triggerMetadata.name, most };`,
          'let running = 0, most = 0;',
        ),
        'host.json': '{ "extensions": { "blobs": { "maxDegreeOfParallelism": 2 } } }',
      },
      SETTINGS,
    );
    for (const name of ['c', 'a', 'e', 'b', 'd']) storage.write('fromcamera', `one/${name}`, 'x');
    await kernel.runUntil(START_MS + 10);
    expect(host.figures()[0]).toMatchObject({ in: 5, queued: 3, peakQueue: 3, utilisation: 1 });
    await finish();
    expect(hub.sent.map(({ bodies }) => bodies[0])).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, most: 2 })),
    );
    expect(hub.sent.map(({ atMs }) => atMs - START_MS)).toEqual([1000, 1000, 2000, 2000, 3000]);
  });

  test('wait out an outage of the uplink in their slots, and none is lost', async () => {
    await start(
      {
        'src/functions/f.mjs': blobApp(`return { name: context.triggerMetadata.name };`),
        'host.json': `{ "extensions": { "blobs": { "maxDegreeOfParallelism": 4 }, "eventHubs": { "clientRetryOptions": {
          "mode": "exponential", "delay": "00:00:01", "maximumDelay": "00:00:30", "maximumRetries": 100 } } } }`,
      },
      SETTINGS,
    );
    kernel.clock.after(MINUTE_MS, () => {
      hub.isUp = false;
    });
    kernel.clock.after(21 * MINUTE_MS, () => {
      hub.isUp = true;
    });
    for (let second = 0; second < 30 * 60; second += 10)
      kernel.clock.after(second * 1000, () => storage.write('fromcamera', `one/${second}`, 'x'));
    await kernel.runUntil(START_MS + 20 * MINUTE_MS);
    expect(hub.sent).toHaveLength(6);
    expect(host.figures()[0]).toMatchObject({
      in: 121,
      out: 6,
      queued: 111,
      utilisation: expect.closeTo(0.95, 1),
    });
    await kernel.runUntil(START_MS + 30 * MINUTE_MS);
    await finish();
    const names = hub.sent.map(({ bodies }) => (bodies[0] as { name: number }).name);
    expect([...names].sort((a, b) => a - b)).toEqual(Array.from({ length: 180 }, (_, index) => index * 10));
    expect(host.figures()[0]).toMatchObject({ in: 180, out: 180, dropped: 0, retried: 0, queued: 0 });
    expect(host.poisonMessages()).toEqual([]);
  });
});

describe('an app that this host cannot run', () => {
  const failing: readonly [string, Readonly<Record<string, string>>, string, RegExp][] = [
    [
      'a C# script',
      { 'Run/function.json': '{"bindings":[]}', 'Run/run.csx': '' },
      'FF_FUNCTIONS_APP_UNSUPPORTED',
      /run\.csx is C# script, which only Microsoft's own Functions host can run/,
    ],
    [
      'an entry that is missing',
      {},
      'FF_FUNCTIONS_APP_NOT_FOUND',
      /"src\/functions\/\*\.mjs", which matches no file/,
    ],
    [
      'an entry that throws',
      { 'src/functions/f.mjs': `throw new Error('cannot start');` },
      'FF_FUNCTIONS_APP_FAILED_TO_LOAD',
      /f\.mjs: cannot start/,
    ],
    [
      'another trigger',
      {
        'src/functions/f.mjs': `import { app } from '@azure/functions'; app.cosmosDB('tick', { connection: 'C', databaseName: 'd', containerName: 'c', handler() {} });`,
      },
      'FF_FUNCTIONS_BINDING_UNSUPPORTED',
      /function tick: cosmosDBTrigger is not supported; expected blobTrigger, /,
    ],
    [
      'a setting that is missing',
      { 'src/functions/f.mjs': blobApp('') },
      'FF_FUNCTIONS_SETTING_MISSING',
      /app setting HUB, which a binding names as %HUB%/,
    ],
    [
      'a broken host.json',
      {
        'src/functions/f.mjs': blobApp(''),
        'host.json': '{ "extensions": { "queues": { "batchSize": 99 } } }',
      },
      'FF_FUNCTIONS_HOST_JSON',
      /host\.json: extensions\.queues\.batchSize: /,
    ],
  ];

  test.each(failing)('%s', async (_, files, code, message) => {
    await expect(start(files)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
