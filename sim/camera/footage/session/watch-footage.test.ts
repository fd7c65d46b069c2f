import { describe, expect, test } from 'vitest';
import type { PersonDetector } from '../../../../pipeline/detection/detector.js';
import type { Footage, FootageFrame } from '../sources/footage.js';
import { type WatchedFrame, type WatchOptions, watchFootage } from './watch-footage.js';

const WIDTH = 160;
const HEIGHT = 120;
const SPEED = 60;

/** Somebody bright walks through the dark, `framesPerSecond` frames of every second. */
function walk(framesPerSecond: number, frames: number): Footage {
  const frameAt = (index: number): FootageFrame => {
    const timeMs = (index * 1_000) / framesPerSecond;
    const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
    const left = Math.round((SPEED * timeMs) / 1_000);
    for (let y = 40; y < 100; y++)
      for (let x = left; x < left + 24; x++) rgba.fill(220, (y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 3);
    return { number: index + 1, timeMs, widthPixels: WIDTH, heightPixels: HEIGHT, rgba };
  };
  return {
    name: 'walk',
    kind: 'images',
    widthPixels: WIDTH,
    heightPixels: HEIGHT,
    framesPerSecond,
    statedFrames: frames,
    truthFile: null,
    warnings: [],
    async *frames() {
      for (let index = 0; index < frames; index++) yield frameAt(index);
    },
  };
}

/** Finds the bright one. */
const detector: PersonDetector = {
  async detect({ rgba }) {
    const first = rgba.indexOf(220);
    if (first < 0) return [];
    const left = (first / 4) % WIDTH;
    return [{ label: 'person', score: 0.8, box: { left, top: 40, width: 24, height: 60 } }];
  },
};

async function watched(framesPerSecond: number, options?: WatchOptions): Promise<readonly WatchedFrame[]> {
  const seen: WatchedFrame[] = [];
  const footage = walk(framesPerSecond, framesPerSecond);
  for await (const frame of watchFootage(footage, detector, options)) seen.push(frame);
  return seen;
}

describe('watching footage', () => {
  test('a slow camera has every frame looked at, a fast one every second or third', async () => {
    const shareOf = async (framesPerSecond: number) =>
      (await watched(framesPerSecond)).filter(({ looked }) => looked).length;
    expect(await shareOf(7)).toBe(7);
    expect(await shareOf(15)).toBe(15);
    expect(await shareOf(25)).toBe(13);
    expect(await shareOf(30)).toBe(15);
    expect(await shareOf(60)).toBe(15);
  });

  test('people are followed where they walk between two looks', async () => {
    const frames = await watched(30, { looksPerSecond: 8 });
    expect(frames.filter(({ looked }) => looked)).toHaveLength(8);
    for (const { timeMs, people } of frames.slice(8)) {
      expect(people.map(({ track, isSeen }) => ({ track, isSeen }))).toEqual([{ track: 1, isSeen: true }]);
      expect(Math.abs((people[0]?.box.left ?? 0) - (SPEED * timeMs) / 1_000)).toBeLessThan(4);
    }
  });
});
