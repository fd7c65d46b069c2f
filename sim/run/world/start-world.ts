import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AnyRecord, ReplayRecord } from '../../../reports/replay-record.js';
import type { RunRecord } from '../../../reports/run-record.js';
import { realTimeServices } from '../../kernel/real-time.js';
import { workerEntry } from '../../kernel/worker-entry.js';
import { BadInputError } from '../../scenario/input-problem.js';
import { HandlerWatch, PATIENCE_MS } from './handler-watch.js';
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

/**
 * Old-space limit of a world's thread: a flagship day stays far below it. From 2,048 on, V8 lets garbage grow to four
 * times what is in use before it collects all of it; below that, to twice.
 */
const WORLD_MEMORY_MB = 2_000;
/** Most of what a world makes is gone within an instant: with room for it, few collections find it still alive. */
const YOUNG_MEMORY_MB = 192;

/** For tests: how long a world may be silent while handlers run. */
export interface Patience {
  readonly patienceMs: number;
}

type OnProgress = (progress: Progress) => void;

/** Starts the world of a scenario in a thread of its own. */
export function startWorld(
  settings: RunSettings,
  onProgress: OnProgress,
  patience: Patience = { patienceMs: PATIENCE_MS },
): RunningWorld {
  return start<RunRecord>(settings, onProgress, patience);
}

/** Starts a world whose one camera sees recorded footage. */
export function startReplay(settings: ReplaySettings, onProgress: OnProgress): RunningWorld<ReplayRecord> {
  return start<ReplayRecord>(settings, onProgress, { patienceMs: PATIENCE_MS });
}

function start<Record extends AnyRecord>(
  settings: RunSettings | ReplaySettings,
  onProgress: OnProgress,
  patience: Patience,
): RunningWorld<Record> {
  const worker = new Worker(workerEntry(import.meta.url, './world-worker.js'), {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: WORLD_MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MEMORY_MB },
  });
  const interrupt: CommandMessage = { type: 'interrupt' };
  return {
    result: resultOf<Record>(worker, onProgress, patience),
    interrupt: () => worker.postMessage(interrupt),
  };
}

async function resultOf<Record extends AnyRecord>(
  worker: Worker,
  onProgress: OnProgress,
  { patienceMs }: Patience,
): Promise<Record> {
  const ask: CommandMessage = { type: 'are-you-there' };
  let watch: HandlerWatch | null = null;
  const result = new Promise<Record>((resolve, reject) => {
    const handlers = new HandlerWatch(
      realTimeServices('watch').clock,
      patienceMs,
      () => worker.postMessage(ask),
      () => reject(blocked(handlers.running, patienceMs)),
    );
    watch = handlers;
    worker.on('message', (message: WorldMessage) => {
      switch (message.type) {
        case 'progress':
          onProgress(message);
          break;
        case 'handler':
          handlers.know(message);
          break;
        case 'here':
          handlers.hear();
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
    worker.on('error', (error: NodeJS.ErrnoException) => reject(withCulprits(error, handlers.running)));
    worker.on('exit', (code) =>
      reject(new WorldFailedError('FF_WORLD_ENDED', `the world's thread ended with code ${code}`, '')),
    );
  });
  try {
    return await result;
  } finally {
    (watch as HandlerWatch | null)?.stop();
    if (worker.threadId !== -1) {
      const ended = once(worker, 'exit');
      await worker.terminate();
      await ended.catch(() => {});
    }
  }
}

function blocked(running: readonly string[], patienceMs: number): WorldFailedError {
  return new WorldFailedError(
    'FF_FUNCTION_BLOCKS',
    `a handler has not given the thread back for ${patienceMs / 1000} s; running were: ${running.join(', ')}`,
    '',
  );
}

const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

/** Who was at work when the memory was used up. */
function withCulprits(error: NodeJS.ErrnoException, running: readonly string[]): Error {
  if (error.code !== OUT_OF_MEMORY || running.length === 0) return error;
  const message = `the world's thread has used up its ${WORLD_MEMORY_MB} MB; Functions at work were: ${running.join(', ')}`;
  return new WorldFailedError('FF_FUNCTION_MEMORY', message, '');
}
