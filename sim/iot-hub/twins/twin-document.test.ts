import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { emptyTwin, merge, patchHalf, replaceHalf, seenByDevice, type TwinHalf } from './twin-document.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const EMPTY = emptyTwin(NOW_MS).desired;

function patched(half: TwinHalf, patch: Properties, nowMs = NOW_MS): TwinHalf {
  const outcome = patchHalf(half, patch, nowMs);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.half;
}

describe('a patch of twin properties', () => {
  test('merges objects, replaces the rest, and deletes what is null', () => {
    const before = patched(EMPTY, { video: { codec: 'H.264', fps: 30 }, labels: ['a', 'b'], gone: 1 });
    const after = patched(before, { video: { fps: 24, bitrate: '1.5Mbps' }, labels: ['c'], gone: null });
    expect(after.properties).toEqual({
      video: { codec: 'H.264', fps: 24, bitrate: '1.5Mbps' },
      labels: ['c'],
    });
  });

  test('raises the version by one, whatever version it names', () => {
    const once = patched(EMPTY, { a: 1 });
    expect(seenByDevice(patched(once, { b: 2, $version: 99 }))).toEqual({ a: 1, b: 2, $version: 3 });
  });

  test('notes when each property changed', () => {
    const later = patched(patched(EMPTY, { a: 1, b: { c: 1 } }), { b: { c: 2 } }, NOW_MS + 1000);
    expect(later.metadata).toEqual({
      $lastUpdated: '2026-01-01T00:00:01.000Z',
      a: { $lastUpdated: '2026-01-01T00:00:00.000Z' },
      b: { $lastUpdated: '2026-01-01T00:00:01.000Z', c: { $lastUpdated: '2026-01-01T00:00:01.000Z' } },
    });
  });

  test.each([
    ['no object', 7, 400],
    ['a dot in a name', { 'a.b': 1 }, 400],
    ['a space in a name', { 'a b': 1 }, 400],
    ['too deep', { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: { k: 1 } } } } } } } } } } }, 400],
    ['too long a string', { a: 'x'.repeat(4097) }, 400],
    [
      'too much in all',
      Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`p${i}`, 'x'.repeat(4000)])),
      413,
    ],
  ])('is refused when it is or has %s', (_fault, patch, status) => {
    expect(patchHalf(EMPTY, patch, NOW_MS)).toMatchObject({ ok: false, status });
  });

  test('a replacement leaves nothing of the old', () => {
    const outcome = replaceHalf(patched(EMPTY, { old: 1, kept: 1 }), { kept: 2 }, NOW_MS);
    expect(outcome).toMatchObject({ ok: true, half: { properties: { kept: 2 }, version: 3 } });
  });

  const properties = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,3}$/),
    fc.oneof(fc.integer(), fc.constant(null), fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer())),
  ) as fc.Arbitrary<Properties>;

  test('applied twice changes nothing more, and no null remains', () => {
    fc.assert(
      fc.property(properties, properties, (target, patch) => {
        const once = merge(merge({}, target), patch);
        expect(merge(once, patch)).toEqual(once);
        expect(Object.values(once)).not.toContain(null);
      }),
    );
  });
});
