/**
 * A store that runs ahead in a thread of its own, chunk by chunk. The reader either takes the next chunk at
 * once, blocking its thread until it is there (in a world of virtual time waiting takes no time, and nothing
 * else may happen meanwhile), or iterates with `for await`.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { workerEntry } from '../../kernel/worker-entry.js';
import type { StoreInput } from '../simulation.js';
import type { StoreChunk } from './chunk.js';
import { FeedGauge, type FeedMessage, type FeedWorkerData } from './feed-protocol.js';

/** Five minutes of a store: enough to keep the thread busy, little enough to hold in memory. */
const READ_AHEAD_CHUNKS = 20;
/** A thread that says nothing for so long has died. A chunk takes milliseconds. */
const SILENCE_MS = 60_000;
/** A store's thread keeps little of what it makes: with room for it, few collections find it still alive. */
const YOUNG_MEMORY_MB = 96;

/** Starts the thread. Close the feed when it is no longer needed. */
export function simulateStoreInWorker(input: StoreInput, readAheadChunks = READ_AHEAD_CHUNKS): StoreFeed {
  return new StoreFeed(input, {
    entry: workerEntry(import.meta.url, './store-worker.js'),
    more: {},
    readAheadChunks,
  });
}

export interface FeedThread {
  /** What the thread runs: a file that calls `feedChunks`. */
  readonly entry: URL;
  /** What it finds in its `workerData` beside `FeedWorkerData`. */
  readonly more: object;
  readonly readAheadChunks?: number;
}

/** `Chunk`: what the thread makes of a store's chunks. */
export class StoreFeed<Chunk extends StoreChunk = StoreChunk> implements AsyncIterable<Chunk> {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly gauge = new FeedGauge();
  private readonly early: FeedMessage<Chunk>[] = [];
  private wake: (() => void) | null = null;
  private consumed = 0;
  private ended = false;

  constructor(input: StoreInput, { entry, more, readAheadChunks = READ_AHEAD_CHUNKS }: FeedThread) {
    const { port1, port2 } = new MessageChannel();
    const { counters } = this.gauge;
    const workerData: FeedWorkerData = { input, port: port2, counters, readAheadChunks };
    this.port = port1;
    this.worker = new Worker(entry, {
      workerData: { ...more, ...workerData },
      transferList: [port2],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEMORY_MB },
      name: 'store',
    });
    // Neither keeps the process alive: who forgets to close a feed still ends.
    this.worker.unref();
    this.worker.on('error', (error) => this.fail(error));
  }

  /** The next chunk, waiting for it without letting anything else happen; null after the last one. */
  takeNow(): Chunk | null {
    while (!this.ended) {
      const message = this.early.shift() ?? this.receive();
      if (message !== undefined) return this.accept(message);
      if (!this.gauge.waitForMore(this.consumed, SILENCE_MS)) {
        throw new StoreFeedError('the thread of the store does not answer');
      }
    }
    return null;
  }

  /** The next chunk; null after the last one. */
  async take(): Promise<Chunk | null> {
    if (this.ended) return null;
    if (this.early.length === 0) await this.untilMessage();
    return this.takeNow();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk, void, undefined> {
    for (let chunk = await this.take(); chunk !== null; chunk = await this.take()) yield chunk;
  }

  /** Ends the thread, however far it is. */
  async close(): Promise<void> {
    this.ended = true;
    this.port.close();
    this.wake?.();
    await this.worker.terminate();
  }

  private receive(): FeedMessage<Chunk> | undefined {
    return receiveMessageOnPort(this.port)?.message as FeedMessage<Chunk> | undefined;
  }

  private accept(message: FeedMessage<Chunk>): Chunk | null {
    this.consumed++;
    this.gauge.noteConsumed();
    if (message.kind === 'chunk') return message.chunk;
    this.ended = true;
    this.port.close();
    if (message.kind === 'error') throw new StoreFeedError(message.message);
    return null;
  }

  private async untilMessage(): Promise<void> {
    // A port without a listener holds its messages; once it has one, it must keep it or messages are lost.
    if (this.port.listenerCount('message') === 0) this.port.on('message', (message) => this.keep(message));
    this.port.ref();
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.port.unref();
  }

  private keep(message: FeedMessage<Chunk>): void {
    this.early.push(message);
    this.wake?.();
    this.wake = null;
  }

  private fail(error: Error): void {
    this.keep({ kind: 'error', message: error.message });
  }
}

/** The store's thread failed. */
export class StoreFeedError extends Error {
  readonly code = 'FF_STORE_FAILED';
}
