import { describe, expect, test } from 'vitest';
import type { Detection } from '../boundaries.js';
import type { Frame } from './frame.js';
import { GatedDetector } from './gated-detector.js';
import { MotionGate } from './motion-gate.js';

const WIDTH = 320;
const HEIGHT = 240;

/** A noisy grey scene with an optional dark block of 20 x 50 pixels in it. */
function scene(noiseSeed: number, block?: { left: number; top: number }): Frame {
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4).fill(255);
  let noise = noiseSeed;
  for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
    noise = (noise * 1103515245 + 12345) % 2147483648;
    const x = pixel % WIDTH;
    const y = (pixel - x) / WIDTH;
    const inBlock = block && x >= block.left && x < block.left + 20 && y >= block.top && y < block.top + 50;
    rgba.fill((inBlock ? 60 : 150) + (noise % 9) - 4, pixel * 4, pixel * 4 + 3);
  }
  return { widthPixels: WIDTH, heightPixels: HEIGHT, rgba };
}

describe('motion gate', () => {
  test('takes the first frame for movement, and sensor noise alone for none', () => {
    const gate = new MotionGate();
    expect(gate.movement(scene(1))).toEqual([{ left: 0, top: 0, width: WIDTH, height: HEIGHT }]);
    for (let seed = 2; seed < 10; seed++) expect(gate.movement(scene(seed))).toEqual([]);
  });

  test('boxes what comes into view', () => {
    const gate = new MotionGate();
    gate.movement(scene(1));
    const areas = gate.movement(scene(2, { left: 100, top: 80 }));
    expect(areas).toEqual([{ left: 100, top: 80, width: 20, height: 50 }]);
  });

  test('gets used to what stays, and notices when it goes', () => {
    const gate = new MotionGate();
    gate.movement(scene(1));
    for (let seed = 2; seed < 100; seed++) gate.movement(scene(seed, { left: 100, top: 80 }));
    expect(gate.movement(scene(100, { left: 100, top: 80 }))).toEqual([]);
    expect(gate.movement(scene(101))).toHaveLength(1);
  });
});

describe('detector behind a gate', () => {
  const person: Detection = {
    label: 'person',
    score: 0.8,
    box: { left: 100, top: 80, width: 20, height: 50 },
  };

  test('rests while nothing moves and nobody is there', async () => {
    let looks = 0;
    const gated = new GatedDetector({
      async detect() {
        looks++;
        return [];
      },
    });
    for (let seed = 1; seed <= 30; seed++) await gated.look(scene(seed));
    expect(looks).toBe(1);
  });

  test('keeps seeing a person who stands still, and looks again at the stated interval', async () => {
    let looks = 0;
    const gated = new GatedDetector(
      {
        async detect() {
          looks++;
          return [person];
        },
      },
      { lookEveryFrames: 10, memoryFrames: 2 },
    );
    await gated.look(scene(1));
    await gated.look(scene(2, { left: 100, top: 80 }));
    for (let seed = 3; seed < 20; seed++) await gated.look(scene(seed, { left: 100, top: 80 }));
    const before = looks;
    for (let seed = 20; seed < 60; seed++) {
      const { detections } = await gated.look(scene(seed, { left: 100, top: 80 }));
      expect(detections).toEqual([person]);
    }
    expect(looks - before).toBe(4);
  });
});
