/** Ten million events through a hub that keeps only the newest: memory must stay where it was. */
import { EventHubsCore, jsonEvent, namespaceConfiguration } from '../../event-hubs/index.js';
import { realTimeServices } from '../../kernel/real-time.js';
import type { Bench } from '../bench.js';

const EVENTS = 10_000_000;
const EVENTS_A_PUBLICATION = 500;
/** Long past the point where retention has begun to drop events. */
const SETTLED_AFTER = EVENTS / 5;
const HUB = 'bench';
const KEPT_BYTES = 4 * 1024 * 1024;
const BYTES_PER_MB = 1024 * 1024;
const PAD = 'x'.repeat(240);
const MS_PER_SECOND = 1000;

export function measureRetention(...[report, progress]: Parameters<Bench['run']>): void {
  const core = new EventHubsCore(
    realTimeServices('bench'),
    namespaceConfiguration({ hubs: [{ name: HUB, partitionCount: 4, retentionBytes: KEPT_BYTES }] }),
  );
  let settledMb = 0;
  const beganMs = performance.now();
  for (let sent = 0; sent < EVENTS; sent += EVENTS_A_PUBLICATION) {
    if (sent === SETTLED_AFTER) settledMb = usedMb();
    const events = Array.from({ length: EVENTS_A_PUBLICATION }, (_, n) =>
      jsonEvent({ n: sent + n, pad: PAD }),
    );
    core.publish({ hub: HUB, partitionId: null, publication: { events, partitionKey: null }, key: 'bench' });
  }
  const perSecond = Math.round((EVENTS * MS_PER_SECOND) / (performance.now() - beganMs));
  const growthMb = Math.round((usedMb() - settledMb) * 10) / 10;
  report({ metric: 'cloud.eventHubs.core', value: perSecond, unit: '1/s' });
  report({ metric: 'cloud.eventHubs.memoryGrowthMb', value: growthMb, unit: 'MB' });
  progress(
    `${EVENTS / 1e6} million events, ${perSecond}/s: memory grew by ${growthMb} MB after retention set in`,
  );
}

/** Heap and buffers; of the heap, what a collection leaves when one can be asked for (`--expose-gc`). */
function usedMb(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / BYTES_PER_MB;
}
