/** `footfall up` as a user meets it: a process of its own, driven by the official SDKs, killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { BlobServiceClient } from '@azure/storage-blob';
import iotDevice from 'azure-iot-device';
import { Mqtt } from 'azure-iot-device-mqtt';
import iothub from 'azure-iothub';
import { afterAll, describe, expect, test } from 'vitest';
import type { UpDescription } from '../run/up/description.js';
import { footfall, ROOT, Workplace } from './cli.testing.js';

const PATIENCE_MS = 120_000;
const CAMERA = 'cam-entrance';
/** The contract: it stops within five seconds. */
const STOP_MS = 5_000;

interface Running {
  readonly process: ChildProcess;
  readonly told: UpDescription;
  readonly ca: string;
}

const workplace = new Workplace();
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  workplace.remove();
});

/** Starts it and reads the line that says it is ready. */
async function start(...args: readonly string[]): Promise<Running> {
  const main = join(ROOT, 'dist/sim/cli/main.js');
  const process_ = spawn(process.execPath, [
    main,
    'up',
    '--json',
    '--port-base',
    '0',
    '--real',
    CAMERA,
    ...args,
  ]);
  started.push(process_);
  let stderr = '';
  process_.stderr.on('data', (data) => {
    stderr += data;
  });
  const line = once(createInterface(process_.stdout), 'line') as Promise<[string]>;
  const exit = once(process_, 'exit').then(([code]) => {
    throw new Error(`it ended with ${code} before it was ready: ${stderr}`);
  });
  const [text] = await Promise.race([line, exit]);
  exit.catch(() => {});
  const told = JSON.parse(text) as UpDescription;
  return { process: process_, told, ca: readFileSync(told.caPath, 'utf8') };
}

/** The official service SDK, whose REST knows no port but 443 unless its agent dials elsewhere. */
function registryOf({ ca, told }: Running): iothub.Registry {
  const agent = new https.Agent({ ca });
  const dial = agent.createConnection.bind(agent) as (options: object, done: () => void) => net.Socket;
  agent.createConnection = ((options: object, done: () => void) =>
    dial({ ...options, port: told.iotHub.httpsPort }, done)) as typeof agent.createConnection;
  const registry = iothub.Registry.fromConnectionString(told.iotHub.serviceConnectionString);
  (
    registry as unknown as { _restApiClient: { setOptions(options: object): void } }
  )._restApiClient.setOptions({ http: { agent } });
  return registry;
}

async function sendAs(deviceId: string, { ca, told }: Running, text: string): Promise<void> {
  const device = told.iotHub.devices.find((each) => each.deviceId === deviceId);
  const client = iotDevice.Client.fromConnectionString(device?.connectionString ?? '', Mqtt);
  await client.setOptions({ ca });
  await client.open();
  await client.sendEvent(new iotDevice.Message(text));
  await client.close();
}

/** The bodies of `deviceId`'s messages at the built-in endpoint, from the earliest on, until there are `count`. */
async function telemetryOf(deviceId: string, { told }: Running, count: number): Promise<readonly string[]> {
  const { connectionString, hub } = told.iotHub.builtInEndpoint;
  const consumer = new EventHubConsumerClient('$Default', connectionString, hub, {});
  const came: string[] = [];
  const subscription = consumer.subscribe(
    {
      processEvents: async (events) => {
        for (const { body, systemProperties } of events) {
          if (systemProperties?.['iothub-connection-device-id'] === deviceId) came.push(String(body));
        }
      },
      processError: async () => {},
    },
    { startPosition: earliestEventPosition },
  );
  await expect.poll(() => came.length, { timeout: PATIENCE_MS }).toBe(count);
  await subscription.close();
  await consumer.close();
  return came;
}

const notesOf = ({ told }: Running) =>
  BlobServiceClient.fromConnectionString(told.blob.connectionString).getContainerClient('notes');

