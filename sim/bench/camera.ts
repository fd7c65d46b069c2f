/** How fast the camera draws and how fast truth sight looks, on one thread. */
import { renderBackground } from '../camera/background.js';
import { calibrationScene } from '../camera/calibration/calibration-scenes.js';
import { FrameRenderer } from '../camera/frame.js';
import { encodeJpeg } from '../camera/jpeg.js';
import type { SceneShopper } from '../camera/scene.js';
import { TruthView } from '../camera/visibility/visibility.js';
import type { Bench, BenchFigure } from './bench.js';

const CROWDS = [1, 5, 12] as const;
/** In the whole store, most of them out of the camera's sight. */
const STORE_SHOPPERS = 200;
const WARM_UP_RUNS = 30;
const RUNS = 100;
const PIXELS = '640 x 480';

export const cameraBench: Bench = {
  name: 'camera',
  summary: 'frames drawn a second for 1, 5 and 12 people, JPEG encoding, and truth sight',
  async run(report, progress) {
    const scene = crowdedScene();
    progress(`drawing the empty store at ${PIXELS}`);
    const background = renderBackground(scene.plan, scene.camera);
    measure(
      report,
      'camera.background.milliseconds',
      3,
      (runs, seconds) => (seconds * 1000) / runs,
      'ms',
      () => renderBackground(scene.plan, scene.camera),
    );
    const renderer = new FrameRenderer(background);
    for (const people of CROWDS) {
      progress(`drawing ${people} people`);
      const shoppers = scene.shoppers.slice(0, people);
      let frame = 0;
      measure(report, `camera.people${people}.framesPerSecond`, RUNS, perSecond, 'frames/s', () => {
        frame++;
        renderer.render(shoppers, frame * 100, frame);
      });
    }
    progress('encoding JPEG');
    const frame = renderer.render(scene.shoppers, 0, 0);
    measure(report, 'camera.jpeg.framesPerSecond', RUNS, perSecond, 'frames/s', () => encodeJpeg(frame));
    progress('looking without drawing');
    const view = new TruthView(scene.plan, scene.camera);
    const store = spreadOut(scene.shoppers);
    measure(report, 'camera.truth.looksPerSecond', RUNS * 20, perSecond, 'looks/s', () => view.look(store));
  },
};

/** The first scene with as many people as the largest crowd. */
function crowdedScene() {
  const most = CROWDS[CROWDS.length - 1] ?? 1;
  for (let number = 0; ; number++) {
    const scene = calibrationScene(number);
    if (!scene.steep && scene.shoppers.length >= most) return scene;
  }
}

/** The crowd, and more of its kind farther off: 200 shoppers on about 2,000 square metres. */
function spreadOut(crowd: readonly SceneShopper[]): readonly SceneShopper[] {
  return Array.from({ length: STORE_SHOPPERS }, (_, i) => {
    const model = crowd[i % crowd.length];
    if (!model) throw new RangeError('spreadOut: an empty crowd');
    const lap = Math.floor(i / crowd.length);
    const state = {
      ...model.state,
      shopper: i,
      x: model.state.x + (lap % 4) * 16,
      y: model.state.y + Math.floor(lap / 4) * 12,
    };
    return { ...model, state };
  });
}

function perSecond(runs: number, seconds: number): number {
  return runs / seconds;
}

function measure(
  report: (figure: BenchFigure) => void,
  metric: string,
  runs: number,
  value: (runs: number, seconds: number) => number,
  unit: string,
  run: () => unknown,
): void {
  for (let i = 0; i < Math.min(runs, WARM_UP_RUNS); i++) run();
  const start = process.hrtime.bigint();
  for (let i = 0; i < runs; i++) run();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  report({ metric, value: value(runs, seconds), unit });
}
