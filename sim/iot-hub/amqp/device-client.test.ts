/** Devices and modules over AMQP, judged by the official device SDK. */
import { Message } from 'azure-iot-common';
import device from 'azure-iot-device';
import fc from 'fast-check';
import rhea, { type Connection, type ConnectionOptions } from 'rhea';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { duplexPair } from '../../network/index.js';
import { IotHub } from '../core.js';
import { signSasToken } from '../identities/sas-token.js';
import type { TelemetryRecord } from '../messages/telemetry.js';
import { amqpDeviceClient, amqpTransport } from './device-client.testing.js';
import { HubAmqpFront } from './front.js';
import { dialTo } from './service-client.testing.js';

let hub: IotHub;
let front: HubAmqpFront;
let client: device.Client;
let telemetry: TelemetryRecord[];

beforeEach(() => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S3', units: 1 } }, realTimeServices(1));
  front = new HubAmqpFront(hub);
  hub.registry.ensure('cam-1');
  client = amqpDeviceClient(front, hub.connectionString('cam-1'));
  telemetry = [];
  hub.telemetry.onRecord((record) => telemetry.push(record));
});
afterEach(async () => {
  await client.close().catch(() => {});
  front.close();
});

const message = (messageId: string) => ({
  messageId,
  body: Buffer.from(`body of ${messageId}`),
  properties: { kind: 'greeting' },
  system: { cid: 'c-1', ct: 'text/plain', to: '/devices/cam-1/messages/devicebound' },
  expiresAtMs: null,
  feedback: 'full' as const,
});

