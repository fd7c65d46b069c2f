/** A server under load: the hub in this process, or a broker that is a program of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { signSasToken } from '../../iot-hub/identities/sas-token.js';
import { IotHub } from '../../iot-hub/index.js';
import { openMqttFront } from '../../iot-hub/mqtt/mqtt-front.js';
import { realTimeServices } from '../../kernel/index.js';
import { serverCertificate } from '../../run/up/certificates.js';
import type { Credentials, ServerAddress } from './lean-client.js';

export interface ServerUnderLoad {
  readonly address: ServerAddress;
  /** Whether devices have twins there. */
  readonly hasTwins: boolean;
  credentialsOf(device: string): Credentials;
  /** Processor time it has used so far, in microseconds. */
  cpuMicroseconds(): number;
  /** Resident memory, in bytes. */
  residentBytes(): number;
  close(): Promise<void>;
}

const HOST = 'bench.test';
const YEAR_2096_SECONDS = 4_000_000_000;
/** Enough units that the hub's own limits hold nothing back. */
const SIZE = { sku: 'S3', units: 200 } as const;
const MOSQUITTO = '/usr/sbin/mosquitto';
const BROKER_START_MS = 5_000;
const BROKER_POLL_MS = 50;
/** Of `/proc/<pid>/stat`, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

export async function hubUnderLoad(withTls: boolean): Promise<ServerUnderLoad> {
  const services = realTimeServices('bench');
  const hub = new IotHub({ hostName: HOST, size: SIZE }, services);
  const front = openMqttFront(hub);
  const folder = mkdtempSync(join(tmpdir(), 'footfall-bench-'));
  const certificate = withTls
    ? await serverCertificate(folder, services.clock.now(), services.rng('bench/serials'))
    : null;
  const server =
    certificate === null
      ? net.createServer({ noDelay: true }, (socket) => front.handle(socket))
      : tls.createServer({ cert: certificate.chainPem, key: certificate.keyPem, noDelay: true }, (socket) =>
          front.handle(socket),
        );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: { port: (server.address() as AddressInfo).port, caPem: certificate?.caPem ?? null },
    hasTwins: true,
    credentialsOf(device) {
      const { keys } = hub.registry.ensure(device);
      return {
        clientId: device,
        username: `${HOST}/${device}/?api-version=2021-04-12`,
        password: signSasToken(`${HOST}/devices/${device}`, keys.primary, YEAR_2096_SECONDS),
      };
    },
    cpuMicroseconds() {
      const { system, user } = process.cpuUsage();
      return system + user;
    },
    residentBytes: () => process.memoryUsage.rss(),
    async close() {
      await front.close();
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Debian's mosquitto as a plain broker; null when it is not installed. */
export async function mosquittoUnderLoad(): Promise<ServerUnderLoad | null> {
  const folder = mkdtempSync(join(tmpdir(), 'footfall-mosquitto-'));
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
  const broker = spawn(MOSQUITTO, ['-c', config], { stdio: 'ignore' });
  const close = async () => {
    broker.kill();
    rmSync(folder, { recursive: true });
  };
  if (!(await isListening(broker, port))) {
    await close();
    return null;
  }
  const stat = () => {
    const text = readFileSync(`/proc/${broker.pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold spaces.
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  };
  return {
    address: { port, caPem: null },
    hasTwins: false,
    credentialsOf: (device) => ({ clientId: device }),
    cpuMicroseconds: () => (((stat()[11] ?? 0) + (stat()[12] ?? 0)) * 1_000_000) / TICKS_PER_SECOND,
    residentBytes: () => (stat()[21] ?? 0) * PAGE_BYTES,
    close,
  };
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
