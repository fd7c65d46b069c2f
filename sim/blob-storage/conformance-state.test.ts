/**
 * The official SDK against our service and against Azurite, continued: blocks, leases, tags, copies, snapshots,
 * access policies. What Azurite does differently is in `DIFFERENCES`, asserted too, so that the list stays true.
 */
import { randomUUID } from 'node:crypto';
import {
  type BlobServiceClient,
  type ContainerClient,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realTimeServices } from '../kernel/index.js';
import { ACCOUNT, KEYS, refusalOf, type Subject, sdkOver, subjectsOf } from './conformance.testing.js';

const services = realTimeServices(2);
const subjects = subjectsOf(services);

/** Where the two answer differently; ours follows the REST reference. */
const DIFFERENCES = {
  ours: { revokedToken: { status: 403, code: 'AuthenticationFailed' } },
  Azurite: { revokedToken: { status: 403, code: 'AuthorizationFailure' } },
} as const;

const HOUR_MS = 3_600_000;
const credential = new StorageSharedKeyCredential(ACCOUNT, KEYS[0]);
const blockId = (text: string) => Buffer.from(text).toString('base64');

describe.each(['ours', 'Azurite'] as const)('the official SDK against %s', (who) => {
  let subject: Subject;
  let service: BlobServiceClient;
  let nextContainer = 0;

  beforeAll(async () => {
    subject = await subjects[who]();
    service = sdkOver(services, subject.server);
  });
  afterAll(() => subject.close());

  async function freshContainer(): Promise<ContainerClient> {
    const container = service.getContainerClient(`state-${nextContainer++}`);
    await container.create();
    return container;
  }

  async function put(container: ContainerClient, name: string, text: string) {
    const blob = container.getBlockBlobClient(name);
    await blob.upload(text, text.length, { blobHTTPHeaders: { blobContentType: 'text/plain' } });
    return blob;
  }

  test('a blob in blocks: staged, listed, committed in any order, changed', async () => {
    const blob = (await freshContainer()).getBlockBlobClient('video.mp4');
    for (const part of ['aa', 'bb', 'cc']) await blob.stageBlock(blockId(part), part, part.length);
    expect(await blob.exists()).toBe(false);
    const staged = await blob.getBlockList('uncommitted');
    expect(staged.uncommittedBlocks?.map(({ name, size }) => [name, size])).toEqual(
      ['aa', 'bb', 'cc'].map((part) => [blockId(part), 2]),
    );
    await blob.commitBlockList([blockId('cc'), blockId('aa')], {
      blobHTTPHeaders: { blobContentType: 'video/mp4' },
      metadata: { camera: '7' },
    });
    expect((await blob.downloadToBuffer()).toString()).toBe('ccaa');
    const { contentType, metadata } = await blob.getProperties();
    expect([contentType, metadata]).toEqual(['video/mp4', { camera: '7' }]);
    await blob.stageBlock(blockId('dd'), 'dd', 2);
    await blob.commitBlockList([blockId('aa'), blockId('dd'), blockId('aa')]);
    expect((await blob.downloadToBuffer()).toString()).toBe('aaddaa');
    const all = await blob.getBlockList('all');
    expect([all.committedBlocks?.length, all.uncommittedBlocks?.length ?? 0]).toEqual([3, 0]);
    expect(await refusalOf(blob.commitBlockList([blockId('zz')]))).toEqual({
      status: 400,
      code: 'InvalidBlockList',
    });
  });

  test('a large upload goes in blocks by itself', async () => {
    const blob = (await freshContainer()).getBlockBlobClient('large');
    const bytes = Buffer.alloc(300_000, 'footfall');
    await blob.uploadData(bytes, { blockSize: 64_000, maxSingleShotSize: 64_000, concurrency: 3 });
    expect(await blob.downloadToBuffer()).toEqual(bytes);
    expect((await blob.getBlockList('committed')).committedBlocks).toHaveLength(5);
  });

  test('a lease on a blob keeps writers without it away', async () => {
    const container = await freshContainer();
    const blob = await put(container, 'checkpoint', '1');
    const lease = blob.getBlobLeaseClient();
    await lease.acquireLease(15);
    expect((await blob.getProperties()).leaseState).toBe('leased');
    expect(await refusalOf(blob.upload('2', 1))).toEqual({ status: 412, code: 'LeaseIdMissing' });
    expect(await refusalOf(blob.delete())).toEqual({ status: 412, code: 'LeaseIdMissing' });
    const wrong = { conditions: { leaseId: randomUUID() } };
    expect(await refusalOf(blob.setMetadata({ a: '1' }, wrong))).toEqual({
      status: 412,
      code: 'LeaseIdMismatchWithBlobOperation',
    });
    await blob.upload('2', 1, { conditions: { leaseId: lease.leaseId } });
    expect((await blob.downloadToBuffer()).toString()).toBe('2');
    expect(await refusalOf(blob.getBlobLeaseClient().acquireLease(15))).toEqual({
      status: 409,
      code: 'LeaseAlreadyPresent',
    });
    const next = randomUUID();
    await lease.changeLease(next);
    await lease.renewLease();
    await lease.releaseLease();
    expect((await blob.getProperties()).leaseState).toBe('available');
    expect(await refusalOf(lease.renewLease())).toMatchObject({ status: 409 });
    await lease.acquireLease(-1);
    await lease.breakLease(0);
    expect((await blob.getProperties()).leaseState).toBe('broken');
    await blob.delete();
  });

  test('a lease on a container keeps it', async () => {
    const container = await freshContainer();
    const lease = container.getBlobLeaseClient();
    await lease.acquireLease(60);
    expect((await container.getProperties()).leaseStatus).toBe('locked');
    expect(await refusalOf(container.delete())).toEqual({ status: 412, code: 'LeaseIdMissing' });
    await container.delete({ conditions: { leaseId: lease.leaseId } });
    expect(await container.exists()).toBe(false);
  });

  test('tags are set, read and searched', async () => {
    const container = await freshContainer();
    const day = `day ${container.containerName}`;
    for (const [name, section] of [
      ['1.jpg', 'bakery'],
      ['2.jpg', 'dairy'],
    ] as const)
      await container.getBlockBlobClient(name).upload('x', 1, { tags: { section, day } });
    const blob = container.getBlobClient('1.jpg');
    expect((await blob.getTags()).tags).toEqual({ section: 'bakery', day });
    expect((await blob.getProperties()).tagCount).toBe(2);
    const find = async (where: string) => {
      const names: string[] = [];
      for await (const { name } of service.findBlobsByTags(where)) names.push(name);
      return names;
    };
    expect(await find(`day = '${day}' AND section >= 'c'`)).toEqual(['2.jpg']);
    await blob.setTags({ section: 'exit', day });
    expect((await find(`@container = '${container.containerName}' AND section = 'exit'`)).sort()).toEqual([
      '1.jpg',
    ]);
    expect(await refusalOf(blob.setTags({ 'a;b': 'x' }))).toMatchObject({ status: 400 });
  });

  test('copies within the account', async () => {
    const container = await freshContainer();
    const source = await put(container, 'source', 'picture');
    await source.setMetadata({ camera: '7' });
    const copy = container.getBlockBlobClient('copy');
    const poller = await copy.beginCopyFromURL(source.url, { intervalInMs: 1 });
    expect((await poller.pollUntilDone()).copyStatus).toBe('success');
    const properties = await copy.getProperties();
    expect([properties.contentType, properties.metadata, properties.copySource]).toEqual([
      'text/plain',
      { camera: '7' },
      source.url,
    ]);
    expect((await copy.downloadToBuffer()).toString()).toBe('picture');
    const absent = container.getBlobClient('absent').url;
    expect(await refusalOf(copy.beginCopyFromURL(absent))).toMatchObject({ status: 404 });
  });

  test('a snapshot stays as the blob was, and the blob cannot go before it', async () => {
    const container = await freshContainer();
    const blob = await put(container, 'a', 'before');
    const { snapshot = '' } = await blob.createSnapshot();
    await blob.upload('after', 5);
    expect((await blob.withSnapshot(snapshot).downloadToBuffer()).toString()).toBe('before');
    const listed: (string | undefined)[] = [];
    for await (const found of container.listBlobsFlat({ includeSnapshots: true }))
      listed.push(found.snapshot);
    expect(listed).toEqual([snapshot, undefined]);
    expect(await refusalOf(blob.delete())).toEqual({ status: 409, code: 'SnapshotsPresent' });
    await blob.delete({ deleteSnapshots: 'only' });
    expect(await refusalOf(blob.withSnapshot(snapshot).getProperties())).toMatchObject({ status: 404 });
    expect(await blob.exists()).toBe(true);
    await blob.createSnapshot();
    await blob.delete({ deleteSnapshots: 'include' });
    expect(await blob.exists()).toBe(false);
  });

  test('a stored access policy stands for a token until it is taken away', async () => {
    const container = await freshContainer();
    await put(container, 'a', 'x');
    const expiresOn = new Date(Date.now() + HOUR_MS);
    const startsOn = new Date(Date.now() - HOUR_MS);
    await container.setAccessPolicy(undefined, [
      { id: 'readers', accessPolicy: { permissions: 'r', startsOn, expiresOn } },
    ]);
    const { signedIdentifiers } = await container.getAccessPolicy();
    expect(signedIdentifiers.map(({ id, accessPolicy }) => [id, accessPolicy?.permissions])).toEqual([
      ['readers', 'r'],
    ]);
    const sas = generateBlobSASQueryParameters(
      { containerName: container.containerName, identifier: 'readers' },
      credential,
    ).toString();
    const reader = sdkOver(services, subject.server, sas).getContainerClient(container.containerName);
    expect((await reader.getBlobClient('a').downloadToBuffer()).toString()).toBe('x');
    expect(await refusalOf(reader.getBlobClient('a').delete())).toEqual({
      status: 403,
      code: 'AuthorizationPermissionMismatch',
    });
    await container.setAccessPolicy(undefined, []);
    expect(await refusalOf(reader.getBlobClient('a').download())).toEqual(DIFFERENCES[who].revokedToken);
  });
});
