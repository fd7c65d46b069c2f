/**
 * One story (uploads at the same instant, a slow link, an outage, a trigger that reads and deletes), told
 * through the official SDK, through direct calls, and through the SDK to Azurite: one digest.
 */
import { describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../kernel/index.js';
import { httpAgentOver, type Link, openLink } from '../network/index.js';
import { type Azurite, startAzurite } from './azurite.js';
import { BlobStorage, type BlobWritten } from './blob-storage.js';
import { type BlobClient, BlobClientError } from './client/blob-client.js';
import { openDirectBlobClient } from './client/direct-client.js';
import { openSdkBlobClient } from './client/sdk-client.js';
import { ACCOUNT, ACCOUNTS, ENDPOINT, KEYS } from './conformance.testing.js';
import { createAzuriteFront } from './front/azurite-front.js';
import { createBlobFront } from './front/blob-front.js';

const START_MS = Date.UTC(2026, 2, 1, 9);
const CONNECTION = { account: ACCOUNT, endpoint: ENDPOINT, secret: { kind: 'key', key: KEYS[0] } } as const;
const SLOW = { latencyMs: 7, bitsPerSecond: 8_000_000, lossShare: 0.1 };

interface Service {
  client(link: Link): BlobClient;
  onBlobWritten(listener: (written: BlobWritten) => void): () => void;
}

function wire(kernel: Kernel): Service {
  const storage = new BlobStorage(kernel, { accounts: ACCOUNTS });
  const server = createBlobFront(storage, kernel.rng('blob-storage/request-id'));
  return {
    client: (link) => openSdkBlobClient(CONNECTION, httpAgentOver(link, server)),
    onBlobWritten: (listener) => storage.onBlobWritten(listener),
  };
}

function direct(kernel: Kernel): Service {
  const storage = new BlobStorage(kernel, { accounts: ACCOUNTS });
  return {
    client: (link) => openDirectBlobClient(storage, CONNECTION, link),
    onBlobWritten: (listener) => storage.onBlobWritten(listener),
  };
}

function overAzurite(kernel: Kernel, azurite: Azurite): Service {
  const front = createAzuriteFront(kernel, azurite);
  return {
    client: (link) => openSdkBlobClient(CONNECTION, httpAgentOver(link, front.server)),
    onBlobWritten: front.onBlobWritten,
  };
}

const RETRY_MS = 2000;
const CAMERAS = 4;
const PICTURES_EACH = 6;

async function tell(kernel: Kernel, service: Service): Promise<string> {
  const uplink = openLink(kernel, 'camera to storage', SLOW);
  const local = openLink(kernel, 'function to storage', { ...SLOW, latencyMs: 1, lossShare: 0 });
  const cameras = service.client(uplink);
  const reader = service.client(local);
  await kernel.drive(reader.createContainer('fromcamera'));
  const handled: Promise<void>[] = [];
  service.onBlobWritten(({ container, name }) => {
    handled.push(handle(kernel, reader, container, name));
  });
  const uploads = Array.from({ length: CAMERAS }, async (_, camera) => {
    for (let picture = 0; picture < PICTURES_EACH; picture++) {
      const body = Buffer.alloc(10_000 + 100 * camera, picture);
      const name = `store/${camera}/${picture}.jpg`;
      while (!(await attempt(kernel, cameras, name, body))) await kernel.clock.sleep(RETRY_MS);
      await kernel.clock.sleep(1000);
    }
  });
  kernel.clock.after(3010, () => uplink.cut());
  kernel.clock.after(9500, () => uplink.restore());
  await kernel.drive(Promise.all(uploads));
  await kernel.drive(Promise.all(handled));
  // An answer that the outage swallowed makes a camera upload again.
  expect(handled.length).toBeGreaterThanOrEqual(CAMERAS * PICTURES_EACH);
  expect(await kernel.drive(reader.list('fromcamera', 'store/'))).toEqual([]);
  return kernel.trace.digest();
}

async function attempt(kernel: Kernel, client: BlobClient, name: string, body: Buffer): Promise<boolean> {
  try {
    await client.put('fromcamera', name, body, { contentType: 'image/jpeg', metadata: { storeid: 'one' } });
    kernel.trace.record('test', name, 'uploaded');
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(BlobClientError);
    kernel.trace.record('test', name, 'failed', { code: (error as BlobClientError).code });
    return false;
  }
}

async function handle(kernel: Kernel, reader: BlobClient, container: string, name: string): Promise<void> {
  const { body, metadata } = await reader.get(container, name);
  kernel.trace.record('test', name, 'read', { bytes: body.byteLength, storeid: metadata.storeid ?? null });
  expect(await reader.delete(container, name)).toBe(true);
  expect(await reader.delete(container, name)).toBe(false);
}

async function digestOf(build: (kernel: Kernel) => Service): Promise<string> {
  const kernel = openKernel({ seed: 5, startMs: START_MS });
  try {
    return await tell(kernel, build(kernel));
  } finally {
    kernel.close();
  }
}

describe('one digest', () => {
  test('by the SDK and by direct calls', async () => {
    expect(await digestOf(wire)).toBe(await digestOf(direct));
  });

  test('by our service and by Azurite', async () => {
    const azurite = await startAzurite(ACCOUNTS);
    try {
      expect(await digestOf((kernel) => overAzurite(kernel, azurite))).toBe(await digestOf(direct));
    } finally {
      await azurite.close();
    }
  });
});
