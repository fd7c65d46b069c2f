/** Puts a whole person together: the one door from a shopper to triangles. */
import { cosine, sine } from '../arithmetic.js';
import type { Material } from '../render/materials.js';
import type { Mesh } from '../render/mesh.js';
import type { Standing } from '../render/silhouette.js';
import type { SceneProfile, SceneShopper } from '../scene.js';
import { type Appearance, appearanceOf } from './appearance.js';
import { addArms } from './arms.js';
import { addBag } from './bags.js';
import type { Detail } from './detail.js';
import { addHead, type HeadVertices } from './head.js';
import { addLegs } from './legs.js';
import { poseOf } from './pose.js';
import { type Skeleton, skeletonOf } from './skeleton.js';
import { materialsOf } from './slots.js';
import { addTrunk } from './trunk.js';

/** A look with its materials, kept because painting a face takes longer than drawing it. */
export interface Wardrobe {
  readonly look: Appearance;
  readonly materials: readonly Material[];
}

/** Looks kept at most; the one unused for longest goes first. */
const KEPT_LOOKS = 512;

export class Wardrobes {
  private readonly kept = new Map<string, Wardrobe>();

  of(profile: SceneProfile): Wardrobe {
    const { appearanceSeed, ageYears, gender, heightMetres } = profile;
    const key = `${appearanceSeed}/${ageYears}/${gender}/${heightMetres}`;
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    const look = appearanceOf(profile);
    const made = { look, materials: materialsOf(look) };
    this.kept.set(key, made);
    if (this.kept.size > KEPT_LOOKS) {
      const oldest = this.kept.keys().next();
      if (!oldest.done) this.kept.delete(oldest.value);
    }
    return made;
  }
}

/** What a built person is beside their triangles. */
export interface BuiltPerson {
  readonly skeleton: Skeleton;
  readonly head: HeadVertices;
  readonly standing: Standing;
}

/** Fills `mesh` anew with the shopper at `timeMs`. */
export function buildPerson(
  mesh: Mesh,
  shopper: SceneShopper,
  look: Appearance,
  timeMs: number,
  detail: Detail,
): BuiltPerson {
  const { state } = shopper;
  const pose = poseOf(look, {
    activity: state.activity,
    speedMetresPerSecond: state.speedMetresPerSecond,
    timeMs,
  });
  const skeleton = skeletonOf(look, pose);
  mesh.reset();
  addLegs(mesh, look, skeleton, detail);
  addTrunk(mesh, look, skeleton, detail);
  addArms(mesh, look, skeleton, pose, detail);
  const head = addHead(mesh, look, skeleton, detail);
  addBag(mesh, look, skeleton, detail);
  return {
    skeleton,
    head,
    standing: {
      x: state.x,
      y: state.y,
      sine: sine(state.headingRadians),
      cosine: cosine(state.headingRadians),
    },
  };
}
