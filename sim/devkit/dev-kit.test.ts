import { afterEach, describe, expect, test } from 'vitest';
import type { Json } from '../../pipeline/camera-module/hub-connection.js';
import { type Kernel, openKernel } from '../kernel/index.js';
import { type Fidelity, type KitWorld, kitWorld, MODEL_URL, ourManifest } from './dev-kit.testing.js';
import { smallModelZip } from './model.testing.js';

const START_MS = Date.UTC(2026, 2, 7, 9);
const MODULE = 'camera-3/footfall-camera';
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

let kernel: Kernel | null = null;
afterEach(() => {
  kernel?.close();
  kernel = null;
});

async function world(fidelity: Fidelity = 'direct', lazyLooks = false): Promise<KitWorld> {
  kernel?.close();
  kernel = openKernel({ seed: 3, startMs: START_MS });
  const made = await kitWorld(kernel, fidelity, { lazyLooks });
  made.models.set(MODEL_URL, smallModelZip(10));
  return made;
}

const passes = ({ kernel }: KitWorld, ms: number) => kernel.runUntil(kernel.clock.now() + ms);

/** The lines about `what`, without their times. */
const about = (lines: readonly string[], what: string) =>
  lines.map((line) => line.replace(/^\d+ /, '')).filter((line) => line.includes(what));

const reported = ({ hub }: KitWorld, name: string) => hub.twins.get(name).reported.properties;

