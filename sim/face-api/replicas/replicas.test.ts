import { describe, expect, onTestFinished, test } from 'vitest';
import { openKernel } from '../../kernel/index.js';
import { FaceApiFailure } from '../failure.js';
import { faceFaults } from './balancer.js';
import type { Capacity } from './capacity.js';
import { FaultRules } from './fault-rules.js';
import { Replicas } from './replicas.js';

const FIXED: Capacity = {
  replicas: 2,
  queueLimit: 3,
  pictureService: { leastMs: 100, meanMs: 100 },
  otherService: { leastMs: 10, meanMs: 10 },
  rateLimit: null,
};

const taskOf = <Result>(work: () => Result) => ({ serviceMs: null, extraMs: 0, work });

function world(capacity: Capacity) {
  const kernel = openKernel({ seed: 1, startMs: 0 });
  onTestFinished(() => kernel.close());
  const { clock } = kernel;
  const replicas = new Replicas(kernel, capacity);
  const log: string[] = [];
  const serve = (key: string, carriesPicture = true) =>
    replicas.serve({ key, carriesPicture, begin: () => taskOf(() => key) }).then(
      () => log.push(`${key} done at ${clock.now()}`),
      (error: FaceApiFailure) =>
        log.push(`${key} ${error.status} at ${clock.now()}, again in ${error.retryAfterSeconds} s`),
    );
  return { kernel, replicas, log, serve };
}

describe('replicas', () => {
  test('serve one request each, the others wait in the order of their coming, and beyond the bound is 429', async () => {
    const { kernel, replicas, log, serve } = world(FIXED);
    // Sent in one instant and out of order: the order of the keys decides.
    const all = ['f', 'c', 'e', 'a', 'd', 'b'].map((key) => serve(key));
    await kernel.drive(Promise.all(all));
    expect(log).toEqual([
      'f 429 at 0, again in 1 s',
      'a done at 100',
      'b done at 100',
      'c done at 200',
      'd done at 200',
      'e done at 300',
    ]);
    expect(replicas.figures()).toMatchObject({ in: 6, out: 5, dropped: 1, queued: 0, peakQueue: 3 });
    expect(replicas.figures().utilisation).toBeCloseTo(500 / 600, 5);
  });

  test('are quicker with what carries no picture', async () => {
    const { kernel, log, serve } = world(FIXED);
    await kernel.drive(Promise.all([serve('list', false), serve('picture')]));
    expect(log).toEqual(['list done at 10', 'picture done at 100']);
  });

  test('take a time that belongs to the request, about the mean', async () => {
    const { kernel, log, serve } = world({
      ...FIXED,
      replicas: 500,
      pictureService: { leastMs: 50, meanMs: 70 },
    });
    await kernel.drive(Promise.all(Array.from({ length: 400 }, (_, index) => serve(`request ${index}`))));
    const times = log.map((line) => Number(line.split(' at ')[1]));
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    expect(Math.min(...times)).toBeGreaterThanOrEqual(50);
    expect(mean).toBeGreaterThan(66);
    expect(mean).toBeLessThan(74);
  });

  test('obey the rate of a pricing tier and say when there is room again', async () => {
    const { kernel, log, serve } = world({
      ...FIXED,
      replicas: 50,
      rateLimit: { requests: 10, perMs: 1000 },
    });
    const at = async (ms: number, key: string) => {
      await kernel.clock.sleep(ms);
      await serve(key);
    };
    const early = Array.from({ length: 10 }, (_, index) => at(100, `early ${index}`));
    await kernel.drive(Promise.all([...early, at(600, 'too soon'), at(1100, 'later')]));
    expect(log).toContain('too soon 429 at 600, again in 1 s');
    expect(log).toContain('later done at 1200');
    expect(log.filter((line) => line.startsWith('early')).every((line) => line.endsWith('done at 200'))).toBe(
      true,
    );
  });

  test('go on after a request that fails', async () => {
    const { kernel, replicas, log, serve } = world({ ...FIXED, replicas: 1 });
    const work = () => {
      throw new FaceApiFailure(400, 'BadArgument', 'no');
    };
    const bad = expect(
      replicas.serve({ key: 'a', carriesPicture: true, begin: () => taskOf(work) }),
    ).rejects.toThrow('no');
    await kernel.drive(Promise.all([bad, serve('b')]));
    expect(log).toEqual(['b done at 200']);
  });

  test('that crash lose what they work on and nothing else', async () => {
    const { kernel, replicas, log, serve } = world(FIXED);
    const losses: number[] = [];
    const all = ['a', 'b', 'c'].map((key) => serve(key));
    kernel.clock.after(40, () => replicas.crash(0, 'bad-gateway', (lost) => losses.push(lost)));
    kernel.clock.after(150, () => replicas.restore(0));
    await kernel.drive(Promise.all(all));
    expect(log).toEqual(['a 502 at 40, again in null s', 'b done at 100', 'c done at 200']);
    expect(losses).toEqual([1]);
  });

  test('that crash in the instant in which they finish have lost the request', async () => {
    const { kernel, replicas, log, serve } = world({ ...FIXED, replicas: 1 });
    kernel.clock.after(100, () => replicas.crash(0, 'reset', () => {}));
    await kernel.drive(serve('a'));
    expect(log).toEqual(['a undefined at 100, again in undefined s']);
  });

  test('that are all down turn everybody away until one is back', async () => {
    const { kernel, replicas, log, serve } = world({ ...FIXED, replicas: 1 });
    const waiting = [serve('a'), serve('b')];
    kernel.clock.after(10, () => replicas.drain(0));
    kernel.clock.after(120, () => log.push('restart'));
    kernel.clock.after(130, () => replicas.restore(0));
    const later = kernel.clock.sleep(140).then(() => serve('c'));
    await kernel.drive(Promise.all([...waiting, later]));
    expect(log).toEqual(['b 503 at 10, again in null s', 'a done at 100', 'restart', 'c done at 240']);
  });

  test('that are restarted one after another lose nothing', async () => {
    const { kernel, replicas, log, serve } = world({ ...FIXED, queueLimit: 50 });
    const faults = faceFaults(kernel, replicas, new FaultRules(kernel.rng));
    let outcome = '';
    const end = faults.restart(400);
    kernel.clock.after(400, () => {
      outcome = end();
    });
    const requests = Array.from({ length: 12 }, (_, index) =>
      kernel.clock.sleep(index * 60).then(() => serve(`request ${index}`)),
    );
    await kernel.drive(Promise.all(requests));
    expect(log).toHaveLength(12);
    expect(log.every((line) => line.includes('done'))).toBe(true);
    expect(outcome).toBe('0 requests turned away');
  });
});
