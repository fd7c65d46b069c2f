/** An operator changes desired properties while a store runs. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { footfall, Workplace } from '../../cli/cli.testing.js';
import { BUSY, failures, type Run, runBothWays, runScenario } from '../run.testing.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const place = new Workplace();
afterAll(() => place.remove());

describe('changes of four cameras, after a minute of three', () => {
  let steady: Run;
  let changed: Run;

  beforeAll(async () => {
    writeFileSync(place.path('broken.zip'), 'no zip at all');
    steady = await runBothWays(place, place.scenario('3m', BUSY));
    changed = await runBothWays(
      place,
      place.scenario('3m', [
        ...BUSY,
        'twinChanges:',
        '  - { at: 1m, camera: cam-entrance, desired: { InferenceIntervalMs: 20000, TimeBetweenMessagesInSeconds: 5 } }',
        '  - { at: 1m, camera: cam-checkout, desired: { ObjectsOfInterest: \'["dog"]\' } }',
        '  - { at: 1m, camera: cam-bakery, model: { detectorInput: [320, 192] } }',
        '  - { at: 1m, camera: cam-groceries, model: { zip: broken.zip } }',
      ]),
    );
  });

  const device = ({ record }: Run, id: string) => {
    const found = record.devices.find(({ deviceId }) => deviceId === id);
    if (found === undefined) throw new Error(`no device ${id}`);
    return found;
  };

  test('break no invariant', () => {
    expect(failures(steady)).toEqual([]);
    expect(failures(changed)).toEqual([]);
    expect(changed.record.twinChanges.map(({ camera, what }) => `${camera}: ${what}`)).toEqual([
      'cam-entrance: InferenceIntervalMs = 20000, TimeBetweenMessagesInSeconds = 5',
      'cam-checkout: ObjectsOfInterest = "[\\"dog\\"]"',
      'cam-bakery: the detector for 320 × 192 pixels',
      'cam-groceries: the model broken.zip',
    ]);
  });

  test('a longer interval looks less often', () => {
    const { looks, reported } = device(changed, 'cam-entrance');
    // Two of three minutes with a look every twenty seconds.
    expect(looks).toBeLessThan(device(steady, 'cam-entrance').looks - 20);
    expect(reported).toMatchObject({ InferenceIntervalMs: 20_000, TimeBetweenMessagesInSeconds: 5 });
  });

  test('other objects of interest take no more pictures of people', () => {
    const { pictures } = device(changed, 'cam-checkout');
    expect(pictures).toBeLessThan(device(steady, 'cam-checkout').pictures / 2);
    expect(pictures).toBeGreaterThan(0);
  });

  test('another model is fetched, checked, taken into use and reported', () => {
    const { modelRefused, reported } = device(changed, 'cam-bakery');
    expect(reported.ModelZipUrl).toMatch(/detector-1\.zip/);
    expect(reported.ModelStatus).toBe('installed');
    expect(modelRefused).toBeNull();
  });

  test('a model of no use is refused with its reason, and the camera goes on with the one before', () => {
    const { modelRefused, pictures, reported } = device(changed, 'cam-groceries');
    expect(modelRefused).toMatch(/the model zip \(13 bytes\) cannot be read/);
    expect(reported).toMatchObject({ ModelStatus: 'failed', ModelError: modelRefused });
    expect(reported.ModelZipUrl).toMatch(/detector\.zip/);
    expect(pictures).toBe(device(steady, 'cam-groceries').pictures);
    expect(changed.record.warnings.join()).toContain('cam-groceries: the model');
  });
});

test('on real pixels every camera goes on looking, with the other model', async () => {
  const scenario = place.scenario('10s', [
    ...BUSY,
    'solution: { detectorInput: [256, 144], lookInterval: 1s }',
    'twinChanges: [{ at: 4s, model: { detectorInput: [128, 64] } }]',
  ]);
  const changed = await runScenario(place, scenario, ['--fidelity', 'direct']);
  expect(failures(changed)).toEqual([]);
  expect(changed.record.warnings).toEqual([]);
  for (const { looks, reported } of changed.record.devices) {
    expect(reported.ModelZipUrl).toMatch(/detector-1\.zip/);
    // Seconds of the minute before the store opens, and the ten after.
    expect(looks).toBeGreaterThan(60);
  }
});

test('a model zip that is not there is bad input, at its place', async () => {
  const scenario = place.scenario('1m', ['twinChanges: [{ at: 4s, model: { zip: nowhere.zip } }]']);
  const { code, stderr } = await footfall(['run', scenario]);
  expect(stderr).toMatch(
    /:4:\d+: there is no nowhere\.zip \(expected a model zip.*FF_SCENARIO_MODEL_MISSING/,
  );
  expect(code).toBe(2);
});

test('a change of nothing is bad input', async () => {
  const { code, stderr } = await footfall(['run', place.scenario('1m', ['twinChanges: [{ at: 4s }]'])]);
  expect(stderr).toMatch(/:4:\d+: .*expected desired properties, another model, or both/);
  expect(code).toBe(2);
});
