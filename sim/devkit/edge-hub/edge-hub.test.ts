import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HubError, type Json, type OutgoingMessage } from '../../../pipeline/camera-module/hub-connection.js';
import { ManualClock } from '../../../pipeline/camera-module/manual-clock.testing.js';
import { retryBy } from '../../../pipeline/camera-module/retry-schedule.js';
import { EdgeHub, EdgeHubFullError, edgeHubFigures, emptyEdgeHubDisk } from './edge-hub.js';

const ROUTES = { all: 'FROM /messages/* INTO $upstream' };

function hubWith(
  routes: Json,
  more: { readonly timeToLiveSecs?: number; readonly maxSizeBytes?: number } = {},
) {
  const clock = new ManualClock(0);
  const disk = emptyEdgeHubDisk();
  const uplink = { up: true, takesMs: 0 };
  const modules = { up: true };
  const log: string[] = [];
  const { maxSizeBytes, timeToLiveSecs = 7200 } = more;
  const newHub = () =>
    new EdgeHub({
      device: 'camera-3',
      disk,
      clock,
      maxBytes: 1e6,
      retryOf: () => retryBy({ intervalMs: 1_000, jitterShare: 0 }, () => 0.5),
      upstreamReady: async () => {},
      async sendUpstream(module, { messageId }) {
        if (uplink.takesMs > 0) await clock.sleep(uplink.takesMs);
        if (!uplink.up) throw new HubError('FF_HUB_DISCONNECTED', 'no uplink');
        if (messageId.startsWith('bad')) throw new HubError('FF_HUB_REJECTED', 'never');
        log.push(`${module} ${messageId} up`);
      },
      async sendToModule(module, input, { messageId }) {
        if (!modules.up) throw new Error('it does not run');
        log.push(`${messageId} to ${module}.${input}`);
      },
      onLost: ({ messageId }, reason) => log.push(`${messageId} ${reason}`),
      onUnrouted: (_module, { messageId }) => log.push(`${messageId} nowhere`),
    });
  const start = () => {
    const hub = newHub();
    hub.start();
    return hub;
  };
  const first = start();
  const settings = {
    schemaVersion: '1.1',
    routes,
    storeAndForwardConfiguration: {
      timeToLiveSecs,
      ...(maxSizeBytes === undefined ? {} : { storeLimits: { maxSizeBytes } }),
    },
    $version: 2,
  };
  expect(first.configure(settings)).toEqual({ code: 200, description: '' });
  return { clock, disk, uplink, modules, log, first, start, figures: () => edgeHubFigures(disk) };
}

const message = (messageId: string, output = 'out', body = '{"n":1}'): OutgoingMessage => ({
  messageId,
  body,
  properties: {},
  output,
});

