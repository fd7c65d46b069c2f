/** The front of a camera over real sockets, with a device that the test holds in its hands. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../pipeline/camera-module/manual-clock.testing.js';
import { randomSource } from '../../kernel/index.js';
import { CameraHardware } from '../camera/camera-hardware.js';
import { type CameraFront, openCameraFront, type ShownKit } from './camera-front.js';

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
const NOW_MS = 1_000;

let front: CameraFront;
let base: string;
let hardware: CameraHardware;
let power: { on: boolean; readonly listeners: (() => void)[] };
let drawn: boolean[];

beforeEach(async () => {
  hardware = new CameraHardware(() => {});
  power = { on: true, listeners: [] };
  drawn = [];
  const kit: ShownKit = {
    hardware,
    deviceTimeMs: NOW_MS,
    get isOn() {
      return power.on;
    },
    onPowerOff: (listener) => power.listeners.push(listener),
  };
  const frame = async (overlay: boolean) => {
    drawn.push(overlay);
    return JPEG;
  };
  const cameras = [
    { id: 'cam 1', section: 'bread & cakes', kit, frame, isPrivate: false },
    { id: 'cam-live', section: 'door', kit, frame, isPrivate: true },
  ];
  front = openCameraFront(cameras, new ManualClock(NOW_MS), randomSource('front'));
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  base = `http://127.0.0.1:${(front.server.address() as AddressInfo).port}`;
});
afterEach(() => front.close());

const sawPeople = (count: number) =>
  hardware.saw({
    capturedAtMs: 0,
    widthPixels: 100,
    heightPixels: 100,
    objects: Array.from({ length: count }, () => ({
      label: 'person',
      score: 0.5,
      box: { left: 10, top: 20, width: 30, height: 40 },
    })),
    picture: async () => JPEG,
  });

/** Answers of the camera's REST, one after the other, in one session. */
async function inSession(...asks: readonly (readonly [path: string, body: object])[]): Promise<unknown[]> {
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${base}/cam%201/${path}`, { method: 'POST', body: JSON.stringify(body), headers: { cookie } });
  const login = await post('login', { username: 'admin', userpwd: 'admin' });
  const cookie = login.headers.get('set-cookie') ?? '';
  const answers: unknown[] = [];
  for (const [path, body] of asks) answers.push(await (await post(path, body, cookie)).json());
  return answers;
}

describe('the front of a camera', () => {
  test('streams a line of metadata for each frame with objects', async () => {
    const abort = new AbortController();
    const response = await fetch(`${base}/cam%201/metadata.jsonl`, { signal: abort.signal });
    sawPeople(0);
    sawPeople(1);
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(JSON.parse(Buffer.from(value ?? []).toString())).toEqual({
      timestamp: NOW_MS,
      objects: [
        {
          id: 0,
          display_name: 'person',
          confidence: 50,
          position: { x: 1_000, y: 2_000, width: 3_000, height: 4_000 },
        },
      ],
    });
    abort.abort();
  });

  test('draws the overlay where the camera shows one, or where somebody asks for boxes', async () => {
    const look = (query: string) =>
      fetch(`${base}/cam%201/snapshot.jpg${query}`).then((answer) => answer.arrayBuffer());
    await look('');
    await inSession(['overlay', { switchStatus: false }]);
    await look('');
    await look('?boxes');
    expect(drawn).toEqual([true, false, true]);
  });

  test('is silent while the device has no power, and its sessions are gone afterwards', async () => {
    const login = await fetch(`${base}/cam%201/login`, {
      method: 'POST',
      body: '{"username":"admin","userpwd":"admin"}',
    });
    const cookie = login.headers.get('set-cookie') ?? '';
    const video = async () => (await fetch(`${base}/cam%201/video`, { headers: { cookie } })).status;
    expect(await video()).toBe(200);
    power.on = false;
    for (const listener of power.listeners) listener();
    expect(await video()).toBe(503);
    power.on = true;
    expect(await video()).toBe(401);
  });

  test('takes no body that is too large', async () => {
    const response = await fetch(`${base}/cam%201/login`, { method: 'POST', body: 'x'.repeat(100_000) });
    expect(response.status).toBe(413);
  });

  test('writes names into its page as text', async () => {
    const page = await (await fetch(`${base}/`)).text();
    expect(page).toContain('cam 1 (bread &#38; cakes)');
    expect(page).toContain('src="/cam%201/live.mjpeg"');
  });
});

test.each(['snapshot.jpg', 'live.mjpeg', 'recording.avi', 'captureimage'])(
  'of a camera with real people in front of it nobody gets %s',
  async (what) => {
    const answer = await fetch(`${base}/cam-live/${what}`, what === 'captureimage' ? { method: 'POST' } : {});
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      status: false,
      error: 'pictures of real people are shown to nobody',
    });
    expect(drawn).toEqual([]);
  },
);