describe('a device over AMQP', () => {
  test('sends telemetry with application and system properties', async () => {
    const sent = new Message('{"people":3}');
    Object.assign(sent, { messageId: 'm-1', correlationId: 'c-1', contentType: 'application/json' });
    sent.contentEncoding = 'utf-8';
    sent.properties.add('section', 'bakery');
    await client.sendEvent(sent);
    expect(telemetry).toMatchObject([
      {
        identity: { deviceId: 'cam-1', moduleId: null },
        method: { scope: 'device', type: 'sas' },
        body: Buffer.from('{"people":3}'),
        properties: { section: 'bakery' },
        system: { mid: 'm-1', cid: 'c-1', ct: 'application/json', ce: 'utf-8' },
      },
    ]);
    expect(hub.isConnected('cam-1')).toBe(true);
    await client.close();
    await expect.poll(() => hub.isConnected('cam-1')).toBe(false);
  });

  test('is refused with another key, and when it is disabled', async () => {
    const foreign = hub
      .connectionString('cam-1')
      .replace(/SharedAccessKey=.*/, `SharedAccessKey=${'A'.repeat(44)}`);
    const other = amqpDeviceClient(front, foreign);
    await expect(other.open()).rejects.toMatchObject({ name: 'UnauthorizedError' });
    hub.updateIdentity('cam-1', { status: 'disabled' });
    await expect(client.open()).rejects.toMatchObject({ name: 'UnauthorizedError' });
  });

  test('is told why a message is too large, and goes on', async () => {
    await expect(client.sendEvent(new Message('x'.repeat(256 * 1024 + 1)))).rejects.toMatchObject({
      name: 'MessageTooLargeError',
    });
    await client.sendEvent(new Message('small'));
    expect(telemetry).toHaveLength(1);
  });

  test('completes, abandons and rejects its messages', async () => {
    const feedback: string[] = [];
    hub.cloudToDevice.onFeedback(({ originalMessageId, statusCode }) =>
      feedback.push(`${originalMessageId} ${statusCode}`),
    );
    const heard: string[] = [];
    client.on('message', (received: Message) => {
      heard.push(received.messageId);
      if (received.messageId === 'unwanted') void client.reject(received);
      else if (heard.join() === 'twice') void client.abandon(received);
      else void client.complete(received);
    });
    // One after the other: the SDK's rhea sends the outcomes of one moment as one outcome.
    for (const id of ['twice', 'taken', 'unwanted']) {
      hub.cloudToDevice.enqueue('cam-1', message(id));
      await expect.poll(() => feedback.at(-1)).toMatch(id);
    }
    expect(feedback).toEqual(['twice Success', 'taken Success', 'unwanted Rejected']);
    expect(heard).toEqual(['twice', 'twice', 'taken', 'unwanted']);
  });

  test('gets its messages with all their properties', async () => {
    hub.cloudToDevice.enqueue('cam-1', message('m-1'));
    const received = await new Promise<Message>((resolve) => client.once('message', resolve));
    expect(received).toMatchObject({ messageId: 'm-1', correlationId: 'c-1', contentType: 'text/plain' });
    expect(received.properties.getValue('kind')).toBe('greeting');
    expect(received.getData().toString()).toBe('body of m-1');
  });

  test('answers direct methods', async () => {
    await client.open();
    client.onDeviceMethod('StartCamera', (request, response) => {
      void response.send(200, { asked: request.payload, name: request.methodName });
    });
    await expect
      .poll(() => hub.invokeMethod('cam-1', 'StartCamera', { fps: 24 }).then(({ ok }) => ok))
      .toBe(true);
    expect(await hub.invokeMethod('cam-1', 'StartCamera', { fps: 30 })).toEqual({
      ok: true,
      answer: { status: 200, payload: { asked: { fps: 30 }, name: 'StartCamera' } },
    });
  });

  test('reads its twin, reports, and hears of desired properties', async () => {
    hub.twins.patchDesired('cam-1', { frameRate: 24 });
    const twin = await client.getTwin();
    expect(twin.properties.desired).toMatchObject({ frameRate: 24, $version: 2 });
    await new Promise<void>((resolve, reject) =>
      twin.properties.reported.update({ battery: 80 }, (error: Error | null) =>
        error ? reject(error) : resolve(),
      ),
    );
    expect(hub.twins.get('cam-1').reported.properties).toEqual({ battery: 80 });
    const changed = new Promise<number>((resolve) =>
      twin.on('properties.desired.frameRate', (value: number) => value === 30 && resolve(value)),
    );
    await expect.poll(() => hub.connections.find('cam-1')?.subscriptions.desired).toBe(true);
    hub.twins.patchDesired('cam-1', { frameRate: 30 });
    expect(await changed).toBe(30);
  });

  test('is told what is wrong with a patch', async () => {
    const twin = await client.getTwin();
    const refused = new Promise<Error | null>((resolve) =>
      twin.properties.reported.update({ 'a b': 1 }, (error: Error | null) => resolve(error)),
    );
    expect(await refused).toMatchObject({ amqpError: { name: 'FormatError' } });
  });

  test('loses its connection to a second one of the same id', async () => {
    const connection = rawDevice();
    expect(await attached(connection, '/devices/cam-1/messages/events')).toBe('open');
    await expect.poll(() => hub.isConnected('cam-1')).toBe(true);
    const lost = new Promise<string>((resolve) =>
      connection.once('connection_error', () => resolve(conditionOf(connection))),
    );
    await client.sendEvent(new Message('second'));
    expect(await lost).toBe('amqp:link:stolen');
    expect(hub.isConnected('cam-1')).toBe(true);
  });

  test('may use nobody’s links but its own', async () => {
    hub.registry.ensure('cam-2');
    const connection = rawDevice();
    expect(await attached(connection, '/devices/cam-1/messages/events')).toBe('open');
    expect(await attached(connection, '/devices/cam-2/messages/events')).toBe('amqp:unauthorized-access');
    expect(await attached(connection, '/devices/cam-1/nothing')).toBe('amqp:not-found');
    connection.close();
  });

  test('sends many messages in one batch', async () => {
    const connection = rawDevice();
    const sender = connection.open_sender('/devices/cam-1/messages/events');
    await new Promise((resolve) => sender.once('sendable', resolve));
    const part = (body: string) =>
      rhea.message.encode({ body: rhea.message.data_section(Buffer.from(body)) });
    const batch = { body: rhea.message.data_sections([part('one'), part('two')]) };
    sender.send(rhea.message.encode(batch), undefined, 0x8001_3700);
    await expect
      .poll(() => telemetry.map(({ body }) => Buffer.from(body).toString()))
      .toEqual(['one', 'two']);
    connection.close();
  });
});

