import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderBackground } from '../../sim/camera/background.js';
import { calibrationScene } from '../../sim/camera/calibration/calibration-scenes.js';
import { FrameRenderer, type RenderedFrame } from '../../sim/camera/frame.js';
import { overlap } from './boxes.js';
import { buildCentreNetZip } from './centre-net-zip.js';
import { type OpenDetector, openDetector } from './detector.js';
import type { Frame } from './frame.js';

let modelZip: Uint8Array;
let detector: OpenDetector;

function drawScene(number: number): RenderedFrame {
  const { plan, camera, shoppers, timeMs } = calibrationScene(number);
  return new FrameRenderer(renderBackground(plan, camera)).render(shoppers, timeMs, number);
}

/** People who should be found: hardly hidden and not too small. */
function plainlyVisible(frame: RenderedFrame) {
  return frame.people.filter(({ hiddenShare, pixelHeight }) => hiddenShare < 0.1 && pixelHeight >= 60);
}

beforeAll(async () => {
  modelZip = await buildCentreNetZip();
  detector = await openDetector(modelZip, { backend: 'wasm' });
});

afterAll(() => detector.close());

describe('person detector', () => {
  test('finds the people in drawn stores, and little else', async () => {
    let wanted = 0;
    let found = 0;
    let falseAlarms = 0;
    for (const number of [1, 2, 3, 4]) {
      const frame = drawScene(number);
      const detections = await detector.detect(frame);
      const people = plainlyVisible(frame);
      wanted += people.length;
      found += people.filter(({ box }) => detections.some((seen) => overlap(seen.box, box) >= 0.5)).length;
      falseAlarms += detections.filter((seen) =>
        frame.people.every(
          ({ box, fullBox }) => overlap(seen.box, box) < 0.3 && overlap(seen.box, fullBox) < 0.3,
        ),
      ).length;
    }
    expect(wanted).toBeGreaterThan(8);
    expect(found / wanted).toBeGreaterThanOrEqual(0.8);
    expect(falseAlarms).toBeLessThanOrEqual(2);
  });

  test('gives the same boxes for the same frame, in the frame, and keeps no memory', async () => {
    const frame = drawScene(1);
    const first = await detector.detect(frame);
    const before = tf.memory().numTensors;
    expect(await detector.detect(frame)).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
    for (const { box } of first) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.top + box.height).toBeLessThanOrEqual(frame.heightPixels + 0.01);
    }
  });

  test('finds the same people in a wider picture', async () => {
    const frame = drawScene(1);
    const found = await detector.detect(frame);
    const inWide = await detector.detect(besideGrey(frame));
    const again = found.filter(({ score }) => score > 0.4);
    expect(again.length).toBeGreaterThan(0);
    for (const { box } of again) expect(inWide.some((seen) => overlap(seen.box, box) > 0.5)).toBe(true);
  });

  test('sees nobody in a grey frame', async () => {
    const rgba = new Uint8Array(640 * 480 * 4).fill(128);
    expect(await detector.detect({ widthPixels: 640, heightPixels: 480, rgba })).toEqual([]);
  });

  test('refuses an input size that the network cannot take', async () => {
    await expect(openDetector(modelZip, { inputWidthPixels: 333, backend: 'wasm' })).rejects.toMatchObject({
      code: 'FF_MODEL_INPUT_SIZE',
    });
  });
});

/** The frame with a third of its width added on the right. */
function besideGrey({ widthPixels, heightPixels, rgba }: RenderedFrame): Frame {
  const wide = Math.round(widthPixels * 1.33);
  const wider = new Uint8Array(wide * heightPixels * 4).fill(128);
  for (let y = 0; y < heightPixels; y++) {
    wider.set(rgba.subarray(y * widthPixels * 4, (y + 1) * widthPixels * 4), y * wide * 4);
  }
  return { widthPixels: wide, heightPixels, rgba: wider };
}
