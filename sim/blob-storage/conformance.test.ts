/**
 * The official SDK against our service and against Azurite: one file, the same assertions. What Azurite does
 * differently is listed in `DIFFERENCES` and asserted too, so that the list stays true.
 */
import { createHash } from 'node:crypto';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobSASPermissions,
  type BlobServiceClient,
  type ContainerClient,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realTimeServices } from '../kernel/index.js';
import { httpAgentOver } from '../network/index.js';
import { openBlobServiceClient } from './client/sdk-client.js';
import {
  ACCOUNT,
  ENDPOINT,
  KEYS,
  openFreeLink,
  refusalOf,
  type Subject,
  sdkOver,
  subjectsOf,
} from './conformance.testing.js';

const services = realTimeServices(1);
const subjects = subjectsOf(services);

/** Where the two answer differently; ours follows the REST reference. */
const DIFFERENCES = {
  ours: {
    badToken: { status: 403, code: 'AuthenticationFailed' },
    anonymousRead: { status: 409, code: 'PublicAccessNotPermitted' },
    rangeAtTheEnd: { status: 416, code: 'InvalidRange' },
  },
  Azurite: {
    badToken: { status: 403, code: 'AuthorizationFailure' },
    anonymousRead: { status: 403, code: 'AuthorizationFailure' },
    rangeAtTheEnd: { status: 'succeeded', code: null },
  },
} as const;

