import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { Clock } from '../../kernel/services.js';
import { liveSourceOf } from './live-source.js';
import { LiveStream } from './live-stream.js';

const HALL = join(import.meta.dirname, '../../../fixtures/footage/hall.mp4');
const folder = mkdtempSync(join(tmpdir(), 'footfall-live-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Time passes as fast as it is slept away; what was slept is kept. */
function hastyClock(): { readonly clock: Clock; readonly slept: number[] } {
  const slept: number[] = [];
  let nowMs = 0;
  const after = (ms: number, call: () => void) => {
    slept.push(ms);
    nowMs += ms;
    const timer = setImmediate(call);
    return { cancel: () => clearImmediate(timer) };
  };
  const sleep = (ms: number) => new Promise<void>((resolve) => void after(ms, resolve));
  return { clock: { now: () => nowMs, after, sleep } as Clock, slept };
}

test('a file plays at its own pace and begins again when it ends', { timeout: 60_000 }, async () => {
  const { clock, slept } = hastyClock();
  const stream = new LiveStream(liveSourceOf(HALL), clock);
  const seen = new Set<unknown>();
  await vi.waitFor(
    () => {
      if (stream.last !== null) seen.add(stream.last);
      // Twice as long as the film.
      expect(clock.now()).toBeGreaterThan(2 * HALL_MS);
    },
    { timeout: 50_000, interval: 5 },
  );
  expect(stream.last).toMatchObject({ widthPixels: expect.any(Number) });
  expect(Math.max(...slept)).toBeLessThan(1_000);
  await stream.close();
});

test('what is not there is tried again, ever more rarely', async () => {
  const { clock, slept } = hastyClock();
  const path = join(folder, 'late.mp4');
  const stream = new LiveStream(liveSourceOf(path), clock);
  await vi.waitFor(
    () => expect(slept.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]),
    {
      timeout: 20_000,
    },
  );
  expect(stream).toMatchObject({ last: null, problem: expect.stringContaining('late.mp4') });
  copyFileSync(HALL, path);
  await vi.waitFor(() => expect(stream.problem).toBeNull(), { timeout: 20_000 });
  await stream.close();
});

const HALL_MS = 5_000;
