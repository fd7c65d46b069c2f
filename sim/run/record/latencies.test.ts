import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Latencies } from './latencies.js';

test('percentiles are those of the sorted list, by nearest rank', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 1 }), (values) => {
      const latencies = new Latencies();
      for (const value of values) latencies.add(value);
      const sorted = [...values].sort((one, other) => one - other);
      const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
      expect(latencies.percentiles('s')).toEqual({
        stage: 's',
        count: values.length,
        p50Ms: rank(0.5),
        p95Ms: rank(0.95),
        p99Ms: rank(0.99),
        maxMs: sorted.at(-1),
      });
    }),
  );
});

test('nothing measured is zero', () => {
  expect(new Latencies().percentiles('s')).toMatchObject({ count: 0, p50Ms: 0, maxMs: 0 });
});
