import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import type { CloudToDeviceMessage } from './cloud-to-device.js';

const START_MS = Date.UTC(2026, 2, 7, 9);

let kernel: Kernel;
let hub: IotHub;
beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S1', units: 1 } }, kernel);
  hub.registry.ensure('cam-1');
});
afterEach(() => kernel.close());

function send(messageId: string, settings: Partial<CloudToDeviceMessage> = {}): void {
  const message = { messageId, body: Buffer.from('x'), properties: {}, system: {} };
  hub.cloudToDevice.enqueue('cam-1', { ...message, expiresAtMs: null, feedback: 'full', ...settings });
}

function complete(): void {
  hub.cloudToDevice.complete('cam-1', hub.cloudToDevice.receive('cam-1')?.lockToken ?? '');
}

/** The batches that wait, each as `time id code, …`, and takes them away. */
function batches(): string[] {
  const queue = hub.serviceBound.queue('feedback');
  const found: string[] = [];
  for (let next = queue.receive(); next !== null; next = queue.receive()) {
    const records = JSON.parse(next.message.body) as { originalMessageId: string; statusCode: string }[];
    const text = records.map(({ originalMessageId, statusCode }) => `${originalMessageId} ${statusCode}`);
    found.push(`${next.enqueuedAtMs - START_MS} ${text.join(', ')}`);
    queue.complete(next.lockToken);
  }
  return found;
}

const wait = (ms: number) => kernel.drive(kernel.clock.sleep(ms));

describe('feedback', () => {
  test('goes at once, and then in batches fifteen seconds after the last', async () => {
    for (const id of ['a', 'b', 'c']) send(id);
    complete();
    await wait(1_000);
    complete();
    await wait(5_000);
    complete();
    await wait(60_000);
    expect(batches()).toEqual(['0 a Success', '15000 b Success, c Success']);
  });

  test('goes as soon as there are sixty-four records', async () => {
    hub.registry.ensure('cam-2');
    send('first');
    complete();
    await wait(1_000);
    batches();
    for (let count = 0; count < 64; count++) {
      send(`m${count}`);
      complete();
    }
    expect(batches()[0]).toContain('1000 m0 Success');
  });

  test('tells of messages that were too old, purged, or given up', async () => {
    send('old', { expiresAtMs: START_MS + 500 });
    await wait(1_000);
    send('purged', { feedback: 'negative' });
    hub.cloudToDevice.purge('cam-1');
    send('pushy', { feedback: 'negative' });
    for (let count = 0; count < 10; count++) {
      hub.cloudToDevice.abandon('cam-1', hub.cloudToDevice.receive('cam-1')?.lockToken ?? '');
    }
    send('taken', { feedback: 'negative' });
    complete();
    await wait(60_000);
    expect(batches()).toEqual(['500 old Expired', '15500 purged Purged, pushy DeliveryCountExceeded']);
  });

  test('is forgotten after an hour', async () => {
    send('a');
    complete();
    await wait(3_599_000);
    expect(hub.serviceBound.queue('feedback').length).toBe(1);
    await wait(1_000);
    expect(hub.serviceBound.queue('feedback').length).toBe(0);
  });
});

describe('a lock', () => {
  test('runs out after a minute, and that is no delivery that counts', async () => {
    send('a');
    hub.cloudToDevice.receive('cam-1');
    await wait(59_999);
    expect(hub.cloudToDevice.receive('cam-1')).toBeNull();
    await wait(1);
    expect(hub.cloudToDevice.receive('cam-1')).toMatchObject({ messageId: 'a', deliveryCount: 0 });
  });
});
