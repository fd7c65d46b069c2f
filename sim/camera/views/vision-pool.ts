/**
 * Sight on pixels for a whole store: worker threads that draw what each camera sees and run the person detector
 * on it. A camera belongs to one worker and its looks are taken in the order they were asked for, so results
 * depend neither on the number of workers nor on which is faster.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { workerEntry } from '../../kernel/worker-entry.js';
import type { CachePlace } from '../result-cache/result-cache.js';
import type { SceneCamera, ScenePlan } from '../scene.js';
import type {
  LookJob,
  LookResult,
  SightSettings,
  WorkerReply,
  WorkerRequest,
  WorkerStart,
} from './vision-pool-messages.js';

export type { LookJob, LookResult, SightSettings } from './vision-pool-messages.js';

export interface VisionPoolOptions {
  readonly plan: ScenePlan;
  readonly cameras: readonly SceneCamera[];
  readonly modelZip: Uint8Array;
  readonly settings?: SightSettings;
  /** Threads; by default one per core, never more than cameras. */
  readonly workers?: number;
  /** Where what the detector saw is remembered across runs; by default nowhere. What is seen is the same. */
  readonly cache?: CachePlace | null;
}

export interface VisionPool {
  /** Where the detector runs: `WebAssembly with SIMD`. */
  readonly backend: string;
  readonly workers: number;
  /** Takes a look. Looks of one camera must be asked for in the order of their times. */
  look(job: LookJob): Promise<LookResult>;
  /** Draws the picture alone and encodes it; the detector and its motion gate know nothing of it. */
  picture(job: LookJob): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A worker could not start, failed at a job or died. */
export class VisionPoolError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'VisionPoolError';
  }
}

/** Starts the workers and loads the model in each. Rejects with the model's own code when it cannot be used. */
export async function openVisionPool(options: VisionPoolOptions): Promise<VisionPool> {
  const { plan, cameras, modelZip, settings = {}, cache = null } = options;
  const count = Math.max(1, Math.min(options.workers ?? availableParallelism(), cameras.length));
  const workers = Array.from(
    { length: count },
    (_, index) =>
      new VisionWorker({
        plan,
        modelZip,
        settings,
        cache,
        cameras: cameras.filter((_c, i) => i % count === index),
      }),
  );
  const workerOf = new Map(cameras.map((camera, i) => [camera.id, workers[i % count]]));
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.close()));
  };

  let backends: readonly string[];
  try {
    backends = await Promise.all(workers.map((worker) => worker.ready));
  } catch (error) {
    await close();
    throw error;
  }

  const find = (cameraId: string): VisionWorker => {
    const worker = workerOf.get(cameraId);
    if (worker === undefined) {
      const known = cameras.map((camera) => camera.id).join(', ');
      throw new VisionPoolError('FF_VISION_UNKNOWN_CAMERA', `no camera ${cameraId}; there are ${known}`);
    }
    return worker;
  };
  return {
    backend: backends[0] ?? 'none',
    workers: count,
    look: async (job) => find(job.cameraId).look(job),
    picture: async (job) => find(job.cameraId).picture(job),
    close,
  };
}

interface Waiting {
  resolve(reply: WorkerReply): void;
  reject(error: VisionPoolError): void;
}

class VisionWorker {
  /** The backend's description, once the model is loaded. */
  readonly ready: Promise<string>;
  private readonly thread: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private dead: VisionPoolError | undefined;

  constructor(start: WorkerStart) {
    this.thread = new Worker(workerEntry(import.meta.url, './vision-worker.js'), { workerData: start });
    this.ready = new Promise<string>((resolve, reject) => {
      this.waiting.set(0, {
        resolve: (reply) => resolve(reply.kind === 'ready' ? reply.backend : 'unknown'),
        reject,
      });
    });
    this.thread.on('message', (reply: WorkerReply) => this.receive(reply));
    this.thread.on('error', (error: Error) => this.die(`a vision worker failed: ${error.message}`));
    this.thread.on('exit', (code) => this.die(`a vision worker ended with code ${code}`));
  }

  async look(job: LookJob): Promise<LookResult> {
    const reply = await this.ask({ kind: 'look', id: this.nextId++, job });
    if (reply.kind !== 'look')
      throw new VisionPoolError('FF_VISION_WORKER', `unexpected answer ${reply.kind}`);
    return reply.result;
  }

  async picture(job: LookJob): Promise<Uint8Array> {
    const reply = await this.ask({ kind: 'picture', id: this.nextId++, job });
    if (reply.kind !== 'picture')
      throw new VisionPoolError('FF_VISION_WORKER', `unexpected answer ${reply.kind}`);
    return reply.jpeg;
  }

  /** Whatever it is at, the thread ends; only what it remembers is written first. */
  async close(): Promise<void> {
    await this.ask({ kind: 'close', id: this.nextId++ }).catch(() => {});
    await this.thread.terminate();
  }

  private ask(request: WorkerRequest): Promise<WorkerReply> {
    if (this.dead) return Promise.reject(this.dead);
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { resolve, reject });
      this.thread.postMessage(request);
    });
  }

  private receive(reply: WorkerReply): void {
    const id = reply.kind === 'ready' ? 0 : (reply.id ?? 0);
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (reply.kind === 'failed') waiting?.reject(new VisionPoolError(reply.code, reply.message));
    else waiting?.resolve(reply);
  }

  private die(message: string): void {
    this.dead ??= new VisionPoolError('FF_VISION_WORKER', message);
    for (const waiting of this.waiting.values()) waiting.reject(this.dead);
    this.waiting.clear();
  }
}
