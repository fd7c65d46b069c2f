import { generate, type Packet, parser } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { duplexPair } from '../duplex-pair.js';
import { type ConnectionOwner, type MqttMessage, ServerConnection } from './server-connection.js';

const CONNECT: Packet = {
  cmd: 'connect',
  clientId: 'c',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
};
const START_MS = Date.UTC(2026, 2, 7, 9);
const MAX_PACKET_BYTES = 1000;

let kernel: Kernel;
let ends: (MqttMessage | null)[];
let came: Packet[];
let send: (packet: Packet) => void;
let isGone: boolean;

beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
  ends = [];
  came = [];
  isGone = false;
  const [client, far] = duplexPair();
  const owner: ConnectionOwner = {
    publish: (_message, acknowledge) => acknowledge(),
    acknowledged: () => {},
    subscribe: (subscriptions) => ({ granted: subscriptions.map(() => 0), afterwards: () => {} }),
    unsubscribe: () => {},
    closed: (will) => void ends.push(will),
  };
  new ServerConnection(far, {
    clock: kernel.clock,
    maxPacketBytes: MAX_PACKET_BYTES,
    maxSilenceMs: 60_000,
    connect: async () => ({ ok: true, isSessionPresent: false, open: () => owner }),
  });
  const packets = parser();
  packets.on('packet', (packet) => came.push(packet));
  client.on('data', (chunk: Buffer) => packets.parse(chunk));
  client.on('error', () => {});
  client.on('close', () => {
    isGone = true;
  });
  send = (packet) => void client.write(generate(packet));
});
afterEach(() => kernel.close());

const wait = (ms: number) => kernel.drive(kernel.clock.sleep(ms));
const commands = () => came.map(({ cmd }) => cmd);

describe('a connection', () => {
  test('serves what came with the CONNECT after its CONNACK', async () => {
    send(CONNECT);
    send({ cmd: 'publish', topic: 't', payload: 'x', qos: 1, messageId: 7, dup: false, retain: false });
    send({ cmd: 'pingreq' });
    await wait(1);
    expect(commands()).toEqual(['connack', 'puback', 'pingresp']);
    expect(came[1]).toMatchObject({ messageId: 7 });
  });

  test('ends when the client is silent for one and a half times its keep-alive, and its will is due', async () => {
    const will = { topic: 'w', payload: 'gone', qos: 0, retain: false } as const;
    send({ ...CONNECT, keepalive: 10, will } as Packet);
    await wait(9_000);
    send({ cmd: 'pingreq' });
    await wait(14_999);
    expect(isGone).toBe(false);
    await wait(2);
    expect(isGone).toBe(true);
    expect(ends).toMatchObject([{ topic: 'w' }]);
  });

  test('suffers no silence beyond the limit, even without a keep-alive', async () => {
    send({ ...CONNECT, keepalive: 0 } as Packet);
    await wait(59_999);
    expect(isGone).toBe(false);
    await wait(2);
    expect(isGone).toBe(true);
  });

  test('that says nothing is given up after half a minute', async () => {
    await wait(30_001);
    expect(isGone).toBe(true);
  });

  test('that says goodbye leaves no will', async () => {
    send({ ...CONNECT, will: { topic: 'w', payload: 'gone', qos: 0, retain: false } } as Packet);
    send({ cmd: 'disconnect' });
    await wait(1);
    expect(ends).toEqual([null]);
  });

  test.each<[string, readonly Packet[]]>([
    ['anything before a CONNECT', [{ cmd: 'pingreq' }]],
    ['a second CONNECT', [CONNECT, CONNECT]],
    [
      'a packet that is too large',
      [
        CONNECT,
        { cmd: 'publish', topic: 't', payload: Buffer.alloc(200_000), qos: 0, dup: false, retain: false },
      ],
    ],
    ['what only servers send', [CONNECT, { cmd: 'pingresp' }]],
  ])('ends with %s', async (_what, packets) => {
    for (const packet of packets) send(packet);
    await wait(1);
    expect(isGone).toBe(true);
  });

  test('of another version is refused by its code', async () => {
    send({ ...CONNECT, protocolVersion: 5 } as Packet);
    await wait(1);
    expect(came).toMatchObject([{ cmd: 'connack', returnCode: 1 }]);
  });
});
