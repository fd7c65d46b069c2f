/** Messages to devices, feedback and file notifications over AMQP, judged by the official service SDK. */

import { Message } from 'azure-iot-common';
import type iothub from 'azure-iothub';
import rhea from 'rhea';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import { signSasToken } from '../identities/sas-token.js';
import type { ServiceBoundKind } from '../messages/service-bound.js';
import { HubAmqpFront } from './front.js';
import { amqpServiceClient, dialTo } from './service-client.testing.js';

let hub: IotHub;
let front: HubAmqpFront;
let client: iothub.Client;

beforeEach(() => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S3', units: 1 } }, realTimeServices(1));
  front = new HubAmqpFront(hub, {
    scheme: 'amqps',
    hostName: 'built-in.test',
    port: 5671,
    hub: 'iothub-cameras',
  });
  hub.registry.ensure('cam-1');
  client = amqpServiceClient(hub, front);
});
afterEach(async () => {
  await client.close();
  front.close();
});

function message(messageId: string, settings: Partial<Message> = {}): Message {
  const made = new Message(`body of ${messageId}`);
  return Object.assign(made, { messageId, ...settings });
}

interface FeedbackRecord {
  readonly originalMessageId: string;
  readonly statusCode: string;
  readonly deviceId: string;
  readonly deviceGenerationId: string;
}

/** What the feedback receiver of the SDK hears. */
async function feedback(): Promise<FeedbackRecord[]> {
  const heard: FeedbackRecord[] = [];
  const receiver = await client.getFeedbackReceiver();
  receiver?.result.on('message', (batch: Message) =>
    heard.push(...(JSON.parse(batch.data.toString()) as FeedbackRecord[])),
  );
  return heard;
}

describe('a message to a device', () => {
  test('waits for it with all its properties', async () => {
    const sent = message('m-1', {
      correlationId: 'c-1',
      contentType: 'application/json',
      contentEncoding: 'utf-8',
    });
    sent.properties.add('kind', 'a greeting');
    await client.send('cam-1', sent);
    expect(hub.cloudToDevice.receive('cam-1')).toMatchObject({
      messageId: 'm-1',
      body: Buffer.from('body of m-1'),
      properties: { kind: 'a greeting' },
      system: { cid: 'c-1', ct: 'application/json', ce: 'utf-8', to: '/devices/cam-1/messages/devicebound' },
      deliveryCount: 0,
    });
  });

  test('with a UUID for its id keeps it as text', async () => {
    const id = '6a1f5d58-8a3f-4b51-9c39-0d7a5b1f0e11';
    await client.send('cam-1', message(id));
    expect(hub.cloudToDevice.receive('cam-1')?.messageId).toBe(id);
  });

  test('to nobody is refused, as is one too many', async () => {
    await expect(client.send('cam-9', message('m'))).rejects.toMatchObject({ name: 'DeviceNotFoundError' });
    for (let count = 0; count < 50; count++) await client.send('cam-1', message(`m-${count}`));
    await expect(client.send('cam-1', message('one too many'))).rejects.toMatchObject({
      name: 'DeviceMaximumQueueDepthExceededError',
    });
  });

  test('needs a policy that grants ServiceConnect', async () => {
    const other = amqpServiceClient(hub, front, 'registryRead');
    await expect(other.send('cam-1', message('m'))).rejects.toMatchObject({
      amqpError: { name: 'UnauthorizedError' },
    });
    await other.close();
    expect(hub.cloudToDevice.pending('cam-1')).toBe(0);
  });
});

