/** What `--vision truth` is good for: it counts as the pixels do, on scenes that its model was not fitted to. */
import { afterAll, expect, test, vi } from 'vitest';
import { Workplace } from '../../cli/cli.testing.js';
import { runScenario } from '../run.testing.js';

// A run on pixels: seconds alone and far longer beside others.
vi.setConfig({ testTimeout: 300_000 });

const place = new Workplace();
afterAll(() => place.remove());

/** The interval that `sim/camera/README.md` states: so many roots of a window's people, and a share of the whole run's. */
const WINDOW_INTERVAL_ROOTS = 2;
const RUN_INTERVAL_SHARE = 0.2;

/** The model is fitted to random stores; this one is none of them. */
const CROWDED = [
  'traffic: { arrivalsPerHour: 900, regulars: 50, errandDisplays: { mean: 2 } }',
  'solution: { messageDelay: 5s, lookInterval: 5s, detectorInput: [512, 288] }',
];

/** People by window, over all sections. */
async function countsBy(vision: 'truth' | 'pixels', scenario: string) {
  const args = ['--vision', vision, '--fidelity', 'direct', '--seed', '7', '--no-cache'];
  const { record } = await runScenario(place, scenario, args);
  const counts = new Map<string, number>();
  for (const row of record.windows) {
    const windowEnd = String(row.windowEnd);
    counts.set(windowEnd, (counts.get(windowEnd) ?? 0) + Number(row.people ?? 0));
  }
  return counts;
}

test('counts by truth and by pixels agree within the stated interval', async () => {
  const scenario = place.scenario('45s', CROWDED, 'crowded');
  const truth = await countsBy('truth', scenario);
  const pixels = await countsBy('pixels', scenario);
  expect(total(pixels)).toBeGreaterThan(30);
  for (const windowEnd of new Set([...truth.keys(), ...pixels.keys()])) {
    const [byTruth, byPixels] = [truth.get(windowEnd) ?? 0, pixels.get(windowEnd) ?? 0];
    const allowed = WINDOW_INTERVAL_ROOTS * Math.sqrt(Math.max(byTruth, byPixels));
    const what = `${windowEnd}: ${byTruth} by truth, ${byPixels} by pixels`;
    expect(Math.abs(byTruth - byPixels), what).toBeLessThanOrEqual(allowed);
  }
  expect(Math.abs(total(truth) - total(pixels))).toBeLessThanOrEqual(RUN_INTERVAL_SHARE * total(pixels));
});

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
