import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from './manual-clock.testing.js';
import { retryBy } from './retry-schedule.js';
import { type LossReason, StoreAndForward, type StoreLimits } from './store-and-forward.js';

const ROOMY: StoreLimits = { maxItems: 100, maxBytes: 1e6, overflow: 'keep-oldest', timeToLiveMs: null };

/** A store whose way on is open or closed as the test says. */
function storeWith(limits: Partial<StoreLimits>) {
  const clock = new ManualClock(0);
  const arrived: string[] = [];
  const lost: [string, LossReason][] = [];
  const way = { open: true, takesMs: 0 };
  const store = new StoreAndForward<string>({
    limits: { ...ROOMY, ...limits },
    retry: retryBy({ intervalMs: 1000, jitterShare: 0 }, () => 0.5),
    clock,
    forward: async (item) => {
      if (way.takesMs > 0) await clock.sleep(way.takesMs);
      if (item.startsWith('bad')) throw new TypeError('never');
      if (!way.open) throw new Error('closed');
      arrived.push(item);
    },
    isFinal: (error) => error instanceof TypeError,
    onLost: (item, reason) => lost.push([item, reason]),
  });
  return { store, clock, arrived, lost, way };
}

describe('store and forward', () => {
  test('hands on in order what waited while the way was closed', async () => {
    const { store, clock, arrived, lost, way } = storeWith({});
    way.open = false;
    for (const item of ['a', 'b', 'c']) store.put(item, 10);
    await clock.run(60_000);
    expect(arrived).toEqual([]);
    expect(store.figures()).toMatchObject({ in: 3, out: 0, queued: 3, peakQueue: 3, queuedBytes: 30 });
    way.open = true;
    store.put('d', 10);
    await clock.run(1_000);
    expect(arrived).toEqual(['a', 'b', 'c', 'd']);
    expect(lost).toEqual([]);
    expect(store.figures()).toMatchObject({ in: 4, out: 4, queued: 0, queuedBytes: 0, dropped: 0 });
  });

  test.each([
    ['keep-oldest', ['a', 'b'], ['c', 'd']],
    ['drop-oldest', ['a', 'd'], ['b', 'c']],
  ] as const)('when it is full, %s', async (overflow, kept, dropped) => {
    const { store, clock, arrived, lost, way } = storeWith({ maxItems: 2, overflow });
    way.open = false;
    // The first is on its way already and cannot be taken back.
    for (const item of ['a', 'b', 'c', 'd']) store.put(item, 1);
    way.open = true;
    await clock.run(5_000);
    expect(arrived).toEqual(kept);
    expect(lost.map(([item]) => item)).toEqual(dropped);
    expect(store.figures().dropped).toBe(2);
  });

  test('an item that alone is too large for the store is lost', () => {
    const { store, lost } = storeWith({ maxBytes: 100, overflow: 'drop-oldest' });
    store.put('huge', 101);
    expect(lost).toEqual([['huge', 'overflow']]);
  });

  test('what waited longer than it may live is not handed on', async () => {
    const { store, clock, arrived, lost, way } = storeWith({ timeToLiveMs: 10_000 });
    way.open = false;
    store.put('old', 1);
    await clock.run(9_000);
    store.put('young', 1);
    await clock.run(2_000);
    way.open = true;
    await clock.run(2_000);
    expect(arrived).toEqual(['young']);
    expect(lost).toEqual([['old', 'expired']]);
  });

  test('a refused item does not hold up those behind it', async () => {
    const { store, clock, arrived, lost } = storeWith({});
    for (const item of ['bad', 'good']) store.put(item, 1);
    await clock.run(0);
    expect(arrived).toEqual(['good']);
    expect(lost).toEqual([['bad', 'rejected']]);
  });

  test('what is in it over a stop goes on after it', async () => {
    const { store, clock, arrived } = storeWith({});
    store.stop();
    store.put('a', 1);
    await clock.run(10_000);
    expect(arrived).toEqual([]);
    store.resume();
    await clock.run(0);
    expect(arrived).toEqual(['a']);
  });

  test('what was on its way at a stop is handed on again', async () => {
    const { store, clock, arrived, way } = storeWith({});
    way.takesMs = 300;
    store.put('a', 1);
    await clock.run(100);
    store.stop();
    store.resume();
    await clock.run(1_000);
    expect(arrived).toEqual(['a', 'a']);
    expect(store.figures()).toMatchObject({ in: 1, out: 1, queued: 0 });
  });

  test('loses and reorders nothing that it does not say, whatever happens', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('put' as const), bytes: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ do: fc.constant('way' as const), open: fc.boolean() }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3000 }) }),
    );
    const overflow = fc.constantFrom('keep-oldest' as const, 'drop-oldest' as const);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), overflow, async (steps, policy) => {
        const world = storeWith({ maxItems: 4, maxBytes: 100, overflow: policy });
        world.way.takesMs = 300;
        let count = 0;
        for (const next of steps) {
          if (next.do === 'put') world.store.put(String(count++).padStart(3, '0'), next.bytes);
          else if (next.do === 'way') world.way.open = next.open;
          else await world.clock.run(next.ms);
          expect(world.store.figures().queuedBytes).toBeLessThanOrEqual(100);
        }
        world.way.open = true;
        await world.clock.run(60_000);
        expect(world.arrived).toEqual([...world.arrived].sort());
        const accounted = [...world.arrived, ...world.lost.map(([item]) => item)].sort();
        expect(accounted).toEqual(Array.from({ length: count }, (_, i) => String(i).padStart(3, '0')));
      }),
      { numRuns: 50 },
    );
  });
});
