/** The dashboard of a world: what the job writes to it, after small groups are withheld. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WindowRow } from '../../../pipeline/boundaries.js';
import type { SolutionParts } from '../../faults/solution-parts.js';
import type { Kernel } from '../../kernel/index.js';
import { RowOutput } from '../../power-bi/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { installFolder } from '../tool-version.js';
import type { Transport } from '../transport/transport.js';
import type { Collector } from './collector.js';
import type { WindowOutput } from './stream-analytics.js';

const DATASET_TABLE = 'footfall';

export interface Dashboard {
  readonly rows: Readonly<Record<string, unknown>>[];
  rowsEmitted: number;
  rowsWithheld: number;
  rowsThinned: number;
  readonly queued: number;
}

export interface OpenDashboard {
  readonly state: Dashboard;
  readonly queued: number;
  write(outputs: readonly WindowOutput[]): void;
}

export async function openDashboard(
  kernel: Kernel,
  { document }: Scenario,
  transport: Transport,
  collector: Collector,
  solution: SolutionParts,
): Promise<OpenDashboard> {
  const sink = transport.rowSink();
  const definition: unknown = JSON.parse(
    readFileSync(join(installFolder(), 'pipeline/deployment/powerbi-dataset.json'), 'utf8'),
  );
  const datasetId = await kernel.drive(sink.createDataset(definition, 'basicFIFO'));
  const output = new RowOutput(kernel.clock, sink, datasetId, {
    table: DATASET_TABLE,
    collectMs: 1_000,
    retryAfterMs: 5_000,
    onFailure: (error) => collector.warn(`Power BI: ${error.message}`),
  });
  const state = {
    rows: [] as Readonly<Record<string, unknown>>[],
    rowsEmitted: 0,
    rowsWithheld: 0,
    rowsThinned: 0,
    get queued() {
      return output.queued;
    },
  };
  const policy = { k: document.privacy.kAnonymity, withhold: document.privacy.withhold };
  return {
    state,
    get queued() {
      return output.queued;
    },
    write(outputs) {
      const shown = outputs.flatMap(({ row, windowEndMs }) => {
        const kept = solution.suppressSmallGroups(row as unknown as WindowRow, policy);
        const section = String(row.section);
        state.rowsEmitted++;
        if (kept === null) {
          state.rowsWithheld++;
          collector.attribution.suppressed(windowEndMs, section);
          return [];
        }
        if (kept !== row) state.rowsThinned++;
        collector.attribution.measured(windowEndMs, section, {
          people: Number(row.people),
          uniqueVisitors: Number(row.uniqueVisitors),
          newVisitors: Number(row.newVisitors),
        });
        return [kept];
      });
      state.rows.push(...shown);
      output.write(solution.pushed(shown));
      void output.drained().then(() => collector.shown(outputs, kernel.clock.now()));
    },
  };
}
