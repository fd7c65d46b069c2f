/** IoT Edge on the Dev Kit, as an operator meets it at IoT Hub, and what a loss of power leaves of it. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Json, OutgoingMessage } from '../../pipeline/camera-module/hub-connection.js';
import { serviceSdk } from '../iot-hub/service/service-sdk.testing.js';
import { type Kernel, openKernel } from '../kernel/index.js';
import type { DevKitOptions } from './dev-kit.js';
import { type Fidelity, type KitWorld, kitWorld, MODEL_URL, ourManifest } from './dev-kit.testing.js';
import { smallModelZip } from './model.testing.js';
import { sampleManifest } from './sample-manifest.testing.js';

const START_MS = Date.UTC(2026, 2, 7, 9);
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const MODULE = 'camera-3/footfall-camera';
const NEVER = '0001-01-01T00:00:00Z';

let kernel: Kernel | null = null;
afterEach(() => {
  kernel?.close();
  kernel = null;
});

async function world(
  fidelity: Fidelity = 'direct',
  options: Partial<Pick<DevKitOptions, 'programs'>> = {},
): Promise<KitWorld> {
  kernel?.close();
  kernel = openKernel({ seed: 5, startMs: START_MS });
  const made = await kitWorld(kernel, fidelity, { lazyLooks: false, ...options });
  made.models.set(MODEL_URL, smallModelZip(10));
  made.people = 1;
  return made;
}

async function running(fidelity: Fidelity = 'direct'): Promise<KitWorld> {
  const shop = await world(fidelity);
  shop.deploy(ourManifest());
  shop.kit.powerOn();
  await passes(shop, 20 * SECOND_MS);
  return shop;
}

const passes = ({ kernel }: KitWorld, ms: number) => kernel.runUntil(kernel.clock.now() + ms);
const about = (lines: readonly string[], what: string) =>
  lines.map((line) => line.replace(/^\d+ /, '')).filter((line) => line.includes(what));
const reported = ({ hub }: KitWorld, name: string) => hub.twins.get(name).reported.properties;
const camera = (shop: KitWorld) =>
  (reported(shop, 'camera-3/$edgeAgent') as { readonly modules: Readonly<Record<string, object>> }).modules[
    'footfall-camera'
  ];

describe('what the runtime reports', () => {
  test('of a deployment that works: all that IoT Edge documents', async () => {
    const shop = await running();
    const agent = reported(shop, 'camera-3/$edgeAgent');
    expect(agent).toMatchObject({
      schemaVersion: '1.1',
      version: { version: expect.stringMatching(/^1\.5/) },
      lastDesiredVersion: 2,
      lastDesiredStatus: { code: 200, description: '' },
      deviceHealth: 'healthy',
      runtime: { type: 'docker', platform: { os: 'linux', architecture: 'aarch64' } },
      systemModules: {
        edgeAgent: { type: 'docker', runtimeStatus: 'running', exitCode: 0 },
        edgeHub: { runtimeStatus: 'running', restartPolicy: 'always', restartCount: 0 },
      },
    });
    expect(camera(shop)).toMatchObject({
      version: '1.0',
      type: 'docker',
      status: 'running',
      restartPolicy: 'always',
      imagePullPolicy: 'on-create',
      settings: { image: 'footfall/camera-module:1.0' },
      runtimeStatus: 'running',
      exitCode: 0,
      restartCount: 0,
      lastStartTimeUtc: expect.stringMatching(/^2026-03-07T09:00:00/),
      lastExitTimeUtc: NEVER,
      lastRestartTimeUtc: NEVER,
    });
    expect(reported(shop, 'camera-3/$edgeHub')).toMatchObject({
      schemaVersion: '1.1',
      lastDesiredVersion: 2,
      lastDesiredStatus: { code: 200, description: '' },
      clients: { 'camera-3/footfall-camera': { status: 'Connected', lastDisconnectedTimeUtc: NEVER } },
    });
  });

  test('of no deployment at all: 417', async () => {
    const shop = await world();
    shop.kit.powerOn();
    await passes(shop, 10 * SECOND_MS);
    shop.deploy({ modulesContent: {} });
    await passes(shop, 10 * SECOND_MS);
    expect(reported(shop, 'camera-3/$edgeAgent')).toMatchObject({ lastDesiredStatus: { code: 417 } });
  });

  test.each<[string, Json]>([
    ['without an image', { type: 'docker', settings: {} }],
    ['of another type', { type: 'vm', settings: { image: 'i' } }],
    [
      'with a policy that there is not',
      { type: 'docker', restartPolicy: 'sometimes', settings: { image: 'i' } },
    ],
    [
      'with create options that are no JSON',
      { type: 'docker', settings: { image: 'i', createOptions: '{' } },
    ],
  ])('of a manifest with a module %s: 400, and its last good deployment runs on', async (_what, module) => {
    const shop = await running();
    const before = shop.pictures.length;
    shop.hub.twins.patchDesired('camera-3/$edgeAgent', { modules: { other: module } });
    await passes(shop, 20 * SECOND_MS);
    expect(reported(shop, 'camera-3/$edgeAgent')).toMatchObject({
      lastDesiredVersion: 3,
      lastDesiredStatus: { code: 400, description: expect.stringContaining('modules.other') },
      modules: { 'footfall-camera': { runtimeStatus: 'running' } },
    });
    expect(shop.pictures.length).toBeGreaterThan(before);
    await shop.kernel.drive(shop.kit.powerOff());
    shop.kit.powerOn();
    await passes(shop, 20 * SECOND_MS);
    expect(camera(shop)).toMatchObject({ runtimeStatus: 'running' });
  });

  test('of modules in their order, and no more of one that was taken away', async () => {
    const shop = await running();
    const extra = { type: 'docker', status: 'running', settings: { image: 'i' } };
    shop.hub.twins.patchDesired('camera-3/$edgeAgent', {
      modules: { late: { ...extra, startupOrder: 2 }, early: { ...extra, startupOrder: 1 } },
    });
    await passes(shop, 10 * SECOND_MS);
    const names = () =>
      Object.keys((reported(shop, 'camera-3/$edgeAgent') as { readonly modules: object }).modules).sort();
    expect(names()).toEqual(['early', 'footfall-camera', 'late']);
    shop.hub.twins.patchDesired('camera-3/$edgeAgent', { modules: { late: null, early: null } });
    await passes(shop, 10 * SECOND_MS);
    expect(names()).toEqual(['footfall-camera']);
  });
});

describe('a module that crashes', () => {
  test('is restarted with growing waits, and says so at IoT Hub', async () => {
    const shop = await running();
    shop.kit.setCrashing(true);
    await passes(shop, 5 * SECOND_MS);
    expect(camera(shop)).toMatchObject({ runtimeStatus: 'backoff', exitCode: 139, restartCount: 0 });
    expect(reported(shop, 'camera-3/$edgeAgent')).toMatchObject({ deviceHealth: 'unhealthy' });
    expect(reported(shop, 'camera-3/$edgeHub')).toMatchObject({
      clients: { 'camera-3/footfall-camera': { status: 'Disconnected' } },
    });
    await passes(shop, 30 * SECOND_MS);
    expect(camera(shop)).toMatchObject({ runtimeStatus: 'backoff', restartCount: 2 });
    shop.kit.setCrashing(false);
    const before = shop.pictures.length;
    await passes(shop, MINUTE_MS);
    expect(camera(shop)).toMatchObject({ runtimeStatus: 'running', exitCode: 0, restartCount: 3 });
    expect(reported(shop, 'camera-3/$edgeAgent')).toMatchObject({ deviceHealth: 'healthy' });
    expect(shop.pictures.length).toBeGreaterThan(before);
  });

  test('because it cannot work with its settings is restarted too, and a person is told why', async () => {
    const shop = await world();
    const text = JSON.stringify(ourManifest()).replace(/http:..blob.test.fromcamera[^"]*/, 'nonsense');
    shop.deploy(JSON.parse(text) as Json);
    shop.kit.powerOn();
    await passes(shop, 5 * SECOND_MS);
    expect(camera(shop)).toMatchObject({ runtimeStatus: 'backoff', exitCode: 1 });
    expect(about(shop.lines, 'warning')).toEqual([
      "warning: the module 'footfall-camera' cannot start: 'nonsense' is no URL of a container",
    ]);
  });

  test('or waits to be started again is restarted at once by a direct method of $edgeAgent', async () => {
    const shop = await running();
    const call = (method: string, payload: Json) =>
      shop.kernel.drive(shop.hub.invokeMethod('camera-3/$edgeAgent', method, payload));
    expect(await call('ping', null)).toMatchObject({ answer: { status: 200 } });
    const restart = (id: string) => call('RestartModule', { schemaVersion: '1.0', id });
    expect(await restart('nobody')).toMatchObject({ answer: { status: 400 } });
    shop.kit.setCrashing(true);
    shop.kit.setCrashing(false);
    const before = shop.pictures.length;
    expect(await restart('footfall-camera')).toMatchObject({ answer: { status: 200 } });
    await passes(shop, 6 * SECOND_MS);
    expect(camera(shop)).toMatchObject({ runtimeStatus: 'running', restartCount: 0 });
    expect(shop.pictures.length).toBeGreaterThan(before);
  });

  test('loses no picture that it had taken, and nothing of its settings', async () => {
    const shop = await running();
    shop.hub.twins.patchDesired(MODULE, { TimeBetweenMessagesInSeconds: 10 });
    await passes(shop, MINUTE_MS);
    shop.lan.cut();
    await passes(shop, 30 * SECOND_MS);
    shop.kit.setCrashing(true);
    shop.kit.setCrashing(false);
    shop.lan.restore();
    await passes(shop, 2 * MINUTE_MS);
    const captured = about(shop.lines, 'captured').map((line) => line.split(' ')[1]);
    expect(shop.pictures.map(({ name }) => name)).toEqual(captured.slice(0, shop.pictures.length));
    expect(captured.length - shop.pictures.length).toBeLessThanOrEqual(1);
    const atMs = shop.pictures.map(({ metadata }) => Date.parse(metadata.capturedAt)).slice(-4);
    for (const [index, at] of atMs.slice(1).entries())
      expect(at - (atMs[index] ?? 0)).toBeGreaterThanOrEqual(10_000);
  });
});

