/** Microsoft's sample manifest in a run: it runs as it stands, and what its two names leave idle is said plainly. */
import { writeFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { footfall, Workplace } from '../cli/cli.testing.js';
import { sampleManifest } from '../devkit/sample-manifest.testing.js';
import { BUSY, runScenario, TRUTH } from './run.testing.js';

vi.setConfig({ testTimeout: 240_000 });

const place = new Workplace();
afterAll(() => place.remove());

test('the settings and the route of a module that does not run apply to nothing, and no camera sees', async () => {
  const manifest = JSON.stringify(sampleManifest('http://models.test/people.zip'), null, 2);
  writeFileSync(place.path('sample.json'), manifest);
  const scenario = place.scenario('1m', [...BUSY, 'solution: { manifest: sample.json }']);
  const { stderr } = await footfall(['validate', scenario]);
  const runs = 'the deployment runs no such module; it runs inferencemodule';
  const { code, record } = await runScenario(place, scenario, [...TRUTH, '--fidelity', 'direct']);
  for (const text of [stderr, record.warnings.join('\n')]) {
    expect(text).toContain(`the settings of 'footfall-inference-module' apply to nothing: ${runs}`);
    expect(text).toMatch(
      /sample\.json:\d+:\d+: the route 'inferenceToHub' names the module 'footfall-inference-mod/,
    );
  }
  expect(code).toBe(1);
  expect(record.invariants.filter(({ ok }) => !ok)).toMatchObject([
    { name: 'every camera configured itself and sees', stage: 'devkit' },
  ]);
});
