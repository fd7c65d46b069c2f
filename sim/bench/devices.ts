/** What a device costs: a thousand connect, take their twins and send telemetry; beside a plain broker, if there is one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { IotHub } from '../iot-hub/index.js';
import { openMqttFront } from '../iot-hub/mqtt-front.js';
import { signSasToken } from '../iot-hub/sas-token.js';
import { realTimeServices } from '../kernel/index.js';
import type { Bench, BenchFigure } from './bench.js';
import { type LoadFigures, type LoadTarget, loadWith } from './device-load.js';

const DEVICES = Array.from({ length: 1_000 }, (_, index) => `camera-${index}`);
const MESSAGES_EACH = 20;
const HOST = 'bench.test';
const YEAR_2096_SECONDS = 4_000_000_000;
/** Enough units that the hub's own limits hold nothing back. */
const SIZE = { sku: 'S3', units: 200 } as const;
const MOSQUITTO = '/usr/sbin/mosquitto';
const BROKER_START_MS = 5_000;
const BROKER_POLL_MS = 50;

export const devicesBench: Bench = {
  name: 'devices',
  summary: 'what a device costs: connects, messages, latency and memory of a thousand of them',
  async run(report, progress) {
    const hub = await measureHub();
    reportAll('devices', hub, report);
    progress(
      `IoT Hub: ${hub.connectsPerSecond.toFixed(0)} connects/s, ${hub.messagesPerSecond.toFixed(0)} messages/s`,
    );
    const plain = await measureMosquitto();
    if (plain === null) return progress(`${MOSQUITTO} is not installed: no plain broker to compare with`);
    reportAll('devices.mosquitto', plain, report);
    report({
      metric: 'devices.messagesPerSecond.mosquittoRatio',
      value: hub.messagesPerSecond / plain.messagesPerSecond,
      unit: 'ratio',
      of: 'devices.mosquitto.messagesPerSecond',
    });
  },
};

function reportAll(name: string, figures: LoadFigures, report: (figure: BenchFigure) => void): void {
  report({ metric: `${name}.connectsPerSecond`, value: figures.connectsPerSecond, unit: '1/s' });
  report({ metric: `${name}.messagesPerSecond`, value: figures.messagesPerSecond, unit: '1/s' });
  report({ metric: `${name}.acknowledgedP99`, value: figures.acknowledgedP99Ms, unit: 'ms' });
  report({ metric: `${name}.bytesPerDevice`, value: Math.round(figures.bytesPerDevice), unit: 'B' });
}

async function measureHub(): Promise<LoadFigures> {
  const hub = new IotHub({ hostName: HOST, size: SIZE }, realTimeServices('bench'));
  const front = openMqttFront(hub);
  const passwords = new Map(
    DEVICES.map((device) => {
      const { keys } = hub.registry.ensure(device);
      return [device, signSasToken(`${HOST}/devices/${device}`, keys.primary, YEAR_2096_SECONDS)];
    }),
  );
  const server = net.createServer({ noDelay: true }, (socket) => front.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const target: LoadTarget = {
    port: (server.address() as AddressInfo).port,
    options: (device) => ({
      username: `${HOST}/${device}/?api-version=2021-04-12`,
      password: passwords.get(device) ?? '',
    }),
    topic: (device) => `devices/${device}/messages/events/`,
    settle: takeTwin,
  };
  try {
    return await loadWith(target, DEVICES, MESSAGES_EACH);
  } finally {
    await front.close();
    server.close();
  }
}

async function takeTwin(client: MqttClient): Promise<void> {
  await client.subscribeAsync('$iothub/twin/res/#');
  const answer = once(client as unknown as NodeJS.EventEmitter, 'message');
  await client.publishAsync('$iothub/twin/GET/?$rid=1', '');
  await answer;
}

/** Null when there is none. */
async function measureMosquitto(): Promise<LoadFigures | null> {
  const folder = mkdtempSync(join(tmpdir(), 'footfall-mosquitto-'));
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
  const broker = spawn(MOSQUITTO, ['-c', config], { stdio: 'ignore' });
  try {
    if (!(await isListening(broker, port))) return null;
    return await loadWith(
      {
        port,
        options: () => ({}),
        topic: (device) => `devices/${device}/messages/events/`,
        settle: async () => {},
      },
      DEVICES,
      MESSAGES_EACH,
    );
  } finally {
    broker.kill();
    rmSync(folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** False when the broker cannot be started. */
async function isListening(broker: ChildProcess, port: number): Promise<boolean> {
  let failed = false;
  broker.once('error', () => {
    failed = true;
  });
  const until = performance.now() + BROKER_START_MS;
  while (!failed && performance.now() < until) {
    const socket = net.connect(port, '127.0.0.1');
    const reached = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (reached) return true;
    await new Promise((resolve) => setTimeout(resolve, BROKER_POLL_MS));
  }
  return false;
}
