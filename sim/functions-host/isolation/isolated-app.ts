/**
 * An app in a worker thread of its own, for hosts in real time: a handler that never gives the thread back is
 * ended with its thread, one that takes all memory ends its own thread only, and both are named.
 */
import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '../../kernel/services.js';
import { workerEntry } from '../../kernel/worker-entry.js';
import type { InvocationLog } from '../invocation-log.js';
import { FunctionTimeoutError, type InvocationRequest, type Outputs } from '../invoker.js';
import type { WorkerAnswer, WorkerCall, WorkerStart } from './isolation-messages.js';

export interface IsolationOptions {
  readonly appFolder: string;
  /** Null: a handler may run as long as it likes. */
  readonly timeoutMs: number | null;
  /** Heap of the thread; default 512. */
  readonly memoryMb?: number;
}

/** The thread that ran these functions is gone. */
export class FunctionThreadLostError extends Error {
  readonly code = 'FF_FUNCTIONS_THREAD_LOST';

  constructor(reason: string, running: readonly string[]) {
    super(`${reason}; running were: ${running.join(', ')}`);
  }
}

interface Pending {
  readonly functionName: string;
  readonly timer: Timer | null;
  settle(outputs: Outputs): void;
  reject(error: Error): void;
}

const DEFAULT_MEMORY_MB = 512;

export class IsolatedApp {
  private readonly clock: Clock;
  private readonly log: InvocationLog;
  private readonly options: IsolationOptions;
  private readonly pending = new Map<number, Pending>();
  private worker: Worker | null = null;
  private calls = 0;

  constructor(clock: Clock, log: InvocationLog, options: IsolationOptions) {
    this.clock = clock;
    this.log = log;
    this.options = options;
  }

  /** Rejects with what the handler threw, `FunctionTimeoutError` or `FunctionThreadLostError`. */
  invoke(functionName: string, request: InvocationRequest): Promise<Outputs> {
    const call = ++this.calls;
    const worker = this.worker ?? this.open();
    return new Promise((settle, reject) => {
      const { timeoutMs } = this.options;
      const timer =
        timeoutMs === null
          ? null
          : this.clock.after(timeoutMs, () => {
              // A thread that is stuck cannot be asked to stop one call: all that it ran are lost with it.
              this.take(call)?.reject(new FunctionTimeoutError(functionName, timeoutMs));
              this.lose(`${functionName} was ended after ${timeoutMs} ms, and its thread with it`);
            });
      this.pending.set(call, { functionName, timer, settle, reject });
      worker.postMessage({ call, functionName, request } satisfies WorkerCall);
    });
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }

  private open(): Worker {
    const { appFolder, memoryMb = DEFAULT_MEMORY_MB } = this.options;
    const worker = new Worker(workerEntry(import.meta.url, './isolation-worker.js'), {
      workerData: { appFolder } satisfies WorkerStart,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    worker.on('message', (answer: WorkerAnswer) => this.hear(answer));
    worker.on('error', (error) => {
      if (this.worker === worker) this.lose(`the thread of the app ended: ${error.message}`);
    });
    this.worker = worker;
    return worker;
  }

  private hear(answer: WorkerAnswer): void {
    switch (answer.kind) {
      case 'log':
        this.log.write(answer.line);
        break;
      case 'done':
        this.take(answer.call)?.settle(answer.outputs);
        break;
      case 'failed':
        this.take(answer.call)?.reject(new Error(answer.message));
        break;
    }
  }

  private take(call: number): Pending | undefined {
    const pending = this.pending.get(call);
    pending?.timer?.cancel();
    this.pending.delete(call);
    return pending;
  }

  /** The next call opens a new thread. */
  private lose(reason: string): void {
    const lost = [...this.pending.keys()].flatMap((call) => this.take(call) ?? []);
    const error = new FunctionThreadLostError(
      reason,
      lost.map(({ functionName }) => functionName),
    );
    for (const { reject } of lost) reject(error);
    void this.close();
  }
}
