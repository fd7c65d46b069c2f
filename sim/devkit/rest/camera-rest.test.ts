import { describe, expect, test } from 'vitest';
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import { randomSource } from '../../kernel/index.js';
import { CameraHardware } from '../camera/camera-hardware.js';
import { CameraRest, type RestAnswer } from './camera-rest.js';

const NOW_MS = Date.UTC(2026, 2, 7, 9);
const LOGIN = { username: 'admin', userpwd: 'admin' };

function camera() {
  const analytics: boolean[] = [];
  const hardware = new CameraHardware((on) => analytics.push(on));
  const rest = new CameraRest({
    hardware,
    deviceTimeMs: () => NOW_MS,
    frame: async () => new Uint8Array([0xff, 0xd8, 0xff]),
    address: 'cam-1',
    tokens: randomSource('rest')('tokens'),
  });
  let cookie: string | undefined;
  const ask = (method: string, path: string, body?: Json): Promise<RestAnswer> =>
    rest.answer({ method, path, cookie, body: body === undefined ? '' : JSON.stringify(body) });
  const logIn = async () => {
    const { setCookie } = await ask('POST', 'login', LOGIN);
    // Microsoft's SDK sends the whole Set-Cookie back.
    cookie = setCookie;
  };
  return { analytics, hardware, rest, ask, logIn };
}

async function loggedIn() {
  const made = camera();
  await made.logIn();
  return made;
}

const DONE = { status: 200, body: { status: true } };

describe('the camera REST', () => {
  test('lets nobody in without a session, and nobody who does not know the password', async () => {
    const { ask } = camera();
    expect(await ask('GET', 'video')).toMatchObject({ status: 401, body: { status: false } });
    expect(await ask('POST', 'captureimage')).toMatchObject({ status: 401 });
    const wrong = await ask('POST', 'login', { ...LOGIN, userpwd: 'secret' });
    expect(wrong).toMatchObject({ status: 200, body: { status: false } });
    expect(wrong.setCookie).toBeUndefined();
  });

  test('ends a session by a logout, and all of them by a restart', async () => {
    const { ask, logIn, rest } = await loggedIn();
    expect(await ask('POST', 'logout')).toEqual(DONE);
    expect(await ask('GET', 'video')).toMatchObject({ status: 401 });
    await logIn();
    expect(await ask('GET', 'video')).toMatchObject({ status: 200 });
    rest.forgetSessions();
    expect(await ask('GET', 'video')).toMatchObject({ status: 401 });
  });

  test('reads and sets the video by places in the lists of what there is', async () => {
    const { ask, hardware } = await loggedIn();
    expect((await ask('GET', 'video')).body).toEqual({
      status: true,
      resolution: ['4K', '1080P', '720P', '480P'],
      resolutionSelectVal: 1,
      encodeMode: ['HEVC/H.265', 'AVC/H.264'],
      encodeModeSelectVal: 1,
      bitRate: expect.arrayContaining(['512Kbps', '20Mbps']),
      bitRateSelectVal: 3,
      fps: [24, 30],
      fpsSelectVal: 1,
      displayOut: 1,
    });
    const chosen = {
      resolutionSelectVal: 3,
      encodeModeSelectVal: 0,
      bitRateSelectVal: 0,
      fpsSelectVal: 0,
      displayOut: 0,
    };
    expect(await ask('POST', 'video', chosen)).toEqual(DONE);
    expect((await ask('GET', 'video')).body).toMatchObject(chosen);
    expect(hardware.video).toEqual({
      resolution: '480P',
      codec: 'HEVC/H.265',
      bitrate: '512Kbps',
      frameRate: 24,
    });
  });

  test.each<[string, Json]>([
    ['video', { resolutionSelectVal: 4 }],
    ['video', { fpsSelectVal: 0.5 }],
    ['video', { displayOut: 2 }],
    ['preview', { switchStatus: 'on' }],
    ['preview', {}],
    ['vam', { switchStatus: true, vamconfig: 'XX' }],
    ['overlayconfig', { ov_type_SelectVal: 1 }],
    ['login', 'admin'],
  ])('refuses /%s with %j and changes nothing', async (path, body) => {
    const { ask, hardware } = await loggedIn();
    const before = { ...hardware };
    const answer = await ask('POST', path, body);
    expect(answer.body).toMatchObject({ status: false, error: expect.stringMatching(/.+/) });
    expect(hardware).toMatchObject({ ...before });
  });

  test('switches preview and analytics, and tells where their streams are while they are on', async () => {
    const { analytics, ask } = await loggedIn();
    expect((await ask('GET', 'preview')).body).toEqual({ status: true, url: 'rtsp://cam-1:8900/live' });
    expect((await ask('GET', 'vam')).body).toEqual({ status: true, url: 'rtsp://cam-1:8902/live' });
    await ask('POST', 'preview', { switchStatus: false });
    await ask('POST', 'vam', { switchStatus: false, vamconfig: 'MD' });
    expect((await ask('GET', 'preview')).body).toEqual({ status: false });
    expect((await ask('GET', 'vam')).body).toEqual({ status: false });
    await ask('POST', 'vam', { switchStatus: true, vamconfig: 'MD' });
    expect(analytics).toEqual([false, true]);
  });

  test('sets the overlay and the recording', async () => {
    const { ask, hardware } = await loggedIn();
    expect(await ask('POST', 'overlay', { switchStatus: false })).toEqual(DONE);
    expect(await ask('POST', 'overlayconfig', { ov_type_SelectVal: 0, ov_usertext: 'Till 4' })).toEqual(DONE);
    expect(await ask('POST', 'recording', { switchStatus: true })).toEqual(DONE);
    expect(hardware).toMatchObject({
      overlayOn: false,
      overlay: { style: 'text', text: 'Till 4' },
      recordingOn: true,
    });
  });

  test('takes an image', async () => {
    const { ask } = await loggedIn();
    expect(await ask('POST', 'captureimage')).toEqual({
      status: 200,
      body: { Status: true, Error: 'none', Timestamp: NOW_MS, Data: '/9j/' },
    });
  });

  test('knows no other paths, and no body that is not JSON', async () => {
    const { ask, rest } = await loggedIn();
    expect(await ask('GET', 'firmware')).toMatchObject({ status: 404, body: { status: false } });
    const broken = { method: 'POST', path: 'login', cookie: undefined, body: '{' };
    expect(await rest.answer(broken)).toMatchObject({ status: 400, body: { status: false } });
  });
});
