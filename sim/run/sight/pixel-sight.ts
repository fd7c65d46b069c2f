/** Sight on pixels: worker threads draw what the camera sees and let the real detector look at it. */
import { createHash } from 'node:crypto';
import type { CachePlace } from '../../camera/result-cache/result-cache.js';
import type { SceneCamera, ScenePlan } from '../../camera/scene.js';
import { type LookResult, openVisionPool, type VisionPool } from '../../camera/views/vision-pool.js';
import type { Look, Sight } from '../../devkit/camera/sight.js';
import type { Kernel } from '../../kernel/index.js';
import type { StoreInWorld } from '../world/store-in-world.js';
import { darkLook } from './dark.js';
import type { Witness } from './witness.js';
import { witnessedLook } from './witnessed-look.js';

/** Looks of one camera that are drawn ahead of their time: enough to keep every thread busy. */
const LOOKS_AHEAD = 1;

interface SharedPool {
  readonly opening: Promise<VisionPool>;
  /** Cameras that look with it, or are about to. */
  users: number;
}

export interface PixelEyesParts {
  readonly kernel: Kernel;
  readonly plan: ScenePlan;
  readonly cameras: readonly SceneCamera[];
  /** Threads; null: one a core. */
  readonly workers: number | null;
  /** Where what the detector saw is remembered; null: nowhere. */
  readonly cache: CachePlace | null;
}

/** The vision pools of a world, one for each model that its cameras have in use. */
export class PixelEyes {
  private readonly parts: PixelEyesParts;
  private readonly pools = new Map<string, SharedPool>();

  constructor(parts: PixelEyesParts) {
    this.parts = parts;
  }

  /** The pool that runs `modelZip`, whose threads start once for all cameras, and how to leave it again. */
  async join(modelZip: Uint8Array): Promise<{ readonly pool: VisionPool; leave(): void }> {
    const model = createHash('sha256').update(modelZip).digest('hex');
    const shared = this.pools.get(model) ?? {
      opening: this.parts.kernel.hold(this.open(modelZip)),
      users: 0,
    };
    this.pools.set(model, shared);
    shared.users++;
    const leave = () => {
      shared.users--;
      if (shared.users > 0) return;
      this.pools.delete(model);
      void close(shared);
    };
    try {
      return { pool: await shared.opening, leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map(close));
  }

  private open(modelZip: Uint8Array): Promise<VisionPool> {
    const { plan, cameras, workers, cache } = this.parts;
    return openVisionPool({ plan, cameras, modelZip, cache, ...(workers === null ? {} : { workers }) });
  }
}

/** One that never opened has nothing to close. */
async function close({ opening }: SharedPool): Promise<void> {
  await opening.then(
    (pool) => pool.close(),
    () => {},
  );
}

export class PixelSight implements Sight {
  private readonly kernel: Kernel;
  private readonly store: StoreInWorld;
  private readonly eyes: PixelEyes;
  private readonly camera: SceneCamera;
  private readonly witness: Witness;
  /** How long after a look the next one is expected. */
  private readonly lookIntervalMs: number;
  private pool: VisionPool | null = null;
  private leavePool: () => void = () => {};
  private lastLook: Promise<unknown> = Promise.resolve();
  private readonly ahead = new Map<number, Promise<LookResult>>();

  constructor(parts: {
    readonly kernel: Kernel;
    readonly store: StoreInWorld;
    readonly eyes: PixelEyes;
    readonly camera: SceneCamera;
    readonly witness: Witness;
    readonly lookIntervalMs: number;
  }) {
    this.kernel = parts.kernel;
    this.store = parts.store;
    this.eyes = parts.eyes;
    this.camera = parts.camera;
    this.witness = parts.witness;
    this.lookIntervalMs = parts.lookIntervalMs;
  }

  async load(modelZip: Uint8Array): Promise<{ readonly backend: string }> {
    const { pool, leave } = await this.eyes.join(modelZip);
    // A look that is under way still needs the threads it was given to.
    void this.lastLook.then(this.leavePool, this.leavePool);
    this.pool = pool;
    this.leavePool = leave;
    this.ahead.clear();
    return { backend: pool.backend };
  }

  async look(): Promise<Look> {
    const { pool } = this;
    if (pool === null) throw new Error(`camera ${this.camera.id} has no model to look with`);
    const atMs = this.kernel.clock.now();
    if (!this.store.isOpen(atMs)) return darkLook(this.camera, atMs);
    const looking = this.ahead.get(atMs) ?? this.start(pool, atMs);
    this.lastLook = looking;
    this.ahead.clear();
    for (let step = 1; step <= LOOKS_AHEAD; step++) {
      const nextMs = atMs + step * this.lookIntervalMs;
      if (this.store.isOpen(nextMs)) this.ahead.set(nextMs, this.start(pool, nextMs));
    }
    const result = await this.kernel.hold(looking);
    this.witness.looked(
      this.camera.id,
      atMs,
      witnessedLook(
        result.objects,
        result.people,
        (shopper) => this.store.find(shopper, atMs)?.state.reaction ?? null,
      ),
    );
    return {
      capturedAtMs: atMs,
      widthPixels: result.widthPixels,
      heightPixels: result.heightPixels,
      objects: result.objects,
      picture: async () => result.jpeg ?? this.kernel.hold(pool.picture(this.jobAt(atMs))),
    };
  }

  private start(pool: VisionPool, timeMs: number): Promise<LookResult> {
    const looking = pool.look(this.jobAt(timeMs));
    // A look ahead that nobody asks for any more must not end the process when it fails.
    looking.catch(() => {});
    return looking;
  }

  private jobAt(timeMs: number) {
    const shoppers = this.store.at(timeMs).map(({ state, profile }) => ({ state, profile }));
    return { cameraId: this.camera.id, timeMs, shoppers, wantPicture: true };
  }
}
