/** The official SDK, unmodified, over TCP against the AMQP front. */
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type MessagingError,
  type PartitionContext,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { partitionOfKey } from '../core/partition-key.js';
import { type LoopbackNamespace, loopbackNamespace } from '../world.testing.js';

let namespace: LoopbackNamespace;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  namespace = await loopbackNamespace({
    hubs: [
      { name: 'faces', partitionCount: 4, consumerGroups: ['analytics'] },
      { name: 'single', partitionCount: 1 },
    ],
    throughputUnits: null,
  });
});

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  await namespace.close();
});

const NO_RETRIES = { retryOptions: { maxRetries: 0, timeoutInMs: 5000 } };

function producer(hub = 'faces', connectionString = namespace.connectionString): EventHubProducerClient {
  const client = new EventHubProducerClient(connectionString, hub, NO_RETRIES);
  open.push(client);
  return client;
}

function consumer(
  hub = 'faces',
  group = '$Default',
  connectionString = namespace.connectionString,
): EventHubConsumerClient {
  const client = new EventHubConsumerClient(group, connectionString, hub, NO_RETRIES);
  open.push(client);
  return client;
}

interface Reading {
  readonly events: (ReceivedEventData & { readonly partitionId: string })[];
  readonly errors: Error[];
  /** Resolves when so many events or errors have come. */
  until(events: number, errors?: number): Promise<void>;
  close(): Promise<void>;
}

function read(
  client: EventHubConsumerClient,
  options: SubscribeOptions & { readonly partitionId?: string } = {},
): Reading {
  const { partitionId, ...subscribeOptions } = options;
  const events: Reading['events'] = [];
  const errors: Error[] = [];
  let changed = () => {};
  const handlers = {
    async processEvents(received: ReceivedEventData[], context: PartitionContext) {
      events.push(...received.map((event) => Object.assign(event, { partitionId: context.partitionId })));
      changed();
    },
    async processError(error: Error) {
      errors.push(error);
      changed();
    },
  };
  const settings = {
    maxBatchSize: 200,
    maxWaitTimeInSeconds: 1,
    startPosition: earliestEventPosition,
    ...subscribeOptions,
  };
  const subscription =
    partitionId === undefined
      ? client.subscribe(handlers, settings)
      : client.subscribe(partitionId, handlers, settings);
  open.push(subscription);
  return {
    events,
    errors,
    until: (wantedEvents, wantedErrors = 0) =>
      new Promise((resolve) => {
        changed = () => {
          if (events.length >= wantedEvents && errors.length >= wantedErrors) resolve();
        };
        changed();
      }),
    close: () => subscription.close(),
  };
}

const bodies = (events: readonly ReceivedEventData[]) => events.map(({ body }) => body as unknown);

describe('properties', () => {
  test('of the hub', async () => {
    const { name, partitionIds, createdOn } = await producer().getEventHubProperties();
    expect(name).toBe('faces');
    expect(partitionIds).toEqual(['0', '1', '2', '3']);
    expect(createdOn.getTime()).toBe(namespace.core.hub('faces').createdAtMs);
  });

  test('of a partition, before and after events', async () => {
    const client = producer('single');
    expect(await client.getPartitionProperties('0')).toMatchObject({
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: -1,
      lastEnqueuedOffset: '-1',
      isEmpty: true,
    });
    await client.sendBatch([{ body: 1 }, { body: 2 }]);
    expect(await client.getPartitionProperties('0')).toMatchObject({
      lastEnqueuedSequenceNumber: 1,
      isEmpty: false,
    });
  });

  test('of a partition that is not there', async () => {
    await expect(producer().getPartitionProperties('7')).rejects.toMatchObject({
      code: 'ArgumentOutOfRangeError',
      message: expect.stringContaining('between 0 and 3'),
    });
  });
});

