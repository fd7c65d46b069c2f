import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { randomSource } from '../../kernel/random.js';
import { chanceFound } from '../error-model.js';
import { ErrorModelError, readErrorModel } from '../error-model-file.js';
import { TruthView } from '../visibility/visibility.js';
import { calibrate } from './calibrate.js';
import { calibrationScene } from './calibration-scenes.js';
import type { PixelRun, PixelSighting } from './pixel-runs.js';

const settings = { detector: 'a made-up one', lowestScore: 0.3 };
const picture = { widthPixels: 640, heightPixels: 480 };

/** A run whose outcomes are drawn from the committed model itself. */
function syntheticRun(scenes: number): PixelRun {
  const model = readErrorModel();
  const random = randomSource('synthetic')('run');
  const sightings = Array.from({ length: scenes }, (_, scene) => scene).flatMap((scene): PixelSighting[] => {
    const { plan, camera, shoppers, steep } = calibrationScene(scene);
    return new TruthView(plan, camera).look(shoppers).map((person) => {
      const found = random.chance(chanceFound(model, person, picture));
      const box = found ? { ...person.box, left: person.box.left + random.normal(0, 2) } : null;
      return {
        scene,
        steep,
        person,
        drawnHiddenShare: person.hiddenShare,
        found,
        score: found ? 0.6 : null,
        box,
      };
    });
  });
  return { frames: scenes, sightings, falsePositives: sightings.length / 50, detections: sightings.length };
}

test('a model fitted to outcomes of another predicts alike', () => {
  const run = syntheticRun(400);
  const fitted = calibrate(run, settings);
  const truth = readErrorModel();
  const differences = run.sightings.map(({ person }) =>
    Math.abs(chanceFound(fitted, person, picture) - chanceFound(truth, person, picture)),
  );
  expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(0.05);
  expect(fitted.falsePositivesPerPerson).toBeCloseTo(0.02);
  expect(fitted.residual.calibrationError).toBeLessThan(0.1);
  expect(fitted.box.centreX).toBeGreaterThan(0);
  expect(fitted.detector).toBe(settings.detector);
});

test('a detector that finds nobody cannot be fitted', () => {
  const { sightings, ...run } = syntheticRun(10);
  const blind = sightings.map((sighting) => ({ ...sighting, found: false, score: null, box: null }));
  expect(() => calibrate({ ...run, sightings: blind }, settings)).toThrow(/found nobody/);
});

test('a file that is no model is refused with what is missing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'error-model-'));
  try {
    const path = join(folder, 'model.json');
    writeFileSync(path, '{"frames": 3, "people": "many"}');
    expect(() => readErrorModel(path)).toThrow(/people, found\.intercept/);
    writeFileSync(path, 'not JSON');
    expect(() => readErrorModel(path)).toThrow(ErrorModelError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
