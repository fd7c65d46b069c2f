/** `--at`: the services of one world over TLS are "the real ones" of a `footfall up` in another process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createBlobFront } from '../../../blob-storage/front/blob-front.js';
import { formatConnectionString } from '../../../blob-storage/index.js';
import { AmqpFront } from '../../../event-hubs/amqp/front.js';
import { faceApiListener } from '../../../face-api/front/front.js';
import { realTimeServices } from '../../../kernel/index.js';
import {
  EVENT_HUB,
  openServices,
  STORAGE_ACCOUNT,
  type WorldServices,
} from '../../world/services-of-a-world.js';
import { serverCertificate } from '../certificates.js';
import type { UpDescription } from '../description.js';
import { eitherHttp, eitherServer } from '../either-port.js';
import { listenForHub, serveHub } from '../hub-servers.js';
import { listenAt, type Place } from '../ports.js';
import { scenarioOfUp } from '../scenario-of-up.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const MAIN = join(import.meta.dirname, '../../../../dist/sim/cli/main.js');
const HALL = join(import.meta.dirname, '../../../../fixtures/footage/hall.mp4');
const FACE_KEY = 'elsewhere-key';
const folder = mkdtempSync(join(tmpdir(), 'footfall-at-'));
const closers: (() => unknown)[] = [];

let elsewhere: WorldServices;
let caPath: string;
let connections: readonly string[];
const pictures: string[] = [];
const faceRequests: string[] = [];

beforeAll(async () => {
  const services = realTimeServices('elsewhere');
  const nowMs = services.clock.now();
  const scenario = scenarioOfUp(folder, null, { fixture: null, matching: 'strict', era: '2019' }, nowMs);
  const certificate = await serverCertificate(folder, nowMs, services.rng('serials'));
  caPath = certificate.caPath;
  const servers = await listenForHub(certificate, [certificate.caPem], 0);
  elsewhere = openServices(services, scenario, () => undefined, [], {
    hubHost: `localhost:${servers.mqttPort}`,
  });
  const { eventHubs, faceApi, iotHub, storage } = elsewhere;
  const hub = serveHub(iotHub, servers, { scheme: 'amqps', hostName: 'localhost', port: 1, hub: 'none' });
  storage.onBlobWritten(({ container, name }) => void pictures.push(`${container}/${name}`));
  const amqp = new AmqpFront(eventHubs);
  const listen = async (server: net.Server, place: Place) => {
    closers.push(() => server.close());
    return listenAt(server, place, 0);
  };
  const face = faceApiListener(faceApi, { clock: services.clock, keys: [FACE_KEY] });
  const faceServer = http.createServer((request, response) => {
    faceRequests.push(`${request.method} ${request.url}`);
    face(request, response);
  });
  const blobPort = await listen(
    eitherHttp(certificate, createBlobFront(storage, services.rng('requests'))),
    'blob',
  );
  const amqpPort = await listen(
    eitherServer(certificate, (socket) => amqp.acceptSocket(socket)),
    'eventHubs',
  );
  const facePort = await listen(eitherHttp(certificate, faceServer), 'face');
  closers.push(
    () => amqp.close(),
    () => hub.close(),
    () => faceServer.closeAllConnections(),
  );
  const policy = eventHubs.access.policyWith();
  connections = [
    // Azure's hubs are at a port of their own; this one names its.
    iotHub.policies
      .connectionString()
      .replace('HostName=localhost', `HostName=localhost:${servers.mqttPort}`),
    formatConnectionString(
      STORAGE_ACCOUNT.name,
      STORAGE_ACCOUNT.keys[0],
      `https://localhost:${blobPort}/${STORAGE_ACCOUNT.name}`,
    ),
    `Endpoint=sb://localhost:${amqpPort}/;SharedAccessKeyName=${policy.name};SharedAccessKey=${policy.key}`,
    `Endpoint=https://localhost:${facePort};Key=${FACE_KEY}`,
  ];
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(folder, { recursive: true });
});

function eventsElsewhere(): number {
  const last = ['0', '1', '2', '3'].map(
    (id) => elsewhere.eventHubs.partitionProperties(EVENT_HUB, id).lastSequenceNumber,
  );
  return last.filter((number) => number >= 0).length;
}

test('cameras, pictures, faces and events all go to the services elsewhere', async () => {
  // One camera looks at recorded footage in a loop; its pictures go the same way.
  const args = [
    'up',
    '--json',
    '--port-base',
    '0',
    '--camera',
    `cam-entrance=${HALL}`,
    '--at',
    ...connections,
  ];
  const up = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caPath },
  });
  const said: string[] = [];
  up.stderr.on('data', (text) => said.push(String(text)));
  try {
    const line = await Promise.race([
      once(createInterface({ input: up.stdout }), 'line').then(([text]) => String(text)),
      once(up, 'exit').then(([code]) => `ended with ${code}: ${said.join('')}`),
    ]);
    const told = JSON.parse(line) as UpDescription;
    expect(told.at).toHaveLength(4);
    const { iotHub } = elsewhere;
    expect(iotHub.registry.devices.map(({ identity }) => identity.deviceId)).toEqual(
      told.cameras.views.map(({ cameraId }) => cameraId),
    );
    await vi.waitFor(
      () => {
        expect({
          telemetry: iotHub.telemetry.figures().in > 0,
          pictures: pictures.some((name) => /^fromcamera\/.+\/cam-entrance\/.+\.jpg$/.test(name)),
          faces: faceRequests.some((request) => /^POST \/face\/v1\.0\/detect/.test(request)),
          events: eventsElsewhere() > 0,
        }).toEqual({ telemetry: true, pictures: true, faces: true, events: true });
      },
      { timeout: 80_000, interval: 500 },
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}\nup said: ${said.join('')}`, { cause: error });
  } finally {
    if (up.exitCode === null) {
      up.kill('SIGTERM');
      await once(up, 'exit');
    }
  }
});

test('a hub that cannot be reached ends up with one clear message', async () => {
  const up = spawn(process.execPath, [
    MAIN,
    ...[
      'up',
      '--port-base',
      '0',
      '--at',
      'HostName=localhost:65535;SharedAccessKeyName=o;SharedAccessKey=a2V5',
    ],
  ]);
  let said = '';
  up.stderr.on('data', (text) => {
    said += text;
  });
  expect(await once(up, 'exit')).toEqual([3, null]);
  expect(said).toMatch(/the IoT Hub localhost:65535 cannot be reached: .* \[FF_UP_AT_HUB\]/);
});
