/** Import and export of identities by blobs, ordered by the official service SDK. */
import { beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import { type ServiceSdk, serviceSdk } from './service-sdk.testing.js';

const INPUT = 'https://account.test/in?sig=1';
const OUTPUT = 'https://account.test/out?sig=2';

let hub: IotHub;
let sdk: ServiceSdk;
let blobs: Map<string, string>;

beforeEach(() => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S3', units: 1 } }, realTimeServices(1));
  sdk = serviceSdk(hub);
  blobs = new Map();
  hub.registryJobs.link({
    read: async (uri, name) => {
      const text = blobs.get(`${uri} ${name}`);
      return text === undefined ? null : Buffer.from(text);
    },
    write: async (uri, name, body) => {
      blobs.set(`${uri} ${name}`, Buffer.from(body).toString());
    },
  });
});

/** The SDK's own type of it is empty. */
interface Job {
  readonly jobId: string;
  readonly status: string;
  readonly failureReason: string | null;
}

async function ended(started: Promise<unknown>): Promise<Job> {
  const { jobId } = (await started) as Job;
  for (;;) {
    const job = (await sdk.registry.getJob(jobId)) as unknown as Job;
    if (job.status !== 'running') return job;
  }
}

const lines = (key: string) =>
  (blobs.get(key) ?? '').split('\r\n').map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an export', () => {
  test('writes a line a device, with its twin, and its keys if they are wanted', async () => {
    const { keys } = hub.registry.ensure('cam-1');
    hub.twins.changeTags('cam-1', { store: 'oslo-1' }, 'merge');
    expect(await ended(sdk.registry.exportDevicesToBlob(OUTPUT, false))).toMatchObject({
      status: 'completed',
    });
    expect(lines(`${OUTPUT} devices.txt`)).toMatchObject([
      {
        id: 'cam-1',
        status: 'enabled',
        authentication: { symmetricKey: { primaryKey: keys.primary } },
        tags: { store: 'oslo-1' },
      },
    ]);
    await ended(sdk.registry.exportDevicesToBlob(OUTPUT, true));
    expect(blobs.get(`${OUTPUT} devices.txt`)).not.toContain(keys.primary);
  });
});

describe('an import', () => {
  test('makes of an export the same devices in another hub', async () => {
    const record = hub.registry.ensure('cam-1');
    hub.twins.patchDesired('cam-1', { frameRate: 24 });
    await ended(sdk.registry.exportDevicesToBlob(INPUT, false));
    hub.removeIdentity('cam-1');
    expect(await ended(sdk.registry.importDevicesFromBlob(INPUT, OUTPUT))).toMatchObject({
      status: 'completed',
    });
    expect(hub.registry.get('cam-1').keys).toEqual(record.keys);
    expect(hub.twins.get('cam-1').desired.properties).toEqual({ frameRate: 24 });
    expect(blobs.has(`${OUTPUT} importErrors.log`)).toBe(false);
  });

  test('goes by the mode of each line, and logs what fails', async () => {
    hub.registry.ensure('old');
    hub.registry.ensure('kept');
    const input = [
      { id: 'new' },
      { id: 'old', importMode: 'delete' },
      { id: 'kept', importMode: 'create' },
      { id: 'nobody', importMode: 'update' },
    ];
    blobs.set(`${INPUT} devices.txt`, [...input.map((each) => JSON.stringify(each)), 'no JSON'].join('\n'));
    await ended(sdk.registry.importDevicesFromBlob(INPUT, OUTPUT));
    expect(hub.registry.devices.map(({ identity }) => identity.deviceId)).toEqual(['kept', 'new']);
    expect(lines(`${OUTPUT} importErrors.log`)).toMatchObject([
      { id: 'kept', errorCode: 409_000 },
      { id: 'nobody', errorCode: 404_000 },
      { errorCode: 400_000 },
    ]);
  });

  test('fails where there is nothing to import', async () => {
    const job = await ended(sdk.registry.importDevicesFromBlob(INPUT, OUTPUT));
    expect(job).toMatchObject({
      status: 'failed',
      failureReason: 'there is no devices.txt in the container',
    });
  });
});

test('one job runs at a time', async () => {
  hub.registryJobs.link({ read: () => new Promise(() => {}), write: async () => {} });
  const { jobId } = (await sdk.registry.importDevicesFromBlob(INPUT, OUTPUT)) as unknown as Job;
  await expect(sdk.registry.exportDevicesToBlob(OUTPUT, false)).rejects.toMatchObject({
    response: { statusCode: 429 },
  });
  expect(await sdk.registry.cancelJob(jobId)).toMatchObject({ status: 'cancelled' });
});
