/** The person detector on several cores: frames are looked at by whichever worker is least busy. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Detection } from '../../../pipeline/boundaries.js';
import type { DetectorOptions, PersonDetector } from '../../../pipeline/detection/detector.js';
import type { Frame } from '../../../pipeline/detection/frame.js';
import { workerEntry } from '../../kernel/worker-entry.js';

export interface DetectorPool extends PersonDetector {
  /** Where the detector runs: `WebAssembly with SIMD`. */
  readonly backend: string;
  readonly workers: number;
  close(): Promise<void>;
}

export interface DetectorStart {
  readonly modelZip: Uint8Array;
  readonly options: DetectorOptions;
}

export interface DetectorRequest {
  readonly id: number;
  readonly frame: Frame;
}

export type DetectorReply =
  | { readonly kind: 'ready'; readonly backend: string }
  | { readonly kind: 'detections'; readonly id: number; readonly detections: readonly Detection[] }
  | { readonly kind: 'failed'; readonly id: number | null; readonly code: string; readonly message: string };

/** A worker of the pool could not start, failed at a frame or died. */
export class DetectorPoolError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'DetectorPoolError';
  }
}

/** `workers` is one per core by default. Rejects with the model's own code when it cannot be used. */
export async function openDetectorPool(
  modelZip: Uint8Array,
  options: DetectorOptions,
  workers = availableParallelism(),
): Promise<DetectorPool> {
  const threads = Array.from(
    { length: Math.max(1, workers) },
    () => new DetectorThread({ modelZip, options }),
  );
  const close = async () => {
    await Promise.all(threads.map((thread) => thread.close()));
  };
  try {
    const [backend = 'none'] = await Promise.all(threads.map((thread) => thread.ready));
    return {
      backend,
      workers: threads.length,
      detect: (frame) => threads.reduce((a, b) => (b.busy < a.busy ? b : a)).detect(frame),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Waiting {
  resolve(reply: DetectorReply): void;
  reject(error: Error): void;
}

const READY = 0;

class DetectorThread {
  readonly ready: Promise<string>;
  private readonly thread: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = READY + 1;
  private dead: DetectorPoolError | undefined;

  constructor(start: DetectorStart) {
    this.thread = new Worker(workerEntry(import.meta.url, './detector-worker.js'), { workerData: start });
    this.ready = this.expect(READY).then((reply) => (reply.kind === 'ready' ? reply.backend : 'none'));
    this.thread.on('message', (reply: DetectorReply) => this.receive(reply));
    this.thread.on('error', (error: Error) => this.die(`a detector's thread failed: ${error.message}`));
    this.thread.on('exit', (code) => this.die(`a detector's thread ended with code ${code}`));
  }

  /** Frames under way. */
  get busy(): number {
    return this.waiting.size;
  }

  async detect(frame: Frame): Promise<readonly Detection[]> {
    if (this.dead) throw this.dead;
    const id = this.nextId++;
    const reply = this.expect(id);
    const { widthPixels, heightPixels, rgba } = frame;
    const request: DetectorRequest = { id, frame: { widthPixels, heightPixels, rgba } };
    this.thread.postMessage(request);
    const answer = await reply;
    return answer.kind === 'detections' ? answer.detections : [];
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private expect(id: number): Promise<DetectorReply> {
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
    });
  }

  private receive(reply: DetectorReply): void {
    const id = reply.kind === 'ready' ? READY : (reply.id ?? READY);
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (reply.kind === 'failed') waiting?.reject(new DetectorPoolError(reply.code, reply.message));
    else waiting?.resolve(reply);
  }

  private die(message: string): void {
    this.dead ??= new DetectorPoolError('FF_DETECTOR_WORKER', message);
    for (const waiting of this.waiting.values()) waiting.reject(this.dead);
    this.waiting.clear();
  }
}