describe('publishing', () => {
  test('keeps every property of an event', async () => {
    const sent = {
      body: { 안녕: [1, 2.5, null, 'x'] },
      contentType: 'application/json',
      correlationId: 'c-1',
      messageId: 'm-1',
      properties: { store: 'seoul', count: 3, ratio: 0.25, on: true },
    };
    await producer('single').sendBatch([sent]);
    const reading = read(consumer('single'));
    await reading.until(1);
    const [event] = reading.events;
    expect(event).toMatchObject({ ...sent, sequenceNumber: 0, offset: '0' });
    expect(Math.abs((event?.enqueuedTimeUtc.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('by key goes where the service would put it, in order', async () => {
    const client = producer();
    const keys = ['store-1', 'store-2', 'store-3', 'store-4', 'store-5'];
    for (const key of keys)
      await client.sendBatch([{ body: `${key} a` }, { body: `${key} b` }], { partitionKey: key });
    const reading = read(consumer());
    await reading.until(10);
    for (const key of keys) {
      const own = reading.events.filter(({ partitionKey }) => partitionKey === key);
      expect(bodies(own)).toEqual([`${key} a`, `${key} b`]);
      expect(own.map(({ partitionId }) => partitionId)).toEqual([
        String(partitionOfKey(key, 4)),
        String(partitionOfKey(key, 4)),
      ]);
    }
  });

  test('to a partition, and in turn without either', async () => {
    const client = producer();
    await client.sendBatch([{ body: 'to 2' }], { partitionId: '2' });
    for (let index = 0; index < 4; index++) await client.sendBatch([{ body: index }]);
    const reading = read(consumer());
    await reading.until(5);
    expect(reading.events.find(({ body }) => body === 'to 2')?.partitionId).toBe('2');
    const turns = reading.events.filter(({ body }) => typeof body === 'number');
    expect(turns.map(({ partitionId }) => partitionId).sort()).toEqual(['0', '1', '2', '3']);
  });

  test('of a batch made by the SDK, near the limit', async () => {
    const client = producer('single');
    const batch = await client.createBatch();
    expect(batch.maxSizeInBytes).toBe(1024 * 1024);
    const pad = 'x'.repeat(2000);
    while (batch.tryAdd({ body: { n: batch.count, pad } }));
    await client.sendBatch(batch);
    const reading = read(consumer('single'));
    await reading.until(batch.count);
    expect(reading.events.map(({ body }) => (body as { n: number }).n)).toEqual(
      Array.from({ length: batch.count }, (_, n) => n),
    );
  });

  test('of too much at once is refused', async () => {
    const tooMuch = Array.from({ length: 6 }, () => ({ body: 'x'.repeat(200_000) }));
    await expect(producer().sendBatch(tooMuch)).rejects.toMatchObject({ code: 'MessageTooLargeError' });
  });

  test('to a hub or partition that is not there is refused', async () => {
    await expect(producer('nowhere').sendBatch([{ body: 1 }])).rejects.toMatchObject({
      message: expect.stringContaining("'nowhere' could not be found"),
    });
    await expect(producer().sendBatch([{ body: 1 }], { partitionId: '9' })).rejects.toMatchObject({
      code: 'ArgumentOutOfRangeError',
    });
  });

  test('with a wrong key is unauthorised', async () => {
    const forged = namespace.connectionString.replace(/SharedAccessKey=[^;]*/, 'SharedAccessKey=d3Jvbmc=');
    await expect(producer('faces', forged).sendBatch([{ body: 1 }])).rejects.toMatchObject({
      code: 'UnauthorizedError',
      message: expect.stringContaining('signature'),
    });
  });
});

describe('receiving', () => {
  async function published(): Promise<ReceivedEventData[]> {
    await producer('single').sendBatch(Array.from({ length: 6 }, (_, n) => ({ body: n })));
    const reading = read(consumer('single'));
    await reading.until(6);
    await reading.close();
    return reading.events;
  }

  const from = async (startPosition: EventPosition, expected: number): Promise<unknown[]> => {
    const reading = read(consumer('single'), { startPosition });
    await reading.until(expected);
    await reading.close();
    return bodies(reading.events);
  };

  test('begins at a sequence number or offset, inclusive or not, or after a time', async () => {
    const events = await published();
    const third = events[3];
    expect(await from({ sequenceNumber: 3 }, 2)).toEqual([4, 5]);
    expect(await from({ sequenceNumber: 3, isInclusive: true }, 3)).toEqual([3, 4, 5]);
    expect(await from({ offset: third?.offset ?? '' }, 2)).toEqual([4, 5]);
    expect(await from({ offset: third?.offset ?? '', isInclusive: true }, 3)).toEqual([3, 4, 5]);
    expect(await from({ enqueuedOn: (third?.enqueuedTimeUtc.getTime() ?? 0) - 1 }, 6)).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });

  test('from the latest position gets what comes after it', async () => {
    await published();
    const reading = read(consumer('single'), { startPosition: latestEventPosition });
    const late = producer('single');
    // The subscription attaches in its own time: send until something comes.
    for (let attempt = 0; attempt < 100 && reading.events.length === 0; attempt++) {
      await late.sendBatch([{ body: 'late' }]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(new Set(bodies(reading.events))).toEqual(new Set(['late']));
  });

  test('of consumer groups is independent of each other', async () => {
    await producer().sendBatch([{ body: 1 }], { partitionId: '0' });
    const [one, other] = [read(consumer('faces', '$default')), read(consumer('faces', 'ANALYTICS'))];
    await Promise.all([one.until(1), other.until(1)]);
    expect([bodies(one.events), bodies(other.events)]).toEqual([[1], [1]]);
  });

  test('in small portions, by credit, loses and repeats nothing', async () => {
    const client = producer('single');
    const count = 250;
    for (let n = 0; n < count; n += 50) {
      await client.sendBatch(Array.from({ length: 50 }, (_, k) => ({ body: n + k })));
    }
    const reading = read(consumer('single'), { maxBatchSize: 20 });
    await reading.until(count);
    expect(bodies(reading.events)).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  test('can follow the state of the partition', async () => {
    await published();
    const client = consumer('single');
    const seen = await new Promise((resolve) => {
      const subscription = client.subscribe(
        '0',
        {
          async processEvents(_events, context) {
            resolve(context.lastEnqueuedEventProperties?.sequenceNumber);
          },
          async processError() {},
        },
        { startPosition: earliestEventPosition, maxBatchSize: 10, trackLastEnqueuedEventProperties: true },
      );
      open.push(subscription);
    });
    expect(seen).toBe(5);
  });

  test('with a higher owner level takes the partition over', async () => {
    await published();
    const first = read(consumer('single'), { partitionId: '0', ownerLevel: 1 });
    await first.until(6);
    const second = read(consumer('single'), { partitionId: '0', ownerLevel: 2 });
    await Promise.all([second.until(6), first.until(6, 1)]);
    expect((first.errors[0] as MessagingError).code).toBe('ReceiverDisconnectedError');
    const lower = read(consumer('single'), { partitionId: '0', ownerLevel: 1 });
    const none = read(consumer('single'), { partitionId: '0' });
    await Promise.all([lower.until(0, 1), none.until(0, 1)]);
    expect(second.errors).toEqual([]);
  });

  test('of a consumer group or partition that is not there is refused', async () => {
    const reading = read(consumer('faces', 'nobody'), { partitionId: '0' });
    const other = read(consumer('faces'), { partitionId: '4' });
    await Promise.all([reading.until(0, 1), other.until(0, 1)]);
    expect(reading.errors[0]?.message).toContain("'faces/ConsumerGroups/nobody' could not be found");
    expect((other.errors[0] as MessagingError).code).toBe('ArgumentOutOfRangeError');
  });
});

describe('throughput units', () => {
  test('refuse what is too much, until some time has passed', async () => {
    await namespace.close();
    namespace = await loopbackNamespace({ hubs: [{ name: 'faces' }], throughputUnits: 1 });
    const client = producer();
    const batch = Array.from({ length: 700 }, (_, n) => ({ body: n }));
    await client.sendBatch(batch);
    await client.sendBatch(batch);
    await expect(client.sendBatch(batch)).rejects.toMatchObject({ code: 'ServerBusyError', retryable: true });
    await new Promise((resolve) => setTimeout(resolve, 600));
    await client.sendBatch([{ body: 'again' }]);
  });
});
