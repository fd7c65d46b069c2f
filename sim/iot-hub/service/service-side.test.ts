/** The service side, judged by the official service SDK. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import { signSasToken } from '../identities/sas-token.js';
import type { UploadStorage } from '../messages/file-upload.js';
import type { Delivery, HubSession } from '../session.js';
import { DEAF, sessionOf } from '../session.testing.js';
import { type PlainReply, type ServiceSdk, serviceSdk } from './service-sdk.testing.js';

let hub: IotHub;
let sdk: ServiceSdk;
beforeEach(() => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S1', units: 1 } }, realTimeServices(1));
  sdk = serviceSdk(hub);
});

function connect(deviceId: string, delivery: Partial<Delivery> = {}): HubSession {
  const session = hub.open(sessionOf(hub.registry.ensure(deviceId)), { ...DEAF, ...delivery });
  session.subscriptions.methods = true;
  return session;
}

/** A method's call, answered at once. */
function answering(answer: (name: string, payload: Json) => { status: number; payload: Json }) {
  let session: HubSession | null = null;
  session = connect('cam-1', {
    method: ({ name, requestId, payload }) => {
      if (session !== null) hub.methods.answer(session, requestId, answer(name, payload));
    },
  });
}

const statusOf = (promise: Promise<unknown>): Promise<number> =>
  promise.then(
    () => 0,
    (error: { readonly response?: { readonly statusCode?: number } }) => error.response?.statusCode ?? -1,
  );

/** A storage account in which every upload is found. */
function uploadsAt(hostName: string): UploadStorage {
  return {
    placeOf: () => ({ hostName, containerName: 'uploads', sasToken: '?sig=x' }),
    find: (blobName) => ({ uri: `https://${hostName}/uploads/${blobName}`, sizeBytes: 5, updatedAtMs: 0 }),
  };
}

/** What the device SDK would present. */
function tokenOf(deviceId: string): string {
  const later = Math.floor(hub.services.clock.now() / 1000) + 600;
  return signSasToken(`hub.test/devices/${deviceId}`, hub.registry.get(deviceId).keys.primary, later);
}

describe('the registry', () => {
  test('creates, reads, updates and deletes a device', async () => {
    const { responseBody: created } = await sdk.registry.create({ deviceId: 'cam-1' });
    expect(created.authentication?.symmetricKey?.primaryKey).toBe(hub.registry.get('cam-1').keys.primary);
    await sdk.registry.update({ deviceId: 'cam-1', status: 'disabled', statusReason: 'in repair' });
    const { responseBody: device } = await sdk.registry.get('cam-1');
    expect(device).toMatchObject({ status: 'disabled', statusReason: 'in repair' });
    await sdk.registry.delete('cam-1');
    expect(await statusOf(sdk.registry.get('cam-1'))).toBe(404);
  });

  test('refuses to create what is there, and to update what is not', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    expect(await statusOf(sdk.registry.create({ deviceId: 'cam-1' }))).toBe(409);
    expect(await statusOf(sdk.registry.update({ deviceId: 'cam-2', status: 'enabled' }))).toBe(404);
  });

  test('keeps modules under their device, with ETags that guard an update', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    await sdk.registry.addModule({ deviceId: 'cam-1', moduleId: 'eyes' });
    const { responseBody: module } = await sdk.registry.getModule('cam-1', 'eyes');
    await sdk.registry.updateModule({ ...module, managedBy: 'us' });
    expect(await statusOf(sdk.registry.updateModule(module))).toBe(412);
    const { responseBody: modules } = await sdk.registry.getModulesOnDevice('cam-1');
    expect(modules.map(({ moduleId }) => moduleId)).toEqual(['eyes']);
    await sdk.registry.removeModule('cam-1', 'eyes');
    expect(await statusOf(sdk.registry.getModule('cam-1', 'eyes'))).toBe(404);
  });

  test('imports many at once; one that fails does not hinder the others', async () => {
    await sdk.registry.create({ deviceId: 'cam-2' });
    const { responseBody: result } = await sdk.registry.addDevices([
      { deviceId: 'cam-1' },
      { deviceId: 'cam-2' },
    ]);
    expect(result).toMatchObject({ isSuccessful: false, errors: [{ deviceId: 'cam-2' }] });
    expect(hub.registry.find('cam-1')).toBeDefined();
  });

  test('counts its devices', async () => {
    await sdk.registry.addDevices([{ deviceId: 'cam-1' }, { deviceId: 'cam-2', status: 'disabled' }]);
    const { responseBody } = await sdk.registry.getRegistryStatistics();
    expect(responseBody).toMatchObject({
      totalDeviceCount: 2,
      enabledDeviceCount: 1,
      disabledDeviceCount: 1,
    });
  });

  test('is closed to a policy without the right, and to a key that is not the policy’s', async () => {
    expect(await statusOf(serviceSdk(hub, 'device').registry.list())).toBe(401);
    expect(await statusOf(serviceSdk(hub, 'registryRead').registry.create({ deviceId: 'cam-1' }))).toBe(401);
    const forged = signSasToken(
      'hub.test',
      Buffer.alloc(32).toString('base64'),
      9_999_999_999,
      'iothubowner',
    );
    expect((await sdk.request('GET', '/devices', { authorization: forged })).status).toBe(401);
  });
});

