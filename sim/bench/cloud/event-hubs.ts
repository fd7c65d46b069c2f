/**
 * Events from the official producer through the hub to the official consumer, all in this process and so on one
 * core: singles as a camera's Function sends them, and batches.
 */
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import {
  AmqpFront,
  EventHubsCore,
  loopbackConnectionString,
  namespaceConfiguration,
} from '../../event-hubs/index.js';
import { realTimeServices } from '../../kernel/real-time.js';
import type { Bench } from '../bench.js';

interface Load {
  readonly metric: string;
  readonly events: number;
  readonly eventsAPublication: number;
  /** Publications under way at once. */
  readonly senders: number;
}

const WARM_UP: Load = { metric: '', events: 4_000, eventsAPublication: 100, senders: 4 };
const LOADS: readonly Load[] = [
  { metric: 'cloud.eventHubs.singles', events: 10_000, eventsAPublication: 1, senders: 32 },
  { metric: 'cloud.eventHubs.batched', events: 60_000, eventsAPublication: 200, senders: 4 },
];
/** The latency that a quiet store sees: one event at a time. */
const PACED: Load = { metric: 'cloud.eventHubs.paced', events: 300, eventsAPublication: 1, senders: 1 };

const HUB = 'bench';
const PARTITIONS = 4;
const KEPT_BYTES = 16 * 1024 * 1024;
const MAX_BATCH_SIZE = 500;
/** With the fields of an anonymous event, the body comes to about the size of one. */
const PAD = 'x'.repeat(240);
const MS_PER_SECOND = 1000;

interface Timings {
  readonly eventsPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

interface Clients {
  readonly producer: EventHubProducerClient;
  readonly arrivals: Arrivals;
}

/** What has come out at the far end, and how long it was under way. */
class Arrivals {
  private latenciesMs: number[] = [];
  private wanted = 0;
  private done: () => void = () => {};

  /** Begins a new count; resolves to the latencies when `wanted` events have come. */
  expect(wanted: number): Promise<readonly number[]> {
    this.latenciesMs = [];
    this.wanted = wanted;
    return new Promise((resolve) => {
      this.done = () => resolve(this.latenciesMs);
    });
  }

  take(bodies: readonly { readonly sentAtMs: number }[]): void {
    const nowMs = performance.now();
    for (const { sentAtMs } of bodies) this.latenciesMs.push(nowMs - sentAtMs);
    if (this.latenciesMs.length >= this.wanted) this.done();
  }
}

export async function measureEventHubs(...[report, progress]: Parameters<Bench['run']>): Promise<void> {
  await withClients(async (clients) => {
    await measure(clients, WARM_UP);
    for (const load of LOADS) {
      const { eventsPerSecond, p99Ms } = await measure(clients, load);
      report({ metric: load.metric, value: Math.round(eventsPerSecond), unit: '1/s' });
      report({ metric: `${load.metric}.p99Ms`, value: rounded(p99Ms), unit: 'ms' });
      progress(`${load.metric}: ${Math.round(eventsPerSecond)} events/s, p99 ${rounded(p99Ms)} ms`);
    }
    const { medianMs, p99Ms } = await measure(clients, PACED);
    report({ metric: `${PACED.metric}.p50Ms`, value: rounded(medianMs), unit: 'ms' });
    report({ metric: `${PACED.metric}.p99Ms`, value: rounded(p99Ms), unit: 'ms' });
    progress(`${PACED.metric}: p50 ${rounded(medianMs)} ms, p99 ${rounded(p99Ms)} ms`);
  });
}

async function withClients(use: (clients: Clients) => Promise<void>): Promise<void> {
  const hub = { name: HUB, partitionCount: PARTITIONS, retentionBytes: KEPT_BYTES };
  const core = new EventHubsCore(realTimeServices('bench'), namespaceConfiguration({ hubs: [hub] }));
  const front = new AmqpFront(core);
  const connectionString = loopbackConnectionString(core, await front.listen(0, '127.0.0.1'));
  const producer = new EventHubProducerClient(connectionString, HUB);
  const consumer = new EventHubConsumerClient('$Default', connectionString, HUB);
  const arrivals = new Arrivals();
  let failed: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  const subscription = consumer.subscribe(
    {
      async processEvents(events) {
        arrivals.take(events.map(({ body }) => body as { readonly sentAtMs: number }));
      },
      async processError(error) {
        failed(error);
      },
    },
    { startPosition: earliestEventPosition, maxBatchSize: MAX_BATCH_SIZE, maxWaitTimeInSeconds: 1 },
  );
  try {
    await Promise.race([use({ producer, arrivals }), failure]);
  } finally {
    await subscription.close();
    await consumer.close();
    await producer.close();
    await front.close();
  }
}

async function measure({ producer, arrivals }: Clients, load: Load): Promise<Timings> {
  const arrived = arrivals.expect(load.events);
  let begun = 0;
  const send = async (): Promise<void> => {
    while (begun < load.events) {
      begun += load.eventsAPublication;
      const events = Array.from({ length: load.eventsAPublication }, () => ({
        body: { sentAtMs: performance.now(), pad: PAD },
      }));
      await producer.sendBatch(events, { partitionKey: `store-${begun}` });
    }
  };
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: load.senders }, send));
  const latenciesMs = [...(await arrived)].sort((a, b) => a - b);
  const tookMs = performance.now() - beganMs;
  return {
    eventsPerSecond: (latenciesMs.length * MS_PER_SECOND) / tookMs,
    medianMs: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
