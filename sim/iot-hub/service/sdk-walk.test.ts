/** Every public method of the service SDK that no other test here calls, one by one. */
import iothub from 'azure-iothub';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import type { HubSession } from '../session.js';
import { DEAF, sessionOf } from '../session.testing.js';
import { type ServiceSdk, serviceSdk } from './service-sdk.testing.js';

let hub: IotHub;
let sdk: ServiceSdk;
beforeEach(() => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S1', units: 1 } }, realTimeServices(1));
  sdk = serviceSdk(hub);
});

const statusOf = (promise: Promise<unknown>): Promise<number> =>
  promise.then(
    () => 0,
    (error: { readonly response?: { readonly statusCode?: number } }) => error.response?.statusCode ?? -1,
  );

describe('Registry', () => {
  test('list', async () => {
    await sdk.registry.addDevices([{ deviceId: 'cam-2' }, { deviceId: 'cam-1' }]);
    const { responseBody } = await sdk.registry.list();
    expect(responseBody.map(({ deviceId }) => deviceId).sort()).toEqual(['cam-1', 'cam-2']);
  });

  test('updateDevices, with and without force', async () => {
    await sdk.registry.addDevices([{ deviceId: 'cam-1' }, { deviceId: 'cam-2' }]);
    const { responseBody: devices } = await sdk.registry.list();
    const disabled = devices.map((device) => ({ ...device, status: 'disabled' as const }));
    const { responseBody: forced } = await sdk.registry.updateDevices(disabled, true);
    expect(forced).toMatchObject({ isSuccessful: true, errors: [] });
    expect(hub.registry.get('cam-2').status).toBe('disabled');
    // Their ETags are of before the first update.
    const { responseBody: stale } = await sdk.registry.updateDevices(disabled, false);
    expect(stale).toMatchObject({ isSuccessful: false });
  });

  test('removeDevices', async () => {
    await sdk.registry.addDevices([{ deviceId: 'cam-1' }, { deviceId: 'cam-2' }]);
    const { responseBody } = await sdk.registry.removeDevices([{ deviceId: 'cam-1' }], true);
    expect(responseBody).toMatchObject({ isSuccessful: true });
    expect(hub.registry.devices.map(({ identity }) => identity.deviceId)).toEqual(['cam-2']);
  });

  test('importDevicesFromBlob, exportDevicesToBlob and listJobs: refused where the hub has no way to blobs', async () => {
    expect(await statusOf(sdk.registry.importDevicesFromBlob('https://in', 'https://out'))).toBe(501);
    expect(await statusOf(sdk.registry.exportDevicesToBlob('https://out', false))).toBe(501);
    expect((await sdk.registry.listJobs()).responseBody).toEqual([]);
    expect(await statusOf(sdk.registry.getJob('none'))).toBe(404);
    expect(await statusOf(sdk.registry.cancelJob('none'))).toBe(404);
  });

  test('getModuleTwin and updateModuleTwin', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    await sdk.registry.addModule({ deviceId: 'cam-1', moduleId: 'eyes' });
    const { responseBody: twin } = await sdk.registry.getModuleTwin('cam-1', 'eyes');
    const patch = { tags: { lens: 'wide' }, properties: { desired: { FrameRate: 24 } } };
    await sdk.registry.updateModuleTwin('cam-1', 'eyes', patch, twin.etag);
    expect(hub.twins.get('cam-1/eyes')).toMatchObject({
      tags: { lens: 'wide' },
      desired: { properties: { FrameRate: 24 } },
    });
    expect(await statusOf(sdk.registry.updateModuleTwin('cam-1', 'eyes', patch, twin.etag))).toBe(412);
  });

  test('getConfigurations', async () => {
    const content = { deviceContent: { 'properties.desired.night': true } };
    await sdk.registry.addConfiguration({ id: 'night', schemaVersion: '1.0', content, targetCondition: '*' });
    const { responseBody } = await sdk.registry.getConfigurations();
    expect(responseBody.map(({ id }) => id)).toEqual(['night']);
  });
});

describe('Twin', () => {
  test('get and update through the object of a query', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    const { result } = await sdk.registry.createQuery('SELECT * FROM devices').nextAsTwin();
    const [twin] = result as readonly iothub.Twin[];
    await twin?.update({ tags: { store: 'oslo-1' } });
    await twin?.get();
    expect(twin?.tags).toEqual({ store: 'oslo-1' });
  });
});