describe('a Dev Kit', () => {
  test('sees nothing until its deployment has come and the model is installed', async () => {
    const shop = await world();
    shop.people = 2;
    shop.kit.powerOn();
    await passes(shop, MINUTE_MS);
    expect(shop.kit.figures().looks).toBe(0);
    shop.deploy(ourManifest());
    await passes(shop, 10 * SECOND_MS);
    expect(about(shop.lines, 'model http')).toEqual(['model http://blob.test/models/people.zip at 10 fps']);
    expect(about(shop.lines, 'captured')[0]).toMatch(
      /^captured oslo-1\/cam-3\/20260307T0901\S+-000000.jpg with 2$/,
    );
    expect(about(shop.lines, 'warning')).toEqual([]);
  });

  test('reports its deployment, its settings and its model', async () => {
    const shop = await world();
    shop.deploy(ourManifest());
    shop.kit.powerOn();
    await passes(shop, MINUTE_MS);
    expect(reported(shop, 'camera-3/$edgeAgent')).toMatchObject({
      lastDesiredStatus: { code: 200 },
      modules: { 'footfall-camera': { runtimeStatus: 'running' } },
    });
    expect(reported(shop, 'camera-3/$edgeHub')).toMatchObject({ lastDesiredStatus: { code: 200 } });
    expect(reported(shop, MODULE)).toMatchObject({
      ModelZipUrl: MODEL_URL,
      ModelStatus: 'installed',
      TimeBetweenMessagesInSeconds: 3,
      Resolution: '480P',
      SupportedFrameRates: '24 | 30',
    });
  });

  test('takes one picture a message delay, at its own phase, and tells of each in order', async () => {
    const shop = await world();
    shop.people = 3;
    shop.deploy(ourManifest());
    shop.kit.powerOn();
    await passes(shop, MINUTE_MS);
    const captured = about(shop.lines, 'captured').map((line) => line.split(' ')[1]);
    expect(captured.length).toBeGreaterThanOrEqual(18);
    expect(captured.length).toBeLessThanOrEqual(20);
    const told = about(shop.lines, 'hub has').map((line) => line.split(' ')[2]);
    expect(told).toEqual(captured.slice(0, told.length));
    expect(captured.length - told.length).toBeLessThanOrEqual(1);
  });

  test('a new desired property takes effect while it runs', async () => {
    const shop = await world();
    shop.people = 1;
    shop.deploy(ourManifest());
    shop.kit.powerOn();
    await passes(shop, MINUTE_MS);
    shop.hub.twins.patchDesired(MODULE, { TimeBetweenMessagesInSeconds: 10 });
    await passes(shop, 5 * SECOND_MS);
    const before = shop.pictures.length;
    await passes(shop, MINUTE_MS);
    expect(shop.pictures.length - before).toBe(6);
    shop.hub.twins.patchDesired(MODULE, { VideoAnalyticsEnabled: false });
    await passes(shop, 5 * SECOND_MS);
    const looks = shop.kit.figures().looks;
    await passes(shop, MINUTE_MS);
    expect(shop.kit.figures().looks).toBe(looks);
  });

  test('takes another model over, and stays with the one before when the new one is of no use', async () => {
    const shop = await world();
    shop.people = 1;
    shop.deploy(ourManifest());
    shop.kit.powerOn();
    await passes(shop, 20 * SECOND_MS);
    shop.models.set('http://blob.test/models/broken.zip', new Uint8Array([1, 2, 3]));
    shop.hub.twins.patchDesired(MODULE, { ModelZipUrl: 'http://blob.test/models/broken.zip' });
    await passes(shop, 20 * SECOND_MS);
    expect(reported(shop, MODULE)).toMatchObject({ ModelZipUrl: MODEL_URL, ModelStatus: 'failed' });
    expect(about(shop.lines, 'warning')[0]).toContain('broken.zip');
    const before = shop.pictures.length;
    await passes(shop, 20 * SECOND_MS);
    expect(shop.pictures.length).toBeGreaterThan(before);
    shop.models.set('http://blob.test/models/next.zip', smallModelZip(5));
    shop.hub.twins.patchDesired(MODULE, { ModelZipUrl: 'http://blob.test/models/next.zip' });
    await passes(shop, 20 * SECOND_MS);
    expect(about(shop.lines, 'model http').at(-1)).toBe('model http://blob.test/models/next.zip at 5 fps');
    expect(reported(shop, MODULE)).toMatchObject({ ModelStatus: 'installed' });
  });

  test('refuses a model whose SHA-256 is not the one the deployment names', async () => {
    const shop = await world();
    shop.deploy(ourManifest());
    shop.hub.twins.patchDesired(MODULE, { ModelZipSha256: '0'.repeat(64) });
    shop.kit.powerOn();
    await passes(shop, MINUTE_MS);
    expect(reported(shop, MODULE)).toMatchObject({ ModelStatus: 'failed' });
    expect(shop.kit.figures().looks).toBe(0);
  });

  test('fetches the model when it is there at last', async () => {
    const shop = await world();
    shop.models.clear();
    shop.deploy(ourManifest());
    shop.kit.powerOn();
    await passes(shop, MINUTE_MS);
    expect(reported(shop, MODULE)).toMatchObject({ ModelStatus: 'waiting' });
    shop.models.set(MODEL_URL, smallModelZip(10));
    await passes(shop, 10 * SECOND_MS);
    expect(reported(shop, MODULE)).toMatchObject({ ModelStatus: 'installed' });
  });

  test.each([
    ['malformed', { schemaVersion: '1.1', runtime: { type: 'docker' } }, 400],
    ['of a schema it does not know', { schemaVersion: '2.0' }, 412],
  ])('a deployment that is %s is reported, and the last good one stays', async (_fault, agent, code) => {
    const shop = await world();
    shop.people = 1;
    shop.deploy(ourManifest());
    shop.kit.powerOn();
    await passes(shop, 20 * SECOND_MS);
    const before = shop.pictures.length;
    shop.hub.twins.replaceDesired('camera-3/$edgeAgent', agent);
    await passes(shop, 20 * SECOND_MS);
    expect(reported(shop, 'camera-3/$edgeAgent')).toMatchObject({ lastDesiredStatus: { code } });
    expect(shop.pictures.length).toBeGreaterThan(before);
  });

  test('a route that names another module carries nothing, and the kit says so', async () => {
    const shop = await world();
    shop.people = 1;
    const text = JSON.stringify(ourManifest()).replace(
      'modules/footfall-camera/outputs',
      'modules/other/outputs',
    );
    shop.deploy(JSON.parse(text) as Json);
    shop.kit.powerOn();
    await passes(shop, 20 * SECOND_MS);
    expect(about(shop.lines, 'warning')[0]).toContain(
      "starts at the module 'other', which the deployment does not run",
    );
    expect(about(shop.lines, 'hub has')).toEqual([]);
    expect(shop.kit.figures().edgeHub.unrouted).toBe(shop.pictures.length);
  });

  test('can be stopped and started by direct methods', async () => {
    const shop = await world();
    shop.people = 1;
    shop.deploy(ourManifest());
    shop.kit.powerOn();
    await passes(shop, 20 * SECOND_MS);
    const call = (method: string) => shop.kernel.drive(shop.hub.invokeMethod(MODULE, method, null));
    expect(await call('StopCamera')).toEqual({
      ok: true,
      answer: { status: 200, payload: { Response: 'Successfully stopped camera' } },
    });
    await passes(shop, SECOND_MS);
    const looks = shop.kit.figures().looks;
    await passes(shop, MINUTE_MS);
    expect(shop.kit.figures().looks).toBe(looks);
    expect(await call('StartCamera')).toMatchObject({ answer: { status: 200 } });
    await passes(shop, MINUTE_MS);
    expect(shop.kit.figures().looks).toBeGreaterThan(looks);
  });

  test('loses nothing over a power failure that it had taken', async () => {
    const shop = await world();
    shop.people = 1;
    shop.deploy(ourManifest());
    shop.kit.powerOn();
    await passes(shop, 20 * SECOND_MS);
    shop.lan.cut();
    await passes(shop, 20 * SECOND_MS);
    await shop.kernel.drive(shop.kit.powerOff());
    shop.lan.restore();
    const before = shop.pictures.length;
    await passes(shop, MINUTE_MS);
    expect(shop.pictures.length).toBe(before);
    shop.kit.powerOn();
    await passes(shop, MINUTE_MS);
    expect(shop.pictures.map(({ name }) => name)).toEqual(
      about(shop.lines, 'captured')
        .map((line) => line.split(' ')[1])
        .slice(0, shop.pictures.length),
    );
    expect(shop.kit.figures().module?.pictures.dropped).toBe(0);
  });
});

