import { afterEach, expect, test } from 'vitest';
import { type Kernel, openKernel } from './kernel.js';

const START_MS = Date.UTC(2026, 2, 7, 9);
let kernel: Kernel | undefined;

afterEach(() => {
  kernel?.close();
  kernel = undefined;
});

function open(seed: string | number = 1): Kernel {
  kernel = openKernel({ seed, startMs: START_MS });
  return kernel;
}

test('a day of sleep passes at once, and Date says so', async () => {
  const { clock, drive } = open();
  await drive(clock.sleep(86_400_000));
  expect(clock.now()).toBe(START_MS + 86_400_000);
  expect(new Date().toISOString()).toBe('2026-03-08T09:00:00.000Z');
});

test('time stands still while immediates, thread-pool jobs and held promises are under way', async () => {
  const { clock, drive, hold } = open();
  const seen: string[] = [];
  setTimeout(() => seen.push('timer'), 5);
  const work = (async () => {
    await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(1 << 20));
    seen.push(`digest at ${clock.now() - START_MS}`);
    await hold(new Promise((resolve) => queueMicrotask(() => resolve(null))));
    seen.push('held');
    await clock.sleep(10);
  })();
  await drive(work);
  expect(seen).toEqual(['digest at 0', 'held', 'timer']);
});

test('the same seed gives SDKs the same random numbers, another seed others', async () => {
  const draw = (seed: number) => {
    const opened = open(seed);
    const values = [Math.random(), globalThis.crypto.randomUUID(), opened.rng('a').next()];
    opened.close();
    kernel = undefined;
    return JSON.stringify(values);
  };
  expect(draw(7)).toBe(draw(7));
  expect(draw(7)).not.toBe(draw(8));
});

test('what arrives at one place in one instant is admitted in the order of keys', async () => {
  const { clock, arbiter, drive } = open();
  const admitted: string[] = [];
  const arrive = (key: string) => arbiter.submit('queue', key, () => admitted.push(key));
  arrive('c');
  setImmediate(() => setImmediate(() => arrive('a')));
  clock.after(0, () => arrive('b'));
  await drive(clock.sleep(1));
  expect(admitted).toEqual(['a', 'b', 'c']);
});

test('lines of one instant enter the digest in one order, lines of two instants do not', async () => {
  const digestOf = async (keys: readonly string[], gapMs: number) => {
    const { clock, trace, drive } = open();
    for (const key of keys) {
      trace.record('hub', key, 'append');
      await drive(clock.sleep(gapMs));
    }
    const digest = trace.digest();
    kernel?.close();
    kernel = undefined;
    return digest;
  };
  expect(await digestOf(['x', 'y'], 0)).toBe(await digestOf(['y', 'x'], 0));
  expect(await digestOf(['x', 'y'], 5)).not.toBe(await digestOf(['y', 'x'], 5));
});

test('runUntil stops at its time, with later timers still to come', async () => {
  const { clock, runUntil } = open();
  const fired: number[] = [];
  for (const delayMs of [10, 20, 30]) clock.after(delayMs, () => fired.push(delayMs));
  await runUntil(START_MS + 25);
  expect(fired).toEqual([10, 20]);
  expect(clock.now()).toBe(START_MS + 25);
});

test('a promise that nothing can settle is an error that carries the seed and the tail of the trace', async () => {
  const { trace, drive } = open(42);
  trace.record('face-api', 'picture-1', 'asked');
  await expect(drive(new Promise(() => {}))).rejects.toThrow(/seed 42.*face-api asked picture-1/s);
});

test('after closing, time and randomness are real again', async () => {
  const { close } = open();
  close();
  kernel = undefined;
  expect(Math.abs(Date.now() - START_MS)).toBeGreaterThan(86_400_000);
  expect(Math.random()).not.toBe(Math.random());
  await new Promise((resolve) => setTimeout(resolve, 1));
});
