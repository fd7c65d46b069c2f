/** Triggers other than blobs, in unmodified v4 apps, in virtual time. */
import http from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { httpAgentOver, openLink, worldHttpServer } from '../../network/index.js';
import { FakeEventHub, FakeStorage, writeApp } from '../app/app.testing.js';
import { loadFunctionApp } from '../app/function-app.js';
import { type FunctionsHost, type FunctionsHostOptions, openFunctionsHost } from '../functions-host.js';
import { blobCheckpoints } from './checkpoints.js';
import type { TriggerEvent } from './event-hubs-trigger.js';
import { functionsListener } from './http-trigger.js';
import { parseSchedule } from './ncrontab.js';

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
  code: string,
  options: Partial<FunctionsHostOptions> = {},
  hostJson = '{}',
): Promise<void> {
  const files = {
    'src/functions/f.mjs': `import { app, input, output } from '@azure/functions';\n${code}`,
    'host.json': hostJson,
  };
  const app = await loadFunctionApp(writeApp(files));
  host = openFunctionsHost(kernel, { app, storage: () => storage, eventSender: () => hub, ...options });
  await kernel.drive(host.start());
}

const messages = (name: string) =>
  host
    .queue(name)
    .messages()
    .map(({ text }) => text);

describe('a timer', () => {
  test('runs by its schedule, and tells when it ran last and runs next', async () => {
    await start(
      `app.timer('tick', {
      schedule: '%EVERY%', return: output.storageQueue({ queueName: 'ticks', connection: 'S' }),
      handler: (timer) => ({ due: timer.isPastDue, last: timer.scheduleStatus.last, next: timer.scheduleStatus.next }),
    });`,
      { settings: { EVERY: '0 */15 * * * *' } },
    );
    await kernel.runUntil(START_MS + 40 * MINUTE_MS);
    await kernel.drive(host.stop());
    await kernel.runUntil(START_MS + 120 * MINUTE_MS);
    expect(messages('ticks').map((text) => JSON.parse(text))).toEqual([
      { due: false, last: '0001-01-01T00:00:00Z', next: '2026-03-01T09:30:00.000Z' },
      { due: false, last: '2026-03-01T09:15:00.000Z', next: '2026-03-01T09:45:00.000Z' },
    ]);
  });

  test('that outlasts its next time runs again at once, past due, never twice at once', async () => {
    await start(`let running = 0;
      app.timer('slow', {
        schedule: '00:01:00', runOnStartup: true, return: output.storageQueue({ queueName: 'runs', connection: 'S' }),
        handler: async (timer) => {
          running++;
          await new Promise((resolve) => setTimeout(resolve, 90_000));
          return [running--, timer.isPastDue].join(' ');
        },
      });`);
    await kernel.runUntil(START_MS + 4 * MINUTE_MS);
    expect(messages('runs')).toEqual(['1 false', '1 true']);
  });

  test.each(['', '* * * *', '60 * * * * *', '* * * 0 * *', 'a b c d e f', '5-1 * * * * *'])(
    '%j is no schedule',
    (text) => {
      expect(parseSchedule(text)).toBeNull();
    },
  );

  test.each([
    ['0 30 9 * * 1-5', '2026-03-02T09:30:00Z'],
    ['0 0 0 1 JAN *', '2027-01-01T00:00:00Z'],
    ['0 0 0 29 2 *', '2028-02-29T00:00:00Z'],
    ['*/20 * * * * *', '2026-03-01T09:00:20Z'],
    ['0 0 12 * * Sun', '2026-03-01T12:00:00Z'],
    ['5,10 1-3/2 * * * *', '2026-03-01T09:01:05Z'],
    ['*/5 * * * *', '2026-03-01T09:05:00Z'],
  ])('%s is next at %s', (text, expected) => {
    expect(parseSchedule(text)?.(START_MS)).toBe(Date.parse(expected));
  });

  test('the next time is the first that fits', () => {
    fc.assert(
      fc.property(fc.nat(59), fc.nat(59), fc.nat(23), fc.nat(400 * 86_400), (second, minute, hour, after) => {
        const afterMs = START_MS + after * 1000;
        const next = parseSchedule(`${second} ${minute} ${hour} * * *`)?.(afterMs) ?? 0;
        expect(next - afterMs).toBeGreaterThan(0);
        expect(next - afterMs).toBeLessThanOrEqual(86_400_000);
        expect(new Date(next).toISOString().slice(11, 19)).toBe(
          [hour, minute, second].map((part) => String(part).padStart(2, '0')).join(':'),
        );
      }),
    );
  });
});

