/** What a person and a program see of the cameras of `footfall up`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { NO_REAL_ENDPOINTS } from './at/real-endpoints.js';
import type { UpDescription } from './description.js';
import { openUp, type Up } from './up.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const HARDWARE = 'cam-entrance';
const CAMERA = 'cam-bakery';
let folder: string;
let up: Up;
let told: UpDescription['cameras'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-cameras-test-'));
  up = await openUp({
    storeFile: null,
    portBase: 0,
    dataFolder: folder,
    realCameras: [HARDWARE],
    streams: new Map(),
    warn: () => {},
    keepsData: false,
    face: { fixture: null, matching: 'strict', era: '2019' },
    routing: null,
    at: NO_REAL_ENDPOINTS,
    deviceCaPem: null,
  });
  told = up.description.cameras;
});
afterAll(async () => {
  await up.close();
  rmSync(folder, { recursive: true });
});

function viewOf(cameraId: string): UpDescription['cameras']['views'][number] {
  const view = told.views.find((each) => each.cameraId === cameraId);
  if (view === undefined) throw new Error(`there is no view of ${cameraId}`);
  return view;
}

const bodyOf = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());

/** How many shades a picture has: a blank one has few. */
async function shadesIn(jpeg: Buffer): Promise<number> {
  const image = await loadImage(jpeg);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return new Set(data.filter((_value, index) => index % 4 === 0)).size;
}

describe('what the cameras see', () => {
  test('is on one page, for a browser, with a word about the camera that is left to hardware', async () => {
    const page = (await bodyOf(told.url)).toString();
    for (const { cameraId } of told.views) expect(page).toContain(`src="/${cameraId}/live.mjpeg"`);
    expect(page).toContain('not shown here');
    expect(page).not.toContain('<script');
    expect(told.views.map(({ cameraId }) => cameraId)).not.toContain(HARDWARE);
  });

  test('is there as a snapshot', async () => {
    const jpeg = await bodyOf(viewOf(CAMERA).snapshot);
    expect(await shadesIn(jpeg)).toBeGreaterThan(50);
  });

  test('is there as video, frame after frame', async () => {
    const abort = new AbortController();
    const response = await fetch(viewOf(CAMERA).mjpeg, { signal: abort.signal });
    expect(response.headers.get('content-type')).toBe('multipart/x-mixed-replace; boundary=frame');
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString('latin1');
      if (text.split('--frame\r\ncontent-type: image/jpeg').length > 3) break;
    }
    abort.abort();
    const [, first = ''] = /content-length: (\d+)\r\n\r\n/.exec(text) ?? [];
    const start = text.indexOf('\r\n\r\n') + 4;
    const jpeg = Buffer.from(text.slice(start, start + Number(first)), 'latin1');
    expect(await shadesIn(jpeg)).toBeGreaterThan(50);
  });

  test.each([
    ['a camera that is left to hardware', `${HARDWARE}/snapshot.jpg`, 503],
    ['a camera that there is not', 'cam-nowhere/snapshot.jpg', 404],
    ['anything else', 'favicon.ico', 404],
  ])('says so of %s', async (_what, path, status) => {
    const response = await fetch(`${told.url}${path}`);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status: false });
  });
});

describe("the Dev Kit's own REST", () => {
  test('lets a program in by its cookie, as the camera SDK does it, and takes an image', async () => {
    const { rest } = viewOf(CAMERA);
    const post = (path: string, body: object, cookie = '') =>
      fetch(`${rest}/${path}`, { method: 'POST', body: JSON.stringify(body), headers: { cookie } });
    const login = await post('login', { username: 'admin', userpwd: 'admin' });
    expect(await login.json()).toEqual({ status: true });
    const cookie = login.headers.get('set-cookie') ?? '';
    const heartbeat = new WebSocket(`${rest.replace('http', 'ws')}/async`);
    const alive = new Promise((resolve) => heartbeat.once('pong', resolve));
    heartbeat.once('open', () => heartbeat.ping());
    await alive;
    heartbeat.close();
    const image = (await (await post('captureimage', {}, cookie)).json()) as Record<string, string>;
    expect(image.Error).toBe('none');
    expect(await shadesIn(Buffer.from(image.Data ?? '', 'base64'))).toBeGreaterThan(50);
    expect((await post('preview', { switchStatus: true })).status).toBe(401);
    expect(await (await post('logout', {}, cookie)).json()).toEqual({ status: true });
  });
});
