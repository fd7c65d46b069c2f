import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildCentreNetZip } from '../../../pipeline/detection/centre-net-zip.js';
import { openFootage } from '../footage/sources/open-footage.js';
import { encodeJpeg } from '../jpeg.js';
import { LiveCamera } from './live-camera.js';
import { liveSourceOf } from './live-source.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const BOUNDARY = 'frame';
const HALL = join(import.meta.dirname, '../../../fixtures/footage/hall.mp4');
let frame: Uint8Array;
let server: http.Server;

/** A network camera that sends JPEGs one after the other (MJPEG over HTTP). */
beforeAll(async () => {
  const footage = await openFootage(HALL);
  for await (const picture of footage.frames()) {
    if (picture.number === 20) frame = encodeJpeg(picture);
  }
  server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}` });
    const send = () => {
      response.write(`--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${frame.length}\r\n\r\n`);
      response.write(frame);
      response.write('\r\n');
    };
    const timer = setInterval(send, 50);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a network camera is looked at as its frames come', async () => {
  const camera = new LiveCamera(
    liveSourceOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/video`),
  );
  try {
    const zip = await buildCentreNetZip({
      inputWidthPixels: 400,
      inputHeightPixels: 304,
      confidenceThreshold: 0.3,
    });
    expect(await camera.load(zip)).toMatch(/WebAssembly/);
    await vi.waitFor(async () => expect((await camera.look()).kind).toBe('looked'), {
      timeout: 60_000,
      interval: 200,
    });
    const look = await camera.look();
    expect(look).toMatchObject({ kind: 'looked', widthPixels: 400, heightPixels: 304 });
    expect(look.kind === 'looked' && look.objects.length).toBeGreaterThanOrEqual(2);
    expect((await camera.picture()).subarray(0, 2)).toEqual(new Uint8Array([0xff, 0xd8]));
  } finally {
    await camera.close();
  }
});

test('a camera that is not there is dark, and says why', async () => {
  const camera = new LiveCamera(liveSourceOf('rtsp://127.0.0.1:1/stream'));
  try {
    await camera.load(await buildCentreNetZip({ inputWidthPixels: 64, inputHeightPixels: 64 }));
    await vi.waitFor(
      async () =>
        expect(await camera.look()).toMatchObject({
          kind: 'dark',
          problem: expect.stringContaining('rtsp://127.0.0.1:1/stream'),
        }),
      { timeout: 60_000, interval: 200 },
    );
  } finally {
    await camera.close();
  }
});
