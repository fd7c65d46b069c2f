/** What becomes of blobs over time, in virtual time: soft delete, lifecycle rules, leases, events. */
import type { BlobServiceClient } from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../kernel/index.js';
import type { BlobStorage } from './blob-storage.js';
import { ACCOUNT, ourServer, refusalOf, sdkOver } from './conformance.testing.js';
import type { BlobEvent } from './keeping/change-feed.js';
import { parseLifecyclePolicy, startLifecycle } from './keeping/lifecycle.js';

const START_MS = Date.UTC(2026, 2, 1, 9);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
let kernel: Kernel;
let storage: BlobStorage;
let service: BlobServiceClient;

beforeEach(async () => {
  kernel = openKernel({ seed: 5, startMs: START_MS });
  const ours = ourServer(kernel);
  storage = ours.storage;
  service = sdkOver(kernel, ours.server);
  await kernel.drive(service.getContainerClient('pictures').create());
});
afterEach(() => kernel.close());

const blobOf = (name: string) => service.getContainerClient('pictures').getBlockBlobClient(name);
const put = (name: string, text = name) => kernel.drive(blobOf(name).upload(text, text.length));

async function listed(options: { includeDeleted?: boolean; includeSnapshots?: boolean } = {}) {
  const names: string[] = [];
  for await (const { name, deleted, snapshot } of service
    .getContainerClient('pictures')
    .listBlobsFlat(options))
    names.push(`${name}${snapshot ? '@' : ''}${deleted ? ' (deleted)' : ''}`);
  return names;
}

describe('soft delete', () => {
  const enable = () =>
    kernel.drive(service.setProperties({ deleteRetentionPolicy: { enabled: true, days: 7 } }));

  test('keeps a deleted blob and what was written over it, to be restored', async () => {
    await enable();
    expect((await kernel.drive(service.getProperties())).deleteRetentionPolicy).toMatchObject({
      enabled: true,
      days: 7,
    });
    await put('a', 'first');
    await put('a', 'second');
    await kernel.drive(blobOf('a').delete());
    expect(await kernel.drive(listed())).toEqual([]);
    expect(await kernel.drive(listed({ includeDeleted: true, includeSnapshots: true }))).toEqual([
      'a@ (deleted)',
      'a (deleted)',
    ]);
    await kernel.drive(blobOf('a').undelete());
    expect((await kernel.drive(blobOf('a').downloadToBuffer())).toString()).toBe('second');
    expect(await kernel.drive(listed({ includeSnapshots: true }))).toEqual(['a@', 'a']);
  });

  test('lets go after its days', async () => {
    await enable();
    await put('a');
    await kernel.drive(blobOf('a').delete());
    await kernel.runUntil(START_MS + 8 * DAY_MS);
    expect(await kernel.drive(listed({ includeDeleted: true }))).toEqual([]);
    expect(await kernel.drive(refusalOf(blobOf('a').undelete()))).toEqual({
      status: 404,
      code: 'BlobNotFound',
    });
  });
});

