/** The chain of backends: TensorFlow itself where it is installed, WebAssembly, plain JavaScript. */
import { expect, test } from 'vitest';
import { renderBackground } from '../../sim/camera/background.js';
import { calibrationScene } from '../../sim/camera/calibration/calibration-scenes.js';
import { FrameRenderer } from '../../sim/camera/frame.js';
import { type BackendName, startBackend } from './backends.js';
import { buildCentreNetZip } from './centre-net-zip.js';
import { openDetector } from './detector.js';

function frame() {
  const { plan, camera, shoppers, timeMs } = calibrationScene(1);
  return new FrameRenderer(renderBackground(plan, camera)).render(shoppers, timeMs, 1);
}

test('two detectors may be opened at once', async () => {
  const both = await Promise.all([startBackend('wasm'), startBackend('wasm')]);
  expect(both.map(({ name }) => name)).toEqual(['wasm', 'wasm']);
});

test('plain JavaScript sees what WebAssembly sees', async () => {
  const zip = await buildCentreNetZip({ inputWidthPixels: 256, inputHeightPixels: 144 });
  const picture = frame();
  const seenBy = async (backend: BackendName) => {
    const detector = await openDetector(zip, { backend, minimumScore: 0.2 });
    const seen = await detector.detect(picture);
    detector.close();
    return seen;
  };
  const wasm = await seenBy('wasm');
  const cpu = await seenBy('cpu');
  expect(wasm.length).toBeGreaterThan(0);
  expect(cpu).toHaveLength(wasm.length);
  // The last digits of sums depend on their order.
  wasm.forEach(({ score, box }, index) => {
    expect(cpu[index]?.score).toBeCloseTo(score, 2);
    for (const side of ['left', 'top', 'width', 'height'] as const)
      expect(Math.abs((cpu[index]?.box[side] ?? Number.NaN) - box[side])).toBeLessThan(0.5);
  });
});

test('without TensorFlow installed the next backend starts, without a word', async () => {
  expect((await startBackend()).name).toMatch(/^(tensorflow|wasm)$/);
});
