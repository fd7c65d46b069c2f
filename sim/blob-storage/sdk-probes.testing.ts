/** One call of every method of `@azure/storage-blob`'s clients that asks a service something, and what comes of it. */
import {
  AnonymousCredential,
  type BlobBatchClient,
  type BlobServiceClient,
  type BlockBlobClient,
  type ContainerClient,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { ACCOUNT, KEYS, refusalOf } from './conformance.testing.js';

/** A service with a container of the probe's own. */
export interface ProbeWorld {
  readonly service: BlobServiceClient;
  readonly container: ContainerClient;
}

/** What came back, in words that are the same in every run. */
type Probe = (world: ProbeWorld) => Promise<unknown>;

export type ClientName =
  | 'BlobServiceClient'
  | 'ContainerClient'
  | 'BlobClient'
  | 'BlockBlobClient'
  | 'AppendBlobClient'
  | 'PageBlobClient'
  | 'BlobBatchClient'
  | 'BlobLeaseClient';

const DAY_MS = 86_400_000;
const credential = new StorageSharedKeyCredential(ACCOUNT, KEYS[0]);
const blockId = (text: string) => Buffer.from(text).toString('base64');
const PAGE_BYTES = 512;

async function put({ container }: ProbeWorld, name = 'a', text = 'text'): Promise<BlockBlobClient> {
  const blob = container.getBlockBlobClient(name);
  await blob.upload(text, text.length);
  return blob;
}

async function appendable({ container }: ProbeWorld) {
  const blob = container.getAppendBlobClient('log');
  await blob.create();
  return blob;
}

async function names(found: AsyncIterable<{ readonly name: string }>): Promise<string> {
  const list: string[] = [];
  for await (const { name } of found) list.push(name);
  return list.join(' ');
}

const textOf = async (blob: BlockBlobClient | { downloadToBuffer(): Promise<Buffer> }) =>
  (await blob.downloadToBuffer()).toString();

/** How a probe went: what it gave, or the status and code of the refusal. */
export async function outcomeOf(probe: Probe, world: ProbeWorld): Promise<string> {
  let value: unknown;
  const refusal = await refusalOf(
    probe(world).then((given) => {
      value = given;
    }),
  );
  if (refusal.status === 'succeeded')
    return typeof value === 'string' ? value : JSON.stringify(value ?? 'done');
  return `${refusal.status ?? 'failed'} ${refusal.code ?? ''}`.trim();
}

export const PROBES: Readonly<Record<ClientName, Readonly<Record<string, Probe>>>> = {
  BlobServiceClient: {
    createContainer: async ({ service, container }) =>
      (await service.createContainer(`${container.containerName}-b`)).containerCreateResponse._response
        .status,
    deleteContainer: async ({ service, container }) =>
      (await service.deleteContainer(container.containerName))._response.status,
    undeleteContainer: ({ service }) =>
      service.undeleteContainer('gone', '01D0000000000000').then(() => 'done'),
    getProperties: async ({ service }) => (await service.getProperties()).deleteRetentionPolicy,
    setProperties: async ({ service }) => {
      const off = { enabled: false };
      return (await service.setProperties({ deleteRetentionPolicy: off }))._response.status;
    },
    getStatistics: async ({ service }) => (await service.getStatistics())._response.status,
    getAccountInfo: async ({ service }) => {
      const { accountKind, skuName } = await service.getAccountInfo();
      return [accountKind, skuName];
    },
    listContainers: async ({ service, container }) =>
      (await names(service.listContainers({ prefix: container.containerName }))) === container.containerName,
    findBlobsByTags: async (world) => {
      const section = world.container.containerName;
      await world.container.getBlockBlobClient('a').upload('x', 1, { tags: { section } });
      return names(world.service.findBlobsByTags(`section = '${section}'`));
    },
    getUserDelegationKey: async ({ service }) => {
      const now = Date.now();
      await service.getUserDelegationKey(new Date(now), new Date(now + DAY_MS));
      return 'a key';
    },
  },
  ContainerClient: {
    create: ({ container }) => container.create(),
    createIfNotExists: async ({ container }) => (await container.createIfNotExists()).succeeded,
    exists: ({ container }) => container.exists(),
    getProperties: async ({ container }) => {
      const { hasImmutabilityPolicy, hasLegalHold, leaseState } = await container.getProperties();
      return { leaseState, hasImmutabilityPolicy, hasLegalHold };
    },
    delete: async ({ container }) => (await container.delete())._response.status,
    deleteIfExists: async ({ container }) => (await container.deleteIfExists()).succeeded,
    setMetadata: async ({ container }) => {
      await container.setMetadata({ shop: 'corner' });
      return (await container.getProperties()).metadata;
    },
    getAccessPolicy: async ({ container }) => (await container.getAccessPolicy()).signedIdentifiers,
    setAccessPolicy: async ({ container }) => {
      await container.setAccessPolicy(undefined, [{ id: 'one', accessPolicy: { permissions: 'r' } }]);
      return (await container.getAccessPolicy()).signedIdentifiers.map(({ id }) => id);
    },
    uploadBlockBlob: async ({ container }) =>
      textOf((await container.uploadBlockBlob('a', 'x', 1)).blockBlobClient),
    deleteBlob: async (world) => {
      await put(world);
      return (await world.container.deleteBlob('a'))._response.status;
    },
    listBlobsFlat: async (world) => {
      for (const name of ['b', 'a/1']) await put(world, name);
      return names(world.container.listBlobsFlat());
    },
    listBlobsByHierarchy: async (world) => {
      for (const name of ['b', 'a/1']) await put(world, name);
      const found: string[] = [];
      for await (const { kind, name } of world.container.listBlobsByHierarchy('/'))
        found.push(`${kind} ${name}`);
      return found.sort().join(', ');
    },
    findBlobsByTags: async ({ container }) => {
      await container.getBlockBlobClient('a').upload('x', 1, { tags: { section: 'bakery' } });
      return names(container.findBlobsByTags("section = 'bakery'"));
    },
    getAccountInfo: async ({ container }) => (await container.getAccountInfo()).accountKind,
  },
  BlobClient: {
    download: async (world) => {
      const { blobType, contentLength, _response } = await (await put(world)).download(1, 2);
      return [blobType, contentLength, _response.status];
    },
    downloadToBuffer: async (world) => textOf(await put(world)),
    downloadToFile: async (world) => (await (await put(world)).downloadToFile('/dev/null')).contentLength,
    exists: ({ container }) => container.getBlobClient('none').exists(),
    getProperties: async (world) => {
      const found = await (await put(world)).getProperties();
      const { accessTier, accessTierInferred, blobType, contentLength, isServerEncrypted, leaseState } =
        found;
      return { blobType, contentLength, leaseState, accessTier, accessTierInferred, isServerEncrypted };
    },
    delete: async (world) => (await (await put(world)).delete())._response.status,
    deleteIfExists: async ({ container }) =>
      (await container.getBlobClient('none').deleteIfExists()).succeeded,
    undelete: async (world) => (await (await put(world)).undelete())._response.status,
    setHTTPHeaders: async (world) => {
      const blob = await put(world);
      await blob.setHTTPHeaders({ blobContentType: 'image/jpeg', blobContentDisposition: 'inline' });
      const { contentDisposition, contentType } = await blob.getProperties();
      return [contentType, contentDisposition];
    },
    setMetadata: async (world) => {
      const blob = await put(world);
      await blob.setMetadata({ Camera: '7' });
      return (await blob.getProperties()).metadata;
    },
    setTags: async (world) => (await (await put(world)).setTags({ section: 'a' }))._response.status,
    getTags: async (world) => (await (await put(world)).getTags()).tags,
    createSnapshot: async (world) => {
      const blob = await put(world);
      const { snapshot = '' } = await blob.createSnapshot();
      await blob.upload('new', 3);
      return textOf(blob.withSnapshot(snapshot));
    },
    beginCopyFromURL: async (world) => {
      const source = await put(world);
      const poller = await world.container
        .getBlobClient('b')
        .beginCopyFromURL(source.url, { intervalInMs: 1 });
      return (await poller.pollUntilDone()).copyStatus;
    },
    abortCopyFromURL: async (world) =>
      (await (await put(world)).abortCopyFromURL('00000000-0000-0000-0000-000000000000'))._response.status,
    syncCopyFromURL: async (world) => {
      const source = await put(world);
      const { copyStatus, _response } = await world.container.getBlobClient('b').syncCopyFromURL(source.url);
      return [copyStatus, _response.status];
    },
    'setAccessTier, to Cool': async (world) => {
      const blob = await put(world);
      const { _response } = await blob.setAccessTier('Cool');
      return [_response.status, (await blob.getProperties()).accessTier];
    },
    'setAccessTier, to Archive, and reading': async (world) => {
      const blob = await put(world);
      await blob.setAccessTier('Archive');
      return textOf(blob);
    },
    'setAccessTier, from Archive to Hot': async (world) => {
      const blob = await put(world);
      await blob.setAccessTier('Archive');
      const { _response } = await blob.setAccessTier('Hot');
      const { accessTier, archiveStatus } = await blob.getProperties();
      return [_response.status, accessTier, archiveStatus];
    },
    getAccountInfo: async (world) => (await (await put(world)).getAccountInfo()).accountKind,
    setImmutabilityPolicy: async (world) => {
      const policy = { policyMode: 'Unlocked', expiriesOn: new Date(Date.now() + DAY_MS) } as const;
      await (await put(world)).setImmutabilityPolicy(policy);
    },
    deleteImmutabilityPolicy: async (world) =>
      (await (await put(world)).deleteImmutabilityPolicy())._response.status,
    setLegalHold: async (world) => (await (await put(world)).setLegalHold(true)).legalHold,
    'withVersion, download': async (world) =>
      textOf((await put(world)).withVersion('2026-03-01T10:00:00.0000000Z')),
  },
  BlockBlobClient: {
    upload: async ({ container }) => {
      const blob = container.getBlockBlobClient('a');
      return (await blob.upload('x', 1, { tier: 'Cool' }))._response.status;
    },
    uploadData: async ({ container }) => {
      const blob = container.getBlockBlobClient('a');
      await blob.uploadData(Buffer.from('text'), { blockSize: 2, maxSingleShotSize: 1 });
      return textOf(blob);
    },
    uploadFile: async ({ container }) => {
      const blob = container.getBlockBlobClient('a');
      await blob.uploadFile(import.meta.filename);
      return (await textOf(blob)).startsWith('/** One call');
    },
    uploadStream: async ({ container }) => {
      const blob = container.getBlockBlobClient('a');
      const { Readable } = await import('node:stream');
      await blob.uploadStream(Readable.from([Buffer.from('te'), Buffer.from('xt')]), 2, 2);
      return textOf(blob);
    },
    syncUploadFromURL: async (world) => {
      const source = await put(world);
      const blob = world.container.getBlockBlobClient('b');
      await blob.syncUploadFromURL(source.url);
      return textOf(blob);
    },
    stageBlock: async ({ container }) =>
      (await container.getBlockBlobClient('a').stageBlock(blockId('1'), 'x', 1))._response.status,
    stageBlockFromURL: async (world) => {
      const source = await put(world);
      const blob = world.container.getBlockBlobClient('b');
      await blob.stageBlockFromURL(blockId('1'), source.url, 1, 2);
      await blob.commitBlockList([blockId('1')]);
      return textOf(blob);
    },
    commitBlockList: ({ container }) => container.getBlockBlobClient('a').commitBlockList([blockId('none')]),
    getBlockList: async ({ container }) => {
      const blob = container.getBlockBlobClient('a');
      await blob.stageBlock(blockId('1'), 'x', 1);
      return (await blob.getBlockList('uncommitted')).uncommittedBlocks?.map(({ size }) => size);
    },
    query: async (world) => {
      await (await put(world, 'a', 'x,y\n')).query('SELECT * FROM BlobStorage');
      return 'rows';
    },
  },
  AppendBlobClient: {
    create: async ({ container }) => {
      const blob = container.getAppendBlobClient('log');
      await blob.create({ metadata: { a: '1' } });
      const { blobCommittedBlockCount, blobType, metadata } = await blob.getProperties();
      return { blobType, blobCommittedBlockCount, metadata };
    },
    createIfNotExists: async (world) => (await (await appendable(world)).createIfNotExists()).succeeded,
    appendBlock: async (world) => {
      const blob = await appendable(world);
      await blob.appendBlock('one ', 4);
      const { blobAppendOffset, blobCommittedBlockCount } = await blob.appendBlock('two', 3);
      return [await textOf(blob), blobAppendOffset, blobCommittedBlockCount];
    },
    'appendBlock, at a position that is past': async (world) => {
      const blob = await appendable(world);
      await blob.appendBlock('one', 3);
      await blob.appendBlock('two', 3, { conditions: { appendPosition: 0 } });
    },
    'appendBlock, beyond the size asked for': async (world) =>
      (await appendable(world)).appendBlock('three', 5, { conditions: { maxSize: 4 } }),
    'appendBlock, to a block blob': async (world) => {
      await put(world, 'log');
      await world.container.getAppendBlobClient('log').appendBlock('x', 1);
    },
    'stageBlock, to an append blob': async (world) => {
      await appendable(world);
      await world.container.getBlockBlobClient('log').stageBlock(blockId('1'), 'x', 1);
    },
    'setAccessTier, of an append blob': async (world) => {
      await (await appendable(world)).setAccessTier('Cool');
    },
    appendBlockFromURL: async (world) => {
      const source = await put(world);
      const blob = await appendable(world);
      await blob.appendBlockFromURL(source.url, 1, 2);
      return textOf(blob);
    },
    'seal, and appending': async (world) => {
      const blob = await appendable(world);
      await blob.seal();
      await blob.appendBlock('x', 1);
    },
    seal: async (world) => {
      const blob = await appendable(world);
      await blob.seal();
      return (await blob.getProperties()).isSealed;
    },
  },
  PageBlobClient: Object.fromEntries(
    (
      [
        ['create', ({ container }) => container.getPageBlobClient('disk').create(PAGE_BYTES)],
        [
          'createIfNotExists',
          ({ container }) => container.getPageBlobClient('disk').createIfNotExists(PAGE_BYTES),
        ],
        [
          'uploadPages',
          ({ container }) =>
            container.getPageBlobClient('disk').uploadPages(Buffer.alloc(PAGE_BYTES), 0, PAGE_BYTES),
        ],
        ['clearPages', ({ container }) => container.getPageBlobClient('disk').clearPages(0, PAGE_BYTES)],
        [
          'getPageRanges',
          ({ container }) => container.getPageBlobClient('disk').getPageRanges(0, PAGE_BYTES),
        ],
        ['resize', ({ container }) => container.getPageBlobClient('disk').resize(2 * PAGE_BYTES)],
        [
          'updateSequenceNumber',
          ({ container }) => container.getPageBlobClient('disk').updateSequenceNumber('increment'),
        ],
      ] satisfies readonly (readonly [string, Probe])[]
    ).map(([name, probe]) => [name, async (world: ProbeWorld) => probe(world).then(() => 'done')]),
  ),
  BlobBatchClient: {
    deleteBlobs: async (world) => {
      const blobs = [
        await put(world, 'a'),
        await put(world, 'b'),
        world.container.getBlockBlobClient('none'),
      ];
      const batch = world.service.getBlobBatchClient();
      const { subResponses } = await batch.deleteBlobs(blobs);
      return [
        subResponses.map(({ errorCode, status }) => errorCode ?? status),
        await names(world.container.listBlobsFlat()),
      ];
    },
    'deleteBlobs, of a container': async (world) => {
      const blobs = [await put(world, 'a'), await put(world, 'b')];
      const { subResponsesFailedCount, subResponsesSucceededCount } = await world.container
        .getBlobBatchClient()
        .deleteBlobs(blobs);
      return [subResponsesSucceededCount, subResponsesFailedCount];
    },
    'deleteBlobs, one of them without a credential': async (world) => {
      const blobs = [await put(world, 'a'), await put(world, 'b')];
      const urls = blobs.map(({ url }) => url);
      const { BlobBatch } = await import('@azure/storage-blob');
      const batch = new BlobBatch();
      await batch.deleteBlob(urls[0] ?? '', credential);
      await batch.deleteBlob(urls[1] ?? '', new AnonymousCredential());
      const { subResponses } = await world.service.getBlobBatchClient().submitBatch(batch);
      return subResponses.map(({ status }) => status);
    },
    setBlobsAccessTier: async (world) => {
      const blobs = [await put(world, 'a'), await put(world, 'b')];
      const batch: BlobBatchClient = world.service.getBlobBatchClient();
      const { subResponses } = await batch.setBlobsAccessTier(blobs, 'Cool');
      return [subResponses.map(({ status }) => status), (await blobs[1]?.getProperties())?.accessTier];
    },
  },
  BlobLeaseClient: {
    acquireLease: async (world) =>
      (await (await put(world)).getBlobLeaseClient().acquireLease(15))._response.status,
    renewLease: async (world) => {
      const lease = (await put(world)).getBlobLeaseClient();
      await lease.acquireLease(15);
      return typeof (await lease.renewLease()).leaseId;
    },
    changeLease: async (world) => {
      const lease = (await put(world)).getBlobLeaseClient();
      await lease.acquireLease(15);
      return (await lease.changeLease('11111111-2222-4333-8444-555555555555')).leaseId;
    },
    releaseLease: async (world) => {
      const lease = (await put(world)).getBlobLeaseClient();
      await lease.acquireLease(15);
      return (await lease.releaseLease())._response.status;
    },
    breakLease: async (world) => {
      const lease = (await put(world)).getBlobLeaseClient();
      await lease.acquireLease(-1);
      return (await lease.breakLease(0)).leaseTime;
    },
  },
};

/** Methods that ask no service anything, or are another method page by page or under another name. */
export const LOCAL: ReadonlySet<string> = new Set([
  ...[
    'getContainerClient',
    'getBlobClient',
    'getBlockBlobClient',
    'getAppendBlobClient',
    'getPageBlobClient',
  ],
  ...[
    'getBlobBatchClient',
    'getBlobLeaseClient',
    'createBatch',
    'submitBatch',
    'withSnapshot',
    'withVersion',
  ],
  ...[
    'name',
    'containerName',
    'leaseId',
    'url',
    'getContainerNameFromUrl',
    'getBlobAndContainerNamesFromUrl',
  ],
  ...['generateSasUrl', 'generateSasStringToSign', 'generateAccountSasUrl'],
  ...['generateUserDelegationSasUrl', 'generateUserDelegationSasStringToSign'],
  ...[
    'listContainersSegment',
    'listSegments',
    'listItems',
    'findBlobsByTagsSegment',
    'findBlobsByTagsSegments',
  ],
  ...['findBlobsByTagsItems', 'listBlobFlatSegment', 'listBlobHierarchySegment', 'listHierarchySegments'],
  ...['listItemsByHierarchy', 'startCopyFromURL', 'uploadBrowserData', 'uploadSeekableInternal'],
  ...['listPageRangesSegment', 'listPageRangeItemSegments', 'listPageRangeItems', 'listPageRanges'],
  ...[
    'getPageRangesDiff',
    'listPageRangesDiffSegment',
    'listPageRangeDiffItemSegments',
    'listPageRangeDiffItems',
  ],
  ...['listPageRangesDiff', 'getPageRangesDiffForManagedDisks', 'startCopyIncremental', 'uploadPagesFromURL'],
]);
