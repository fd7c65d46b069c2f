/** Keys are rotated while `footfall up` runs: the official SDKs lose nothing, and the solution does not stop. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toBlobMetadata } from '../../../../pipeline/picture-metadata.js';
import { jpeg } from '../../../face-api/face-api.testing.js';
import { NO_REAL_ENDPOINTS } from '../at/real-endpoints.js';
import type { UpDescription } from '../description.js';
import { openUp, type Up } from '../up.js';
import { MANAGEMENT_ROUTES } from './routes.js';

const CAMERA = 'cam-entrance';
const VERSION = '?api-version=2024-01-01';
const TIMEOUT_MS = 60_000;
const NO_RETRIES = { retryOptions: { maxRetries: 0, timeoutInMs: 5_000 } };

let folder: string;
let up: Up;
let told: UpDescription;

const open = () =>
  openUp({
    storeFile: null,
    portBase: 0,
    dataFolder: folder,
    keepsData: true,
    routing: null,
    at: NO_REAL_ENDPOINTS,
    deviceCaPem: null,
    realCameras: [CAMERA],
    streams: new Map(),
    face: { fixture: null, matching: 'strict', era: '2019' },
    warn: () => {},
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-keys-'));
  up = await open();
  told = up.description;
});
afterAll(async () => {
  await up.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(
  path: string,
  body: object | string = {},
  token: string | null = told.management.token,
  method = 'POST',
): Promise<Answer> {
  const response = await fetch(told.management.url + path, {
    method,
    ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function storageKeys(action = 'listKeys', body: object = {}): Promise<readonly string[]> {
  const answer = await ask(`${told.management.storageAccount}/${action}${VERSION}`, body);
  expect(answer.status).toBe(200);
  return (answer.body.keys as readonly { readonly value: string }[]).map(({ value }) => value);
}

async function policyKeys(action = 'listKeys', body: object = {}) {
  const answer = await ask(`${told.management.eventHubsPolicy}/${action}${VERSION}`, body);
  expect(answer.status).toBe(200);
  return answer.body as {
    readonly primaryConnectionString: string;
    readonly secondaryConnectionString: string;
  };
}

const accountWith = (key = '') =>
  BlobServiceClient.fromConnectionString(
    told.blob.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${key}`),
    { retryOptions: { maxTries: 1 } },
  ).getContainerClient('rotation');

async function send(connectionString: string, body: number): Promise<void> {
  const producer = new EventHubProducerClient(connectionString, told.eventHubs.hub, NO_RETRIES);
  await producer.sendBatch([{ body }]).finally(() => producer.close());
}

/** Every body in the hub that `isWanted`, from the earliest on, as they come. */
function received(connectionString: string, isWanted: (body: unknown) => boolean) {
  const bodies: unknown[] = [];
  const consumer = new EventHubConsumerClient('$Default', connectionString, told.eventHubs.hub);
  consumer.subscribe(
    {
      processEvents: async (events) => {
        bodies.push(...events.map(({ body }) => body as unknown).filter(isWanted));
      },
      processError: async () => {},
    },
    { startPosition: earliestEventPosition },
  );
  return { bodies, close: () => consumer.close() };
}