describe('lifecycle rules', () => {
  const rule = (definition: object) => ({ rules: [{ name: 'pictures', type: 'Lifecycle', definition }] });

  test('delete what is old, matches prefix and tags, and is not leased', async () => {
    const policy = parseLifecyclePolicy(
      rule({
        filters: {
          blobTypes: ['blockBlob'],
          prefixMatch: ['pictures/one/'],
          blobIndexMatch: [{ name: 'keep', op: '==', value: 'no' }],
        },
        actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 2 } } },
      }),
    );
    const stop = startLifecycle(kernel.clock, storage, ACCOUNT, policy);
    for (const [name, keep] of [
      ['one/a', 'no'],
      ['one/b', 'yes'],
      ['two/a', 'no'],
      ['one/leased', 'no'],
    ] as const)
      await kernel.drive(blobOf(name).upload('x', 1, { tags: { keep } }));
    await kernel.drive(blobOf('one/leased').getBlobLeaseClient().acquireLease(-1));
    await kernel.runUntil(START_MS + 2.5 * DAY_MS);
    expect(await kernel.drive(listed())).toHaveLength(4);
    await kernel.runUntil(START_MS + 3.5 * DAY_MS);
    expect(await kernel.drive(listed())).toEqual(['one/b', 'one/leased', 'two/a']);
    stop();
  });

  test('take old snapshots before the blob', async () => {
    const policy = parseLifecyclePolicy(
      rule({
        actions: {
          baseBlob: { delete: { daysAfterCreationGreaterThan: 1 } },
          snapshot: { delete: { daysAfterCreationGreaterThan: 1 } },
        },
      }),
    );
    await put('a');
    await kernel.drive(blobOf('a').createSnapshot());
    startLifecycle(kernel.clock, storage, ACCOUNT, policy);
    await kernel.runUntil(START_MS + 3 * DAY_MS);
    expect(await kernel.drive(listed({ includeSnapshots: true }))).toEqual([]);
  });

  test.each([
    [{ rules: [{ name: 'x', type: 'Lifecycle' }] }, /rules\.0\.definition/],
    [rule({ actions: { baseBlob: { delete: {} } } }), /delete: names no number of days/],
  ])('that say nothing clear are refused', (json, message) => {
    expect(() => parseLifecyclePolicy(json)).toThrow(message);
  });
});

test('a blob comes out of the archive after hours, and can then be read', async () => {
  await put('a', 'picture');
  await kernel.drive(blobOf('a').setAccessTier('Archive'));
  await kernel.drive(blobOf('a').setAccessTier('Cool', { rehydratePriority: 'Standard' }));
  expect(await kernel.drive(refusalOf(blobOf('a').downloadToBuffer()))).toEqual({
    status: 409,
    code: 'BlobArchived',
  });
  await kernel.runUntil(START_MS + 16 * HOUR_MS);
  expect((await kernel.drive(blobOf('a').downloadToBuffer())).toString()).toBe('picture');
  const { accessTier, archiveStatus } = await kernel.drive(blobOf('a').getProperties());
  expect([accessTier, archiveStatus]).toEqual(['Cool', undefined]);
});

test('a lease ends by itself after its time, and its holder may take it up again', async () => {
  await put('a');
  const lease = blobOf('a').getBlobLeaseClient();
  await kernel.drive(lease.acquireLease(15));
  await kernel.runUntil(START_MS + 20_000);
  expect((await kernel.drive(blobOf('a').getProperties())).leaseState).toBe('expired');
  await kernel.drive(lease.renewLease());
  await kernel.runUntil(START_MS + 40_000);
  await put('a', 'by another');
  expect(await kernel.drive(refusalOf(lease.renewLease()))).toMatchObject({ status: 409 });
});

test('creations and deletions are told in the shape of Event Grid', async () => {
  const events: BlobEvent[] = [];
  const stop = storage.onEvent((event) => events.push(event));
  await put('one/a.jpg', 'picture');
  await kernel.drive(blobOf('b').syncCopyFromURL(blobOf('one/a.jpg').url));
  await kernel.drive(blobOf('one/a.jpg').setMetadata({ seen: 'yes' }));
  await kernel.drive(blobOf('one/a.jpg').delete());
  stop();
  await put('unheard');
  expect(events.map(({ eventType, data }) => [eventType, data.api])).toEqual([
    ['Microsoft.Storage.BlobCreated', 'PutBlob'],
    ['Microsoft.Storage.BlobCreated', 'CopyBlob'],
    ['Microsoft.Storage.BlobDeleted', 'DeleteBlob'],
  ]);
  expect(events[0]).toMatchObject({
    subject: '/blobServices/default/containers/pictures/blobs/one/a.jpg',
    eventTime: new Date(START_MS).toISOString(),
    data: { contentLength: 7, url: `https://${ACCOUNT}.blob.core.windows.net/pictures/one/a.jpg` },
  });
  expect((events[2]?.data.sequencer ?? '') > (events[0]?.data.sequencer ?? '')).toBe(true);
});