/** A crash, an outage, a loss of power in it: what happened, in order, and what the agent says afterwards. */
async function roughMinutes(fidelity: Fidelity): Promise<unknown> {
  const shop = await running(fidelity);
  shop.kit.setCrashing(true);
  await passes(shop, 15 * SECOND_MS);
  shop.kit.setCrashing(false);
  await passes(shop, 45 * SECOND_MS);
  shop.uplink.cut();
  await passes(shop, 20 * SECOND_MS);
  await shop.kernel.drive(shop.kit.powerOff());
  await passes(shop, 10 * SECOND_MS);
  shop.kit.powerOn();
  await passes(shop, 30 * SECOND_MS);
  shop.uplink.restore();
  await passes(shop, MINUTE_MS);
  const at = (line: string) => Number.parseInt(line, 10);
  const lines = [...shop.lines].sort((a, b) => at(a) - at(b) || (a < b ? -1 : 1));
  return { lines, reported: reported(shop, 'camera-3/$edgeAgent'), figures: shop.kit.figures() };
}

describe('a loss of power', () => {
  test('takes what was in memory and leaves what was on the disk, though nothing can be reached', async () => {
    const shop = await running();
    shop.uplink.cut();
    await passes(shop, MINUTE_MS);
    await shop.kernel.drive(shop.kit.powerOff());
    const queued = shop.kit.figures().edgeHub.queued;
    expect(queued).toBeGreaterThan(10);
    const before = shop.pictures.length;
    await passes(shop, MINUTE_MS);
    expect(shop.pictures.length).toBe(before);
    shop.kit.powerOn();
    await passes(shop, MINUTE_MS);
    // It has its deployment, its settings and its model, and goes on without IoT Hub.
    expect(shop.pictures.length).toBeGreaterThan(before + 15);
    expect(shop.kit.figures().edgeHub.queued).toBeGreaterThan(queued + 15);
    expect(about(shop.lines, 'model http')).toHaveLength(1);
    shop.uplink.restore();
    await passes(shop, MINUTE_MS);
    const told = about(shop.lines, 'hub has').map((line) => line.split(' ')[2]);
    expect([...new Set(told)]).toEqual(shop.pictures.map(({ name }) => name).slice(0, new Set(told).size));
    expect(shop.kit.figures().edgeHub).toMatchObject({ queued: 0, dropped: 0 });
  });

  test('and a crash happen the same way over MQTT and directly', async () => {
    const wire = await roughMinutes('wire');
    expect(await roughMinutes('direct')).toEqual(wire);
  });

  test('loses messages whose time is up, and says how many', async () => {
    const shop = await running();
    shop.uplink.cut();
    await passes(shop, 5 * MINUTE_MS);
    await shop.kernel.drive(shop.kit.powerOff());
    await passes(shop, 2 * HOUR_MS);
    shop.kit.powerOn();
    shop.uplink.restore();
    await passes(shop, 2 * MINUTE_MS);
    const { dropped, queued } = shop.kit.figures().edgeHub;
    expect(queued).toBeLessThanOrEqual(1);
    expect(dropped).toBeGreaterThan(90);
    expect(about(shop.lines, 'lost: expired')).toHaveLength(dropped);
  });
});

