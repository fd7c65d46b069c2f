import { simulateStore } from '../simulation.js';
import type { StoreChunk } from './chunk.js';
import { FeedGauge, type FeedMessage, type FeedWorkerData } from './feed-protocol.js';

/** A chunk as it is sent, with the buffers that are moved rather than copied. */
export interface Parcel {
  readonly chunk: StoreChunk;
  readonly transfer: readonly ArrayBuffer[];
}

/** Runs the store to its end in this thread, and sends what `pack` makes of each chunk as far ahead as is asked. */
export function feedChunks(data: FeedWorkerData, pack: (chunk: StoreChunk) => Parcel): void {
  const { input, port, counters, readAheadChunks } = data;
  const gauge = new FeedGauge(counters);
  const send = (message: FeedMessage, transfer: readonly ArrayBuffer[] = []): void => {
    port.postMessage(message, transfer);
    gauge.noteProduced();
  };
  try {
    for (const chunk of simulateStore(input)) {
      gauge.waitForRoom(readAheadChunks);
      const parcel = pack(chunk);
      send({ kind: 'chunk', chunk: parcel.chunk }, parcel.transfer);
    }
    send({ kind: 'end' });
  } catch (error) {
    send({ kind: 'error', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