describe('a twin', () => {
  test('takes tags and desired properties under its ETag', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    const { responseBody: twin } = await sdk.registry.getTwin('cam-1');
    const patch = { tags: { store: 'oslo-1' }, properties: { desired: { FrameRate: 24 } } };
    const { responseBody: changed } = await sdk.registry.updateTwin('cam-1', patch, twin.etag);
    expect(changed.properties.desired).toMatchObject({ FrameRate: 24, $version: 2 });
    expect(changed.tags).toEqual({ store: 'oslo-1' });
    expect(await statusOf(sdk.registry.updateTwin('cam-1', patch, twin.etag))).toBe(412);
  });

  test('says when each property changed', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    await sdk.registry.updateTwin('cam-1', { properties: { desired: { a: { b: 1 } } } }, '*');
    const { responseBody: twin } = await sdk.registry.getTwin('cam-1');
    expect(twin.properties.desired.$metadata.a.b.$lastUpdated).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('is found by queries, page by page', async () => {
    const stores = ['oslo-1', 'oslo-1', 'bergen-2'];
    await sdk.registry.addDevices(stores.map((_store, index) => ({ deviceId: `cam-${index}` })));
    for (const [index, store] of stores.entries()) {
      await sdk.registry.updateTwin(`cam-${index}`, { tags: { store } }, '*');
    }
    const query = sdk.registry.createQuery("SELECT * FROM devices WHERE tags.store = 'oslo-1'", 1);
    const found: string[] = [];
    while (query.hasMoreResults) {
      const { result } = await query.nextAsTwin();
      found.push(...result.map(({ deviceId }) => deviceId));
    }
    expect(found).toEqual(['cam-0', 'cam-1']);
  });

  test('is counted by group', async () => {
    await sdk.registry.addDevices([{ deviceId: 'cam-0' }, { deviceId: 'cam-1' }, { deviceId: 'cam-2' }]);
    await sdk.registry.updateTwin('cam-2', { tags: { store: 'oslo-1' } }, '*');
    connect('cam-0');
    const query = 'SELECT connectionState AS state, COUNT() AS cameras FROM devices GROUP BY connectionState';
    const { result } = await sdk.registry.createQuery(query).next();
    expect(result).toEqual([
      { state: 'Connected', cameras: 1 },
      { state: 'Disconnected', cameras: 2 },
    ]);
  });

  test('a query that cannot be read is a 400 that says where', async () => {
    const error: Error & { responseBody?: string } = await sdk.registry
      .createQuery('SELECT * FROM cameras')
      .next()
      .then(
        () => new Error('no error'),
        (reason: Error) => reason,
      );
    expect(error.responseBody ?? error.message).toContain("expected 'devices' at character 15");
  });
});

describe('a direct method', () => {
  test('reaches the device and brings its answer', async () => {
    answering((name, payload) => ({ status: 200, payload: { name, payload } }));
    const { result } = await sdk.client.invokeDeviceMethod('cam-1', {
      methodName: 'StartCamera',
      payload: 5,
    });
    expect(result).toEqual({ status: 200, payload: { name: 'StartCamera', payload: 5 } });
  });

  test('of a device that is not there is a 404 at once', async () => {
    await sdk.registry.create({ deviceId: 'cam-2' });
    expect(await statusOf(sdk.client.invokeDeviceMethod('cam-2', { methodName: 'StartCamera' }))).toBe(404);
  });
});

