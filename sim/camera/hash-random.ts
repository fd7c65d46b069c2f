/**
 * Numbers that follow from a seed and nothing else: how a shopper looks, where a product stands, the grain of a
 * texture. Unlike a run's named streams they do not depend on the run, so a shopper looks alike in every run.
 */

/** A generator of uniform numbers in [0, 1): Tommy Ettinger's mulberry32, as published in the public domain. */
export function hashRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One uniform number in [0, 1) for a pair of integers. */
export function hashUnit(seed: number, index: number): number {
  let h = Math.imul((seed | 0) ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul((index | 0) + 0x165667b1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

/** A 32-bit seed for a text (FNV-1a over UTF-16 units). */
export function seedOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

const SEEDS = 0x8000_0000;

/** Of a frame's noise: it follows from camera and time, so that a picture is the same whenever it is drawn. */
export function frameSeedOf(cameraId: string, timeMs: number): number {
  return Math.floor(hashUnit(seedOfText(cameraId), timeMs) * SEEDS);
}

/** One of `items`, which must not be empty. */
export function pickOf<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.min(items.length - 1, Math.floor(random() * items.length))];
  if (item === undefined) throw new RangeError('pickOf: nothing to pick from');
  return item;
}
