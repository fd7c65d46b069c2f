import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlobStorage, createBlobFront, openDirectBlobClient } from '../../sim/blob-storage/index.js';
import { type Kernel, openKernel } from '../../sim/kernel/index.js';
import { httpAgentOver, type Link, openLink } from '../../sim/network/index.js';
import { toBlobMetadata } from '../picture-metadata.js';
import { openBlobPictureStore } from './blob-picture-store.js';
import type { Picture, PictureStore } from './picture-store.js';

const START_MS = Date.UTC(2026, 2, 7, 9);
const ACCOUNT = 'storeone';
const KEY = Buffer.from('the key of a storage account').toString('base64');
const ENDPOINT = `http://127.0.0.1/${ACCOUNT}`;

const PICTURE: Picture = {
  name: 'oslo-1/cam-3/20260307T090000.000Z-000000.jpg',
  jpeg: new Uint8Array([0xff, 0xd8, 1, 2, 3]),
  metadata: {
    storeId: 'oslo-1',
    cameraId: 'cam-3',
    section: 'shoes & søks',
    capturedAt: '2026-03-07T09:00:00.000Z',
    people: [{ label: 'person', score: 0.9, box: { left: 1, top: 2, width: 3, height: 4 } }],
  },
};

let kernel: Kernel;
let lan: Link;
let storage: BlobStorage;
beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
  lan = openLink(kernel, 'lan', { latencyMs: 5, bitsPerSecond: null, lossShare: 0 });
  storage = new BlobStorage(kernel, { accounts: [{ name: ACCOUNT, keys: [KEY, KEY] }] });
});
afterEach(() => kernel.close());

const owner = () =>
  openDirectBlobClient(
    storage,
    { account: ACCOUNT, endpoint: ENDPOINT, secret: { kind: 'key', key: KEY } },
    undefined,
  );

/** A store with a signature for `permissions` that is good for an hour. */
function storeWith(permissions: string): PictureStore {
  const sas = generateBlobSASQueryParameters(
    {
      containerName: 'fromcamera',
      permissions: ContainerSASPermissions.parse(permissions),
      expiresOn: new Date(START_MS + 3_600_000),
    },
    new StorageSharedKeyCredential(ACCOUNT, KEY),
  );
  return openBlobPictureStore({
    containerSasUrl: `${ENDPOINT}/fromcamera?${sas}`,
    agent: httpAgentOver(lan, createBlobFront(storage, kernel.rng('requests'))),
  });
}

describe('a store of pictures in blob storage', () => {
  test('needs nothing but the right to create, and says all of the metadata', async () => {
    await kernel.drive(owner().createContainer('fromcamera'));
    await kernel.drive(storeWith('c').put(PICTURE));
    const stored = await kernel.drive(owner().get('fromcamera', PICTURE.name));
    expect(Buffer.from(stored.body)).toEqual(Buffer.from(PICTURE.jpeg));
    expect(stored.metadata).toEqual(toBlobMetadata(PICTURE.metadata));
    expect(stored.contentType).toBe('image/jpeg');
  });

  test('takes a picture for stored whose answer was lost, and leaves it as it is', async () => {
    await kernel.drive(owner().createContainer('fromcamera'));
    storage.onBlobWritten(() => lan.cut());
    const store = storeWith('c');
    await expect(kernel.drive(store.put(PICTURE))).rejects.toThrow();
    lan.restore();
    await kernel.drive(store.put({ ...PICTURE, jpeg: new Uint8Array([9]) }));
    const stored = await kernel.drive(owner().get('fromcamera', PICTURE.name));
    expect(stored.body.length).toBe(PICTURE.jpeg.length);
  });

  test('tries once: a broken link fails at once, and so does a missing container', async () => {
    await expect(kernel.drive(storeWith('c').put(PICTURE))).rejects.toThrow();
    const pending = storeWith('c').put(PICTURE);
    pending.catch(() => {});
    await kernel.runUntil(kernel.clock.now() + 2);
    lan.cut();
    const cutMs = kernel.clock.now();
    await expect(kernel.drive(pending)).rejects.toThrow();
    expect(kernel.clock.now()).toBe(cutMs);
  });

  test('is not refused for good when its signature lacks the right: another may come', async () => {
    await kernel.drive(owner().createContainer('fromcamera'));
    await expect(kernel.drive(storeWith('r').put(PICTURE))).rejects.not.toMatchObject({
      code: 'FF_PICTURE_REFUSED',
    });
  });
});
