import { describe, expect, test } from 'vitest';
import { type HubConnection, HubError } from './hub-connection.js';
import { KeptConnection } from './kept-connection.js';
import { ManualClock } from './manual-clock.testing.js';
import { retryBy } from './retry-schedule.js';

/** A hub that is there or not; every connection opened to it and not closed again. */
function keptTo(hub: { up: boolean; takesMs: number }) {
  const clock = new ManualClock(0);
  const open = new Set<HubConnection>();
  const kept = new KeptConnection({
    clock,
    retry: retryBy({ intervalMs: 5_000, jitterShare: 0 }, () => 0.5),
    prepare: () => {},
    onOpened: async () => {},
    onFailed: () => {},
    connect: () => {
      const connection: HubConnection = {
        async open() {
          await clock.sleep(hub.takesMs);
          if (!hub.up) throw new HubError('FF_HUB_UNREACHABLE', 'no hub');
          open.add(connection);
        },
        close: async () => void open.delete(connection),
        getTwin: async () => ({ desired: {}, reported: {} }),
        onDesired: () => {},
        report: async () => {},
        send: async () => {},
        onMethod: () => {},
        onDisconnect: () => {},
      };
      return connection;
    },
  });
  return { clock, open, kept };
}

describe('a connection that is kept', () => {
  test('opens as soon as the hub is there', async () => {
    const hub = { up: false, takesMs: 100 };
    const { clock, kept, open } = keptTo(hub);
    kept.start();
    await clock.run(12_000);
    expect(open.size).toBe(0);
    hub.up = true;
    await clock.run(5_000);
    expect(open.size).toBe(1);
  });

  test('is one connection, however it is stopped and started while it tries', async () => {
    const hub = { up: false, takesMs: 3_000 };
    const { clock, kept, open } = keptTo(hub);
    kept.start();
    await clock.run(4_000);
    await kept.stop();
    kept.start();
    hub.up = true;
    await clock.run(1_000);
    await kept.stop();
    kept.start();
    await clock.run(30_000);
    expect(open.size).toBe(1);
    await kept.stop();
    expect(open.size).toBe(0);
  });
});
