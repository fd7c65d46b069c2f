/** Who may see what of `footfall up`: every route of every server, as every role. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HUB_ROUTES } from '../../iot-hub/service/https-front.js';
import { NO_REAL_ENDPOINTS } from './at/real-endpoints.js';
import type { UpDescription } from './description.js';
import { openUp, type Up } from './up.js';

const CAMERA = 'cam-entrance';
let folder: string;
let up: Up;
let told: UpDescription;
let ca: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-tiers-'));
  up = await openUp({
    storeFile: null,
    portBase: 0,
    dataFolder: folder,
    keepsData: false,
    routing: null,
    at: NO_REAL_ENDPOINTS,
    deviceCaPem: null,
    realCameras: [CAMERA],
    streams: new Map(),
    face: { fixture: null, matching: 'strict', era: '2019' },
    warn: () => {},
  });
  told = up.description;
  ca = readFileSync(told.caPath, 'utf8');
});
afterAll(async () => {
  await up.close();
  rmSync(folder, { recursive: true });
});

describe("the dashboard's tokens open nothing but the dashboard", () => {
  const surfaces = (): readonly (readonly [method: string, url: string])[] => {
    const { blob, face, iotHub } = told;
    const account = /BlobEndpoint=([^;]+)/.exec(blob.connectionString)?.[1] ?? '';
    const hub = HUB_ROUTES.map(
      ({ method, path }) =>
        [method, `https://localhost:${iotHub.httpsPort}${path.replace(/\{\w+\}/g, CAMERA)}`] as const,
    );
    return [
      ...hub,
      ['GET', `${account}?comp=list`],
      ['GET', `${account}/fromcamera?restype=container&comp=list`],
      ['GET', `${account}/fromcamera/any.jpg`],
      ['PUT', `${account}/fromcamera/any.jpg`],
      ['DELETE', `${account}/fromcamera/any.jpg`],
      ['POST', `${face.endpoint}/face/v1.0/detect`],
      ['GET', `${face.endpoint}/face/v1.0/persongroups`],
    ];
  };

  test.each(['viewer', 'analyst', 'operator'] as const)('as %s', async (role) => {
    const token = told.dashboard.tokens[role];
    const agent = new https.Agent({ ca });
    for (const [method, url] of surfaces()) {
      const answer = await answerTo(method, url, token, agent);
      expect(answer, `${method} ${url}`).toMatch(/^(401|403) |^400 InvalidAuthenticationInfo$/);
    }
    agent.destroy();
  });

  test('the state of devices is for operators alone', async () => {
    for (const role of ['viewer', 'analyst', 'operator'] as const) {
      const headers = { authorization: `Bearer ${told.dashboard.tokens[role]}` };
      const health = (await (await fetch(told.health.url, { headers })).json()) as object;
      expect('cameras' in health).toBe(role === 'operator');
    }
  });
});

/** Its status, and the code by which storage says why. */
function answerTo(method: string, url: string, token: string, agent: https.Agent): Promise<string> {
  const secure = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(
      url,
      {
        method,
        headers: { authorization: `Bearer ${token}`, 'x-ms-blob-type': 'BlockBlob', 'content-length': 0 },
        ...(secure ? { agent } : {}),
      },
      (response) => {
        response.resume();
        resolve(`${response.statusCode} ${response.headers['x-ms-error-code'] ?? ''}`);
      },
    );
    request.on('error', reject);
    request.end();
  });
}
