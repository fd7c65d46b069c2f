/**
 * A handler of a Function app shares its world's thread: one that never gives the thread back stops the world, and
 * nothing in the thread can say so. What runs is therefore noted in memory that both threads see.
 */
import type { Clock, Timer } from '../../kernel/services.js';

/** A function was called for the first time. */
export interface HandlerMessage {
  readonly type: 'handler';
  readonly functionName: string;
  /** Calls under way, at `index`. */
  readonly running: SharedArrayBuffer;
  readonly index: number;
}

const MOST_FUNCTIONS = 1_024;

/** In the world's thread. */
export class RunningHandlers {
  private readonly running = new SharedArrayBuffer(MOST_FUNCTIONS * Int32Array.BYTES_PER_ELEMENT);
  private readonly counts = new Int32Array(this.running);
  private readonly indices = new Map<string, number>();
  private readonly say: (message: HandlerMessage) => void;

  constructor(say: (message: HandlerMessage) => void) {
    this.say = say;
  }

  readonly note = (functionName: string, isRunning: boolean): void => {
    let index = this.indices.get(functionName);
    if (index === undefined) {
      index = this.indices.size;
      this.indices.set(functionName, index);
      this.say({ type: 'handler', functionName, running: this.running, index });
    }
    Atomics.add(this.counts, index, isRunning ? 1 : -1);
  };
}

/** How long a thread may be silent before its handlers are blamed. */
export const PATIENCE_MS = 60_000;

/** Outside the world's thread: asks it now and then for an answer, as soon as it has handlers. */
export class HandlerWatch {
  private readonly clock: Clock;
  private readonly patienceMs: number;
  private readonly ask: () => void;
  private readonly onSilence: () => void;
  private readonly names: string[] = [];
  private counts: Int32Array | null = null;
  private heardMs = 0;
  private timer: Timer | null = null;

  constructor(clock: Clock, patienceMs: number, ask: () => void, onSilence: () => void) {
    this.clock = clock;
    this.patienceMs = patienceMs;
    this.ask = ask;
    this.onSilence = onSilence;
  }

  /** The functions that have calls under way. */
  get running(): readonly string[] {
    const { counts, names } = this;
    return counts === null ? [] : names.filter((_, index) => Atomics.load(counts, index) > 0);
  }

  know({ functionName, index, running }: HandlerMessage): void {
    this.names[index] = functionName;
    this.counts = new Int32Array(running);
    this.hear();
    this.timer ??= this.clock.after(this.patienceMs / 2, () => this.look());
  }

  hear(): void {
    this.heardMs = this.clock.now();
  }

  stop(): void {
    this.timer?.cancel();
  }

  private look(): void {
    const isSilent = this.clock.now() - this.heardMs >= this.patienceMs;
    if (isSilent && this.running.length > 0) {
      this.onSilence();
      return;
    }
    this.ask();
    this.timer = this.clock.after(this.patienceMs / 2, () => this.look());
  }
}