describe('automatic deployments', () => {
  const deployment = (id: string, priority: number, condition: string) => ({
    id,
    schemaVersion: '1.0',
    priority,
    targetCondition: condition,
    content: { modulesContent: { eyes: { 'properties.desired': { from: id } } } },
    metrics: {
      queries: { cameras: "SELECT deviceId FROM devices WHERE STARTSWITH(deviceId, 'cam-')" },
      results: {},
    },
  });
  const eyesOf = (device: string) => hub.twins.get(`${device}/eyes`).desired.properties.from;

  test('configure a device that comes later, the highest priority first, ties to the newest', async () => {
    await sdk.registry.addConfiguration(deployment('all', 1, "tags.store = 'oslo-1'"));
    await sdk.registry.addConfiguration(
      deployment('front', 5, "tags.store = 'oslo-1' AND tags.place = 'front'"),
    );
    await sdk.registry.create({ deviceId: 'cam-1', capabilities: { iotEdge: true } });
    expect(eyesOf('cam-1')).toBeUndefined();
    await sdk.registry.updateTwin('cam-1', { tags: { store: 'oslo-1' } }, '*');
    expect(eyesOf('cam-1')).toBe('all');
    await sdk.registry.updateTwin('cam-1', { tags: { place: 'front' } }, '*');
    expect(eyesOf('cam-1')).toBe('front');
    await sdk.registry.addConfiguration(deployment('newest', 5, '*'));
    expect(eyesOf('cam-1')).toBe('newest');
  });

  test('leave devices that are no edge devices alone', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    await sdk.registry.addConfiguration(deployment('all', 1, '*'));
    expect(hub.registry.find('cam-1/eyes')).toBeUndefined();
  });

  test('count what they target, what has them and what reported success', async () => {
    await sdk.registry.addDevices(
      [1, 2].map((n) => ({ deviceId: `cam-${n}`, capabilities: { iotEdge: true } })),
    );
    await sdk.registry.addConfiguration(deployment('all', 1, "deviceId != 'cam-9'"));
    hub.registry.ensure('cam-1/$edgeAgent');
    hub.twins.patchReported('cam-1/$edgeAgent', { lastDesiredStatus: { code: 200 } });
    const { responseBody } = await sdk.registry.getConfiguration('all');
    expect(responseBody.systemMetrics?.results).toEqual({
      targetedCount: 2,
      appliedCount: 2,
      reportedSuccessfulCount: 1,
      reportedFailedCount: 0,
    });
    expect(responseBody.metrics?.results).toEqual({ cameras: 2 });
  });

  test('are changed under their ETag and can be removed', async () => {
    const { responseBody: first } = await sdk.registry.addConfiguration(deployment('all', 1, '*'));
    const { responseBody: second } = await sdk.registry.updateConfiguration({ ...first, priority: 7 });
    expect(second.priority).toBe(7);
    expect(await statusOf(sdk.registry.updateConfiguration(first))).toBe(412);
    await sdk.registry.removeConfiguration('all');
    expect(await statusOf(sdk.registry.getConfiguration('all'))).toBe(404);
  });

  test('a manifest for one device is applied at once', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    await sdk.registry.applyConfigurationContentOnDevice('cam-1', deployment('one', 0, '').content);
    expect(eyesOf('cam-1')).toBe('one');
    expect(
      await statusOf(
        sdk.registry.applyConfigurationContentOnDevice('cam-1', { modulesContent: { eyes: {} } }),
      ),
    ).toBe(400);
  });
});