describe('modules beside the camera', () => {
  test('get its messages by a route, and theirs go up', async () => {
    const received: string[] = [];
    const shop = await world('direct', {
      programs: (module, send) =>
        module.name === 'counter'
          ? {
              start: () => {},
              stop: async () => {},
              async receive(input, { body, messageId }: OutgoingMessage) {
                received.push(`${input} ${messageId}`);
                const { people } = JSON.parse(body) as { readonly people: number };
                await send({
                  messageId: `count of ${messageId}`,
                  body: `${people}`,
                  properties: {},
                  output: 'counts',
                });
              },
            }
          : undefined,
    });
    const manifest = ourManifest() as { readonly modulesContent: Readonly<Record<string, object>> };
    shop.deploy({ modulesContent: { ...manifest.modulesContent } } as Json);
    shop.hub.twins.patchDesired('camera-3/$edgeAgent', {
      modules: { counter: { type: 'docker', status: 'running', settings: { image: 'counter:1' } } },
    });
    shop.hub.twins.patchDesired('camera-3/$edgeHub', {
      routes: {
        pictureTelemetryToHub: null,
        toCounter:
          'FROM /messages/modules/footfall-camera/outputs/ToUpstream WHERE $body.people > 1 INTO BrokeredEndpoint("/modules/counter/inputs/pictures")',
      },
    });
    shop.people = 2;
    shop.kit.powerOn();
    await passes(shop, 20 * SECOND_MS);
    expect(received.length).toBe(shop.pictures.length);
    expect(received[0]).toBe(`pictures ${shop.pictures[0]?.name}`);
    shop.people = 1;
    await passes(shop, 10 * SECOND_MS);
    expect(shop.pictures.length).toBeGreaterThan(received.length);
    expect(about(shop.lines, 'hub has')).toEqual([]);
  });
});