const HOUR_MS = 3_600_000;
const credential = new StorageSharedKeyCredential(ACCOUNT, KEYS[0]);

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
    const container = service.getContainerClient(`pictures-${nextContainer++}`);
    await container.create();
    return container;
  }

  test('a picture comes back with its bytes, type and metadata', async () => {
    const container = await freshContainer();
    const name = 'store-1/camera 2/20260301T100000.000Z-7 ü+&.jpg';
    const body = Buffer.from([0xff, 0xd8, 0, 1, 2, 3, 0xff, 0xd9]);
    const put = await container.getBlockBlobClient(name).upload(body, body.length, {
      blobHTTPHeaders: { blobContentType: 'image/jpeg' },
      metadata: { storeid: 'store-1', people: '[{"score":0.9}]' },
    });
    const got = await container.getBlobClient(name).download();
    const chunks: Buffer[] = [];
    for await (const chunk of got.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks)).toEqual(body);
    expect(got.contentType).toBe('image/jpeg');
    expect(got.metadata).toEqual({ storeid: 'store-1', people: '[{"score":0.9}]' });
    expect(got.etag).toBe(put.etag);
    expect(got.contentMD5).toEqual(createHash('md5').update(body).digest());
  });

  test('an empty blob is a blob', async () => {
    const blob = (await freshContainer()).getBlockBlobClient('empty');
    await blob.upload('', 0);
    expect((await blob.getProperties()).contentLength).toBe(0);
    expect(await blob.downloadToBuffer()).toHaveLength(0);
  });

  test('a part of a blob', async () => {
    const blob = (await freshContainer()).getBlockBlobClient('digits');
    await blob.upload('0123456789', 10);
    expect((await blob.downloadToBuffer(2, 3)).toString()).toBe('234');
    const tail = await blob.download(7);
    expect(tail.contentLength).toBe(3);
    expect(tail.contentRange).toBe('bytes 7-9/10');
    expect(await refusalOf(blob.download(10, 1))).toEqual(DIFFERENCES[who].rangeAtTheEnd);
  });

  test('metadata and properties are replaced as a whole and change the version', async () => {
    const blob = (await freshContainer()).getBlockBlobClient('a');
    await blob.upload('x', 1, { metadata: { one: '1', two: '2' } });
    const before = await blob.getProperties();
    await blob.setMetadata({ three: '3' });
    await blob.setHTTPHeaders({ blobContentType: 'text/plain', blobCacheControl: 'no-store' });
    const after = await blob.getProperties();
    expect(after.metadata).toEqual({ three: '3' });
    expect([after.contentType, after.cacheControl]).toEqual(['text/plain', 'no-store']);
    expect(after.etag).not.toBe(before.etag);
    expect(after.createdOn).toEqual(before.createdOn);
  });

  test('listing by prefix, by delimiter and page by page', async () => {
    const container = await freshContainer();
    for (const name of ['a/1', 'a/2', 'a/b/3', 'b/4', 'c'])
      await container
        .getBlockBlobClient(name)
        .upload(name, name.length, { metadata: { n: name.at(-1) ?? '' } });
    const named = async (options: { prefix?: string; includeMetadata?: boolean }) => {
      const found: string[] = [];
      for await (const blob of container.listBlobsFlat(options))
        found.push(`${blob.name}${blob.metadata?.n ?? ''}`);
      return found;
    };
    expect(await named({})).toEqual(['a/1', 'a/2', 'a/b/3', 'b/4', 'c']);
    expect(await named({ prefix: 'a/', includeMetadata: true })).toEqual(['a/11', 'a/22', 'a/b/33']);
    const tree: string[] = [];
    for await (const entry of container.listBlobsByHierarchy('/', { prefix: 'a/' }))
      tree.push(`${entry.kind} ${entry.name}`);
    expect(tree.sort()).toEqual(['blob a/1', 'blob a/2', 'prefix a/b/']);
    const pages: number[] = [];
    const names: string[] = [];
    for await (const page of container.listBlobsFlat().byPage({ maxPageSize: 2 })) {
      pages.push(page.segment.blobItems.length);
      names.push(...page.segment.blobItems.map((item) => item.name));
    }
    expect(pages).toEqual([2, 2, 1]);
    expect(names).toEqual(['a/1', 'a/2', 'a/b/3', 'b/4', 'c']);
  });

  test('containers: created once, listed, deleted', async () => {
    const container = await freshContainer();
    expect(await refusalOf(container.create())).toEqual({ status: 409, code: 'ContainerAlreadyExists' });
    expect((await container.createIfNotExists()).succeeded).toBe(false);
    await container.setMetadata({ shop: 'corner' });
    expect((await container.getProperties()).metadata).toEqual({ shop: 'corner' });
    const listed: string[] = [];
    for await (const found of service.listContainers({ prefix: container.containerName }))
      listed.push(found.name);
    expect(listed).toContain(container.containerName);
    await container.delete();
    expect(await container.exists()).toBe(false);
  });

  test('what is not there, and names that cannot be', async () => {
    const container = await freshContainer();
    expect(await refusalOf(container.getBlobClient('none').download())).toEqual({
      status: 404,
      code: 'BlobNotFound',
    });
    expect(await refusalOf(container.getBlobClient('none').getProperties())).toMatchObject({ status: 404 });
    expect((await container.getBlobClient('none').deleteIfExists()).succeeded).toBe(false);
    expect(await container.getBlobClient('none').exists()).toBe(false);
    const absent = service.getContainerClient('absent').getBlockBlobClient('a');
    expect(await refusalOf(absent.upload('x', 1))).toEqual({ status: 404, code: 'ContainerNotFound' });
    expect(await refusalOf(service.getContainerClient('Not-Valid').create())).toEqual({
      status: 400,
      code: 'InvalidResourceName',
    });
  });

  test('conditional headers', async () => {
    const blob = (await freshContainer()).getBlockBlobClient('a');
    const { etag = '' } = await blob.upload('1', 1);
    const onlyNew = { conditions: { ifNoneMatch: '*' } };
    expect(await refusalOf(blob.upload('2', 1, onlyNew))).toEqual({ status: 409, code: 'BlobAlreadyExists' });
    expect(await refusalOf(blob.upload('2', 1, { conditions: { ifMatch: '"0x1"' } }))).toEqual({
      status: 412,
      code: 'ConditionNotMet',
    });
    expect(await refusalOf(blob.download(0, undefined, { conditions: { ifNoneMatch: etag } }))).toMatchObject(
      { status: 304 },
    );
    await blob.upload('3', 1, { conditions: { ifMatch: etag } });
    expect((await blob.downloadToBuffer()).toString()).toBe('3');
    expect(await refusalOf(blob.delete({ conditions: { ifMatch: etag } }))).toEqual({
      status: 412,
      code: 'ConditionNotMet',
    });
    await blob.delete();
    expect(await blob.exists()).toBe(false);
  });

  test('a container token permits what it names, until it expires', async () => {
    const container = await freshContainer();
    const token = (permissions: string, startsInMs: number, expiresInMs: number) =>
      generateBlobSASQueryParameters(
        {
          containerName: container.containerName,
          permissions: ContainerSASPermissions.parse(permissions),
          startsOn: new Date(Date.now() + startsInMs),
          expiresOn: new Date(Date.now() + expiresInMs),
        },
        credential,
      ).toString();
    const withToken = (sas: string) =>
      sdkOver(services, subject.server, sas).getContainerClient(container.containerName);
    const creator = withToken(token('c', -HOUR_MS, HOUR_MS));
    await creator.getBlockBlobClient('a').upload('1', 1);
    expect(await refusalOf(creator.getBlockBlobClient('a').upload('2', 1))).toEqual({
      status: 403,
      code: 'AuthorizationPermissionMismatch',
    });
    expect(await refusalOf(creator.getBlockBlobClient('a').download())).toEqual({
      status: 403,
      code: 'AuthorizationPermissionMismatch',
    });
    const reader = withToken(token('rl', -HOUR_MS, HOUR_MS));
    expect((await reader.getBlobClient('a').downloadToBuffer()).toString()).toBe('1');
    expect((await reader.listBlobsFlat().next()).value.name).toBe('a');
    const past = withToken(token('r', -2 * HOUR_MS, -HOUR_MS));
    expect(await refusalOf(past.getBlobClient('a').download())).toEqual(DIFFERENCES[who].badToken);
    const future = withToken(token('r', HOUR_MS, 2 * HOUR_MS));
    expect(await refusalOf(future.getBlobClient('a').download())).toEqual(DIFFERENCES[who].badToken);
    const other = sdkOver(services, subject.server, token('r', -HOUR_MS, HOUR_MS)).getContainerClient(
      'another-one',
    );
    expect(await refusalOf(other.getBlobClient('a').download())).toEqual(DIFFERENCES[who].badToken);
  });

  test('a blob token reaches that blob only', async () => {
    const container = await freshContainer();
    for (const name of ['mine', 'other']) await container.getBlockBlobClient(name).upload(name, name.length);
    const sas = generateBlobSASQueryParameters(
      {
        containerName: container.containerName,
        blobName: 'mine',
        permissions: BlobSASPermissions.parse('r'),
        expiresOn: new Date(Date.now() + HOUR_MS),
      },
      credential,
    ).toString();
    const reader = sdkOver(services, subject.server, sas).getContainerClient(container.containerName);
    expect((await reader.getBlobClient('mine').downloadToBuffer()).toString()).toBe('mine');
    expect(await refusalOf(reader.getBlobClient('other').download())).toEqual(DIFFERENCES[who].badToken);
  });

  test('an account token by service, resource type and permission', async () => {
    const container = await freshContainer();
    const account = (services_: string, types: string, permissions: string) =>
      sdkOver(
        services,
        subject.server,
        generateAccountSASQueryParameters(
          {
            services: AccountSASServices.parse(services_).toString(),
            resourceTypes: AccountSASResourceTypes.parse(types).toString(),
            permissions: AccountSASPermissions.parse(permissions),
            expiresOn: new Date(Date.now() + HOUR_MS),
          },
          credential,
        ).toString(),
      ).getContainerClient(container.containerName);
    await account('b', 'o', 'w').getBlockBlobClient('a').upload('1', 1);
    expect((await account('b', 'c', 'l').listBlobsFlat().next()).value.name).toBe('a');
    expect(await refusalOf(account('b', 'c', 'r').getBlobClient('a').download())).toEqual({
      status: 403,
      code: 'AuthorizationResourceTypeMismatch',
    });
    expect(await refusalOf(account('q', 'o', 'r').getBlobClient('a').download())).toEqual({
      status: 403,
      code: 'AuthorizationServiceMismatch',
    });
    expect(await refusalOf(account('b', 'o', 'r').getBlobClient('a').delete())).toEqual({
      status: 403,
      code: 'AuthorizationPermissionMismatch',
    });
  });

  test('nobody gets in without a credential or with a wrong one', async () => {
    const container = await freshContainer();
    await container.getBlockBlobClient('a').upload('1', 1);
    const agent = httpAgentOver(openFreeLink(services, 'stranger'), subject.server);
    const connection = { account: ACCOUNT, endpoint: ENDPOINT };
    const stranger = openBlobServiceClient({ ...connection, secret: { kind: 'token', token: '' } }, agent);
    expect(
      await refusalOf(stranger.getContainerClient(container.containerName).getBlobClient('a').download()),
    ).toEqual(DIFFERENCES[who].anonymousRead);
    const wrongKey = Buffer.from('not a key of this account').toString('base64');
    const impostor = openBlobServiceClient({ ...connection, secret: { kind: 'key', key: wrongKey } }, agent);
    expect(await refusalOf(impostor.getContainerClient(container.containerName).create())).toMatchObject({
      status: 403,
    });
    const second = openBlobServiceClient({ ...connection, secret: { kind: 'key', key: KEYS[1] } }, agent);
    expect(await second.getContainerClient(container.containerName).exists()).toBe(true);
  });
});
