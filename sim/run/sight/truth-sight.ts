/** Sight by truth: who is in view is computed, and whom the detector finds follows a model fitted to pixel runs. */
import { renderBackground } from '../../camera/background.js';
import { detectionsOf, type ErrorModel } from '../../camera/error-model.js';
import { encodeJpeg } from '../../camera/jpeg.js';
import type { SceneCamera, ScenePlan } from '../../camera/scene.js';
import { withIdentity } from '../../camera/snapshot.js';
import { TruthView } from '../../camera/visibility.js';
import type { Look, Sight } from '../../devkit/sight.js';
import type { KernelServices } from '../../kernel/index.js';
import type { StoreInWorld } from '../store-in-world.js';
import { darkLook } from './dark.js';
import type { Witness } from './witness.js';

export class TruthSight implements Sight {
  private readonly kernel: KernelServices;
  private readonly store: StoreInWorld;
  private readonly plan: ScenePlan;
  private readonly camera: SceneCamera;
  private readonly witness: Witness;
  private readonly model: ErrorModel;
  private readonly view: TruthView;
  private emptyStore: Uint8Array | null = null;

  constructor(parts: {
    readonly kernel: KernelServices;
    readonly store: StoreInWorld;
    readonly plan: ScenePlan;
    readonly camera: SceneCamera;
    readonly witness: Witness;
    readonly model: ErrorModel;
  }) {
    this.kernel = parts.kernel;
    this.store = parts.store;
    this.plan = parts.plan;
    this.camera = parts.camera;
    this.witness = parts.witness;
    this.model = parts.model;
    this.view = new TruthView(parts.plan, parts.camera);
  }

  async load(): Promise<{ readonly backend: string }> {
    return { backend: `a model of ${this.model.detector}` };
  }

  async look(): Promise<Look> {
    const atMs = this.kernel.clock.now();
    if (!this.store.isOpen(atMs)) return darkLook(this.camera, atMs);
    const { id, widthPixels, heightPixels } = this.camera;
    const people = this.view.look(this.store.at(atMs, this.view.mayShow));
    const found = detectionsOf(this.model, people, this.camera, {
      person: (shopper) => this.kernel.rng(`sight/${id}/${atMs}/${shopper}`),
      look: () => this.kernel.rng(`sight/${id}/${atMs}`),
    });
    const objects = found.map(({ detection }) => detection);
    this.witness.looked(id, atMs, { objects, people });
    return {
      capturedAtMs: atMs,
      widthPixels,
      heightPixels,
      objects,
      picture: async () => this.picture(atMs),
    };
  }

  /** The empty store: nothing in a truth run looks at pixels, but pictures keep their size and their identity. */
  private picture(atMs: number): Uint8Array {
    this.emptyStore ??= drawEmptyStore(this.plan, this.camera);
    return withIdentity(this.emptyStore, `${this.camera.id} ${new Date(atMs).toISOString()}`);
  }
}

/** Drawn coarsely, since nobody looks for detail in it, and in the camera's own size, since its size is charged. */
const COARSENESS = 4;

function drawEmptyStore(plan: ScenePlan, camera: SceneCamera): Uint8Array {
  const { widthPixels, heightPixels } = camera;
  const coarse = {
    ...camera,
    widthPixels: Math.ceil(widthPixels / COARSENESS),
    heightPixels: Math.ceil(heightPixels / COARSENESS),
  };
  const { pose, rgba } = renderBackground(plan, coarse);
  const pixels = { widthPixels: pose.widthPixels, heightPixels: pose.heightPixels, rgba };
  return encodeJpeg(pixels, { enlargedTo: { widthPixels, heightPixels } });
}
