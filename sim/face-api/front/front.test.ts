import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaceClient } from '@azure/cognitiveservices-face';
import { ApiKeyCredentials } from '@azure/ms-rest-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { jpeg, subject, type TestFaceApi, testFaceApi } from '../face-api.testing.js';
import { checkContainerSettings } from './container-settings.js';
import { faceApiListener } from './front.js';

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly put: { readonly operationId: string } }>>;
}

const KEY = 'a-key';
let world: TestFaceApi;
let server: http.Server;
let endpoint: string;

async function listen(keys: readonly string[] | null): Promise<void> {
  const services = realTimeServices(1);
  world = testFaceApi({}, services);
  server = http.createServer(faceApiListener(world.api, { clock: services.clock, keys }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(() => listen([KEY]));
afterEach(() => new Promise((resolve) => server.close(resolve)));

const post = (path: string, body: string | Uint8Array<ArrayBuffer>, contentType: string, key = KEY) =>
  fetch(`${endpoint}${path}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': contentType, 'Ocp-Apim-Subscription-Key': key },
  });

describe('the official client, unmodified', () => {
  const client = () =>
    new FaceClient(new ApiKeyCredentials({ inHeader: { 'Ocp-Apim-Subscription-Key': KEY } }), endpoint);

  test('detects a face with its attributes', async () => {
    const picture = world.album.add(jpeg(1), subject('ann', { reaction: 'surprise' }));
    const [face, ...others] = await client().face.detectWithStream(() => Buffer.from(picture) as never, {
      returnFaceAttributes: ['age', 'gender', 'emotion'],
      recognitionModel: 'recognition_02',
    });
    expect(others).toEqual([]);
    expect(face?.faceRectangle).toMatchObject({ left: 100, top: 100, width: 80, height: 80 });
    expect(face?.faceAttributes?.emotion?.surprise).toBeGreaterThan(0.5);
  });

  test('keeps a face in a list and finds it again', async () => {
    const { face, faceList } = client();
    await faceList.create('today', 'today', { recognitionModel: 'recognition_02' });
    const first = world.album.add(jpeg(1), subject('ann'));
    const kept = await faceList.addFaceFromStream('today', () => Buffer.from(first) as never);
    const again = world.album.add(jpeg(2), subject('ann'));
    const [seen] = await face.detectWithStream(() => Buffer.from(again) as never, {
      recognitionModel: 'recognition_02',
    });
    const found = await face.findSimilar(seen?.faceId ?? '', { faceListId: 'today' });
    expect(found.map(({ persistedFaceId }) => persistedFaceId)).toEqual([kept.persistedFaceId]);
    expect((await faceList.list()).map(({ faceListId }) => faceListId)).toEqual(['today']);
    await faceList.deleteMethod('today');
    await expect(faceList.get('today')).rejects.toMatchObject({ statusCode: 404 });
  });

  test('is told what is wrong', async () => {
    const refused = client().face.detectWithStream(() => Buffer.alloc(10) as never);
    await expect(refused).rejects.toMatchObject({
      statusCode: 400,
      body: { error: { code: 'InvalidImageSize' } },
    });
  });
});

describe('the front', () => {
  test('lets nobody in without a key, unless it is a container', async () => {
    const detect = (key: string) => post('/face/v1.0/detect', '{}', 'application/json', key);
    const refused = await detect('another');
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: { code: '401' } });
    await new Promise((resolve) => server.close(resolve));
    await listen(null);
    expect((await detect('')).status).toBe(400);
  });

  test('answers what a container shows beside its API', async () => {
    expect(await (await fetch(`${endpoint}/ready`)).json()).toMatchObject({ ready: 'ready' });
    expect((await fetch(`${endpoint}/status`)).status).toBe(200);
    expect((await fetch(`${endpoint}/`)).headers.get('content-type')).toMatch(/html/);
    expect((await fetch(`${endpoint}/nothing`)).status).toBe(404);
    expect(await (await fetch(`${endpoint}/swagger`)).text()).toContain('/face/v1.0/largefacelists');
    const document = (await (await fetch(`${endpoint}/swagger/v1.0/swagger.json`)).json()) as OpenApi;
    expect(document.paths['/facelists/{faceListId}']?.put.operationId).toBe('FaceList_Create');
  });

  test('takes the paths of later versions and leaves other ones alone', async () => {
    for (const version of ['v1.0', 'v1.1-preview.1', 'v1.2', 'V1.0'])
      expect((await post(`/face/${version}/detect`, '{}', 'application/json')).status).toBe(400);
    expect((await post('/face/v1.00/detect', '{}', 'application/json')).status).toBe(404);
  });

  test('refuses other kinds of content, broken paths and too much of it, and goes on', async () => {
    expect((await post('/face/v1.0/detect', 'x', 'text/plain')).status).toBe(415);
    expect((await post('/face/v1.0/facelists/%E0%A4%A', '{}', 'application/json')).status).toBe(404);
    const large = await post(
      '/face/v1.0/detect',
      new Uint8Array(9 * 1024 * 1024),
      'application/octet-stream',
    );
    expect(await large.json()).toMatchObject({ error: { code: 'InvalidImageSize' } });
    expect((await fetch(`${endpoint}/ready`)).status).toBe(200);
  });

  test('is not upset by JSON that is none', async () => {
    const answer = await post('/face/v1.0/findsimilars', '{"faceId":', 'application/json');
    expect(await answer.json()).toMatchObject({
      error: { code: 'BadArgument', message: 'JSON parsing error.' },
    });
  });
});

describe('a container', () => {
  const whole = { eula: 'accept', Billing: 'https://westus.api.cognitive.microsoft.com', ApiKey: 'key' };

  test.each([
    ['Eula', { ...whole, eula: '' }, 'Eula is missing'],
    ['another Eula', { ...whole, eula: 'yes' }, "Eula is 'yes', not 'accept'"],
    ['Billing', { ...whole, Billing: 'nowhere' }, 'no URI'],
    ['all of them', {}, 'Eula is missing; Billing is missing; ApiKey is missing'],
  ])('does not start without %s', (_what, settings, message) => {
    expect(() => checkContainerSettings(settings)).toThrow(message);
  });

  test('starts with all three, in any case', () => {
    expect(() => checkContainerSettings(whole)).not.toThrow();
  });
});