describe('keys of the storage account', () => {
  test('are rotated one by one, and no upload is lost on the way', async () => {
    const [key1, key2] = await storageKeys();
    expect(told.blob.connectionString).toContain(key1);
    await accountWith(key1).create();
    await accountWith(key1).uploadBlockBlob('1', 'x', 1);
    // Users move to the second key, and the first is changed.
    await accountWith(key2).uploadBlockBlob('2', 'x', 1);
    const [newKey1] = await storageKeys('regenerateKey', { keyName: 'key1' });
    await expect(accountWith(key1).uploadBlockBlob('refused', 'x', 1)).rejects.toMatchObject({
      statusCode: 403,
      code: 'AuthenticationFailed',
    });
    await accountWith(key2).uploadBlockBlob('3', 'x', 1);
    await accountWith(newKey1).uploadBlockBlob('4', 'x', 1);
    const [unchanged, newKey2] = await storageKeys('regenerateKey', { keyName: 'key2' });
    expect(unchanged).toBe(newKey1);
    await expect(accountWith(key2).uploadBlockBlob('refused', 'x', 1)).rejects.toMatchObject({
      statusCode: 403,
    });
    await accountWith(newKey2).uploadBlockBlob('5', 'x', 1);
    const names: string[] = [];
    for await (const { name } of accountWith(newKey1).listBlobsFlat()) names.push(name);
    expect(names).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe("keys of Event Hubs' policy", () => {
  test(
    'are rotated one by one, and no event is lost on the way',
    async () => {
      const old = await policyKeys();
      expect(old.primaryConnectionString).toBe(told.eventHubs.connectionString);
      const reader = received(old.primaryConnectionString, Number.isInteger);
      await send(old.primaryConnectionString, 1);
      await expect.poll(() => reader.bodies, { timeout: TIMEOUT_MS }).toEqual([1]);
      await send(old.secondaryConnectionString, 2);
      const half = await policyKeys('regenerateKeys', { keyType: 'PrimaryKey' });
      await expect(send(old.primaryConnectionString, -1)).rejects.toMatchObject({
        code: 'UnauthorizedError',
      });
      expect(half.secondaryConnectionString).toBe(old.secondaryConnectionString);
      await send(old.secondaryConnectionString, 3);
      await send(half.primaryConnectionString, 4);
      const whole = await policyKeys('regenerateKeys', { keyType: 'SecondaryKey' });
      await expect(send(old.secondaryConnectionString, -2)).rejects.toMatchObject({
        code: 'UnauthorizedError',
      });
      await send(whole.secondaryConnectionString, 5);
      // Who was connected before goes on until the token expires.
      await expect.poll(() => [...reader.bodies].sort(), { timeout: TIMEOUT_MS }).toEqual([1, 2, 3, 4, 5]);
      await reader.close();
      const given = await policyKeys('regenerateKeys', { keyType: 'PrimaryKey', key: 'Z2l2ZW4=' });
      expect(given.primaryConnectionString).toContain('SharedAccessKey=Z2l2ZW4=');
    },
    2 * TIMEOUT_MS,
  );
});

test(
  'the solution goes on after all of them: a picture becomes an event, and is deleted',
  async () => {
    const [key1] = await storageKeys();
    const { primaryConnectionString } = await policyKeys();
    const capturedAt = '2026-03-07T10:00:00.000Z';
    const metadata = toBlobMetadata({
      storeId: 'corner-shop',
      cameraId: CAMERA,
      section: 'entrance',
      capturedAt,
      people: [{ label: 'person', score: 0.9, box: { left: 10, top: 10, width: 100, height: 300 } }],
    });
    const pictures = BlobServiceClient.fromConnectionString(
      told.blob.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${key1}`),
    ).getContainerClient('fromcamera');
    const name = `corner-shop/${CAMERA}/20260307T100000000Z-1.jpg`;
    const isOurs = (body: unknown) =>
      typeof body === 'object' && body !== null && 'capturedAt' in body && body.capturedAt === capturedAt;
    const reader = received(primaryConnectionString, isOurs);
    const picture = jpeg(7);
    await pictures.getBlockBlobClient(name).upload(picture, picture.length, { metadata });
    await expect.poll(() => reader.bodies.length, { timeout: TIMEOUT_MS }).toBe(1);
    await expect.poll(() => pictures.getBlobClient(name).exists(), { timeout: TIMEOUT_MS }).toBe(false);
    await reader.close();
  },
  2 * TIMEOUT_MS,
);

describe('with --data', () => {
  test('an old key does not come back with the next start', async () => {
    const before = [await storageKeys(), await policyKeys()];
    await up.close();
    up = await open();
    const old = told;
    told = up.description;
    expect(await storageKeys()).toEqual(before[0]);
    expect(await storageKeys()).not.toContain(/AccountKey=([^;]+)/.exec(old.blob.connectionString)?.[1]);
    expect(told.eventHubs.connectionString).toContain('SharedAccessKey=Z2l2ZW4=');
    await send(told.eventHubs.connectionString, 6);
  });

  test('keys that cannot be read are said to be', async () => {
    await up.close();
    const file = join(folder, 'event-hubs-keys.json');
    writeFileSync(file, '{"version":1,"keys":[{"policy":"nobody"}]}');
    await expect(open()).rejects.toMatchObject({
      code: 'FF_UP_DATA_UNREADABLE',
      message: expect.stringContaining(file),
    });
    rmSync(file);
    up = await open();
    told = up.description;
  });
});

describe('who may', () => {
  const tokens = () => ({
    ...told.dashboard.tokens,
    publisher: told.powerBi.token,
    stranger: 'guessed',
    nobody: null,
  });
  type Caller = keyof ReturnType<typeof tokens>;
  const callers: readonly Caller[] = ['viewer', 'analyst', 'operator', 'publisher', 'stranger', 'nobody'];
  const placeOf = (path: string) =>
    path
      .replace('{account}', 'devstoreaccount1')
      .replace('{namespace}', 'footfall')
      .replace('{policy}', 'RootManageSharedAccessKey');

  describe.each(MANAGEMENT_ROUTES)('$method $path', ({ path }) => {
    test.each(callers)('as %s', async (caller) => {
      const { body, status } = await ask(placeOf(path) + VERSION, '', tokens()[caller]);
      if (caller === 'operator') expect([401, 403]).not.toContain(status);
      else {
        expect(status).toBe(caller === 'stranger' || caller === 'nobody' ? 401 : 403);
        expect(Object.keys(body)).toEqual(['error']);
      }
    });
  });

  test('what is no route reaches nothing', async () => {
    const { storageAccount } = told.management;
    for (const caller of callers) {
      const expected = caller === 'operator' ? [404, 405] : [401, 403];
      const token = tokens()[caller];
      expect(expected).toContain((await ask(storageAccount, '', token)).status);
      expect(expected).toContain((await ask(`${storageAccount}/listKeys`, '', token, 'GET')).status);
    }
  });
});

describe('says what is wrong', () => {
  const rule = (name: string) => told.management.eventHubsPolicy.replace(/[^/]+$/, name);

  test.each<readonly [string, () => readonly [string, (object | string)?], number, RegExp]>([
    ['no version', () => [`${told.management.storageAccount}/listKeys`], 400, /api-version/],
    [
      'another account',
      () => [`${told.management.storageAccount}x/regenerateKey${VERSION}`, { keyName: 'key1' }],
      404,
      /devstoreaccount1x/,
    ],
    [
      'a key that there is not',
      () => [`${told.management.storageAccount}/regenerateKey${VERSION}`, { keyName: 'key3' }],
      400,
      /keyName.*key1/,
    ],
    ['no JSON', () => [`${told.management.eventHubsPolicy}/regenerateKeys${VERSION}`, 'key'], 400, /JSON/],
    [
      'a key that is none',
      () => [
        `${told.management.eventHubsPolicy}/regenerateKeys${VERSION}`,
        { keyType: 'PrimaryKey', key: 'not base64!' },
      ],
      400,
      /key/,
    ],
    ['another policy', () => [`${rule('nobody')}/listKeys${VERSION}`], 404, /nobody/],
    ["the solution's own policy", () => [`${rule('footfall-solution')}/listKeys${VERSION}`], 404, /solution/],
    [
      'too much',
      () => [`${told.management.storageAccount}/regenerateKey${VERSION}`, 'x'.repeat(20_000)],
      413,
      /16384/,
    ],
  ])('%s', async (_what, request, status, message) => {
    const [path, body] = request();
    const answer = await ask(path, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(message);
  });
});