describe('a queue', () => {
  const APP = `
    const picture = input.storageBlob({ path: 'fromcamera/{name}', connection: 'S' });
    const thumbnail = output.storageBlob({ path: 'thumbs/{name}', connection: 'S' });
    app.storageQueue('work', {
      queueName: 'jobs', connection: 'S', extraInputs: [picture], extraOutputs: [thumbnail],
      handler: (message, context) => {
        if (message.name === 'bad') throw new Error('attempt ' + context.triggerMetadata.dequeueCount);
        context.extraOutputs.set(thumbnail, 'small ' + context.extraInputs.get(picture));
      },
    });`;

  test('has its messages handled with the blobs that they name', async () => {
    await start(APP);
    storage.write('fromcamera', 'a.jpg', 'picture');
    host.queue('jobs').put('{"name":"a.jpg"}');
    await kernel.drive(host.stop());
    const thumb = await storage.get('thumbs', 'a.jpg');
    expect(Buffer.from(thumb?.body ?? []).toString()).toBe('small picture');
    expect(host.figures()[0]).toMatchObject({ in: 1, out: 1, retried: 0 });
  });

  test('gives a message up after five attempts, and names it', async () => {
    await start(APP, {}, '{ "extensions": { "queues": { "visibilityTimeout": "00:00:10" } } }');
    host.queue('jobs').put('{"name":"bad"}');
    await kernel.drive(host.stop());
    expect(messages('jobs-poison')).toEqual(['{"name":"bad"}']);
    const failures = host.logLines().filter(({ category }) => category === 'host');
    expect(failures.map(({ atMs }) => (atMs - START_MS) / 1000)).toEqual([0, 10, 20, 30, 40]);
    expect(failures[4]?.message).toBe('attempt 5 on message jobs/0000000001 failed: attempt 5');
  });

  test('of poison blobs can be read like any other', async () => {
    await start(`
      app.storageBlob('f', { path: 'fromcamera/{name}', connection: 'S', handler: () => { throw new Error('no'); } });
      app.storageQueue('poison', {
        queueName: 'webjobs-blobtrigger-poison', connection: 'S',
        return: output.storageQueue({ queueName: 'seen', connection: 'S' }), handler: ({ BlobName }) => BlobName,
      });`);
    storage.write('fromcamera', 'a.jpg', 'x');
    await kernel.runUntil(START_MS + MINUTE_MS);
    await kernel.drive(host.stop());
    expect(messages('seen')).toEqual(['a.jpg']);
  });
});

test('a warm-up runs once, at the start', async () => {
  await start(`app.warmup('warm', {
    return: output.storageQueue({ queueName: 'warm', connection: 'S' }), handler: () => 'warm',
  });`);
  await kernel.drive(host.stop());
  expect(messages('warm')).toEqual(['warm']);
});