/** A day in short: configured, an outage of the uplink, one of the store's own network, a new setting, the end. */
async function shortDay(fidelity: Fidelity, lazyLooks: boolean): Promise<KitWorld> {
  const shop = await world(fidelity, lazyLooks);
  shop.kit.powerOn();
  await passes(shop, 3 * SECOND_MS);
  shop.deploy(ourManifest());
  shop.people = 2;
  await passes(shop, MINUTE_MS);
  shop.uplink.cut();
  await passes(shop, 2 * MINUTE_MS);
  shop.hub.twins.patchDesired(MODULE, { TimeBetweenMessagesInSeconds: 5 });
  shop.uplink.restore();
  await passes(shop, MINUTE_MS);
  shop.lan.cut();
  await passes(shop, MINUTE_MS);
  shop.lan.restore();
  shop.people = 0;
  await passes(shop, MINUTE_MS);
  return shop;
}

describe('an outage', () => {
  test.each(['wire', 'direct'] as const)('loses nothing and keeps the order (%s)', async (fidelity) => {
    const shop = await shortDay(fidelity, true);
    const captured = about(shop.lines, 'captured').map((line) => line.split(' ')[1]);
    expect(captured.length).toBeGreaterThan(50);
    expect(about(shop.lines, 'blob.test/fromcamera has').map((line) => line.split(' ')[2])).toEqual(captured);
    expect(about(shop.lines, 'hub has').map((line) => line.split(' ')[2])).toEqual(captured);
    expect(shop.kit.figures().edgeHub.peakQueue).toBeGreaterThan(30);
    expect(about(shop.lines, 'lost')).toEqual([]);
  });

  test('happens the same way over MQTT and directly, whether or not idle looks are made', async () => {
    const canonical = ({ lines }: KitWorld) =>
      [...lines].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
    const wire = canonical(await shortDay('wire', true));
    expect(canonical(await shortDay('direct', true))).toEqual(wire);
    expect(canonical(await shortDay('direct', false))).toEqual(wire);
  });
});
