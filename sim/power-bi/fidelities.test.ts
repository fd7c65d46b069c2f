/** One world, both fidelities: the same rows at the same virtual times. */
import { afterEach, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../kernel/kernel.js';
import { httpAgentOver } from '../network/http-over-link.js';
import { openLink } from '../network/link.js';
import { PowerBiCore } from './core/core.js';
import { directSink } from './direct-client.js';
import { DATASET, PUBLISHER, WINDOW_ROW } from './fixtures.testing.js';
import { PowerBiFront } from './rest/front.js';
import { RowOutput } from './row-output.js';
import { wireSink } from './wire-client.js';

const START_MS = Date.UTC(2020, 0, 1, 9);
const SECOND_MS = 1000;

let kernel: Kernel | undefined;
afterEach(() => kernel?.close());

function world(fidelity: 'wire' | 'direct', onTraceLine: (line: string) => void) {
  kernel?.close();
  const opened = openKernel({ seed: 7, startMs: START_MS, onTraceLine });
  kernel = opened;
  const core = new PowerBiCore(opened, { pushServiceMs: 40 });
  const link = openLink(opened, 'cloud', { latencyMs: 5, bitsPerSecond: 50_000_000, lossShare: 0 });
  const front = new PowerBiFront(core, {
    grants: [PUBLISHER],
    feed: { dataset: 'footfall', table: 'footfall' },
  });
  const sink =
    fidelity === 'direct'
      ? directSink(core, link)
      : wireSink({
          url: 'http://api.powerbi.com',
          token: PUBLISHER.token,
          agent: httpAgentOver(link, front.worldServer()),
        });
  return { kernel: opened, core, link, sink };
}

/** A window every 15 s for five minutes, three stores each, and an outage of a minute in between. */
async function fiveMinutes(fidelity: 'wire' | 'direct') {
  const trace: string[] = [];
  const { kernel, core, link, sink } = world(fidelity, (line) => trace.push(line));
  const failures: string[] = [];
  const datasetId = await kernel.drive(sink.createDataset(DATASET, 'basicFIFO'));
  const output = new RowOutput(kernel.clock, sink, datasetId, {
    table: 'footfall',
    collectMs: 1000,
    retryAfterMs: 5000,
    onFailure: (error, rows) => failures.push(`${error.status} ${rows} ${kernel.clock.now() - START_MS}`),
  });
  for (let window = 1; window <= 20; window++) {
    const endMs = START_MS + window * 15 * SECOND_MS;
    kernel.clock.after(window * 15 * SECOND_MS, () =>
      output.write(
        ['busan', 'jeju', 'seoul'].map((storeId) => ({
          ...WINDOW_ROW,
          windowEnd: new Date(endMs).toISOString(),
          storeId,
        })),
      ),
    );
  }
  kernel.clock.after(100 * SECOND_MS, () => link.cut());
  kernel.clock.after(160 * SECOND_MS, () => link.restore());
  await kernel.runUntil(START_MS + 400 * SECOND_MS);
  const rows = core.lastRows('footfall', 'footfall', 1000).map((row) => `${row.windowEnd} ${row.storeId}`);
  return { trace, failures, rows, queued: output.queued };
}

test('every window row arrives once and in order, alike in both fidelities', async () => {
  const direct = await fiveMinutes('direct');
  expect(direct.rows).toHaveLength(60);
  expect([...new Set(direct.rows)].sort()).toEqual(direct.rows);
  expect(direct.failures.length).toBeGreaterThan(5);
  expect(direct.queued).toBe(0);
  expect(await fiveMinutes('wire')).toEqual(direct);
});

test('a refusal says the same in both fidelities', async () => {
  const refusals = [];
  for (const fidelity of ['direct', 'wire'] as const) {
    const { kernel, sink } = world(fidelity, () => {});
    const datasetId = await kernel.drive(sink.createDataset(DATASET, 'None'));
    const refused = sink.pushRows(datasetId, 'footfall', [{ people: 0.5 }]);
    const error = await kernel.drive(refused).catch((reason: unknown) => reason);
    refusals.push({ ...(error as object), message: (error as Error).message, atMs: kernel.clock.now() });
  }
  expect(refusals[0]).toMatchObject({ status: 400, retryable: false });
  expect(refusals[1]).toEqual(refusals[0]);
});
