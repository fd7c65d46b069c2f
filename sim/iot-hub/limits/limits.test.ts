import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import type { HubSession } from '../session.js';
import { DEAF, sessionOf } from '../session.testing.js';
import { DailyQuota } from './daily-quota.js';
import { limitsOf } from './limits.js';
import { Throttle } from './throttle.js';

const START_MS = Date.UTC(2026, 2, 7, 23, 59, 50);

let kernel: Kernel;
beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
});
afterEach(() => kernel.close());

function hubWithDevice(): { readonly hub: IotHub; readonly session: HubSession } {
  const hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S1', units: 1 } }, kernel);
  const record = hub.registry.ensure('camera-1');
  return { hub, session: hub.open(sessionOf(record), DEAF) };
}

const message = (bytes: number) => ({ body: new Uint8Array(bytes), properties: {}, system: {} });

describe('the size of a hub', () => {
  test.each([
    ['S1', 1, 100],
    ['S1', 20, 240],
    ['S2', 2, 240],
    ['S3', 1, 6_000],
  ] as const)('%s with %i units takes %i messages a second', (sku, units, perSecond) => {
    expect(limitsOf({ sku, units }).telemetryPerSecond).toBe(perSecond);
  });
});

describe('a throttle', () => {
  test('lets a second of its rate pass at once, then one at a time, and refuses what would wait too long', () => {
    const throttle = new Throttle(10, 500);
    const waits = Array.from({ length: 17 }, () => throttle.take(0));
    expect(waits.slice(0, 10)).toEqual(Array(10).fill(0));
    expect(waits.slice(10)).toEqual([100, 200, 300, 400, 500, null, null]);
    expect(throttle.take(600)).toBe(0);
  });
});

describe('telemetry', () => {
  test('above the rate waits its turn, in order, and is refused when the queue is ten seconds long', async () => {
    const { hub, session } = hubWithDevice();
    const arrivals: number[] = [];
    hub.telemetry.onRecord(({ enqueuedAtMs }) => arrivals.push(enqueuedAtMs - START_MS));
    const replies = Array.from({ length: 1_200 }, (_, i) =>
      hub.telemetry.accept(session, message(10), String(i).padStart(4, '0')),
    );
    const outcomes = await kernel.drive(Promise.all(replies));
    expect(arrivals.slice(0, 102)).toEqual([...Array(100).fill(0), 10, 20]);
    expect(arrivals.at(-1)).toBe(10_000);
    const refused = outcomes.filter((reply) => !reply.accepted);
    expect(refused).toHaveLength(100);
    expect(refused.every((reply) => !reply.accepted && reply.status === 429)).toBe(true);
    expect(hub.telemetry.figures()).toMatchObject({
      in: 1_200,
      out: 1_100,
      dropped: 100,
      queued: 0,
      peakQueue: 1_000,
    });
  });

  test('may have 256 KB', async () => {
    const { hub, session } = hubWithDevice();
    const send = (bytes: number) => kernel.drive(hub.telemetry.accept(session, message(bytes), 'x'));
    expect(await send(256 * 1024)).toMatchObject({ accepted: true });
    expect(await send(256 * 1024 + 1)).toMatchObject({ accepted: false, status: 413 });
  });

  test('of a session that ended meanwhile is not taken', async () => {
    const { hub, session } = hubWithDevice();
    const reply = hub.telemetry.accept(session, message(1), 'x');
    hub.close(session, 'disconnected');
    expect(await kernel.drive(reply)).toMatchObject({ accepted: false, status: 410 });
  });
});

describe('the daily quota', () => {
  test('is metered in 4 KB and begins anew with the UTC day', () => {
    const quota = new DailyQuota(3);
    const tomorrowMs = Date.UTC(2026, 2, 8);
    expect(quota.take(4096 + 1, START_MS)).toBe(true);
    expect(quota.take(4096 + 1, START_MS)).toBe(false);
    expect(quota.take(0, START_MS)).toBe(true);
    expect(quota.used).toBe(3);
    expect(quota.take(1, START_MS)).toBe(false);
    expect(quota.take(1, tomorrowMs)).toBe(true);
  });
});

describe('twin reads', () => {
  test('above the rate wait their turn', async () => {
    const { hub, session } = hubWithDevice();
    const times: number[] = [];
    const reads = Array.from({ length: 101 }, (_, i) =>
      hub.readTwin(session, String(i).padStart(3, '0')).then(() => times.push(kernel.clock.now() - START_MS)),
    );
    await kernel.drive(Promise.all(reads));
    expect(times.filter((time) => time === 0)).toHaveLength(100);
    expect(times.at(-1)).toBe(10);
  });
});
