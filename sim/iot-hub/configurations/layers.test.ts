/** Layered deployments, and configurations of devices and modules, put by the official service SDK. */
import type iothub from 'azure-iothub';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import { type ServiceSdk, serviceSdk } from '../service/service-sdk.testing.js';
import { laidOn } from './content.js';

let hub: IotHub;
let sdk: ServiceSdk;

beforeEach(() => {
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S3', units: 1 } }, realTimeServices(1));
  sdk = serviceSdk(hub);
  hub.registry.create({ deviceId: 'store-1', moduleId: null }, { isEdge: true });
});

const put = (id: string, priority: number, content: iothub.ConfigurationContent, targetCondition = '*') =>
  sdk.registry.addConfiguration({ id, schemaVersion: '1.0', priority, targetCondition, content });
const desired = (module: string) => hub.twins.get(`store-1/${module}`).desired.properties;
const running = () => Object.keys(desired('$edgeAgent').modules ?? {}).sort();

const BASE = {
  modulesContent: {
    $edgeAgent: {
      'properties.desired': { schemaVersion: '1.1', modules: { eyes: { version: '1.0' } } },
    },
    $edgeHub: {
      'properties.desired': { schemaVersion: '1.1', routes: { up: 'FROM /messages/* INTO $upstream' } },
    },
    eyes: { 'properties.desired': { frameRate: 24, overlay: { text: true } } },
  },
};
const till = (version: string) => ({
  modulesContent: {
    $edgeAgent: { 'properties.desired.modules.till': { version } },
    $edgeHub: { 'properties.desired.routes.till': 'FROM /messages/modules/till/* INTO $upstream' },
    eyes: { 'properties.desired.overlay.colour': 'red' },
    till: { 'properties.desired': { open: true } },
  },
});

describe('a layer', () => {
  test('adds modules, routes and properties to the deployment beneath', async () => {
    await put('base', 1, BASE);
    await put('till', 5, till('1.0'));
    expect(running()).toEqual(['eyes', 'till']);
    expect(Object.keys(desired('$edgeHub').routes ?? {})).toEqual(['up', 'till']);
    expect(desired('eyes')).toEqual({ frameRate: 24, overlay: { text: true, colour: 'red' } });
    expect(desired('till')).toEqual({ open: true });
    expect(hub.registry.find('store-1/till')).toBeDefined();
  });

  test('of a higher priority wins where two name the same place, whichever came first', async () => {
    await put('later', 9, till('9.0'));
    await put('base', 1, BASE);
    await put('till', 5, till('5.0'));
    expect(desired('$edgeAgent').modules).toMatchObject({ till: { version: '9.0' } });
  });

  test('does nothing without a base of lower priority', async () => {
    await put('till', 5, till('1.0'));
    expect(hub.registry.find('store-1/till')).toBeUndefined();
    await put('base', 5, BASE);
    expect(running()).toEqual(['eyes']);
    expect(hub.configurations.statusOf('store-1')).toEqual({
      till: { status: 'Targeted' },
      base: { status: 'Applied' },
    });
  });

  test('that is removed is taken off, and twins that it did not touch stay as they were', async () => {
    await put('base', 1, BASE);
    const before = hub.twins.get('store-1/eyes').desired.version;
    await put('door', 5, {
      modulesContent: { $edgeAgent: { 'properties.desired.modules.door': { version: '1' } } },
    });
    expect(running()).toEqual(['door', 'eyes']);
    await sdk.registry.removeConfiguration('door');
    expect(running()).toEqual(['eyes']);
    expect(hub.twins.get('store-1/eyes').desired.version).toBe(before);
  });

  test('is counted as applied beside its base', async () => {
    await put('base', 1, BASE);
    await put('till', 5, till('1.0'));
    await put('beneath', 0, till('0.1'));
    hub.twins.patchReported('store-1/$edgeAgent', { lastDesiredStatus: { code: 200 } });
    const results = async (id: string) =>
      (await sdk.registry.getConfiguration(id)).responseBody.systemMetrics?.results;
    const both = { targetedCount: 1, appliedCount: 1, reportedSuccessfulCount: 1, reportedFailedCount: 0 };
    expect(await results('base')).toEqual(both);
    expect(await results('till')).toEqual(both);
    expect(await results('beneath')).toMatchObject({ targetedCount: 1, appliedCount: 0 });
  });
});

test('a deployment whose module has no desired properties is refused', async () => {
  await expect(put('bad', 1, { modulesContent: { eyes: {} } })).rejects.toMatchObject({
    response: { statusCode: 400 },
  });
});

describe('a configuration of devices or modules', () => {
  test('sets places in the twins of its targets', async () => {
    hub.registry.ensure('store-1/eyes');
    hub.twins.changeTags('store-1/eyes', { kind: 'camera' }, 'merge');
    const dusk = 'properties.desired.night.from';
    await put('devices', 1, { deviceContent: { [dusk]: '22:00' } } as iothub.ConfigurationContent);
    await put(
      'modules',
      1,
      { moduleContent: { [dusk]: '21:00' } } as unknown as iothub.ConfigurationContent,
      "FROM devices.modules WHERE tags.kind = 'camera'",
    );
    expect(hub.twins.get('store-1').desired.properties).toEqual({ night: { from: '22:00' } });
    expect(desired('eyes')).toEqual({ night: { from: '21:00' } });
    expect(hub.configurations.metrics('modules')).toMatchObject({ targeted: 1, applied: 1 });
  });

  test('does not compete with a deployment to the same device', async () => {
    await put('base', 9, BASE);
    await put('devices', 1, { deviceContent: { 'properties.desired.zone': 'A' } });
    expect(hub.twins.get('store-1').desired.properties).toEqual({ zone: 'A' });
    expect(running()).toEqual(['eyes']);
  });
});

test('what is laid at one place leaves every other place as it was', () => {
  const word = fc.constantFrom('a', 'b', 'c');
  const tree = fc.dictionary(word, fc.dictionary(word, fc.integer()));
  fc.assert(
    fc.property(tree, word, word, (before, outer, inner) => {
      const after = laidOn(before, { [`properties.desired.${outer}.${inner}`]: -1 });
      expect(after).toEqual({ ...before, [outer]: { ...before[outer], [inner]: -1 } });
    }),
  );
});
