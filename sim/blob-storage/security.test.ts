/** What the official SDK cannot show: raw requests, keys that change, clocks that run apart. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  type SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realTimeServices } from '../kernel/index.js';
import { compareHeaderNames } from './access/shared-key.js';
import { BlobClientError } from './client/blob-client.js';
import { openDirectBlobClient } from './client/direct-client.js';
import { openSdkBlobClient } from './client/sdk-client.js';
import { ACCOUNT, KEYS, ourServer, sdkOver } from './conformance.testing.js';

const services = realTimeServices(1);
const { storage, server } = ourServer(services);
const HOUR_MS = 3_600_000;
let endpoint: string;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${ACCOUNT}`;
  await sdkOver(services, server).getContainerClient('pictures').create();
});
afterAll(() => server.close());

interface RawAnswer {
  readonly status: number | undefined;
  readonly code: unknown;
  readonly body: string;
}

function raw(method: string, path: string, headers: http.OutgoingHttpHeaders = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(endpoint, { method, path, headers, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode, code: answer.headers['x-ms-error-code'], body }),
      );
    });
    request.on('error', reject).end();
  });
}

function tokenFor(permissions: string, protocol?: SASProtocol, ip?: string): string {
  return generateBlobSASQueryParameters(
    {
      containerName: 'pictures',
      permissions: ContainerSASPermissions.parse(permissions),
      expiresOn: new Date(Date.now() + HOUR_MS),
      ...(protocol === undefined ? {} : { protocol }),
      ...(ip === undefined ? {} : { ipRange: { start: ip } }),
    },
    new StorageSharedKeyCredential(ACCOUNT, KEYS[0]),
  ).toString();
}

test('over TCP, as a device comes', async () => {
  const connection = { account: ACCOUNT, endpoint, secret: { kind: 'key', key: KEYS[0] } } as const;
  const client = openSdkBlobClient(connection, undefined);
  await client.put('pictures', 'tcp.jpg', Buffer.alloc(200_000, 7), { contentType: 'image/jpeg' });
  const { body, contentType } = await client.get('pictures', 'tcp.jpg');
  expect([body.byteLength, contentType]).toEqual([200_000, 'image/jpeg']);
  expect(await client.list('pictures', 'tcp')).toMatchObject([{ name: 'tcp.jpg', lengthBytes: 200_000 }]);
  expect(await client.delete('pictures', 'tcp.jpg')).toBe(true);
});

describe('a request that is not one of the service', () => {
  test.each([
    ['PATCH', `/${ACCOUNT}/pictures/a`, 501, 'UnsupportedOperation'],
    ['GET', `/${ACCOUNT}/pictures/%E0%A4%A`, 400, 'InvalidUri'],
    ['PUT', `/${ACCOUNT}/pictures/a`, 400, 'MissingRequiredHeader'],
    ['DELETE', `/${ACCOUNT}/pictures?restype=container`, 401, 'NoAuthenticationInformation'],
    ['GET', `/${ACCOUNT}/pictures?restype=container&comp=list`, 409, 'PublicAccessNotPermitted'],
    ['GET', '/unknown/pictures/a', 403, 'AuthenticationFailed'],
  ])('%s %s', async (method, path, status, code) => {
    const answer = await raw(method, path);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
  });

  test('whatever is sent as a credential, nobody comes in and the service stands', async () => {
    const queries = fc.record({
      sv: fc.string(),
      sr: fc.constantFrom('b', 'c', 'x'),
      sig: fc.base64String(),
      se: fc.string(),
      sp: fc.string(),
    });
    const authorizations = fc.oneof(
      fc.stringMatching(/^[\x20-\x7e]*$/),
      fc.base64String().map((signature) => `SharedKey ${ACCOUNT}:${signature}`),
    );
    await fc.assert(
      fc.asyncProperty(queries, authorizations, fc.boolean(), async (query, authorization, byToken) => {
        const search = byToken ? new URLSearchParams({ ...query, sig: query.sig || 'x' }).toString() : '';
        const { status } = await raw(
          'GET',
          `/${ACCOUNT}/pictures/a?${search}`,
          byToken ? {} : { authorization },
        );
        expect([400, 403]).toContain(status);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a token', () => {
  const getWith = (token: string) => raw('GET', `/${ACCOUNT}/pictures/none?${token}`);

  test('for https is not good for http', async () => {
    expect((await getWith(tokenFor('r', 'https' as SASProtocol))).code).toBe('AuthorizationProtocolMismatch');
  });

  test('for one address is not good for another', async () => {
    expect((await getWith(tokenFor('r', undefined, '10.1.2.3'))).code).toBe('AuthorizationSourceIPMismatch');
    expect((await getWith(tokenFor('r', undefined, '127.0.0.1'))).code).toBe('BlobNotFound');
  });

  test.each(['sp=rwdl', 'se=2099-01-01T00%3A00%3A00Z', 'sr=b'])(
    'does not survive a change to %s',
    async (change) => {
      const [name = ''] = change.split('=');
      const changed = tokenFor('r').replace(new RegExp(`(^|&)${name}=[^&]*`), `$1${change}`);
      expect((await getWith(changed)).code).toBe('AuthenticationFailed');
    },
  );

  test('is judged alike in process', async () => {
    const secret = { kind: 'token', token: tokenFor('c') } as const;
    const client = openDirectBlobClient(storage, { account: ACCOUNT, endpoint, secret }, undefined);
    await client.put('pictures', 'created', Buffer.from('x'));
    for (const refused of [
      client.put('pictures', 'created', Buffer.from('y')),
      client.get('pictures', 'created'),
    ])
      await expect(refused).rejects.toMatchObject({
        serviceCode: 'AuthorizationPermissionMismatch',
        status: 403,
      });
  });
});

test('a rotated key is of no more use, the other key is', async () => {
  const world = ourServer(services);
  const sdk = sdkOver(services, world.server);
  await sdk.getContainerClient('pictures').create();
  const account = world.storage.account(ACCOUNT);
  if (account) account.keys = [Buffer.from('new').toString('base64'), KEYS[1]];
  await expect(sdk.getContainerClient('pictures').getProperties()).rejects.toMatchObject({ statusCode: 403 });
  const secret = { kind: 'key', key: KEYS[1] } as const;
  const direct = openDirectBlobClient(world.storage, { account: ACCOUNT, endpoint, secret }, undefined);
  expect(await direct.createContainer('pictures')).toBe(false);
  const old = { kind: 'key', key: KEYS[0] } as const;
  const stale = openDirectBlobClient(world.storage, { account: ACCOUNT, endpoint, secret: old }, undefined);
  await expect(stale.createContainer('others')).rejects.toBeInstanceOf(BlobClientError);
});

test.each([14, 16])('a clock %d minutes apart', async (minutes) => {
  const world = ourServer(services, { clockSkewMs: minutes * 60_000 });
  const created = sdkOver(services, world.server).getContainerClient('pictures').create();
  if (minutes <= 15) await expect(created).resolves.toBeDefined();
  else await expect(created).rejects.toMatchObject({ statusCode: 403 });
});

test('headers are signed in the word order of the service', () => {
  const names = [
    'x-ms-meta-storeid',
    'x-ms-version',
    'x-ms-blob-type',
    'x-ms-meta-store_id',
    'x-ms-blob-content-type',
  ];
  expect(names.sort(compareHeaderNames)).toEqual([
    'x-ms-blob-content-type',
    'x-ms-blob-type',
    'x-ms-meta-store_id',
    'x-ms-meta-storeid',
    'x-ms-version',
  ]);
});
