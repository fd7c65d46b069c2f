import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Detection } from '../../../pipeline/boundaries.js';
import { openDetectionCache } from './detection-cache.js';
import { ResultCache } from './result-cache.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'result-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (mostBytes = 1_000_000, kind = 'numbers') => new ResultCache({ folder, mostBytes }, kind);
const filesOf = (kind = 'numbers') => readdirSync(join(folder, kind)).map((name) => join(folder, kind, name));

/** Puts values and closes, as one run would. */
function keep(values: Readonly<Record<string, unknown>>, mostBytes?: number, kind?: string): void {
  const cache = open(mostBytes, kind);
  for (const [key, value] of Object.entries(values)) cache.put(key, value);
  cache.close();
}

describe('a cache of results', () => {
  test('gives back what was put, in this run and in the next', () => {
    const cache = open();
    cache.put('a', { deep: [1, 'ü', null] });
    expect(cache.get('a')).toEqual({ deep: [1, 'ü', null] });
    cache.close();
    const next = open();
    expect([next.get('a'), next.get('b')]).toEqual([{ deep: [1, 'ü', null] }, undefined]);
    next.close();
  });

  test('two runs at once keep the results of both', () => {
    const [one, other] = [open(), open()];
    one.put('a', 1);
    other.put('b', 2);
    one.close();
    other.close();
    expect([open().get('a'), open().get('b')]).toEqual([1, 2]);
  });

  test('an entry that was cut off or damaged is as if it were not there; the others remain', () => {
    keep({ a: 'first', b: 'second', c: 'third' });
    const [file = ''] = filesOf();
    truncateSync(file, statSync(file).size - 4);
    expect([open().get('a'), open().get('c')]).toEqual(['first', undefined]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('second', 'sXcond'));
    expect([open().get('a'), open().get('b')]).toEqual(['first', undefined]);
    appendFileSync(file, '\n\u0000\u0001 nonsense\n');
    expect(open().get('a')).toBe('first');
  });

  test('when it is too large, what was not used for longest goes, whatever its kind', () => {
    const text = 'x'.repeat(1_000);
    keep({ old: text });
    keep({ used: text });
    keep({ other: text }, 1_000_000, 'texts');
    for (const [index, file] of [...filesOf(), ...filesOf('texts')].entries()) {
      const seconds = 1_000_000_000 + index;
      // The first is older than the second, and that than the third.
      utimesSync(file, seconds, seconds);
    }
    const cache = open(2_500);
    expect(cache.get('used')).toBe(text);
    cache.put('new', text);
    cache.close();
    const after = open();
    expect([after.get('old'), after.get('used'), after.get('new')]).toEqual([undefined, text, text]);
    expect(open(1_000_000, 'texts').get('other')).toBeUndefined();
  });

  test('one that cannot be written says why and does no harm', () => {
    writeFileSync(join(folder, 'file'), '');
    const cache = new ResultCache({ folder: join(folder, 'file'), mostBytes: 1_000 }, 'numbers');
    cache.put('a', 1);
    expect(cache.get('a')).toBeUndefined();
    cache.close();
    expect(cache.problem).toMatch(/file cannot be used/);
  });
});

describe('a detector that remembers', () => {
  const detection: Detection = { label: 'person', score: 0.9, box: { left: 1, top: 2, width: 3, height: 4 } };
  const picture = (level: number) => ({
    widthPixels: 2,
    heightPixels: 1,
    rgba: new Uint8Array(8).fill(level),
  });

  /** How often the detector looks when it is shown `pictures` behind a cache. */
  async function looks(
    pictures: readonly ReturnType<typeof picture>[],
    settings: Readonly<Record<string, string | number>>,
  ) {
    let count = 0;
    const detector = { detect: async () => [{ ...detection, score: ++count / 100 }] };
    const cache = openDetectionCache({ folder, mostBytes: 1_000_000 }, detector, settings);
    const seen = [];
    for (const shown of pictures) seen.push(...(await cache.detect(shown)));
    cache.close();
    return { count, hits: cache.hits, seen };
  }

  test('looks once at the same picture with the same settings', async () => {
    const first = await looks([picture(1), picture(2), picture(1)], { model: 'm' });
    expect(first).toMatchObject({ count: 2, hits: 1 });
    expect(await looks([picture(1), picture(2)], { model: 'm' })).toEqual({
      count: 0,
      hits: 2,
      seen: first.seen.slice(0, 2),
    });
    expect(await looks([picture(1)], { model: 'another' })).toMatchObject({ count: 1, hits: 0 });
    expect(await looks([{ ...picture(1), widthPixels: 1, heightPixels: 2 }], { model: 'm' })).toMatchObject({
      count: 1,
    });
  });
});
