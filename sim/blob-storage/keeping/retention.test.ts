import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { BlobStorage } from '../blob-storage.js';
import type { BlobClient } from '../client/blob-client.js';
import { openDirectBlobClient } from '../client/direct-client.js';
import { ACCOUNT, ACCOUNTS, ENDPOINT, KEYS } from '../conformance.testing.js';
import { startRetentionSweep } from './retention.js';

const START_MS = Date.UTC(2026, 2, 1, 9);
const HOUR_MS = 3_600_000;
const POLICY = { container: 'fromcamera', keepMs: 2 * HOUR_MS, everyMs: HOUR_MS / 4 };

let kernel: Kernel;
let client: BlobClient;

beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
  const storage = new BlobStorage(kernel, { accounts: ACCOUNTS });
  client = openDirectBlobClient(
    storage,
    { account: ACCOUNT, endpoint: ENDPOINT, secret: { kind: 'key', key: KEYS[0] } },
    undefined,
  );
});
afterEach(() => kernel.close());

test('what is older than its retention goes, what is younger stays', async () => {
  await kernel.drive(client.createContainer('fromcamera'));
  for (let hour = 0; hour < 6; hour++)
    kernel.clock.after(hour * HOUR_MS, () => client.put('fromcamera', `${hour}.jpg`, Buffer.from('x')));
  const failures: unknown[] = [];
  const sweep = startRetentionSweep(kernel.clock, client, POLICY, (error) => failures.push(error));
  await kernel.runUntil(START_MS + 5.5 * HOUR_MS);
  const left = await kernel.drive(client.list('fromcamera'));
  expect(left.map(({ name }) => name)).toEqual(['4.jpg', '5.jpg']);
  expect(sweep.deleted).toBe(4);
  sweep.stop();
  await kernel.runUntil(START_MS + 24 * HOUR_MS);
  expect(sweep.deleted).toBe(4);
  expect(failures).toEqual([]);
});

test('a sweep that fails is reported, and the next one goes on', async () => {
  const failures: unknown[] = [];
  const sweep = startRetentionSweep(kernel.clock, client, POLICY, (error) => failures.push(error));
  await kernel.runUntil(START_MS + HOUR_MS / 2);
  expect(failures).toMatchObject([
    { serviceCode: 'ContainerNotFound' },
    { serviceCode: 'ContainerNotFound' },
  ]);
  await kernel.drive(client.createContainer('fromcamera'));
  await client.put('fromcamera', 'a', Buffer.from('x'));
  await kernel.runUntil(START_MS + 4 * HOUR_MS);
  expect(sweep.deleted).toBe(1);
  sweep.stop();
});
