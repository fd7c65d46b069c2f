/** The person detector on several cores: frames are looked at by whichever worker is least busy. */
import { availableParallelism } from 'node:os';
import type { Detection } from '../../../../pipeline/boundaries.js';
import type { DetectorOptions, PersonDetector } from '../../../../pipeline/detection/detector.js';
import type { Frame } from '../../../../pipeline/detection/frame.js';
import { AnsweringWorker } from '../../../kernel/answering-worker.js';
import { workerEntry } from '../../../kernel/worker-entry.js';

export interface DetectorPool extends PersonDetector {
  /** Where the detector runs: `WebAssembly with SIMD`. */
  readonly backend: string;
  close(): Promise<void>;
}

export interface DetectorStart {
  readonly modelZip: Uint8Array;
  readonly options: DetectorOptions;
}

type DetectorThread = AnsweringWorker<Frame, readonly Detection[], string>;

/**
 * At most `workers` threads, one per core by default; all but the first start when there is work for them, since a
 * replay whose frames are all known needs none. Rejects with the model's own code when it cannot be used.
 */
export async function openDetectorPool(
  modelZip: Uint8Array,
  options: DetectorOptions,
  workers = availableParallelism(),
): Promise<DetectorPool> {
  const entry = workerEntry(import.meta.url, './detector-worker.js');
  const start: DetectorStart = { modelZip, options };
  const threads: DetectorThread[] = [];
  const begin = (): DetectorThread => {
    const thread: DetectorThread = new AnsweringWorker("a detector's thread", entry, start);
    threads.push(thread);
    return thread;
  };
  const leastBusy = (): DetectorThread => {
    const thread = threads.reduce((a, b) => (b.busy < a.busy ? b : a));
    return thread.busy > 0 && threads.length < workers ? begin() : thread;
  };
  const close = async () => {
    await Promise.all(threads.map((thread) => thread.close()));
  };
  try {
    return {
      backend: await begin().ready,
      detect: ({ widthPixels, heightPixels, rgba }) => leastBusy().ask({ widthPixels, heightPixels, rgba }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