describe('the edge hub', () => {
  test('stores while there is no way up, and hands on in the order of coming', async () => {
    const { clock, figures, first, log, uplink } = hubWith(ROUTES);
    uplink.up = false;
    for (const id of ['a', 'b', 'c']) await first.send('camera', message(id));
    await clock.run(10_000);
    expect(figures()).toMatchObject({ in: 3, out: 0, queued: 3, peakQueue: 3 });
    uplink.up = true;
    await clock.run(2_000);
    expect(log).toEqual(['camera a up', 'camera b up', 'camera c up']);
    expect(figures()).toMatchObject({ out: 3, upstream: 3, queued: 0, queuedBytes: 0 });
  });

  test('sends what has the higher priority first, and what came meanwhile before what waits', async () => {
    const { clock, first, log, uplink } = hubWith({
      alerts: { route: 'FROM /messages/modules/camera/outputs/alerts INTO $upstream', priority: 0 },
      rest: { route: 'FROM /messages/modules/camera/outputs/data INTO $upstream', priority: 5 },
      other: 'FROM /messages/modules/camera/outputs/debug INTO $upstream',
    });
    uplink.takesMs = 100;
    for (const id of ['debug-1', 'data-1', 'data-2', 'alerts-1']) {
      await first.send('camera', message(id, id.split('-')[0]));
      await clock.run(0);
    }
    await clock.run(150);
    await first.send('camera', message('alerts-2', 'alerts'));
    await clock.run(1_000);
    // The first was on its way before the others came.
    expect(log.map((line) => line.split(' ')[1])).toEqual([
      'debug-1',
      'alerts-1',
      'alerts-2',
      'data-1',
      'data-2',
    ]);
  });

  test("takes a message's best priority where two routes lead to one endpoint, and sends it once", async () => {
    const { clock, disk, first, log, uplink } = hubWith({
      low: { route: 'FROM /messages/* INTO $upstream', priority: 9 },
      high: { route: 'FROM /messages/modules/camera/* INTO $upstream', priority: 1 },
    });
    uplink.up = false;
    await first.send('camera', message('a'));
    expect(disk.stored.get('$upstream')?.map(({ priority }) => priority)).toEqual([1]);
    uplink.up = true;
    await clock.run(2_000);
    expect(log).toEqual(['camera a up']);
  });

  test('keeps a message as long as its route says, or the hub', async () => {
    const { clock, figures, first, log, uplink } = hubWith(
      {
        short: { route: 'FROM /messages/modules/camera/outputs/short INTO $upstream', timeToLiveSecs: 5 },
        long: 'FROM /messages/modules/camera/outputs/long INTO $upstream',
      },
      { timeToLiveSecs: 60 },
    );
    uplink.up = false;
    await first.send('camera', message('a', 'short'));
    await first.send('camera', message('b', 'long'));
    await clock.run(30_000);
    expect(log).toEqual(['a expired']);
    await clock.run(40_000);
    expect(log).toEqual(['a expired', 'b expired']);
    expect(figures()).toMatchObject({ in: 2, out: 0, dropped: 2, queued: 0 });
  });

  test('delivers to the input of another module, and waits while it does not run', async () => {
    const { clock, figures, first, log, modules } = hubWith({
      in: 'FROM /messages/modules/camera/outputs/* INTO BrokeredEndpoint("/modules/filter/inputs/pictures")',
      up: 'FROM /messages/modules/filter/outputs/* INTO $upstream',
    });
    modules.up = false;
    await first.send('camera', message('a'));
    await clock.run(5_000);
    expect(log).toEqual([]);
    modules.up = true;
    await clock.run(1_000);
    await first.send('filter', message('b'));
    await clock.run(0);
    expect(log).toEqual(['a to filter.pictures', 'filter b up']);
    expect(figures()).toMatchObject({ out: 2, upstream: 1 });
  });

  test('refuses a message when its part of the disk is full, and takes it when there is room again', async () => {
    const { clock, first, log, uplink } = hubWith(ROUTES, { maxSizeBytes: 20 });
    uplink.up = false;
    await first.send('camera', message('a', 'out', '0123456789'));
    await first.send('camera', message('b', 'out', '0123456789'));
    await expect(first.send('camera', message('c', 'out', '0'))).rejects.toThrow(EdgeHubFullError);
    uplink.up = true;
    await clock.run(2_000);
    await first.send('camera', message('c', 'out', '0'));
    await clock.run(0);
    expect(log).toEqual(['camera a up', 'camera b up', 'camera c up']);
  });

  test('has after a loss of power what it had stored, and its routes', async () => {
    const { clock, first, log, start, uplink } = hubWith(ROUTES);
    uplink.up = false;
    for (const id of ['a', 'b']) await first.send('camera', message(id));
    await clock.run(1_500);
    first.stop();
    uplink.up = true;
    await clock.run(60_000);
    expect(log).toEqual([]);
    const second = start();
    await second.send('camera', message('c'));
    await clock.run(0);
    expect(log).toEqual(['camera a up', 'camera b up', 'camera c up']);
  });

  test('drops what IoT Hub will never take, and what no route leads anywhere', async () => {
    const { clock, figures, first, log } = hubWith({
      one: 'FROM /messages/modules/camera/outputs/out INTO $upstream',
    });
    await first.send('camera', message('bad'));
    await first.send('camera', message('lost', 'elsewhere'));
    await first.send('camera', message('good'));
    await clock.run(0);
    expect(log).toEqual(['lost nowhere', 'bad rejected', 'camera good up']);
    expect(figures()).toMatchObject({ in: 2, out: 1, dropped: 1, unrouted: 1 });
  });

  test.each([
    ['a schema of another major version', { schemaVersion: '2.0', routes: {} }],
    ['a route that cannot be read', { schemaVersion: '1.0', routes: { r: 'FROM here INTO there' } }],
    ['a priority beyond 9', { schemaVersion: '1.1', routes: { r: { route: ROUTES.all, priority: 10 } } }],
    [
      'a time to live of nothing',
      { schemaVersion: '1.1', routes: {}, storeAndForwardConfiguration: { timeToLiveSecs: 0 } },
    ],
  ])('says 400 to %s and stays with what it had', async (_what, desired) => {
    const { clock, first, log } = hubWith(ROUTES);
    expect(first.configure(desired)).toMatchObject({ code: 400, description: expect.stringMatching(/.+/) });
    await first.send('camera', message('a'));
    await clock.run(0);
    expect(log).toEqual(['camera a up']);
  });

  test('delivers everything at least once and in order, over any outages and restarts', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('send' as const) }),
      fc.record({ do: fc.constant('link' as const), up: fc.boolean() }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3_000 }) }),
      fc.record({ do: fc.constant('power' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const world = hubWith(ROUTES);
        world.uplink.takesMs = 200;
        let hub = world.first;
        let sent = 0;
        for (const next of steps) {
          if (next.do === 'send') await hub.send('camera', message(String(sent++).padStart(3, '0')));
          else if (next.do === 'link') world.uplink.up = next.up;
          else if (next.do === 'wait') await world.clock.run(next.ms);
          else {
            hub.stop();
            hub = world.start();
          }
        }
        world.uplink.up = true;
        await world.clock.run(60_000);
        const arrived = world.log.map((line) => line.split(' ')[1] ?? '');
        const firstTimes = arrived.filter((id, index) => arrived.indexOf(id) === index);
        expect(firstTimes).toEqual(Array.from({ length: sent }, (_, i) => String(i).padStart(3, '0')));
      }),
      { numRuns: 50 },
    );
  });
});
