import { afterEach, beforeEach, expect, test } from 'vitest';
import { installVirtualDate } from './virtual-date.js';

const NOW_MS = Date.UTC(2026, 2, 7, 9);
let restore: () => void;
let nowMs: number;

beforeEach(() => {
  nowMs = NOW_MS;
  restore = installVirtualDate(() => nowMs);
});

afterEach(() => restore());

test('without an argument it is the virtual instant', () => {
  nowMs += 5;
  expect(Date.now()).toBe(NOW_MS + 5);
  expect(new Date().toISOString()).toBe(new Date(NOW_MS + 5).toISOString());
  expect(Date()).toBe(new Date(NOW_MS + 5).toString());
});

test('with arguments it is the date they say', () => {
  expect(new Date(86_400_000).toISOString()).toBe('1970-01-02T00:00:00.000Z');
  expect(new Date('2026-03-07T10:00:00Z').getTime()).toBe(NOW_MS + 3_600_000);
  expect(new Date(2026, 2, 7).getMonth()).toBe(2);
  expect(Date.parse('1970-01-01T00:00:01Z')).toBe(1_000);
  expect(Number.isNaN(new Date('never').getTime())).toBe(true);
});

test('dates are instances of it, old ones too, and it can be extended', () => {
  class Day extends Date {
    readonly kind = 'day';
  }
  const day = new Day();
  expect(day.kind).toBe('day');
  expect(day.getTime()).toBe(NOW_MS);
  expect(new Date()).toBeInstanceOf(Date);
  expect(new Date().constructor).toBe(Date);
  expect(structuredClone(new Date())).toBeInstanceOf(Date);
});

test('afterwards the real one is back', () => {
  restore();
  expect(Math.abs(Date.now() - NOW_MS)).toBeGreaterThan(86_400_000);
  expect(new Date().constructor).toBe(Date);
});