test.each([
  ["strategy: 'fixedDelay', delayInterval: { seconds: 10 }", [0, 10_000, 20_000]],
  [
    "strategy: 'exponentialBackoff', minimumInterval: { seconds: 4 }, maximumInterval: { minutes: 15 }",
    [0, 4_000, 12_000],
  ],
])('a function is tried again by its policy: %s', async (policy, waits) => {
  await start(`app.timer('again', {
    schedule: '0 0 * * * *', runOnStartup: true,
    retry: { ${policy}, maxRetryCount: 4 },
    return: output.storageQueue({ queueName: 'done', connection: 'S' }),
    handler: (timer, { log, retryContext }) => {
      globalThis.attempts ??= [];
      globalThis.attempts.push(Date.now());
      if (retryContext.retryCount < 2) throw new Error('not yet');
      return { ...retryContext, attempts: globalThis.attempts.splice(0) };
    },
  });`);
  await kernel.runUntil(START_MS + 60_000);
  await kernel.drive(host.stop());
  const [done] = messages('done').map((text) => JSON.parse(text));
  expect(done).toMatchObject({ retryCount: 2, maxRetryCount: 4, exception: { message: 'not yet' } });
  expect(done.attempts.map((ms: number) => ms - START_MS)).toEqual(waits);
});

describe('an event hub', () => {
  /** Hands on what the test says. */
  class FakeEvents {
    onEvents: (partitionId: string, events: readonly TriggerEvent[]) => void = () => {};
    asked = '';
    subscribe(name: string, group: string, onEvents: FakeEvents['onEvents']) {
      this.asked = `${name}/${group}`;
      this.onEvents = onEvents;
      return { close: async () => {} };
    }
  }
  const events = (count: number): readonly TriggerEvent[] =>
    Array.from({ length: count }, (_, index) => ({
      body: { n: index },
      enqueuedAtMs: START_MS,
      sequenceNumber: index,
      offset: String(40 * index),
      partitionKey: 'store-1',
    }));

  test('has its events handled in batches, partition by partition, in order', async () => {
    const source = new FakeEvents();
    await start(
      `app.eventHub('on', {
        eventHubName: 'footfall', connection: 'E', cardinality: 'many', consumerGroup: 'fn',
        return: output.storageQueue({ queueName: 'batches', connection: 'S' }),
        handler: async (events, context) => {
          await new Promise((resolve) => setTimeout(resolve, 10));
          const { offsetArray, partitionContext, sequenceNumberArray } = context.triggerMetadata;
          if (offsetArray.length !== events.length) throw new Error('offsets');
          return [partitionContext.partitionId, events.map(({ n }) => n).join(), sequenceNumberArray.join()].join(' ');
        },
      });`,
      { eventSource: () => source },
      '{ "extensions": { "eventHubs": { "maxEventBatchSize": 3 } } }',
    );
    expect(source.asked).toBe('footfall/fn');
    source.onEvents('0', events(5));
    source.onEvents('1', events(2));
    await kernel.drive(host.stop());
    expect(messages('batches')).toEqual(['0 0,1,2 0,1,2', '1 0,1 0,1', '0 3,4 3,4']);
  });

  test('goes on after a restart where it stood, by its checkpoints', async () => {
    const app = `app.eventHub('on', {
      eventHubName: 'footfall', connection: 'E', cardinality: 'many',
      return: output.storageQueue({ queueName: 'read', connection: 'S' }),
      handler: (events) => events.map(({ n }) => n).join(),
    });`;
    const hostJson =
      '{ "extensions": { "eventHubs": { "maxEventBatchSize": 2, "batchCheckpointFrequency": 2 } } }';
    const blobs = new Map<string, { readonly metadata: Readonly<Record<string, string>> }>();
    const checkpoints = blobCheckpoints(
      {
        createContainer: async () => true,
        put: async (container, name, _body, { metadata }) => blobs.set(`${container}/${name}`, { metadata }),
        get: async (container, name) => blobs.get(`${container}/${name}`) ?? null,
      },
      'events.local',
    );
    const source = new FakeEvents();
    await start(app, { eventSource: () => source, checkpoints }, hostJson);
    source.onEvents('0', events(5));
    await kernel.drive(host.stop());
    expect(messages('read')).toEqual(['0,1', '2,3', '4']);
    expect([...blobs]).toEqual([
      [
        'azure-webjobs-eventhub/events.local/footfall/$default/checkpoint/0',
        { metadata: { sequencenumber: '3' } },
      ],
    ]);
    const next = new FakeEvents();
    await start(app, { eventSource: () => next, checkpoints }, hostJson);
    next.onEvents('0', events(7));
    await kernel.drive(host.stop());
    // The fifth had no checkpoint yet: it comes again.
    expect(messages('read')).toEqual(['4,5', '6']);
  });

  test('goes on after a batch that failed, and says which it was', async () => {
    const source = new FakeEvents();
    await start(
      `app.eventHub('on', {
        eventHubName: 'footfall', connection: 'E', cardinality: 'one',
        handler: (event) => { if (event.n === 1) throw new Error('no one'); },
      });`,
      { eventSource: () => source },
    );
    source.onEvents('0', events(3));
    await kernel.drive(host.stop());
    expect(host.figures()[0]).toMatchObject({ in: 3, out: 2, dropped: 1, queued: 0 });
    expect(host.logLines().map(({ message }) => message)).toEqual([
      'attempt 1 on footfall/0/1 failed: no one',
    ]);
  });
});