describe('a connection over AMQP', () => {
  test('carries the devices of a gateway, each by its own token', async () => {
    hub.registry.ensure('cam-2');
    const connection = raw({});
    const cbs = connection.open_sender('$cbs');
    const replies = connection.open_receiver('$cbs');
    await new Promise((resolve) => cbs.once('sendable', resolve));
    const claim = (name: string) => {
      const audience = `hub.test/devices/${name}`;
      const status = new Promise<number>((resolve) =>
        replies.once('message', ({ message: reply }) =>
          resolve(Number(reply?.application_properties?.['status-code'])),
        ),
      );
      cbs.send({
        reply_to: 'cbs',
        message_id: name,
        application_properties: {
          operation: 'put-token',
          type: 'servicebus.windows.net:sastoken',
          name: audience,
        },
        body: signSasToken(audience, hub.registry.get(name).keys.secondary, 4_000_000_000),
      });
      return status;
    };
    expect(await claim('cam-1')).toBe(200);
    expect(await attached(connection, '/devices/cam-2/messages/events')).toBe('amqp:unauthorized-access');
    expect(await claim('cam-2')).toBe(200);
    for (const name of ['cam-1', 'cam-2']) {
      expect(await attached(connection, `/devices/${name}/messages/events`)).toBe('open');
    }
    await expect.poll(() => hub.connectedCount).toBe(2);
    hub.removeIdentity('cam-2');
    expect(hub.isConnected('cam-1')).toBe(true);
    connection.close();
    await expect.poll(() => hub.connectedCount).toBe(0);
  });

  test('ends with the token of its device', async () => {
    const seconds = Math.floor(hub.services.clock.now() / 1000) + 2;
    const connection = rawDevice(seconds);
    expect(await attached(connection, '/devices/cam-1/messages/events')).toBe('open');
    const ended = new Promise<string>((resolve) =>
      connection.once('connection_error', () => resolve(conditionOf(connection))),
    );
    expect(await ended).toBe('amqp:unauthorized-access');
  });
});

test('bytes of any kind on other connections, and any twin request, harm nobody else', async () => {
  await client.open();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.boolean(), async (bytes, isAmqp) => {
      const [near, far] = duplexPair();
      near.on('error', () => {});
      front.handle(far);
      if (isAmqp) near.write(Buffer.from('AMQP\u0000\u0001\u0000\u0000', 'latin1'));
      near.write(bytes);
      near.end();
    }),
    { numRuns: 100 },
  );
  const connection = rawDevice();
  const sender = connection.open_sender('/devices/cam-1/twin');
  await new Promise((resolve) => sender.once('sendable', resolve));
  const word = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('GET', 'PATCH', '/properties/reported'),
  );
  await fc.assert(
    fc.asyncProperty(word, word, fc.uint8Array({ maxLength: 50 }), async (operation, resource, body) => {
      sender.send({
        correlation_id: 'any',
        message_annotations: { operation, resource },
        body: rhea.message.data_section(Buffer.from(body)) as unknown,
      });
    }),
    { numRuns: 50 },
  );
  connection.close();
  const other = amqpDeviceClient(front, hub.connectionString(hub.registry.ensure('cam-2').identity.deviceId));
  await other.sendEvent(new Message('still here'));
  expect(telemetry.at(-1)?.identity.deviceId).toBe('cam-2');
  await other.close();
});

test('a module over AMQP sends to an output and answers methods', async () => {
  hub.registry.ensure('cam-1/eyes');
  const module = device.ModuleClient.fromConnectionString(
    hub.connectionString('cam-1/eyes'),
    amqpTransport(front),
  );
  module.onMethod('ping', (_request, response) => void response?.send(200, 'pong'));
  await module.sendOutputEvent('people', new Message('1'));
  expect(telemetry).toMatchObject([{ identity: { moduleId: 'eyes' }, system: { on: 'people' } }]);
  await expect.poll(() => hub.invokeMethod('cam-1/eyes', 'ping', null).then(({ ok }) => ok)).toBe(true);
  await module.close();
});

/** A device that speaks AMQP by hand, with a token for its password. */
function rawDevice(expirySeconds = 4_000_000_000): Connection {
  const { keys } = hub.registry.get('cam-1');
  const password = signSasToken('hub.test/devices/cam-1', keys.primary, expirySeconds);
  return raw({ username: 'cam-1@sas.hub', password });
}

function conditionOf({ error }: { readonly error?: unknown }): string {
  return String((error as { readonly condition?: string } | undefined)?.condition);
}

function raw(options: Partial<ConnectionOptions>): Connection {
  const container = rhea.create_container();
  // What the hub ends is looked at by the tests.
  for (const event of ['connection_error', 'sender_error', 'receiver_error', 'disconnected']) {
    container.on(event, () => {});
  }
  return container.connect({ reconnect: false, ...dialTo(front), ...options } as ConnectionOptions);
}

/** `open`, or the condition under which the hub detached the link. */
function attached(connection: Connection, address: string): Promise<string> {
  const sender = connection.open_sender(address);
  return new Promise((resolve) => {
    sender.once('sendable', () => resolve('open'));
    sender.once('sender_error', () => resolve(conditionOf(sender)));
  });
}
