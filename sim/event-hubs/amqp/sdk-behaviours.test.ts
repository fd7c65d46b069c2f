/** What the official SDK's own tests ask of the service, beside `official-client.test.ts`. */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloseReason,
  EventHubBufferedProducerClient,
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  latestEventPosition,
  parseEventHubConnectionString,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LoopbackNamespace, loopbackNamespace } from '../world.testing.js';

const HUB = 'faces';
const PATIENT = { retryOptions: { maxRetries: 5, retryDelayInMs: 50, timeoutInMs: 5_000 } };
let namespace: LoopbackNamespace;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  namespace = await loopbackNamespace({ hubs: [{ name: HUB, partitionCount: 2 }], throughputUnits: null });
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  await namespace.close();
});

function opened<Client extends { close(): Promise<void> }>(client: Client): Client {
  open.push(client);
  return client;
}

const producer = () => opened(new EventHubProducerClient(namespace.connectionString, HUB, PATIENT));
const consumer = () =>
  opened(new EventHubConsumerClient('$Default', namespace.connectionString, HUB, PATIENT));

/** As a team makes one for a client that is to have no key. */
function sharedAccessSignature(connectionString: string, hub: string): string {
  const {
    endpoint,
    sharedAccessKey = '',
    sharedAccessKeyName,
  } = parseEventHubConnectionString(connectionString);
  const resource = encodeURIComponent(`${endpoint}${hub}`);
  const expiry = Math.floor(Date.now() / 1_000) + 3_600;
  const signature = createHmac('sha256', sharedAccessKey).update(`${resource}\n${expiry}`).digest('base64');
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${sharedAccessKeyName}`;
}

/** All that comes to `partitionId`, as it comes. */
function listen(client: EventHubConsumerClient, partitionId: string, ownerLevel?: number) {
  const heard: { readonly events: ReceivedEventData[]; readonly closed: CloseReason[]; begun: number } = {
    events: [],
    closed: [],
    begun: 0,
  };
  const subscription = client.subscribe(
    partitionId,
    {
      async processInitialize() {
        heard.begun++;
      },
      async processEvents(events) {
        heard.events.push(...events);
      },
      async processError() {},
      async processClose(reason) {
        heard.closed.push(reason);
      },
    },
    {
      startPosition: earliestEventPosition,
      maxWaitTimeInSeconds: 1,
      ...(ownerLevel === undefined ? {} : { ownerLevel }),
    },
  );
  open.push(subscription);
  return { heard, subscription };
}

describe('a subscription', () => {
  test('ends with its client, and says that it was shut down', async () => {
    const client = consumer();
    const { heard, subscription } = listen(client, '0');
    await expect.poll(() => heard.begun).toBe(1);
    await client.close();
    expect(subscription.isRunning).toBe(false);
    expect(heard.closed).toEqual([CloseReason.Shutdown]);
  });

  test('that lost its partition takes it up again when the stronger one is gone', async () => {
    const weak = listen(consumer(), '0');
    await producer().sendBatch([{ body: 'one' }], { partitionId: '0' });
    await expect.poll(() => weak.heard.events.length).toBe(1);
    const strong = listen(consumer(), '0', 5);
    await expect.poll(() => strong.heard.events.length).toBe(1);
    await expect.poll(() => weak.heard.closed.length).toBeGreaterThan(0);
    await strong.subscription.close();
    await producer().sendBatch([{ body: 'two' }], { partitionId: '0' });
    await expect.poll(() => weak.heard.events.some(({ body }) => body === 'two')).toBe(true);
    expect(weak.heard.begun).toBeGreaterThan(1);
  });

  test('of several partitions of one client each get their own', async () => {
    const client = consumer();
    const [first, second] = [listen(client, '0'), listen(client, '1')];
    await producer().sendBatch([{ body: 'zero' }], { partitionId: '0' });
    await producer().sendBatch([{ body: 'one' }], { partitionId: '1' });
    await expect.poll(() => first.heard.events.map(({ body }) => body)).toEqual(['zero']);
    await expect.poll(() => second.heard.events.map(({ body }) => body)).toEqual(['one']);
  });
});

describe('a batch', () => {
  test('may not be larger than the link says', async () => {
    await expect(producer().createBatch({ maxSizeInBytes: 2 ** 40 })).rejects.toThrow(
      /greater than maximum message size/i,
    );
  });

  test('does not take what is too large, and goes without it', async () => {
    const client = producer();
    const batch = await client.createBatch({ partitionId: '0' });
    expect(batch.tryAdd({ body: 'Ada' })).toBe(true);
    expect(batch.tryAdd({ body: 'x'.repeat(1_200_000) })).toBe(false);
    expect(batch.tryAdd({ body: 'Mary' })).toBe(true);
    await client.sendBatch(batch);
    const { heard } = listen(consumer(), '0');
    await expect.poll(() => heard.events.map(({ body }) => body)).toEqual(['Ada', 'Mary']);
  });

  test('without events changes nothing', async () => {
    const client = producer();
    await client.sendBatch([]);
    expect((await client.getPartitionProperties('0')).isEmpty).toBe(true);
  });

  test('is not sent once its sender has given up', async () => {
    const client = producer();
    const signal = AbortSignal.abort();
    await expect(client.sendBatch([{ body: 1 }], { abortSignal: signal })).rejects.toThrow(/abort/i);
    await expect(client.getPartitionIds({ abortSignal: signal })).rejects.toThrow(/abort/i);
  });
});

describe('an event', () => {
  const NOW = new Date(1_772_352_000_000);
  test('has its body back, whatever it is', async () => {
    const bodies = [
      ...['hello', '', 42, 0, false, null],
      ...[{ a: [1, { b: null }] }, [1, 'two', null], Buffer.from([0, 255, 1])],
    ];
    await producer().sendBatch(
      bodies.map((body) => ({ body })),
      { partitionId: '0' },
    );
    const { heard } = listen(consumer(), '0');
    await expect.poll(() => heard.events.map(({ body }) => body as unknown)).toEqual(bodies);
  });

  test('has its identifiers and properties back, of every type that AMQP has', async () => {
    const properties = { text: 'x', count: 1, share: 0.5, on: false, at: NOW, none: null };
    await producer().sendBatch([{ body: 1, messageId: 7, correlationId: Buffer.alloc(16, 7), properties }], {
      partitionId: '0',
    });
    const { heard } = listen(consumer(), '0');
    await expect.poll(() => heard.events.length).toBe(1);
    const [event] = heard.events;
    expect([event?.messageId, event?.correlationId]).toEqual([7, Buffer.alloc(16, 7)]);
    expect(event?.properties).toEqual({ ...properties, at: NOW.getTime() });
  });

  test.each(['data', 'value', 'sequence'] as const)(
    'as an annotated message with a body of type %s',
    async (bodyType) => {
      const body = { data: Buffer.from('bytes'), value: { a: 1 }, sequence: [[1, 'two']] }[bodyType];
      const message = {
        body,
        bodyType,
        applicationProperties: { store: 'seoul' },
        properties: { subject: 'faces', replyTo: 'nobody', groupId: 'g' },
        footer: { checked: 'yes' },
        messageAnnotations: { 'x-own': 'note' },
      };
      await producer().sendBatch([message], { partitionId: '0' });
      const { heard } = listen(consumer(), '0');
      await expect.poll(() => heard.events.length).toBe(1);
      const raw = heard.events[0]?.getRawAmqpMessage();
      expect(raw?.bodyType).toBe(bodyType);
      expect(heard.events[0]?.body).toEqual(body);
      expect(raw?.applicationProperties).toEqual({ store: 'seoul' });
      expect(raw?.properties).toMatchObject({ subject: 'faces', replyTo: 'nobody', groupId: 'g' });
      expect(raw?.footer).toEqual({ checked: 'yes' });
      expect(raw?.messageAnnotations).toMatchObject({ 'x-own': 'note', 'x-opt-sequence-number': 0 });
    },
  );
});

test('a buffered producer delivers all, key by key in order, when it is flushed', async () => {
  const failures: unknown[] = [];
  const client = new EventHubBufferedProducerClient(namespace.connectionString, HUB, {
    ...PATIENT,
    maxWaitTimeInMs: 50,
    async onSendEventsErrorHandler({ error }) {
      failures.push(error);
    },
  });
  for (let n = 0; n < 40; n++) await client.enqueueEvent({ body: n }, { partitionKey: `store-${n % 3}` });
  await client.flush();
  await client.close();
  expect(failures).toEqual([]);
  const reader = consumer();
  const heard = [listen(reader, '0').heard, listen(reader, '1').heard];
  await expect.poll(() => heard.flatMap(({ events }) => events).length).toBe(40);
  const events = heard.flatMap((each) => each.events);
  for (const key of ['store-0', 'store-1', 'store-2']) {
    const numbers = events.filter(({ partitionKey }) => partitionKey === key).map(({ body }) => Number(body));
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  }
});

test('a connection string may hold a shared access signature in place of a key', async () => {
  const { endpoint } = parseEventHubConnectionString(namespace.connectionString);
  const token = sharedAccessSignature(namespace.connectionString, HUB);
  const text = `Endpoint=${endpoint};SharedAccessSignature=${token};EntityPath=${HUB};UseDevelopmentEmulator=true`;
  const client = opened(new EventHubProducerClient(text, PATIENT));
  expect(await client.getPartitionIds()).toEqual(['0', '1']);
});

test('a connection that is cut is made again, for sending, receiving and questions', async () => {
  const [sender, receiver] = [producer(), consumer()];
  await sender.sendBatch([{ body: 'before' }], { partitionId: '0' });
  const { heard } = listen(receiver, '0');
  await expect.poll(() => heard.events.length).toBe(1);
  namespace.cutConnections();
  await sleep(10);
  await sender.sendBatch([{ body: 'after' }], { partitionId: '0' });
  expect((await sender.getPartitionProperties('0')).lastEnqueuedSequenceNumber).toBe(1);
  await expect.poll(() => heard.events.map(({ body }) => body)).toEqual(['before', 'after']);
});

test('from the latest position, only what comes later', async () => {
  await producer().sendBatch([{ body: 'old' }], { partitionId: '0' });
  const texts: unknown[] = [];
  const subscription = consumer().subscribe(
    '0',
    {
      async processEvents(events) {
        texts.push(...events.map(({ body }) => body as unknown));
      },
      async processError() {},
    },
    { startPosition: latestEventPosition },
  );
  open.push(subscription);
  await sleep(300);
  await producer().sendBatch([{ body: 'new' }], { partitionId: '0' });
  await expect.poll(() => texts).toEqual(['new']);
});
