/**
 * Looks of truth sight, taken ahead of time beside the store's own simulation. Which frames a camera will look at is
 * foretold by the rule that cameras follow: the next frame once the message delay has passed since the last picture,
 * or else the very next one. A camera that is off, or set otherwise in the meantime, looks at other frames; it then
 * looks for itself, and sees the same.
 */
import type { ErrorModel } from '../../camera/error-model.js';
import { firstFrame, framePhase } from '../../devkit/camera/inference-loop.js';
import { pictureSha256 } from '../../face-api/faces/picture-hash.js';
import { randomSource } from '../../kernel/random.js';
import type { StoreChunk } from '../../store/feed/chunk.js';
import type { FloorPlan } from '../../store/plan/floor-plan.js';
import { StoreTimeline } from '../../store/timeline.js';
import { type LookColumns, LookRecorder } from './look-columns.js';
import { TruthEye } from './truth-eye.js';

export interface ForesightOptions {
  readonly plan: FloorPlan;
  readonly seed: string | number;
  readonly startMs: number;
  readonly lookIntervalMs: number;
  readonly messageDelayMs: number;
}

/** A chunk of the store's time, and the looks that cameras will take in it. */
export interface SeenChunk extends StoreChunk {
  readonly looks: LookColumns;
  /** The empty store as cameras see it, as JPEGs, where this chunk has their first picture. */
  readonly emptyStores: readonly EmptyStore[];
}

export interface EmptyStore {
  /** Index of the camera in the plan. */
  readonly camera: number;
  readonly jpeg: Uint8Array;
}

interface ForeseeingCamera {
  readonly eye: TruthEye;
  readonly phase: number;
  nextMs: number;
  hasTakenPicture: boolean;
}

export class Foresight {
  private readonly options: ForesightOptions;
  private readonly timeline: StoreTimeline;
  private readonly cameras: readonly ForeseeingCamera[];

  constructor(options: ForesightOptions, model: ErrorModel) {
    const { lookIntervalMs, plan, seed, startMs } = options;
    const rng = randomSource(seed);
    this.options = options;
    this.timeline = new StoreTimeline(plan);
    this.cameras = plan.cameras.map((camera) => {
      const phase = framePhase(rng, camera.id);
      const nextMs = firstFrame(startMs, lookIntervalMs, phase);
      return { eye: new TruthEye(plan, camera, model, rng), phase, nextMs, hasTakenPicture: false };
    });
  }

  /** Chunks come in order; of the one before, the last sample is still needed. */
  see(chunk: StoreChunk): SeenChunk {
    this.timeline.append(chunk);
    this.timeline.forget(chunk.fromMs);
    const recorder = new LookRecorder();
    const emptyStores: EmptyStore[] = [];
    this.cameras.forEach((camera, index) => {
      const isFirst = !camera.hasTakenPicture;
      while (camera.nextMs <= chunk.toMs) this.look(camera, index, recorder);
      if (isFirst && camera.hasTakenPicture)
        emptyStores.push({ camera: index, jpeg: camera.eye.emptyStore() });
    });
    return { ...chunk, looks: recorder.columns(), emptyStores };
  }

  private look(camera: ForeseeingCamera, index: number, recorder: LookRecorder): void {
    const { lookIntervalMs, messageDelayMs } = this.options;
    const { eye, nextMs: atMs, phase } = camera;
    const look = eye.look(this.timeline.present(atMs, eye.mayShow), atMs);
    const isTaken = look.objects.length > 0;
    if (isTaken) camera.hasTakenPicture = true;
    recorder.add(index, atMs, { look, pictureSha256: isTaken ? pictureSha256(eye.picture(atMs)) : null });
    camera.nextMs = firstFrame(atMs + (isTaken ? Math.max(1, messageDelayMs) : 1), lookIntervalMs, phase);
  }
}
