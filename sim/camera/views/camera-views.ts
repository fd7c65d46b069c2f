/** Frames of cameras for people who watch: drawn in a thread of their own, which starts with the first one asked for. */
import { Worker } from 'node:worker_threads';
import type { Detection } from '../../../pipeline/boundaries.js';
import { workerEntry } from '../../kernel/worker-entry.js';
import type { SceneCamera, ScenePlan, SceneShopper } from '../scene.js';

export interface ViewJob {
  readonly cameraId: string;
  /** Epoch, UTC. */
  readonly timeMs: number;
  /** Everybody in the store, or at least everybody whom the camera could see. */
  readonly shoppers: readonly SceneShopper[];
  readonly boxes: readonly Detection[];
  /** Written into the picture; null for none. */
  readonly caption: string | null;
}

export interface ViewRequest {
  readonly id: number;
  readonly job: ViewJob;
}

export type ViewReply =
  | { readonly id: number; readonly jpeg: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly problem: string };

export interface ViewWorkerStart {
  readonly plan: ScenePlan;
  readonly cameras: readonly SceneCamera[];
}

interface Waiting {
  readonly resolve: (jpeg: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

export class CameraViews {
  private readonly start: ViewWorkerStart;
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | null = null;
  private nextId = 1;
  private closed = false;

  constructor(plan: ScenePlan, cameras: readonly SceneCamera[]) {
    this.start = { plan, cameras };
  }

  /** The frame as a JPEG; rejects when it cannot be drawn, or drawing has ended. */
  frame(job: ViewJob): Promise<Uint8Array> {
    if (this.closed) return Promise.reject(new Error('cameras are no longer drawn'));
    const worker = this.running();
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, job } satisfies ViewRequest);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.worker?.terminate();
  }

  private running(): Worker {
    if (this.worker !== null) return this.worker;
    const worker = new Worker(workerEntry(import.meta.url, './view-worker.js'), { workerData: this.start });
    worker.on('message', (reply: ViewReply) => {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('jpeg' in reply) waiting?.resolve(reply.jpeg);
      else waiting?.reject(new Error(reply.problem));
    });
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', () => this.fail(new Error('the thread that draws cameras has ended')));
    this.worker = worker;
    return worker;
  }

  /** Whoever asks next gets a new thread. */
  private fail(error: Error): void {
    this.worker = null;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
