/** The official SDK over MQTT and the direct client must see the same things at the same virtual times. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HubConnection, Properties } from '../../pipeline/camera-module/hub-connection.js';
import { type Kernel, openKernel } from '../kernel/index.js';
import { type Link, openLink } from '../network/index.js';
import { IotHub } from './core.js';

const START_MS = Date.UTC(2026, 2, 7, 9);
const NAME = 'camera-1/footfall';

type Fidelity = 'wire' | 'direct';

interface Bench {
  readonly kernel: Kernel;
  readonly hub: IotHub;
  readonly link: Link;
  readonly lines: string[];
  connect(): HubConnection;
  note(what: string, detail?: unknown): void;
}

let kernel: Kernel | null = null;
beforeEach(() => {
  kernel = null;
});
afterEach(() => kernel?.close());

async function bench(fidelity: Fidelity): Promise<Bench> {
  kernel = openKernel({ seed: 7, startMs: START_MS });
  const world = kernel;
  const hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S1', units: 1 } }, world);
  hub.registry.ensure('camera-1');
  hub.registry.ensure(NAME);
  const link = openLink(world, 'uplink', { latencyMs: 40, bitsPerSecond: 64_000, lossShare: 0.2 });
  const lines: string[] = [];
  const note = (what: string, detail?: unknown) =>
    lines.push(`${world.clock.now() - START_MS} ${what} ${JSON.stringify(detail) ?? ''}`);
  hub.telemetry.onRecord((record) =>
    note('hub has', {
      sequenceNumber: record.sequenceNumber,
      identity: record.identity,
      body: Buffer.from(record.body).toString(),
      properties: record.properties,
      system: Object.entries(record.system).sort(),
    }),
  );
  const connect = await connector(fidelity, hub, link);
  return { kernel: world, hub, link, lines, connect, note };
}

async function connector(fidelity: Fidelity, hub: IotHub, link: Link): Promise<() => HubConnection> {
  // Imported here, so that the SDKs see the kernel's clock from their first line on.
  if (fidelity === 'direct') {
    const { DirectHubConnection } = await import('./direct-client.js');
    return () => new DirectHubConnection(hub, link, hub.connectionString(NAME));
  }
  const { SdkHubConnection, warmUpSdk } = await import('../../pipeline/camera-module/sdk-hub-connection.js');
  const { openMqttFront } = await import('./mqtt/mqtt-front.js');
  const { connectOrFail } = await import('../network/index.js');
  await warmUpSdk();
  const front = openMqttFront(hub);
  const dial = () => connectOrFail(link, (end) => front.handle(end));
  return () => new SdkHubConnection({ connectionString: hub.connectionString(NAME), dial });
}

/** Everything a device does and hears, noted with its time. */
function observed(bench: Bench, connection: HubConnection, label: string): HubConnection {
  const { note } = bench;
  connection.onDesired((patch) => note(`${label} desired`, patch));
  connection.onDisconnect((reason) => note(`${label} disconnected`, reason.code));
  connection.onMethod('StartCamera', async (payload) => {
    note(`${label} method`, payload);
    await bench.kernel.clock.sleep(70);
    return { status: 200, payload: { Response: 'Successfully started camera' } };
  });
  const noted = <T>(what: string, promise: Promise<T>): Promise<T> =>
    promise.then(
      (value) => {
        note(`${label} ${what} ok`, value);
        return value;
      },
      (error: { code: string }) => {
        note(`${label} ${what} failed`, error.code);
        throw error;
      },
    );
  return {
    open: () => noted('open', connection.open()),
    close: () => noted('close', connection.close()),
    getTwin: () => noted('twin', connection.getTwin()),
    report: (patch) => noted('report', connection.report(patch)),
    send: (message) => noted(`send ${message.messageId}`, connection.send(message)),
    onDesired: () => {},
    onMethod: () => {},
    onDisconnect: () => {},
  };
}

const message = (messageId: string) => ({
  messageId,
  body: JSON.stringify({ id: messageId, people: 2 }),
  properties: { 'store id': 'søndag & co=1' },
  output: 'ToUpstream',
});

const quietly = (promise: Promise<unknown>) => promise.catch(() => {});

/** A device's life: configured, sending, cut off, refused, back. */
async function life(world: Bench): Promise<void> {
  const {
    hub,
    link,
    kernel: { clock },
    note,
  } = world;
  const desired = (patch: Properties) => hub.twins.patchDesired(NAME, patch);
  desired({ ModelZipUrl: 'http://blob/model.zip', TimeBetweenMessagesInSeconds: 3 });
  const first = observed(world, world.connect(), 'first');
  await quietly(first.send(message('too early')));
  await first.open();
  await first.getTwin();
  await Promise.all([first.report({ FrameRate: 30 }), first.send(message('a')), first.send(message('b'))]);
  desired({ FrameRate: 10 });
  desired({ FrameRate: 5, ModelZipUrl: null });
  await quietly(first.report({ 'not a name': 1 }));
  note('method', await hub.invokeMethod(NAME, 'StartCamera', { warm: true }));
  note('method', await hub.invokeMethod(NAME, 'Unknown', null, 1_000));
  const cutOff = [first.send(message('c')), first.getTwin(), first.report({ x: 1 })].map(quietly);
  await clock.sleep(20);
  link.cut();
  await Promise.all(cutOff);
  note('method', await hub.invokeMethod(NAME, 'StartCamera', null, 1_000));
  desired({ FrameRate: 24 });
  const second = observed(world, world.connect(), 'second');
  await quietly(second.open());
  await clock.sleep(60_000);
  link.restore();
  await second.open();
  await second.getTwin();
  await Promise.all(Array.from({ length: 20 }, (_, i) => second.send(message(`d${i}`))));
  const rival = observed(world, world.connect(), 'rival');
  await rival.open();
  await quietly(second.getTwin());
  await quietly(
    rival.send({ ...message('huge'), body: 'x'.repeat(255 * 1024), properties: { p: 'y'.repeat(4096) } }),
  );
  const last = observed(world, world.connect(), 'last');
  await last.open();
  await last.close();
  await quietly(last.getTwin());
}

async function transcript(fidelity: Fidelity): Promise<readonly string[]> {
  const world = await bench(fidelity);
  await world.kernel.drive(life(world));
  return world.lines;
}

describe('a device connected to the hub', () => {
  test('lives the same life over MQTT and directly', async () => {
    const wire = await transcript('wire');
    kernel?.close();
    const direct = await transcript('direct');
    // Within an instant the protocols may hear things in another order.
    const canonical = (lines: readonly string[]) =>
      [...lines].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
    expect(canonical(wire)).toEqual(canonical(direct));
    expect(wire.length).toBeGreaterThan(60);
  });
});
