/**
 * The eye of one camera in a truth run: who is in view is computed, and whom the detector finds follows a model
 * fitted to pixel runs. A look is a pure function of the store, the camera, the instant and the seed, so it may be
 * taken in any thread, ahead of time.
 */
import { renderBackground } from '../../camera/background.js';
import { detectionsOf, type ErrorModel } from '../../camera/error-model.js';
import { encodeJpeg } from '../../camera/jpeg.js';
import type { SceneCamera, ScenePlan, SceneProfile } from '../../camera/scene.js';
import { withIdentity } from '../../camera/snapshot.js';
import { TruthView } from '../../camera/visibility/visibility.js';
import type { RandomSource } from '../../kernel/index.js';
import type { ShopperState } from '../../store/timeline.js';
import { type WitnessedLook, witnessedLook } from './witnessed-look.js';

export interface StandingShopper {
  readonly state: ShopperState;
  readonly profile: SceneProfile;
}

export class TruthEye {
  readonly camera: SceneCamera;
  private readonly plan: ScenePlan;
  private readonly model: ErrorModel;
  private readonly rng: RandomSource;
  private readonly view: TruthView;
  private drawnStore: Uint8Array | null = null;

  constructor(plan: ScenePlan, camera: SceneCamera, model: ErrorModel, rng: RandomSource) {
    this.plan = plan;
    this.camera = camera;
    this.model = model;
    this.rng = rng;
    this.view = new TruthView(plan, camera);
  }

  /** False for places on the floor where nobody can be seen: who stands there need not be looked at. */
  get mayShow(): (x: number, y: number) => boolean {
    return this.view.mayShow;
  }

  look(shoppers: readonly StandingShopper[], atMs: number): WitnessedLook {
    const { id } = this.camera;
    const people = this.view.look(shoppers);
    const found = detectionsOf(this.model, people, this.camera, {
      person: (shopper) => this.rng(`sight/${id}/${atMs}/${shopper}`),
      look: () => this.rng(`sight/${id}/${atMs}`),
    });
    const objects = found.map(({ detection }) => detection);
    const reactions = new Map(shoppers.map(({ state }) => [state.shopper, state.reaction]));
    return witnessedLook(objects, people, (shopper) => reactions.get(shopper) ?? null);
  }

  /** The empty store: nothing in a truth run looks at pixels, but pictures keep their size and their identity. */
  picture(atMs: number): Uint8Array {
    return withIdentity(this.emptyStore(), `${this.camera.id} ${new Date(atMs).toISOString()}`);
  }

  /** The JPEG that all pictures are made of. */
  emptyStore(): Uint8Array {
    this.drawnStore ??= drawEmptyStore(this.plan, this.camera);
    return this.drawnStore;
  }

  /** Takes the JPEG that another eye of the same camera has drawn. */
  adoptEmptyStore(jpeg: Uint8Array): void {
    this.drawnStore = jpeg;
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
