/** The device side by hand-written topics: what the MQTT front takes, gives and refuses. */
import fc from 'fast-check';
import { type IClientOptions, MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../kernel/index.js';
import { duplexPair } from '../network/index.js';
import { IotHub } from './core.js';
import { signSasToken } from './identities/sas-token.js';
import type { CloudToDeviceMessage } from './messages/cloud-to-device.js';
import type { TelemetryRecord } from './messages/telemetry.js';
import { type MqttFront, openMqttFront } from './mqtt/mqtt-front.js';

let hub: IotHub;
let front: MqttFront;
let taken: TelemetryRecord[];
let clients: MqttClient[];

beforeEach(async () => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S3', units: 1 } }, realTimeServices(1));
  front = openMqttFront(hub);
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

async function connect(
  deviceId: string,
  options: IClientOptions = {},
  watch: (client: MqttClient) => void = () => {},
): Promise<MqttClient> {
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
  watch(client);
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

test('a module over MQTT has topics, a twin and methods of its own', async () => {
  const { keys } = hub.registry.ensure('cam-1/eyes');
  const client = await connect('cam-1', {
    clientId: 'cam-1/eyes',
    username: 'hub.test/cam-1/eyes/?api-version=2021-04-12',
    password: signSasToken('hub.test/devices/cam-1/modules/eyes', keys.secondary, 4_000_000_000),
  });
  const answers: string[] = [];
  client.on('message', (topic, body) => {
    answers.push(`${topic} ${body}`);
    const [, requestId] = /^\$iothub\/methods\/POST\/ping\/\?\$rid=(.+)$/.exec(topic) ?? [];
    if (requestId !== undefined) client.publish(`$iothub/methods/res/200/?$rid=${requestId}`, '"pong"');
  });
  await client.subscribeAsync(['$iothub/twin/res/#', '$iothub/methods/POST/#']);
  await client.publishAsync('devices/cam-1/modules/eyes/messages/events/%24.on=people', '1', { qos: 1 });
  expect(taken).toMatchObject([
    {
      identity: { deviceId: 'cam-1', moduleId: 'eyes' },
      system: { on: 'people' },
      method: { scope: 'module' },
    },
  ]);
  await client.publishAsync('$iothub/twin/PATCH/properties/reported/?$rid=1', '{"model":"v2"}');
  await expect.poll(() => answers[0]).toMatch(/^\$iothub\/twin\/res\/204\/\?\$rid=1/);
  expect(hub.twins.get('cam-1/eyes').reported.properties).toEqual({ model: 'v2' });
  expect(hub.twins.get('cam-1').reported.properties).toEqual({});
  expect(await hub.invokeMethod('cam-1/eyes', 'ping', null)).toEqual({
    ok: true,
    answer: { status: 200, payload: 'pong' },
  });
  // The device's own topics are not the module's.
  client.publish('devices/cam-1/messages/events/', 'x');
  await closed(client);
});

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

  test('that were not acknowledged come again with the next connection, and are not counted', async () => {
    hub.cloudToDevice.enqueue('cam-1', message('m1'));
    // This client never acknowledges.
    const deaf = await connect('cam-1');
    deaf.handleMessage = () => {};
    let came = 0;
    deaf.on('message', () => came++);
    await deaf.subscribeAsync(INBOX, { qos: 1 });
    await expect.poll(() => came).toBe(1);
    deaf.end(true);
    await closed(deaf);
    await expect.poll(() => hub.isConnected('cam-1')).toBe(false);
    expect(hub.cloudToDevice.receive('cam-1')).toMatchObject({ messageId: 'm1', deliveryCount: 0 });
  });

  test('are refused beyond fifty, or too large, and given up when they are too old', async () => {
    for (let count = 0; count < 50; count++) hub.cloudToDevice.enqueue('cam-1', message(`m${count}`));
    expect(hub.cloudToDevice.enqueue('cam-1', message('one too many'))).toMatchObject({ status: 403 });
    const large = message('large', { body: new Uint8Array(65_537) });
    expect(hub.cloudToDevice.enqueue('cam-2', large)).toMatchObject({ status: 413 });
    const old = message('old', { expiresAtMs: 0 });
    hub.cloudToDevice.enqueue('cam-2', old);
    await expect.poll(() => hub.cloudToDevice.pending('cam-2')).toBe(0);
  });

  test('that are abandoned ten times are given up', () => {
    const feedback: string[] = [];
    hub.cloudToDevice.onFeedback(({ statusCode }) => feedback.push(statusCode));
    hub.cloudToDevice.enqueue('cam-1', message('m1'));
    for (let delivery = 0; delivery < 10; delivery++) {
      const received = hub.cloudToDevice.receive('cam-1');
      expect(received?.deliveryCount).toBe(delivery);
      hub.cloudToDevice.abandon('cam-1', received?.lockToken ?? '');
    }
    expect(feedback).toEqual(['DeliveryCountExceeded']);
  });
});

describe('a session', () => {
  const INBOX = 'devices/cam-1/messages/devicebound/#';

  /** Connects and tells whether the hub still knew the session; what comes is collected. */
  async function session(clean: boolean) {
    const came: string[] = [];
    let isPresent = false;
    const client = await connect('cam-1', { clean }, (made) => {
      made.on('message', (topic) => came.push(/mid=([^&]+)/.exec(decodeURIComponent(topic))?.[1] ?? ''));
      made.on('connect', ({ sessionPresent }) => {
        isPresent = sessionPresent;
      });
    });
    return { client, came, isPresent };
  }

  test('that is kept receives what came meanwhile without subscribing again', async () => {
    const first = await session(false);
    expect(first.isPresent).toBe(false);
    await first.client.subscribeAsync(INBOX, { qos: 1 });
    await first.client.endAsync();
    await expect.poll(() => hub.isConnected('cam-1')).toBe(false);
    hub.cloudToDevice.enqueue('cam-1', message('m1'));
    const second = await session(false);
    expect(second.isPresent).toBe(true);
    await expect.poll(() => second.came).toEqual(['m1']);
  });

  test('that is clean forgets what was kept', async () => {
    const first = await session(false);
    await first.client.subscribeAsync(INBOX, { qos: 1 });
    await first.client.endAsync();
    const clean = await session(true);
    expect(clean.isPresent).toBe(false);
    await clean.client.endAsync();
    hub.cloudToDevice.enqueue('cam-1', message('m1'));
    const last = await session(false);
    expect(last.isPresent).toBe(false);
    await last.client.publishAsync('devices/cam-1/messages/events/', 'x', { qos: 1 });
    expect(last.came).toEqual([]);
  });

  test('at QoS 0 gives messages away without acknowledgement', async () => {
    const { client, came } = await session(true);
    await client.subscribeAsync(INBOX, { qos: 0 });
    client.handleMessage = () => {};
    hub.cloudToDevice.enqueue('cam-1', message('m1'));
    await expect.poll(() => came).toEqual(['m1']);
    expect(hub.cloudToDevice.pending('cam-1')).toBe(0);
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

  test('a subscription of QoS 2 is granted QoS 1', async () => {
    const client = await connect('cam-1');
    const granted = await client.subscribeAsync('$iothub/methods/POST/#', { qos: 2 });
    expect(granted.map(({ qos }) => qos)).toEqual([1]);
  });

  test('a sixth subscription at a time is refused', async () => {
    hub.registry.ensure('cam-1/eyes');
    const { keys } = hub.registry.get('cam-1/eyes');
    const client = await connect('cam-1/eyes', {
      username: 'hub.test/cam-1/eyes/?api-version=2021-04-12',
      password: signSasToken('hub.test/devices/cam-1/modules/eyes', keys.primary, 4_000_000_000),
    });
    const root = 'devices/cam-1/modules/eyes';
    const five = [
      '$iothub/twin/res/#',
      '$iothub/twin/PATCH/properties/desired/#',
      '$iothub/methods/POST/#',
      `${root}/inputs/#`,
      `${root}/#`,
    ];
    await client.subscribeAsync(five);
    await client.subscribeAsync(five[0] ?? '');
    await expect(client.subscribeAsync(`${root}/messages/devicebound/#`)).rejects.toThrow();
    await client.unsubscribeAsync(`${root}/#`);
    await client.subscribeAsync(`${root}/messages/devicebound/#`);
  });

  test('a connection ends with the token that opened it', async () => {
    const { keys } = hub.registry.get('cam-1');
    const soon = Math.floor(hub.services.clock.now() / 1000) + 2;
    const password = signSasToken('hub.test/devices/cam-1', keys.primary, soon);
    const client = await connect('cam-1', { password });
    await closed(client);
    expect(hub.services.clock.now()).toBeGreaterThanOrEqual(soon * 1000);
    await expect(connect('cam-1', { password })).rejects.toThrow();
  });

  test('a policy that grants DeviceConnect opens for any device, others for none', async () => {
    const by = (policy: string) =>
      signSasToken('hub.test', hub.policies.find(policy)?.key ?? '', 4_000_000_000, policy);
    await connect('cam-1', { password: by('device') });
    await expect(connect('cam-1', { password: by('service') })).rejects.toThrow();
  });

  test('the api-version may be missing from the user name, the host may not be another', async () => {
    await connect('cam-1', { username: 'hub.test/cam-1' });
    await expect(
      connect('cam-1', { username: 'other.test/cam-1/?api-version=2021-04-12' }),
    ).rejects.toThrow();
  });

  test('a message of 256 KB is taken, a larger one ends the connection', async () => {
    const client = await connect('cam-1');
    await client.publishAsync(EVENTS, Buffer.alloc(256 * 1024), { qos: 1 });
    const end = closed(client);
    client.publish(EVENTS, Buffer.alloc(256 * 1024 + 1), { qos: 1 });
    await end;
    expect(taken).toHaveLength(1);
  });

  test('two clients with one id slow one another down to a connection a second', async () => {
    const startMs = hub.services.clock.now();
    for (let count = 0; count < 3; count++) await connect('cam-1');
    // The first had nobody to drop, the second did at once, the third had to wait.
    expect(hub.services.clock.now() - startMs).toBeGreaterThanOrEqual(990);
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
