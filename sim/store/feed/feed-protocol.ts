/** What the thread of a store and its reader say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { StoreInput } from '../simulation.js';
import type { StoreChunk } from './chunk.js';

export type FeedMessage<Chunk extends StoreChunk = StoreChunk> =
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly message: string };

export interface FeedWorkerData {
  readonly input: StoreInput;
  readonly port: MessagePort;
  readonly counters: SharedArrayBuffer;
  readonly readAheadChunks: number;
}

const PRODUCED = 0;
const CONSUMED = 1;

/** How many messages were sent and read, shared by both sides, so that either can wait without an event loop. */
export class FeedGauge {
  readonly counters: SharedArrayBuffer;
  private readonly cells: Int32Array;

  constructor(counters = new SharedArrayBuffer(8)) {
    this.counters = counters;
    this.cells = new Int32Array(counters);
  }

  get produced(): number {
    return Atomics.load(this.cells, PRODUCED);
  }

  noteProduced(): void {
    Atomics.add(this.cells, PRODUCED, 1);
    Atomics.notify(this.cells, PRODUCED);
  }

  noteConsumed(): void {
    Atomics.add(this.cells, CONSUMED, 1);
    Atomics.notify(this.cells, CONSUMED);
  }

  /** Blocks the sender until fewer than `most` messages are unread. */
  waitForRoom(most: number): void {
    for (;;) {
      const consumed = Atomics.load(this.cells, CONSUMED);
      if (this.produced - consumed < most) return;
      Atomics.wait(this.cells, CONSUMED, consumed);
    }
  }

  /** Blocks the reader until more than `seen` messages were sent; false when nothing came for `timeoutMs`. */
  waitForMore(seen: number, timeoutMs: number): boolean {
    const produced = this.produced;
    return produced > seen || Atomics.wait(this.cells, PRODUCED, produced, timeoutMs) !== 'timed-out';
  }
}