describe('a job', () => {
  /** The SDK's types call it `job`; it is `jobStatus`. */
  const jobOf = (answer: unknown) =>
    (answer as { readonly jobStatus: { readonly status: string } }).jobStatus;
  const ended = async (jobId: string) => {
    for (;;) {
      const job = await sdk.jobs.getJob(jobId).then(jobOf);
      if (job.status !== 'scheduled' && job.status !== 'running') return job;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  test('changes the twins of all devices of its condition', async () => {
    await sdk.registry.addDevices([{ deviceId: 'cam-1' }, { deviceId: 'cam-2' }, { deviceId: 'till-1' }]);
    const patch = { tags: { cleaned: true } } as never;
    await sdk.jobs.scheduleTwinUpdate('clean', "STARTSWITH(deviceId, 'cam-')", patch, new Date(0), 60);
    expect(await ended('clean')).toMatchObject({
      status: 'completed',
      deviceJobStatistics: { succeededCount: 2 },
    });
    expect(hub.twins.get('cam-2').tags).toEqual({ cleaned: true });
    expect(hub.twins.get('till-1').tags).toEqual({});
  });

  test('calls a method and tells how many did not answer', async () => {
    answering(() => ({ status: 200, payload: null }));
    await sdk.registry.create({ deviceId: 'cam-2' });
    const method = { methodName: 'StopCamera', payload: {}, responseTimeoutInSeconds: 5 };
    await sdk.jobs.scheduleDeviceMethod('stop', '*', method, new Date(0), 60);
    expect(await ended('stop')).toMatchObject({
      status: 'failed',
      deviceJobStatistics: { succeededCount: 1, failedCount: 1 },
    });
  });

  test('that lies ahead can be cancelled', async () => {
    const later = new Date(hub.services.clock.now() + 60_000);
    await sdk.jobs.scheduleTwinUpdate('later', '*', { tags: {} } as never, later, 60);
    await sdk.jobs.cancelJob('later');
    expect((await sdk.jobs.getJob('later').then(jobOf)).status).toBe('cancelled');
  });
});

describe('a device over HTTPS', () => {
  const message = (messageId: string) => ({
    messageId,
    body: Buffer.from('hello'),
    properties: { kind: 'greeting' },
    system: {},
    expiresAtMs: null,
    feedback: 'full' as const,
  });
  const inbox = '/devices/cam-1/messages/devicebound';

  test('settles its messages all three ways, and delivery counts grow', async () => {
    hub.registry.ensure('cam-1');
    const feedback: string[] = [];
    hub.cloudToDevice.onFeedback(({ originalMessageId, statusCode }) => {
      feedback.push(`${originalMessageId} ${statusCode}`);
    });
    hub.cloudToDevice.enqueue('cam-1', message('m1'));
    hub.cloudToDevice.enqueue('cam-1', message('m2'));
    const authorization = tokenOf('cam-1');
    const receive = () => sdk.request('GET', inbox, { authorization });
    const lockOf = ({ headers }: PlainReply) => headers.etag?.replaceAll('"', '');

    const first = await receive();
    expect(first).toMatchObject({ status: 200, text: 'hello' });
    expect(first.headers['iothub-app-kind']).toBe('greeting');
    await sdk.request('POST', `${inbox}/${lockOf(first)}/abandon`, { authorization });
    const again = await receive();
    expect(again.headers).toMatchObject({ 'iothub-messageid': 'm1', 'iothub-deliverycount': '1' });
    await sdk.request('DELETE', `${inbox}/${lockOf(again)}`, { authorization });
    const second = await receive();
    await sdk.request('DELETE', `${inbox}/${lockOf(second)}?reject`, { authorization });
    expect((await receive()).status).toBe(204);
    expect((await sdk.request('DELETE', `${inbox}/${lockOf(second)}`, { authorization })).status).toBe(412);
    expect(feedback).toEqual(['m1 Success', 'm2 Rejected']);
  });

  test('gets a place for a file, and its upload is announced', async () => {
    hub.registry.ensure('cam-1');
    hub.fileUploads.link(uploadsAt('blob.test'));
    const announced: string[] = [];
    hub.fileUploads.onNotification(({ blobName }) => announced.push(blobName));
    const authorization = tokenOf('cam-1');
    const reply = await sdk.request('POST', '/devices/cam-1/files', {
      authorization,
      body: JSON.stringify({ blobName: 'log.txt' }),
    });
    const ticket = JSON.parse(reply.text) as { readonly correlationId: string };
    expect(ticket).toMatchObject({ hostName: 'blob.test', blobName: 'cam-1/log.txt' });
    const body = JSON.stringify({ correlationId: ticket.correlationId, isSuccess: true, statusCode: 201 });
    await sdk.request('POST', '/devices/cam-1/files/notifications', { authorization, body });
    expect(announced).toEqual(['cam-1/log.txt']);
  });

  test('may use nobody’s paths but its own', async () => {
    hub.registry.ensure('cam-1');
    hub.registry.ensure('cam-2');
    expect((await sdk.request('GET', inbox, { authorization: tokenOf('cam-2') })).status).toBe(401);
    expect((await sdk.request('GET', '/devices/cam-1', { authorization: tokenOf('cam-1') })).status).toBe(
      401,
    );
  });
});
