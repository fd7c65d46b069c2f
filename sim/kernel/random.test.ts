import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomSource } from './random.js';

test('a stream depends on the seed and its name, and on no other stream', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (seed, name, other) => {
      fc.pre(name !== other);
      const alone = randomSource(seed)(name);
      const rng = randomSource(seed);
      rng(other).bytes(100);
      const beside = rng(name);
      expect([beside.next(), beside.next()]).toEqual([alone.next(), alone.next()]);
      expect(rng(other).next()).not.toBe(rng(name).next());
    }),
  );
});

test('draws have the distribution they claim', () => {
  const stream = randomSource(1)('distribution');
  const mean = (draw: () => number, count = 50_000) =>
    Array.from({ length: count }, draw).reduce((sum, value) => sum + value, 0) / count;
  expect(mean(() => stream.next())).toBeCloseTo(0.5, 1);
  expect(mean(() => stream.normal(1.34, 0.26))).toBeCloseTo(1.34, 1);
  expect(mean(() => (stream.normal(0, 2) / 2) ** 2)).toBeCloseTo(1, 1);
  expect(mean(() => stream.exponential(30) / 30)).toBeCloseTo(1, 1);
  expect(mean(() => stream.integer(1, 6))).toBeCloseTo(3.5, 1);
  expect(mean(() => (stream.chance(0.2) ? 1 : 0))).toBeCloseTo(0.2, 1);
});

test('alike names give streams that do not correlate', () => {
  const rng = randomSource(3);
  const pairs = Array.from({ length: 20_000 }, (_, i) => [
    rng(`shopper/${i}`).next(),
    rng(`shopper/${i + 1}`).next(),
  ]);
  const covariance =
    pairs.reduce((sum, [a, b]) => sum + ((a ?? 0) - 0.5) * ((b ?? 0) - 0.5), 0) / pairs.length;
  expect(Math.abs(covariance * 12)).toBeLessThan(0.03);
});

test('uuids are of version 4', () => {
  const stream = randomSource('u')('ids');
  for (let i = 0; i < 100; i++) {
    expect(stream.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
