import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AnyRecord, ReplayRecord } from '../../../reports/replay-record.js';
import type { RunRecord } from '../../../reports/run-record.js';
import { workerEntry } from '../../kernel/worker-entry.js';
import { BadInputError } from '../../scenario/input-problem.js';
import type {
  CommandMessage,
  Progress,
  ReplaySettings,
  RunSettings,
  WorldMessage,
} from './world-messages.js';

export interface RunningWorld<Record extends AnyRecord = RunRecord> {
  readonly result: Promise<Record>;
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

type OnProgress = (progress: Progress) => void;

/** Starts the world of a scenario in a thread of its own. */
export function startWorld(settings: RunSettings, onProgress: OnProgress): RunningWorld {
  return start<RunRecord>(settings, onProgress);
}

/** Starts a world whose one camera sees recorded footage. */
export function startReplay(settings: ReplaySettings, onProgress: OnProgress): RunningWorld<ReplayRecord> {
  return start<ReplayRecord>(settings, onProgress);
}

function start<Record extends AnyRecord>(
  settings: RunSettings | ReplaySettings,
  onProgress: OnProgress,
): RunningWorld<Record> {
  const worker = new Worker(workerEntry(import.meta.url, './world-worker.js'), {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: WORLD_MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MEMORY_MB },
  });
  const interrupt: CommandMessage = { type: 'interrupt' };
  return { result: resultOf<Record>(worker, onProgress), interrupt: () => worker.postMessage(interrupt) };
}

async function resultOf<Record extends AnyRecord>(worker: Worker, onProgress: OnProgress): Promise<Record> {
  const result = new Promise<Record>((resolve, reject) => {
    worker.on('message', (message: WorldMessage) => {
      switch (message.type) {
        case 'progress':
          onProgress(message);
          break;
        case 'done':
          // The settings decide which kind of record the world's thread writes.
          resolve(message.record as Record);
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