describe('feedback', () => {
  test('tells what became of messages whose sender wanted to know', async () => {
    const heard = await feedback();
    await client.send('cam-1', message('taken', { ack: 'full' }));
    await client.send('cam-1', message('unwanted', { ack: 'negative' }));
    await client.send('cam-1', message('silent', { ack: 'none' }));
    const locks = [1, 2, 3].map(() => hub.cloudToDevice.receive('cam-1')?.lockToken ?? '');
    hub.cloudToDevice.complete('cam-1', locks[0] ?? '');
    hub.cloudToDevice.reject('cam-1', locks[1] ?? '');
    hub.cloudToDevice.complete('cam-1', locks[2] ?? '');
    await expect
      .poll(() => heard.map(({ originalMessageId, statusCode }) => `${originalMessageId} ${statusCode}`))
      .toEqual(['taken Success', 'unwanted Rejected']);
    expect(heard[0]).toMatchObject({
      deviceId: 'cam-1',
      deviceGenerationId: hub.registry.get('cam-1').generationId,
    });
  });

  test('that its receiver did not settle waits for the next', async () => {
    const raw = await openRaw('/messages/serviceBound/feedback', { autoaccept: false });
    await client.send('cam-1', message('m-1', { ack: 'full' }));
    hub.cloudToDevice.complete('cam-1', hub.cloudToDevice.receive('cam-1')?.lockToken ?? '');
    await expect.poll(() => raw.bodies.length).toBe(1);
    raw.close();
    const heard = await feedback();
    await expect.poll(() => heard.map(({ originalMessageId }) => originalMessageId)).toEqual(['m-1']);
    await expect.poll(() => waiting('feedback')).toBe(0);
  });
});

describe('a file notification', () => {
  test('reaches the receiver of the SDK once the file is there', async () => {
    hub.fileUploads.link({
      placeOf: () => ({ hostName: 'blob.test', containerName: 'uploads', sasToken: '?sig=x' }),
      find: (name) => ({ uri: `https://blob.test/uploads/${name}`, sizeBytes: 5, updatedAtMs: 0 }),
    });
    const heard: unknown[] = [];
    const receiver = await client.getFileNotificationReceiver();
    receiver?.result.on('message', (notification: Message) =>
      heard.push(JSON.parse(notification.data.toString())),
    );
    const reply = hub.fileUploads.begin('cam-1', 'log.txt');
    if (!reply.ok) throw new Error(reply.reason);
    hub.fileUploads.finish('cam-1', { correlationId: reply.ticket.correlationId, isSuccess: true });
    await expect
      .poll(() => heard)
      .toEqual([
        {
          deviceId: 'cam-1',
          blobUri: 'https://blob.test/uploads/cam-1/log.txt',
          blobName: 'cam-1/log.txt',
          lastUpdatedTime: '1970-01-01T00:00:00.000Z',
          blobSizeInBytes: 5,
          enqueuedTimeUtc: expect.any(String),
        },
      ]);
    await expect.poll(() => waiting('file-notifications')).toBe(0);
  });
});

describe('a receiver of telemetry', () => {
  test('is sent to the built-in endpoint, whether it came by token or by password', async () => {
    const raw = await openRaw('/messages/events/$management', { password: tokenOf('service') });
    await expect
      .poll(() => raw.problem)
      .toMatchObject({
        condition: 'amqp:link:redirect',
        info: { hostname: 'built-in.test', address: 'amqps://built-in.test:5671/iothub-cameras/$management' },
      });
  });

  test('is refused with a password that is no token of its policy', async () => {
    const raw = await openRaw('/messages/events/$management', { password: tokenOf('registryRead') });
    await expect.poll(() => raw.failed).toBe(true);
  });
});

function waiting(kind: ServiceBoundKind): number {
  return hub.serviceBound.queue(kind).length;
}

function tokenOf(policy: string): string {
  const later = Math.floor(hub.services.clock.now() / 1000) + 600;
  return signSasToken('hub.test', hub.policies.find(policy)?.key ?? '', later, policy);
}

/** A receiver by rhea alone, with SASL PLAIN as `service`. */
async function openRaw(
  address: string,
  options: { readonly password?: string; readonly autoaccept?: boolean },
) {
  const container = rhea.create_container();
  const connection = container.connect({
    ...dialTo(front),
    username: 'service@sas.root.hub',
    password: options.password ?? tokenOf('service'),
    reconnect: false,
  } as never);
  const state = {
    bodies: [] as string[],
    problem: null as unknown,
    failed: false,
    close: () => connection.close(),
  };
  connection.on('disconnected', () => {
    state.failed = true;
  });
  connection.on('connection_error', () => {
    state.failed = true;
  });
  connection.on('error', () => {});
  const receiver = connection.open_receiver({ source: address, autoaccept: options.autoaccept ?? true });
  receiver.on('message', ({ message: came }) => state.bodies.push(String(came?.body?.content)));
  receiver.on('receiver_error', () => {
    state.problem = receiver.error;
  });
  return state;
}
