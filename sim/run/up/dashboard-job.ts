/** The Stream Analytics job in real time, and the dashboard that it feeds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suppressSmallGroups } from '../../../pipeline/anonymization/index.js';
import type { WindowRow } from '../../../pipeline/boundaries.js';
import type { EventSource } from '../../event-hubs/ports.js';
import type { KernelServices } from '../../kernel/services.js';
import { RowOutput } from '../../power-bi/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { installFolder } from '../tool-version.js';
import type { Transport } from '../transport/transport.js';
import { CONSUMER_GROUP, EVENT_HUB } from '../world/services-of-a-world.js';
import { StreamAnalyticsJob } from '../world/stream-analytics.js';

const COLLECT_MS = 1_000;
const RETRY_AFTER_MS = 5_000;

export interface DashboardJob {
  readonly rows: number;
  close(): Promise<void>;
}

/** Events that were kept from an earlier start were counted then: the job goes on from now, as after a stop. */
function sinceNow(source: EventSource, startMs: number): EventSource {
  return {
    subscribe: (hub, consumerGroup, onEvents) =>
      source.subscribe(hub, consumerGroup, (partitionId, events) => {
        const fresh = events.filter(({ enqueuedAtMs }) => enqueuedAtMs >= startMs);
        if (fresh.length > 0) onEvents(partitionId, fresh);
      }),
  };
}

export async function openDashboardJob(
  services: KernelServices,
  scenario: Scenario,
  transport: Transport,
  warn: (message: string) => void,
): Promise<DashboardJob> {
  const { kAnonymity: k, withhold } = scenario.document.privacy;
  const { lateArrival, latePolicy, outOfOrder } = scenario.document.solution;
  const deployment = (file: string) => join(installFolder(), 'pipeline/deployment', file);
  const sink = transport.rowSink();
  const definition: unknown = JSON.parse(readFileSync(deployment('powerbi-dataset.json'), 'utf8'));
  const output = new RowOutput(services.clock, sink, await sink.createDataset(definition, 'basicFIFO'), {
    table: 'footfall',
    collectMs: COLLECT_MS,
    retryAfterMs: RETRY_AFTER_MS,
    onFailure: (error) => warn(`Power BI: ${error.message}`),
  });
  let rows = 0;
  const queryFile = scenario.queryFile ?? deployment('footfall.asaql');
  const source = sinceNow(transport.eventSource(), services.clock.now());
  const job = new StreamAnalyticsJob(services, source, {
    query: readFileSync(queryFile, 'utf8'),
    queryFile,
    inputName: EVENT_HUB,
    hub: EVENT_HUB,
    consumerGroup: CONSUMER_GROUP,
    lateToleranceMs: lateArrival,
    outOfOrderToleranceMs: outOfOrder,
    policy: latePolicy,
    onEvent: () => {},
    onRows(outputs) {
      const shown = outputs.flatMap(({ row }) => {
        const kept = suppressSmallGroups(row as unknown as WindowRow, { k, withhold });
        return kept === null ? [] : [kept];
      });
      rows += shown.length;
      output.write(shown);
    },
  });
  return {
    get rows() {
      return rows;
    },
    async close() {
      await job.end();
      await sink.close();
    },
  };
}
