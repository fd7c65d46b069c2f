/** Whatever is asked of a camera, it answers, and goes on. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomSource } from '../../kernel/index.js';
import { CameraHardware } from '../camera/camera-hardware.js';
import { CameraRest } from './camera-rest.js';

const LOGIN = JSON.stringify({ username: 'admin', userpwd: 'admin' });

function camera() {
  return new CameraRest({
    hardware: new CameraHardware(() => {}),
    deviceTimeMs: () => 0,
    frame: async () => new Uint8Array([0xff, 0xd8, 0xff]),
    address: 'cam-1',
    tokens: randomSource('rest')('tokens'),
  });
}

const path = fc.oneof(
  fc.constantFrom('login', 'logout', 'video', 'preview', 'vam', 'overlay', 'overlayconfig', 'captureimage'),
  fc.string({ maxLength: 40 }),
);
const body = fc.oneof(
  fc.json(),
  fc.string(),
  fc
    .dictionary(
      fc.constantFrom('switchStatus', 'resolutionSelectVal', 'vamconfig', 'ov_type_SelectVal', 'ov_usertext'),
      fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null)),
    )
    .map((found) => JSON.stringify(found)),
);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD');

test('any request of somebody who is logged in has an answer', async () => {
  const rest = camera();
  const { setCookie: cookie } = await rest.answer({
    method: 'POST',
    path: 'login',
    cookie: undefined,
    body: LOGIN,
  });
  await fc.assert(
    fc.asyncProperty(method, path, body, async (how, what, text) => {
      const { status } = await rest.answer({ method: how, path: what, cookie, body: text });
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );
});

test('no session that was not given opens anything', async () => {
  const rest = camera();
  await rest.answer({ method: 'POST', path: 'login', cookie: undefined, body: LOGIN });
  const cookie = fc.oneof(
    fc.constant(undefined),
    fc.string(),
    fc.base64String().map((text) => `session=${text}`),
  );
  const guarded = fc.constantFrom('video', 'preview', 'vam', 'overlay', 'captureimage');
  await fc.assert(
    fc.asyncProperty(method, guarded, cookie, async (how, what, shown) => {
      const { body: answered, status } = await rest.answer({
        method: how,
        path: what,
        cookie: shown,
        body: '{}',
      });
      expect(status === 200 && JSON.stringify(answered).includes('"status":true')).toBe(false);
    }),
  );
});
