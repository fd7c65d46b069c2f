/** The device side by hand-written topics: what the MQTT front takes, gives and refuses. */
import fc from 'fast-check';
import { type IClientOptions, MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../kernel/index.js';
import { duplexPair } from '../network/index.js';
import type { CloudToDeviceMessage } from './cloud-to-device.js';
import { IotHub } from './core.js';
import { type MqttFront, openMqttFront } from './mqtt-front.js';
import { signSasToken } from './sas-token.js';
import type { TelemetryRecord } from './telemetry.js';

let hub: IotHub;
let front: MqttFront;
let taken: TelemetryRecord[];
let clients: MqttClient[];

beforeEach(async () => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S3', units: 1 } }, realTimeServices(1));
  front = await openMqttFront(hub);
  hub.registry.ensure('cam-1');
  hub.registry.ensure('cam-2');
  taken = [];
  clients = [];
  hub.telemetry.onRecord((record) => taken.push(record));
});
afterEach(async () => {
  for (const client of clients) client.end(true);
  await front.close();
});

function dial() {
  const [client, far] = duplexPair();
  front.handle(far);
  return client;
}

async function connect(deviceId: string, options: IClientOptions = {}): Promise<MqttClient> {
  const { keys } = hub.registry.get(deviceId);
  const client = new MqttClient(dial, {
    clientId: deviceId,
    username: `hub.test/${deviceId}/?api-version=2021-04-12`,
    password: signSasToken(`hub.test/devices/${deviceId}`, keys.primary, 4_000_000_000),
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...options,
  });
  clients.push(client);
  client.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('close', () => reject(new Error('refused')));
  });
  return client;
}

const closed = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', () => resolve()));

function message(messageId: string, settings: Partial<CloudToDeviceMessage> = {}): CloudToDeviceMessage {
  const body = Buffer.from(messageId);
  return { messageId, body, properties: {}, system: {}, expiresAtMs: null, feedback: 'full', ...settings };
}

describe('cloud-to-device messages', () => {
  const INBOX = 'devices/cam-1/messages/devicebound/#';

  test('wait for the device, come with their properties, and are completed by its PUBACK', async () => {
    const feedback: string[] = [];
    hub.cloudToDevice.onFeedback(({ originalMessageId, statusCode }) => {
      feedback.push(`${originalMessageId} ${statusCode}`);
    });
    hub.cloudToDevice.enqueue('cam-1', message('m1', { properties: { kind: 'a b' } }));
    const client = await connect('cam-1');
    const came: string[] = [];
    client.on('message', (topic, body) => came.push(`${topic} ${body}`));
    await client.subscribeAsync(INBOX, { qos: 1 });
    hub.cloudToDevice.enqueue('cam-1', message('m2'));
    await expect.poll(() => feedback).toEqual(['m1 Success', 'm2 Success']);
    expect(came[0]).toContain('devices/cam-1/messages/devicebound/');
    expect(decodeURIComponent(came[0] ?? '')).toMatch(/\$\.mid=m1.*&kind=a b m1$/);
    expect(hub.cloudToDevice.pending('cam-1')).toBe(0);
  });

  test('that were not acknowledged come again with the next connection, counted', async () => {
    hub.cloudToDevice.enqueue('cam-1', message('m1'));
    // This client never acknowledges.
    const deaf = await connect('cam-1', { customHandleAcks: () => {} });
    await deaf.subscribeAsync(INBOX, { qos: 1 });
    await expect.poll(() => hub.cloudToDevice.receive('cam-1')).toBeNull();
    deaf.end(true);
    await closed(deaf);
    await expect.poll(() => hub.isConnected('cam-1')).toBe(false);
    expect(hub.cloudToDevice.receive('cam-1')?.deliveryCount).toBeGreaterThan(1);
  });

  test('are refused beyond fifty, or too large, and given up when they are too old', () => {
    for (let count = 0; count < 50; count++) hub.cloudToDevice.enqueue('cam-1', message(`m${count}`));
    expect(hub.cloudToDevice.enqueue('cam-1', message('one too many'))).toMatchObject({ status: 403 });
    const large = message('large', { body: new Uint8Array(65_537) });
    expect(hub.cloudToDevice.enqueue('cam-2', large)).toMatchObject({ status: 413 });
    const old = message('old', { expiresAtMs: 0 });
    hub.cloudToDevice.enqueue('cam-2', old);
    expect(hub.cloudToDevice.pending('cam-2')).toBe(0);
  });

  test('that are abandoned ten times are given up', () => {
    const feedback: string[] = [];
    hub.cloudToDevice.onFeedback(({ statusCode }) => feedback.push(statusCode));
    hub.cloudToDevice.enqueue('cam-1', message('m1'));
    for (let delivery = 1; delivery <= 10; delivery++) {
      const received = hub.cloudToDevice.receive('cam-1');
      expect(received?.deliveryCount).toBe(delivery);
      hub.cloudToDevice.abandon('cam-1', received?.lockToken ?? '');
    }
    expect(feedback).toEqual(['DeliveryCountExceeded']);
  });
});

