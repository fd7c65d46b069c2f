import { describe, expect, test } from 'vitest';
import { Throughput } from './throughput.js';

const SECOND_MS = 1000;

function admitted(throughput: Throughput, bytes: number, events: number, untilMs: number): number {
  let count = 0;
  for (let nowMs = 0; nowMs < untilMs; nowMs++) if (throughput.admits(bytes, events, nowMs)) count += events;
  return count;
}

describe('a throughput unit', () => {
  test('takes in 1,000 events a second in the long run, after one second’s worth at once', () => {
    const total = admitted(new Throughput(1, 0), 10, 10, 60 * SECOND_MS);
    expect(total).toBeGreaterThanOrEqual(60_000);
    expect(total).toBeLessThanOrEqual(61_010);
  });

  test('takes in 1 MB a second, whichever comes first', () => {
    const total = admitted(new Throughput(1, 0), 10_000, 1, 60 * SECOND_MS);
    expect(total).toBeGreaterThanOrEqual(6_000);
    expect(total).toBeLessThanOrEqual(6_101);
  });

  test('comes with others', () => {
    expect(admitted(new Throughput(4, 0), 10, 10, 60 * SECOND_MS)).toBeGreaterThanOrEqual(240_000);
  });

  test('gives out 2 MB a second and makes more than that wait', () => {
    const throughput = new Throughput(1, 0);
    expect(throughput.delayOfDeliveryMs(2_000_000, 1, 0)).toBe(0);
    expect(throughput.delayOfDeliveryMs(1_000_000, 1, 0)).toBe(0);
    expect(throughput.delayOfDeliveryMs(1_000_000, 1, 0)).toBe(500);
    expect(throughput.delayOfDeliveryMs(1, 1, 2000)).toBe(0);
  });
});
