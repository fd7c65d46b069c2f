/** Whatever comes over HTTPS, and whatever is shown as a token: the hub answers as its specification says, and goes on. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import { signSasToken } from '../identities/sas-token.js';
import { HUB_ROUTES } from './https-front.js';
import { type ServiceSdk, serviceSdk } from './service-sdk.testing.js';

const HOST = 'hub.test';
const YEAR_2096_SECONDS = 4_000_000_000;
/** Of a request that nobody meant. */
const INTERNAL_ERROR = 500;

let hub: IotHub;
let sdk: ServiceSdk;
let ownerToken: string;
beforeAll(async () => {
  hub = new IotHub({ hostName: HOST, size: { sku: 'S3', units: 200 } }, realTimeServices(1));
  sdk = serviceSdk(hub);
  await sdk.registry.create({ deviceId: 'cam-1' });
  const [, policy = '', key = ''] =
    /SharedAccessKeyName=([^;]+);SharedAccessKey=(.+)$/.exec(hub.policies.connectionString('iothubowner')) ??
    [];
  ownerToken = signSasToken(HOST, key, YEAR_2096_SECONDS, policy);
});

const id = fc.oneof(
  fc.constantFrom('cam-1', 'CAM-1', '$edgeAgent', '%00', '%E0%A4%A', '..', 'a%20b'),
  fc.string({ minLength: 1, maxLength: 140 }).map(encodeURIComponent),
);
const target = fc
  .tuple(fc.constantFrom(...HUB_ROUTES), fc.array(id, { minLength: 3, maxLength: 3 }))
  .map(([{ method, path }, ids]) => {
    let next = 0;
    return { method, path: path.replace(/\{\w+\}/g, () => ids[next++] ?? 'x') };
  })
  .filter(({ path }) => !path.includes('//'));
const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.json());
const document = fc.oneof(
  fc.json(),
  fc.string(),
  fc
    .dictionary(
      fc.constantFrom(
        ...['deviceId', 'etag', 'status', 'authentication', 'tags', 'properties', 'methodName', 'payload'],
        ...['responseTimeoutInSeconds', 'query', 'id', 'content', 'targetCondition', 'priority', 'jobId'],
        ...['type', 'queryCondition', 'startTime', 'maxExecutionTimeInSeconds', 'updateTwin', 'blobName'],
      ),
      fc.oneof(value, fc.dictionary(fc.string(), value)),
    )
    .map((found) => JSON.stringify(found)),
);
const headers = fc.dictionary(
  fc.constantFrom('if-match', 'x-ms-max-item-count', 'x-ms-continuation', 'iothub-ack', 'iothub-messageid'),
  fc.stringMatching(/^[ -~]{0,30}$/),
);

test('any request has an answer that the specification knows', async () => {
  await fc.assert(
    fc.asyncProperty(target, document, headers, async ({ method, path }, body, given) => {
      const options = { authorization: ownerToken, body, headers: given };
      const { status } = await sdk.request(method, `${path}?api-version=2021-04-12`, options);
      expect(status).toBeGreaterThanOrEqual(200);
      expect([status, method, path, body]).not.toEqual([INTERNAL_ERROR, method, path, body]);
    }),
    { numRuns: 400 },
  );
  expect(hub.registry.devices.length).toBeGreaterThan(0);
});

test('nobody comes in by a token that is none', async () => {
  const field = fc.constantFrom('sr', 'sig', 'se', 'skn', '');
  const token = fc.oneof(
    fc.stringMatching(/^[ -~]{0,80}$/),
    fc
      .array(fc.tuple(field, fc.oneof(fc.constantFrom(HOST, 'iothubowner', '9999999999'), fc.base64String())))
      .map((parts) => `SharedAccessSignature ${parts.map(([name, text]) => `${name}=${text}`).join('&')}`),
  );
  await fc.assert(
    fc.asyncProperty(target, token, async ({ method, path }, authorization) => {
      const { status } = await sdk.request(method, `${path}?api-version=2021-04-12`, {
        authorization,
        body: '{}',
      });
      expect([400, 401, 404]).toContain(status);
    }),
    { numRuns: 300 },
  );
});

test('a token with any one character changed is none', async () => {
  const statuses = new Set<number>();
  for (let at = 0; at < ownerToken.length; at++) {
    const other = ownerToken[at] === '!' ? '?' : '!';
    const authorization = `${ownerToken.slice(0, at)}${other}${ownerToken.slice(at + 1)}`;
    const { status } = await sdk.request('GET', '/devices/cam-1?api-version=2021-04-12', { authorization });
    statuses.add(status);
  }
  expect([...statuses]).toEqual([401]);
});
