import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../kernel/index.js';
import { applyDeployment, DeploymentError } from './configurations/deployment.js';
import { IotHub } from './core.js';
import { RegistryError } from './identities/registry.js';
import { signSasToken } from './identities/sas-token.js';
import type { CloseReason } from './session.js';
import { sessionOf } from './session.testing.js';

const START_MS = Date.UTC(2026, 2, 7, 9);
const LATER_SECONDS = START_MS / 1000 + 3600;

let kernel: Kernel;
let hub: IotHub;
beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
  hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S1', units: 1 } }, kernel);
});
afterEach(() => kernel.close());

function open(name: string, closed: CloseReason[] = []) {
  const record = hub.registry.ensure(name);
  return hub.open(sessionOf(record), {
    desired: () => {},
    method: () => {},
    message: () => {},
    closed: (reason) => closed.push(reason),
  });
}

describe('an identity', () => {
  test('has keys that depend on the seed and its name alone', () => {
    const again = new IotHub(hub.settings, kernel);
    hub.registry.ensure('camera-0');
    expect(hub.registry.ensure('camera-1').keys).toEqual(again.registry.ensure('camera-1').keys);
    expect(hub.registry.get('camera-0').keys).not.toEqual(hub.registry.get('camera-1').keys);
  });

  test('is let in by either of its keys, and by no other', () => {
    const { keys } = hub.registry.ensure('camera-1');
    hub.registry.ensure('camera-2');
    const token = (key: string) => signSasToken('hub.test/devices/camera-1', key, LATER_SECONDS);
    expect(hub.authenticate('camera-1', token(keys.primary)).ok).toBe(true);
    expect(hub.authenticate('camera-1', token(keys.secondary)).ok).toBe(true);
    expect(hub.authenticate('camera-2', token(keys.primary))).toEqual({
      ok: false,
      problem: 'wrong-resource',
    });
    expect(hub.authenticate('camera-3', token(keys.primary))).toEqual({
      ok: false,
      problem: 'unknown-identity',
    });
    hub.registry.update('camera-1', { status: 'disabled' });
    expect(hub.authenticate('camera-1', token(keys.primary))).toEqual({ ok: false, problem: 'disabled' });
  });

  test('a module needs its device', () => {
    expect(() => hub.registry.ensure('nowhere/module')).toThrow(RegistryError);
    expect(() => hub.registry.ensure('a device')).toThrow(/no valid identity|names no identity/);
  });

  test('takes its modules, sessions and twins along when it is removed', () => {
    const closed: CloseReason[] = [];
    open('camera-1', closed);
    open('camera-1/footfall', closed);
    hub.twins.patchDesired('camera-1/footfall', { a: 1 });
    hub.removeIdentity('camera-1');
    expect(closed).toEqual(['removed', 'removed']);
    hub.registry.ensure('camera-1');
    hub.registry.ensure('camera-1/footfall');
    expect(hub.twins.get('camera-1/footfall').desired.properties).toEqual({});
  });
});

describe('a session', () => {
  test('is closed by the next one of the same identity', () => {
    const closed: CloseReason[] = [];
    const first = open('camera-1', closed);
    open('camera-1');
    expect(closed).toEqual(['taken-over']);
    expect(first.isOpen).toBe(false);
    hub.close(first, 'disconnected');
    expect(hub.isConnected('camera-1')).toBe(true);
  });
});

describe('a deployment', () => {
  const content = {
    $edgeAgent: { 'properties.desired': { modules: { footfall: { type: 'docker' } } } },
    $edgeHub: { 'properties.desired': { routes: { up: 'FROM /* INTO $upstream' } } },
    orphan: { 'properties.desired': { ModelZipUrl: 'http://x/y.zip' } },
  };

  test('makes the identities it names and replaces their desired properties', () => {
    hub.registry.ensure('camera-1');
    hub.registry.ensure('camera-1/orphan');
    hub.twins.patchDesired('camera-1/orphan', { old: true });
    applyDeployment(hub, 'camera-1', { modulesContent: content });
    expect(hub.registry.modulesOf('camera-1')).toEqual(['$edgeAgent', '$edgeHub', 'footfall', 'orphan']);
    expect(hub.twins.get('camera-1/orphan').desired.properties).toEqual({ ModelZipUrl: 'http://x/y.zip' });
  });

  test.each([
    ['nothing', null, /modulesContent/],
    ['a module without properties', { modulesContent: { footfall: {} } }, /modulesContent\.footfall/],
  ])('that is %s is refused', (_fault, manifest, message) => {
    hub.registry.ensure('camera-1');
    expect(() => applyDeployment(hub, 'camera-1', manifest)).toThrow(DeploymentError);
    expect(() => applyDeployment(hub, 'camera-1', manifest)).toThrow(message);
  });
});
