/** The thread that runs a store ahead of the world. Started by `store-feed.ts`, which says how far ahead. */
import { workerData } from 'node:worker_threads';
import { transferablesOf } from './chunk.js';
import { FeedGauge, type FeedMessage, type FeedWorkerData } from './feed-protocol.js';
import { simulateStore } from './simulation.js';

const { input, port, counters, readAheadChunks } = workerData as FeedWorkerData;
const gauge = new FeedGauge(counters);

function send(message: FeedMessage, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
  gauge.noteProduced();
}

try {
  for (const chunk of simulateStore(input)) {
    gauge.waitForRoom(readAheadChunks);
    send({ kind: 'chunk', chunk }, transferablesOf(chunk));
  }
  send({ kind: 'end' });
} catch (error) {
  send({ kind: 'error', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
