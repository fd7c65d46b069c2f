/** Devices by the thousand against an MQTT server on loopback: mqtt.js over TCP, in this process. */
import net from 'node:net';
import { type IClientOptions, MqttClient } from 'mqtt';

export interface LoadTarget {
  readonly port: number;
  readonly options: (device: string) => IClientOptions;
  /** Where a device's messages go. */
  readonly topic: (device: string) => string;
  /** What a device does once it is connected: subscriptions, its twin. */
  readonly settle: (client: MqttClient) => Promise<void>;
}

export interface LoadFigures {
  readonly connectsPerSecond: number;
  readonly messagesPerSecond: number;
  /** From a publish of QoS 1 to its acknowledgement. */
  readonly acknowledgedP99Ms: number;
  /** Growth of the resident set by both ends of all connections. */
  readonly bytesPerDevice: number;
}

/** Devices that connect at once: more would measure the operating system's backlog. */
const CONNECTING = 50;
const MESSAGE = Buffer.from(JSON.stringify({ people: 3, section: 'shoes' }));
const MS_PER_SECOND = 1000;

export async function loadWith(
  target: LoadTarget,
  devices: readonly string[],
  messagesEach: number,
): Promise<LoadFigures> {
  const before = process.memoryUsage.rss();
  const began = performance.now();
  const clients: MqttClient[] = [];
  const waiting = [...devices];
  const connectNext = async () => {
    for (let device = waiting.shift(); device !== undefined; device = waiting.shift()) {
      clients.push(await connect(target, device));
    }
  };
  await Promise.all(Array.from({ length: CONNECTING }, connectNext));
  const connectedMs = performance.now() - began;
  const bytesPerDevice = (process.memoryUsage.rss() - before) / devices.length;

  const latencies: number[] = [];
  const sendingBegan = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      const topic = target.topic(client.options.clientId ?? '');
      for (let count = 0; count < messagesEach; count++) {
        const sentAt = performance.now();
        await client.publishAsync(topic, MESSAGE, { qos: 1 });
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const sendingMs = performance.now() - sendingBegan;
  await Promise.all(clients.map((client) => client.endAsync(true)));
  latencies.sort((one, other) => one - other);
  return {
    connectsPerSecond: (devices.length * MS_PER_SECOND) / connectedMs,
    messagesPerSecond: (latencies.length * MS_PER_SECOND) / sendingMs,
    acknowledgedP99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    bytesPerDevice,
  };
}

async function connect({ options, port, settle }: LoadTarget, device: string): Promise<MqttClient> {
  const client = new MqttClient(() => net.connect({ port, host: '127.0.0.1', noDelay: true }), {
    protocolVersion: 4,
    reconnectPeriod: 0,
    clientId: device,
    ...options(device),
  });
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
  });
  await settle(client);
  return client;
}
