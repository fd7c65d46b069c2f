import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RunRecord } from '../../reports/run-record.js';
import { workerEntry } from '../kernel/worker-entry.js';
import { BadInputError } from '../scenario/input-problem.js';
import type { CommandMessage, Progress, RunSettings, WorldMessage } from './world-messages.js';

export interface RunningWorld {
  readonly result: Promise<RunRecord>;
  /** Asks the world to stop where it is and to report what there is. */
  interrupt(): void;
}

/** A world that ended without a result: a component that could not start, or a fault of footfall. */
export class WorldFailedError extends Error {
  readonly code: string;

  constructor(code: string, message: string, stack: string) {
    super(message);
    this.code = code;
    this.stack = stack;
  }
}

/** Old-space limit of a world's thread: a flagship day stays far below it. */
const WORLD_MEMORY_MB = 3_072;
/** Most of what a world makes is gone within an instant: with room for it, few collections find it still alive. */
const YOUNG_MEMORY_MB = 192;

/** Starts a world in a thread of its own. */
export function startWorld(settings: RunSettings, onProgress: (progress: Progress) => void): RunningWorld {
  const worker = new Worker(workerEntry(import.meta.url, './world-worker.js'), {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: WORLD_MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MEMORY_MB },
  });
  const interrupt: CommandMessage = { type: 'interrupt' };
  return { result: resultOf(worker, onProgress), interrupt: () => worker.postMessage(interrupt) };
}

async function resultOf(worker: Worker, onProgress: (progress: Progress) => void): Promise<RunRecord> {
  const result = new Promise<RunRecord>((resolve, reject) => {
    worker.on('message', (message: WorldMessage) => {
      switch (message.type) {
        case 'progress':
          onProgress(message);
          break;
        case 'done':
          resolve(message.record);
          break;
        case 'bad-input':
          reject(new BadInputError(message.problems));
          break;
        case 'failed':
          reject(new WorldFailedError(message.code, message.message, message.stack));
          break;
      }
    });
    worker.on('error', reject);
    worker.on('exit', (code) =>
      reject(new WorldFailedError('FF_WORLD_ENDED', `the world's thread ended with code ${code}`, '')),
    );
  });
  try {
    return await result;
  } finally {
    if (worker.threadId !== -1) {
      const ended = once(worker, 'exit');
      await worker.terminate();
      await ended.catch(() => {});
    }
  }
}