describe("Microsoft's sample manifest, set by the service SDK under its target condition", () => {
  test('runs, and what its names leave idle is said plainly', async () => {
    const shop = await world();
    const sdk = serviceSdk(shop.hub);
    shop.hub.registry.update('camera-3', { isEdge: true });
    shop.kit.powerOn();
    await shop.kernel.drive(
      sdk.registry.addConfiguration({
        id: 'footfall',
        schemaVersion: '1.0',
        labels: {},
        content: sampleManifest(MODEL_URL) as never,
        targetCondition: "tags.deploymenttype = 'footfall'",
        priority: 2,
        etag: '*',
      } as never),
    );
    await shop.kernel.drive(
      sdk.registry.updateTwin('camera-3', { tags: { deploymenttype: 'footfall' } }, '*'),
    );
    await passes(shop, MINUTE_MS);
    const { responseBody } = await shop.kernel.drive(sdk.registry.getModuleTwin('camera-3', '$edgeAgent'));
    expect(responseBody.properties.reported).toMatchObject({
      lastDesiredStatus: { code: 200 },
      modules: { inferencemodule: { runtimeStatus: 'running', restartPolicy: 'always' } },
    });
    expect(about(shop.lines, 'warning')).toEqual([
      expect.stringContaining("the module 'inferencemodule' has no PICTURE_CONTAINER_SAS_URL"),
      expect.stringContaining(
        "the route 'inferenceToHub' starts at the module 'footfall-inference-module', which the deployment does not run; it runs inferencemodule",
      ),
    ]);
    expect(shop.kit.figures().looks).toBe(0);
  });
});