describe('footfall up', () => {
  test(
    'keeps what SDKs were told through a kill -9, stops when asked to, and leaves nothing behind',
    async () => {
      const data = workplace.path('data');
      const first = await start('--data', data);
      await registryOf(first).create({ deviceId: 'bench-1' });
      await registryOf(first).updateTwin(CAMERA, { tags: { shelf: 3 } }, '*');
      await sendAs(CAMERA, first, 'before');
      expect(await telemetryOf(CAMERA, first, 1)).toEqual(['before']);
      await notesOf(first).create();
      await notesOf(first).uploadBlockBlob('note.txt', 'kept', 4);
      // The registry's file is written a moment after the change.
      const kept = () => readFileSync(join(data, 'iot-hub.json'), 'utf8');
      await expect.poll(kept).toContain('"shelf":3');
      first.process.kill('SIGKILL');
      await once(first.process, 'exit');

      const second = await start('--data', data);
      const { responseBody: twin } = await registryOf(second).getTwin(CAMERA);
      expect(twin.tags).toEqual({ shelf: 3 });
      expect((await registryOf(second).get('bench-1')).responseBody.deviceId).toBe('bench-1');
      const note = await notesOf(second).getBlobClient('note.txt').downloadToBuffer();
      expect(note.toString()).toBe('kept');
      await sendAs(CAMERA, second, 'after');
      expect(await telemetryOf(CAMERA, second, 2)).toEqual(['before', 'after']);

      const port = second.told.iotHub.mqttPort;
      const rival = await footfall(['up', '--json', '--port-base', String(port)]);
      expect(rival).toMatchObject({ code: 3, stdout: '' });
      expect(rival.stderr).toContain(`port ${port}, for IoT Hub over MQTT, is in use`);

      const exit = once(second.process, 'exit');
      const giveUp = AbortSignal.timeout(2 * STOP_MS);
      second.process.kill('SIGTERM');
      const [code] = await Promise.race([exit, once(giveUp, 'abort').then(() => ['still running'])]);
      expect(code).toBe(0);
      await expect(once(net.connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
    },
    4 * PATIENCE_MS,
  );

  test(
    'leads messages by routes to an event hub of its own',
    async () => {
      const routing = {
        endpoints: { eventHubs: [{ name: 'alarms', entityPath: 'alarms' }] },
        routes: [
          {
            name: 'to-alarms',
            source: 'DeviceMessages',
            condition: "$connectionDeviceId = 'cam-entrance'",
            endpointNames: ['alarms'],
          },
        ],
        enrichments: [{ key: 'hub', value: '$iothubname', endpointNames: ['alarms'] }],
      };
      const file = workplace.path('routing.json');
      writeFileSync(file, JSON.stringify({ properties: { routing } }));
      const up = await start('--routing', file);
      await sendAs(CAMERA, up, 'smoke');
      const consumer = new EventHubConsumerClient('$Default', up.told.eventHubs.connectionString, 'alarms');
      const came: unknown[] = [];
      consumer.subscribe(
        {
          processEvents: async (events) =>
            void came.push(...events.map(({ body, properties }) => ({ body: String(body), properties }))),
          processError: async () => {},
        },
        { startPosition: earliestEventPosition },
      );
      await expect
        .poll(() => came, { timeout: PATIENCE_MS })
        .toEqual([{ body: 'smoke', properties: { hub: 'localhost' } }]);
      await consumer.close();
      up.process.kill('SIGINT');
      expect(await once(up.process, 'exit')).toEqual([0, null]);
    },
    2 * PATIENCE_MS,
  );

  test(
    'says what is wrong with routes',
    async () => {
      const file = workplace.path('bad-routing.json');
      writeFileSync(
        file,
        JSON.stringify({ routes: [{ name: 'r', source: 'DeviceMessages', endpointNames: ['nowhere'] }] }),
      );
      const { code, stderr } = await footfall(['up', '--port-base', '0', '--routing', file]);
      expect(code).toBe(2);
      expect(stderr).toContain("route 'r': there is no endpoint 'nowhere'");
    },
    PATIENCE_MS,
  );
});
