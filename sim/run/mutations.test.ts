/** Every planted fault of the solution is caught by the check that is to catch it. */
import { afterAll, describe, expect, test, vi } from 'vitest';
import { footfall, Workplace } from '../cli/cli.testing.js';
import { MUTATIONS } from '../faults/mutations.js';
import { failures, runBothWays, runScenario, TRUTH } from './run.testing.js';

vi.setConfig({ testTimeout: 240_000 });

const place = new Workplace();
afterAll(() => place.remove());

const crowded = place.scenario('1m', [
  'traffic: { arrivalsPerHour: 900, regulars: 50, errandDisplays: { mean: 2 } }',
  'solution: { messageDelay: 4s, lookInterval: 2s }',
  'expect: { misreadFaces: 20%, countedTwice: 5% }',
]);

test('the sound solution passes, in either fidelity', async () => {
  const sound = await runBothWays(place, crowded);
  expect(failures(sound)).toEqual([]);
  expect(sound.record.mutation).toBeNull();
  expect(sound.record.accuracy.faces.read).toBeGreaterThan(5);
});

test.each(MUTATIONS.map(({ id, caughtBy }) => [id, caughtBy]))(
  '%s is caught by: %s',
  async (id, caughtBy) => {
    const mutated = await runScenario(place, crowded, [...TRUTH, '--fidelity', 'direct', '--mutate', id]);
    expect(mutated.code).toBe(1);
    expect(mutated.record.mutation).toBe(id);
    expect(failures(mutated).map(({ name }) => name)).toContain(caughtBy);
  },
);

describe('the catalogue', () => {
  test('is listed, without a scenario', async () => {
    const { code, stdout } = await footfall(['run', '--mutate', 'list']);
    for (const { id, caughtBy } of MUTATIONS)
      expect(stdout).toMatch(new RegExp(`${id} .*\n.*\n.*${caughtBy}`));
    expect(code).toBe(0);
  });

  test('refuses an id that it has not', async () => {
    const { code, stderr } = await footfall(['run', crowded, '--mutate', 'double-mesage']);
    expect(stderr).toMatch(/--mutate: there is no mutation 'double-mesage'.*did you mean 'double-message'/);
    expect(code).toBe(2);
  });

  test('refuses to plant a fault in a Function that is not its own', async () => {
    const own = place.scenario('1m', [`solution: { functions: ${place.folder} }`]);
    const { code, stderr } = await footfall(['run', own, '--mutate', 'leaked-field']);
    expect(stderr).toMatch(
      /--mutate: 'leaked-field' is planted in the Function, and the scenario brings its own/,
    );
    expect(code).toBe(2);
  });
});
