/** A device over HTTPS, by the official device SDK. */
import { Message } from 'azure-iot-common';
import device from 'azure-iot-device';
import { Http } from 'azure-iot-device-http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import type { TelemetryRecord } from '../messages/telemetry.js';
import { agentTo } from './service-sdk.testing.js';

let hub: IotHub;
let client: device.Client;
let telemetry: TelemetryRecord[];

beforeEach(async () => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S3', units: 1 } }, realTimeServices(1));
  hub.registry.ensure('cam-1');
  client = device.Client.fromConnectionString(hub.connectionString('cam-1'), Http);
  // Without a policy the SDK's transport never says that it took the options.
  await client.setOptions({ http: { agent: agentTo(hub), receivePolicy: { interval: 1 } } } as object);
  telemetry = [];
  hub.telemetry.onRecord((record) => telemetry.push(record));
});

afterEach(() => client.close());

describe('the device SDK over HTTPS', () => {
  test('sends a message with its properties', async () => {
    const sent = new Message('{"people":3}');
    sent.messageId = 'm-1';
    sent.properties.add('section', 'bakery');
    await client.sendEvent(sent);
    expect(telemetry).toMatchObject([
      { body: Buffer.from('{"people":3}'), properties: { section: 'bakery' }, system: { mid: 'm-1' } },
    ]);
  });

  test('sends many messages in one request', async () => {
    const second = new Message('two');
    second.properties.add('section', 'tills');
    await client.sendEventBatch([new Message('one'), second]);
    expect(telemetry).toMatchObject([
      { body: Buffer.from('one'), properties: {} },
      { body: Buffer.from('two'), properties: { section: 'tills' } },
    ]);
  });

  test('fetches its messages when it looks for them', async () => {
    hub.cloudToDevice.enqueue('cam-1', {
      messageId: 'm-1',
      body: Buffer.from('hello'),
      properties: { kind: 'greeting' },
      system: { cid: 'c-1', to: '/devices/cam-1/messages/devicebound' },
      expiresAtMs: null,
      feedback: 'none',
    });
    const received = await new Promise<Message>((resolve) => client.once('message', resolve));
    expect(received).toMatchObject({
      messageId: 'm-1',
      correlationId: 'c-1',
      to: '/devices/cam-1/messages/devicebound',
    });
    // This transport leaves the header's prefix to the names.
    expect(received.properties.getValue('iothub-app-kind')).toBe('greeting');
    await client.complete(received);
    expect(hub.cloudToDevice.pending('cam-1')).toBe(0);
  });
});