describe('Query', () => {
  test('next with the continuation token of another query', async () => {
    await sdk.registry.addDevices([{ deviceId: 'cam-1' }, { deviceId: 'cam-2' }, { deviceId: 'cam-3' }]);
    const text = 'SELECT deviceId FROM devices';
    const first = await pageOf(sdk.registry.createQuery(text, 2), undefined);
    const second = await pageOf(sdk.registry.createQuery(text, 2), first.token);
    expect([first.rows, second.rows]).toEqual([
      [{ deviceId: 'cam-1' }, { deviceId: 'cam-2' }],
      [{ deviceId: 'cam-3' }],
    ]);
    expect(second.token).toBeUndefined();
  });
});

type TwinQuery = ReturnType<iothub.Registry['createQuery']>;

/** The rows of a page, and the token that leads to the next. */
function pageOf(query: TwinQuery, token: string | undefined) {
  return new Promise<{ readonly rows: unknown; readonly token: string | undefined }>((resolve, reject) => {
    const done = (error: Error | null, rows: unknown, response: unknown) => {
      const { headers } = response as { readonly headers: Record<string, string> };
      if (error) reject(error);
      else resolve({ rows, token: headers['x-ms-continuation'] });
    };
    if (token === undefined) query.next(done as never);
    else query.next(token, done as never);
  });
}

describe('Client', () => {
  test('invokeDeviceMethod of a module', async () => {
    hub.registry.ensure('cam-1');
    let session: HubSession | null = null;
    const answer = (requestId: string, payload: Json) => {
      if (session !== null) hub.methods.answer(session, requestId, { status: 201, payload });
    };
    session = hub.open(sessionOf(hub.registry.ensure('cam-1/eyes')), {
      ...DEAF,
      method: ({ payload, requestId }) => answer(requestId, payload),
    });
    session.subscriptions.methods = true;
    const { result } = await sdk.client.invokeDeviceMethod('cam-1', 'eyes', {
      methodName: 'blink',
      payload: 2,
    });
    expect(result).toEqual({ status: 201, payload: 2 });
  });
});

describe('JobClient', () => {
  test('createQuery by type and status', async () => {
    await sdk.registry.create({ deviceId: 'cam-1' });
    const later = new Date(hub.services.clock.now() + 60_000);
    await sdk.jobs.scheduleTwinUpdate('twins', '*', { tags: {} } as never, later, 60);
    await sdk.jobs.scheduleDeviceMethod('methods', '*', { methodName: 'x' } as never, later, 60);
    await sdk.jobs.cancelJob('twins');
    const ids = async (type?: string, status?: string) => {
      const { result } = await sdk.jobs.createQuery(type as never, status as never).next();
      return (result as readonly { readonly jobId: string }[]).map(({ jobId }) => jobId);
    };
    expect(await ids()).toEqual(['twins', 'methods']);
    expect(await ids('scheduleDeviceMethod')).toEqual(['methods']);
    expect(await ids('scheduleUpdateTwin', 'cancelled')).toEqual(['twins']);
  });
});

describe('what the SDK has no method for', () => {
  test('drops the messages that wait for a device', async () => {
    hub.registry.ensure('cam-1');
    const message = { messageId: 'm', body: Buffer.from('x'), properties: {}, system: {} };
    hub.cloudToDevice.enqueue('cam-1', { ...message, expiresAtMs: null, feedback: 'none' });
    const authorization = iothub.SharedAccessSignature.create(
      'hub.test',
      'service',
      hub.policies.find('service')?.key ?? '',
      4_000_000_000,
    ).toString();
    const reply = await sdk.request('DELETE', '/devices/cam-1/commands', { authorization });
    expect(JSON.parse(reply.text)).toMatchObject({ deviceId: 'cam-1', totalMessagesPurged: 1 });
  });
});

describe('the throttles of the service side', () => {
  test('let a minute of operations pass at once, then hold back, then refuse', async () => {
    const pending = Array.from({ length: 20 + 4 + 1 }, () =>
      statusOf(sdk.registry.createQuery('SELECT deviceId FROM devices').next()),
    );
    // An S1 hub takes 20 queries a minute: one each three seconds, of which three fit into the hub's patience.
    const first = await Promise.race(
      pending.map((each) => each.then((status) => (status === 0 ? new Promise<number>(() => {}) : status))),
    );
    expect(first).toBe(429);
  });
});