describe('HTTP', () => {
  const APP = `
    app.http('visits', { route: 'stores/{store}/visits/{day:int?}', methods: ['GET', 'POST'], handler: async (request) => ({
      status: 201, headers: { 'X-Store': request.params.store },
      jsonBody: { day: request.params.day ?? null, q: request.query.get('q'), body: request.method === 'POST' ? await request.json() : null },
    }) });
    app.get('secret', { authLevel: 'function', handler: () => ({ body: 'told' }) });
    app.get('broken', { handler: () => { throw new Error('cannot'); } });`;

  async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const link = openLink(kernel, 'lan', { latencyMs: 0, bitsPerSecond: null, lossShare: 0 });
    const agent = httpAgentOver(link, worldHttpServer(functionsListener((call) => host.http(call))));
    return kernel.drive(
      new Promise<{ status: number | undefined; store: unknown; text: string }>((resolve, reject) => {
        const request = http.request({ agent, host: 'fn.local', method, path, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode, store: response.headers['x-store'], text }),
          );
        });
        request.on('error', reject).end(body);
      }),
    );
  }

  test('routes, parameters, query, body and answer', async () => {
    await start(APP);
    const posted = await ask('POST', '/api/stores/s%201/visits/7?q=x', '{"people":2}');
    expect(posted).toMatchObject({ status: 201, store: 's 1' });
    expect(JSON.parse(posted.text)).toEqual({ day: '7', q: 'x', body: { people: 2 } });
    expect(JSON.parse((await ask('GET', '/api/stores/one/visits')).text)).toMatchObject({ day: null });
  });

  test.each([
    ['DELETE', '/api/stores/one/visits', 404],
    ['GET', '/api/stores/one/visits/monday', 404],
    ['GET', '/stores/one/visits', 404],
    ['GET', '/api/secret', 401],
    ['GET', '/api/secret?code=key', 200],
    ['GET', '/api/broken', 500],
  ])('%s %s answers %i', async (method, path, status) => {
    await start(APP, { functionKey: 'key' });
    expect((await ask(method, path)).status).toBe(status);
  });

  test('whatever comes, there is an answer and the host stands', async () => {
    await start(APP, { functionKey: 'key' });
    const path = fc.stringMatching(/^[!-~]{0,30}$/).map((rest) => `/api/${rest}`);
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.constantFrom('GET', 'POST', 'PUT'),
        fc.string(),
        async (target, method, body) => {
          const { status = 0 } = await ask(method, target, method === 'GET' ? undefined : body);
          expect([201, 400, 401, 404, 500]).toContain(status);
        },
      ),
      { numRuns: 100 },
    );
    expect((await ask('GET', '/api/secret', undefined, { 'x-functions-key': 'key' })).text).toBe('told');
  });
});
