/** Frames a second of sight, one core: gate, tracker, and the person detector at three input sizes. */
import type { Detection } from '../../pipeline/boundaries.js';
import { buildCentreNetZip } from '../../pipeline/detection/centre-net-zip.js';
import { openDetector } from '../../pipeline/detection/detector.js';
import type { Frame } from '../../pipeline/detection/frame.js';
import { MotionGate } from '../../pipeline/detection/motion-gate.js';
import { Tracker } from '../../pipeline/detection/tracking/tracker.js';
import { randomSource } from '../kernel/random.js';
import type { Bench } from './bench.js';

/** Input sizes in pixels; the metric is named by the width. */
const INPUT_SIZES = [
  [320, 240],
  [512, 384],
  [640, 480],
] as const;
const PEOPLE = 8;
const FRAME_MS = 100;

export const visionBench: Bench = {
  name: 'vision',
  summary: 'frames a second of motion gate, person detector and tracker, one core',
  async run(report, progress) {
    const frame = noise(640, 480);
    const note = (name: string, framesPerSecond: number) => {
      report({ metric: `vision.${name}.fps`, value: Number(framesPerSecond.toFixed(1)), unit: '1/s' });
      progress(`${name}: ${(1000 / framesPerSecond).toFixed(2)} ms a frame`);
    };
    const gate = new MotionGate();
    note('gate', await rate(300, async () => gate.movement(frame)));
    note('tracker', await trackerRate());

    const modelZip = await buildCentreNetZip();
    for (const [inputWidthPixels, inputHeightPixels] of INPUT_SIZES) {
      const detector = await openDetector(modelZip, { inputWidthPixels, inputHeightPixels, backend: 'wasm' });
      note(`centernet${inputWidthPixels}`, await rate(20, () => detector.detect(frame)));
      detector.close();
    }
  },
};

/** Runs `work` some times to warm up and `times` times to measure; runs a second. */
async function rate(times: number, work: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < Math.max(3, times / 10); i++) await work();
  const start = performance.now();
  for (let i = 0; i < times; i++) await work();
  return (times * 1000) / (performance.now() - start);
}

async function trackerRate(): Promise<number> {
  const tracker = new Tracker();
  const random = randomSource('bench')('vision/tracker');
  const walkers = Array.from({ length: PEOPLE }, () => ({
    left: random.between(0, 600),
    top: random.between(0, 380),
    speed: random.between(-5, 5),
  }));
  let frame = 0;
  return rate(3000, async () => {
    frame++;
    const detections = walkers.map(
      ({ left, top, speed }): Detection => ({
        label: 'person',
        score: random.between(0.2, 0.8),
        box: { left: (left + frame * speed) % 640, top, width: 40 + random.between(-2, 2), height: 100 },
      }),
    );
    tracker.update(frame * FRAME_MS, detections);
  });
}

function noise(widthPixels: number, heightPixels: number): Frame {
  const rgba = randomSource('bench')('vision/frame').bytes(widthPixels * heightPixels * 4);
  return { widthPixels, heightPixels, rgba };
}
