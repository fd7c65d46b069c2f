/** Ten million events through a hub that keeps only the newest: memory must stay where it was. */
import { EventHubsCore, jsonEvent, namespaceConfiguration } from '../../event-hubs/index.js';
import { realTimeServices } from '../../kernel/real-time.js';
import type { Bench } from '../bench.js';
import { liveMb } from '../heap.js';

const MILLIONS = 10;
const EVENTS_A_PUBLICATION = 500;
const PUBLICATIONS_A_MILLION = 1_000_000 / EVENTS_A_PUBLICATION;
/** Retention drops events long before the first million. Single figures differ by what a collection leaves unswept. */
const EARLY = { from: 2, to: 4 } as const;
const LATE = { from: 8, to: 10 } as const;
const HUB = 'bench';
const KEPT_BYTES = 4 * 1024 * 1024;
const PAD = 'x'.repeat(240);
const MS_PER_SECOND = 1000;

export function measureRetention(...[report, progress]: Parameters<Bench['run']>): void {
  const core = new EventHubsCore(
    realTimeServices('bench'),
    namespaceConfiguration({ hubs: [{ name: HUB, partitionCount: 4, retentionBytes: KEPT_BYTES }] }),
  );
  const aliveMb: number[] = [];
  const residentMb: number[] = [];
  let publishingMs = 0;
  for (let millions = 1; millions <= MILLIONS; millions++) {
    const beganMs = performance.now();
    publishMillion(core, millions);
    publishingMs += performance.now() - beganMs;
    const [alive, resident] = [liveMb(), process.memoryUsage.rss() / 1e6];
    aliveMb.push(alive);
    residentMb.push(resident);
    report({ metric: `cloud.eventHubs.million${millions}.residentMb`, value: resident, unit: 'MB' });
    progress(`${millions} million events: ${alive.toFixed(1)} MB alive, ${resident.toFixed(0)} MB resident`);
  }
  report({ metric: 'cloud.eventHubs.memoryGrowthMb', value: growth(aliveMb), unit: 'MB' });
  report({ metric: 'cloud.eventHubs.residentGrowthMb', value: growth(residentMb), unit: 'MB' });
  const perSecond = Math.round((MILLIONS * 1_000_000 * MS_PER_SECOND) / publishingMs);
  report({ metric: 'cloud.eventHubs.core', value: perSecond, unit: '1/s' });
}

function publishMillion(core: EventHubsCore, million: number): void {
  for (let publication = 0; publication < PUBLICATIONS_A_MILLION; publication++) {
    const first = publication * EVENTS_A_PUBLICATION;
    const events = Array.from({ length: EVENTS_A_PUBLICATION }, (_, n) =>
      jsonEvent({ n: million * 1_000_000 + first + n, pad: PAD }),
    );
    core.publish({ hub: HUB, partitionId: null, publication: { events, partitionKey: null }, key: 'bench' });
  }
}

/** From the early millions to the late ones, of their means. */
function growth(megabytes: readonly number[]): number {
  const mean = ({ from, to }: { readonly from: number; readonly to: number }) =>
    megabytes.slice(from - 1, to).reduce((sum, each) => sum + each, 0) / (to - from + 1);
  return mean(LATE) - mean(EARLY);
}
