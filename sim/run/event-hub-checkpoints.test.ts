/** Consumers that share a hub's partitions through checkpoints in blob storage: two stand-ins under the official SDKs. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  type ReceivedEventData,
  type Subscription,
} from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlobStorage } from '../blob-storage/blob-storage.js';
import { createBlobFront } from '../blob-storage/front/blob-front.js';
import {
  AmqpFront,
  EventHubsCore,
  loopbackConnectionString,
  namespaceConfiguration,
} from '../event-hubs/index.js';
import { realTimeServices } from '../kernel/real-time.js';

const PARTITIONS = 4;
const KEY = Buffer.from('checkpoints').toString('base64');

let blobServer: Server;
let front: AmqpFront;
let connectionString: string;
let container: ContainerClient;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  const services = realTimeServices('checkpoints');
  const storage = new BlobStorage(services, { accounts: [{ name: 'storeone', keys: [KEY, KEY] }] });
  blobServer = createBlobFront(storage, services.rng('request-ids')).listen(0, '127.0.0.1');
  await once(blobServer, 'listening');
  const { port } = blobServer.address() as AddressInfo;
  container = new ContainerClient(
    `http://127.0.0.1:${port}/storeone/checkpoints`,
    new StorageSharedKeyCredential('storeone', KEY),
  );
  await container.create();
  const core = new EventHubsCore(
    services,
    namespaceConfiguration({ hubs: [{ name: 'faces', partitionCount: PARTITIONS }] }),
  );
  front = new AmqpFront(core);
  connectionString = loopbackConnectionString(core, await front.listen(0, '127.0.0.1'));
});

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  await front.close();
  blobServer.closeAllConnections();
  blobServer.close();
});

interface Worker {
  readonly bodies: unknown[];
  readonly partitions: Set<string>;
  readonly subscription: Subscription;
}

function worker(): Worker {
  const client = new EventHubConsumerClient(
    '$Default',
    connectionString,
    'faces',
    new BlobCheckpointStore(container),
    {
      loadBalancingOptions: {
        strategy: 'greedy',
        updateIntervalInMs: 100,
        partitionOwnershipExpirationIntervalInMs: 5000,
      },
    },
  );
  open.push(client);
  const bodies: unknown[] = [];
  const partitions = new Set<string>();
  const subscription = client.subscribe(
    {
      async processInitialize({ partitionId }) {
        partitions.add(partitionId);
      },
      async processClose(_reason, { partitionId }) {
        partitions.delete(partitionId);
      },
      async processEvents(events: ReceivedEventData[], context) {
        bodies.push(...events.map(({ body }) => body as unknown));
        const last = events.at(-1);
        if (last) await context.updateCheckpoint(last);
      },
      async processError() {},
    },
    { startPosition: earliestEventPosition, maxBatchSize: 10, maxWaitTimeInSeconds: 1 },
  );
  return { bodies, partitions, subscription };
}

async function publish(from: number, to: number): Promise<void> {
  const producer = new EventHubProducerClient(connectionString, 'faces');
  for (let n = from; n < to; n++) {
    await producer.sendBatch([{ body: n }], { partitionId: String(n % PARTITIONS) });
  }
  await producer.close();
}

const numbers = (values: readonly unknown[]) => [...values].map(Number).sort((a, b) => a - b);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
const patience = { timeout: 15_000, interval: 20 };

describe('checkpoints in blob storage', () => {
  test('let a consumer go on where another one stopped', async () => {
    await publish(0, 40);
    const first = worker();
    await expect.poll(() => first.bodies.length, patience).toBe(40);
    await first.subscription.close();
    await publish(40, 60);
    const second = worker();
    await expect.poll(() => numbers(second.bodies), patience).toEqual(range(40, 60));
    expect(numbers(first.bodies)).toEqual(range(0, 40));
  });

  test('share the partitions of a hub among consumers', async () => {
    const workers = [worker(), worker()];
    // While ownership moves, both may hold a partition for a moment: the balance counts once it is exact.
    const shares = () => {
      const held = workers.map(({ partitions }) => [...partitions]);
      return { sizes: held.map(({ length }) => length), partitions: numbers(held.flat()) };
    };
    const half = PARTITIONS / 2;
    await expect.poll(shares, patience).toEqual({ sizes: [half, half], partitions: range(0, PARTITIONS) });
    await publish(0, 20);
    const all = () => numbers([...new Set(workers.flatMap(({ bodies }) => bodies))]);
    await expect.poll(all, patience).toEqual(range(0, 20));
  });
});
