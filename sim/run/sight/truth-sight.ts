/** Sight by truth: a model of what the detector would have found, looked up where it was foreseen. */
import type { ErrorModel } from '../../camera/error-model.js';
import type { SceneCamera, ScenePlan } from '../../camera/scene.js';
import type { Look, Sight } from '../../devkit/camera/sight.js';
import { rememberPictureSha256 } from '../../face-api/index.js';
import type { KernelServices } from '../../kernel/index.js';
import type { StoreInWorld } from '../world/store-in-world.js';
import { darkLook } from './dark.js';
import { TruthEye } from './truth-eye.js';
import type { Witness } from './witness.js';

export class TruthSight implements Sight {
  private readonly kernel: KernelServices;
  private readonly store: StoreInWorld;
  private readonly camera: SceneCamera;
  private readonly witness: Witness;
  private readonly model: ErrorModel;
  private readonly eye: TruthEye;

  constructor(parts: {
    readonly kernel: KernelServices;
    readonly store: StoreInWorld;
    readonly plan: ScenePlan;
    readonly camera: SceneCamera;
    readonly witness: Witness;
    readonly model: ErrorModel;
  }) {
    const { camera, kernel, model, plan, store, witness } = parts;
    this.kernel = kernel;
    this.store = store;
    this.camera = camera;
    this.witness = witness;
    this.model = model;
    this.eye = new TruthEye(plan, camera, model, kernel.rng);
  }

  async load(): Promise<{ readonly backend: string }> {
    return { backend: `a model of ${this.model.detector}` };
  }

  async look(): Promise<Look> {
    const atMs = this.kernel.clock.now();
    if (!this.store.isOpen(atMs)) return darkLook(this.camera, atMs);
    const { id, widthPixels, heightPixels } = this.camera;
    const foreseen = this.store.foreseen(id, atMs);
    const look = foreseen?.look ?? this.eye.look(this.store.at(atMs, this.eye.mayShow), atMs);
    this.witness.looked(id, atMs, look);
    return {
      capturedAtMs: atMs,
      widthPixels,
      heightPixels,
      objects: look.objects,
      picture: async () => this.picture(atMs, foreseen?.pictureSha256 ?? null),
    };
  }

  private picture(atMs: number, sha256: string | null): Uint8Array {
    const drawn = this.store.emptyStore(this.camera.id);
    if (drawn !== undefined) this.eye.adoptEmptyStore(drawn);
    const jpeg = this.eye.picture(atMs);
    if (sha256 !== null) rememberPictureSha256(jpeg, sha256);
    return jpeg;
  }
}