describe('what IoT Hub does otherwise than a broker', () => {
  const EVENTS = 'devices/cam-1/messages/events/';

  test('a will becomes a message, and a goodbye takes it back', async () => {
    const will = { topic: EVENTS, payload: Buffer.from('gone'), qos: 1 as const, retain: false };
    const polite = await connect('cam-1', { will });
    await polite.endAsync();
    const cut = await connect('cam-1', { will });
    cut.stream.destroy();
    await expect.poll(() => taken.length).toBe(1);
    expect(taken[0]?.properties).toEqual({ 'iothub-MessageType': 'Will' });
    expect(Buffer.from(taken[0]?.body ?? []).toString()).toBe('gone');
  });

  test('RETAIN becomes a property', async () => {
    const client = await connect('cam-1');
    await client.publishAsync(EVENTS, 'x', { qos: 1, retain: true });
    expect(taken[0]?.properties).toEqual({ 'mqtt-retain': 'true' });
  });

  test('a publish of QoS 2 ends the connection', async () => {
    const client = await connect('cam-1');
    const end = closed(client);
    client.publish(EVENTS, 'x', { qos: 2 });
    await end;
    expect(taken).toEqual([]);
  });

  test('a device may use its own topics alone', async () => {
    const client = await connect('cam-1');
    await expect(client.subscribeAsync('devices/cam-2/messages/devicebound/#')).rejects.toThrow();
    const end = closed(client);
    client.publish('devices/cam-2/messages/events/', 'x', { qos: 1 });
    await end;
    expect(taken).toEqual([]);
  });

  test('a second connection with the same id drops the first', async () => {
    const first = await connect('cam-1');
    const end = closed(first);
    await connect('cam-1');
    await end;
    expect(hub.connectedCount).toBe(1);
  });

  test('both keys open, a replaced one no longer does', async () => {
    const { keys } = hub.registry.get('cam-1');
    hub.registry.update('cam-1', { keys: { primary: keys.secondary, secondary: keys.secondary } });
    const password = signSasToken('hub.test/devices/cam-1', keys.primary, 4_000_000_000);
    await expect(connect('cam-1', { password })).rejects.toThrow();
    await connect('cam-1');
  });
});

describe('nonsense', () => {
  test('of any bytes harms nobody but who sends it', async () => {
    const healthy = await connect('cam-2');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const connection = dial();
        connection.on('error', () => {});
        connection.write(bytes);
        connection.end();
      }),
      { numRuns: 200 },
    );
    await healthy.publishAsync('devices/cam-2/messages/events/', 'still here', { qos: 1 });
    expect(taken).toHaveLength(1);
  });

  test('in topics and property bags ends the connection at most', async () => {
    const healthy = await connect('cam-2');
    const tail = fc.string({ maxLength: 60 }).filter((text) => !/[#+\0]/u.test(text));
    const roots = ['devices/cam-1/messages/events/', '$iothub/twin/GET/', '$iothub/methods/res/', ''];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...roots), tail, async (root, rest) => {
        const client = await connect('cam-1');
        client.publish(`${root}${rest}`, 'x', { qos: 0 });
        client.end();
      }),
      { numRuns: 50 },
    );
    await healthy.publishAsync('devices/cam-2/messages/events/', 'still here', { qos: 1 });
    expect(taken.some(({ identity }) => identity.deviceId === 'cam-2')).toBe(true);
  });
});
