/** One look of a camera: shoppers drawn into the empty store, and the truth about what could be seen of them. */
import { angleOf, degrees, signedDegrees } from './arithmetic.js';
import type { Background } from './background.js';
import {
  type CameraPose,
  distanceTo,
  elevationDegrees,
  headingToCamera,
  NEAR_METRES,
  personPixelHeight,
  projectPoint,
} from './camera-pose.js';
import { type BuiltPerson, buildPerson, Wardrobes } from './person/build-person.js';
import { detailFor } from './person/detail.js';
import { SLOT } from './person/slots.js';
import { Compositor, type Layer, type LayerSight } from './render/composite.js';
import { Mesh } from './render/mesh.js';
import { addSensorNoise } from './render/sensor.js';
import type { PersonLight } from './render/shade.js';
import { castShadows } from './render/shadows.js';
import { projectMesh, SAMPLES, type SampleRectangle, Silhouette, vertexBounds } from './render/silhouette.js';
import type { SceneShopper } from './scene.js';
import { CHEST_SHARE, type VisibleFace, type VisiblePerson } from './visibility/visible-person.js';

export interface RenderedFrame {
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Four bytes a pixel, row by row. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Everybody of whom at least one pixel can be seen, nearest first. */
  readonly people: readonly VisiblePerson[];
}

/** Farther away than this, people are a few pixels and not drawn. */
const FARTHEST_METRES = 45;

interface Drawn {
  readonly shopper: SceneShopper;
  readonly distanceMetres: number;
  readonly built: BuiltPerson;
  readonly layer: Layer;
}

/** Draws frames for one camera; keeps the buffers between frames. */
export class FrameRenderer {
  private readonly background: Background;
  private readonly wardrobes: Wardrobes;
  private readonly compositor: Compositor;
  private readonly meshes: Mesh[] = [];
  private readonly silhouettes: Silhouette[] = [];

  /** Renderers of one thread may share `wardrobes`, so that each look is painted once. */
  constructor(background: Background, wardrobes = new Wardrobes()) {
    this.background = background;
    this.wardrobes = wardrobes;
    this.compositor = new Compositor(background.pose);
  }

  /** The frame at `timeMs`; `frameSeed` decides the sensor's noise and nothing else. */
  render(shoppers: readonly SceneShopper[], timeMs: number, frameSeed: number): RenderedFrame {
    const { background } = this;
    const { pose } = background;
    const rgba = background.rgba.slice();
    const drawn = this.near(shoppers).map(({ shopper, distanceMetres }, index) =>
      this.draw(shopper, distanceMetres, timeMs, index),
    );
    const ground = { pose, rgba, floor: background.floor };
    for (const { built } of drawn) castShadows(ground, built.skeleton, built.standing);
    const layers = drawn.map(({ layer }) => layer);
    const sights = this.compositor.resolve(layers, background.nearness);
    this.compositor.shade(layers, rgba, background.lens);
    addSensorNoise(rgba, pose.widthPixels, pose.heightPixels, frameSeed);
    const people = drawn.flatMap((person, index) => {
      const sight = sights[index];
      return sight?.bounds ? [visiblePerson(pose, person, sight, sight.bounds)] : [];
    });
    return { widthPixels: pose.widthPixels, heightPixels: pose.heightPixels, rgba, people };
  }

  /** Those who may be in the picture, nearest first; ties by number so that the order never depends on the input. */
  private near(shoppers: readonly SceneShopper[]) {
    const { pose } = this.background;
    return shoppers
      .map((shopper) => ({
        shopper,
        distanceMetres: distanceTo(
          pose,
          shopper.state.x,
          shopper.state.y,
          shopper.profile.heightMetres * CHEST_SHARE,
        ),
      }))
      .filter(
        ({ shopper, distanceMetres }) => distanceMetres < FARTHEST_METRES && mayBeInPicture(pose, shopper),
      )
      .sort(
        (a, b) => a.distanceMetres - b.distanceMetres || a.shopper.state.shopper - b.shopper.state.shopper,
      );
  }

  private draw(shopper: SceneShopper, distanceMetres: number, timeMs: number, index: number): Drawn {
    const { pose } = this.background;
    const mesh = this.meshes[index] ?? new Mesh();
    const silhouette = this.silhouettes[index] ?? new Silhouette();
    this.meshes[index] = mesh;
    this.silhouettes[index] = silhouette;
    const { look, materials } = this.wardrobes.of(shopper.profile);
    const { x, y } = shopper.state;
    const detail = detailFor(personPixelHeight(pose, x, y, look.heightMetres));
    const built = buildPerson(mesh, shopper, look, timeMs, detail);
    projectMesh(mesh, pose, built.standing);
    silhouette.draw(mesh, pose);
    const light = personLight(pose, built);
    return {
      shopper,
      distanceMetres,
      built,
      layer: { mesh, silhouette, materials, light, faceMaterial: SLOT.face },
    };
  }
}

/** One frame, for callers that do not keep a renderer. */
export function renderFrame(
  background: Background,
  shoppers: readonly SceneShopper[],
  timeMs: number,
  frameSeed: number,
): RenderedFrame {
  return new FrameRenderer(background).render(shoppers, timeMs, frameSeed);
}

/** A generous test: some point of the person's axis, a metre around it, is before the camera and in the picture. */
function mayBeInPicture(pose: CameraPose, { state, profile }: SceneShopper): boolean {
  for (const share of [0, 0.5, 1]) {
    const point = projectPoint(pose, state.x, state.y, profile.heightMetres * share);
    if (point.depthMetres < 0.3) continue;
    const margin = pose.focalPixels / point.depthMetres;
    const inside = point.x > -margin && point.x < pose.widthPixels + margin;
    if (inside && point.y > -margin && point.y < pose.heightPixels + margin) return true;
  }
  return false;
}

/** Two rows of lamps, fixed in the store, and the camera, as the person's own coordinates have them. */
function personLight(pose: CameraPose, { standing }: BuiltPerson): PersonLight {
  const own = (x: number, y: number, z: number) =>
    [x * standing.cosine - y * standing.sine, x * standing.sine + y * standing.cosine, z] as const;
  const [px, py, pz] = pose.position;
  return {
    key: own(0.33, 0.39, 0.86),
    fill: own(-0.55, -0.56, 0.62),
    eye: own(px - standing.x, py - standing.y, pz),
  };
}

function visiblePerson(
  pose: CameraPose,
  person: Drawn,
  sight: LayerSight,
  bounds: SampleRectangle,
): VisiblePerson {
  const { shopper, built, layer, distanceMetres } = person;
  const { x, y, headingRadians } = shopper.state;
  const { heightMetres } = shopper.profile;
  const whole = vertexBounds(layer.mesh, 0, layer.mesh.vertexCount) ?? bounds;
  return {
    shopper: shopper.state.shopper,
    box: pixels(bounds),
    fullBox: pixels(whole),
    pixelHeight: personPixelHeight(pose, x, y, heightMetres),
    visiblePixels: sight.seen / (SAMPLES * SAMPLES),
    hiddenShare: 1 - sight.seen / sight.whole,
    distanceMetres,
    elevationDegrees: elevationDegrees(pose, x, y, heightMetres * CHEST_SHARE),
    bodyYawDegrees: yawFrom(headingToCamera(pose, x, y), headingRadians),
    face: visibleFace(pose, person, sight, built),
  };
}

function visibleFace(pose: CameraPose, person: Drawn, sight: LayerSight, built: BuiltPerson): VisibleFace {
  const { x, y, headingRadians } = person.shopper.state;
  const { head } = built.skeleton;
  const { mesh } = person.layer;
  const headBounds = vertexBounds(mesh, built.head.first, built.head.end);
  const headHeading = headingRadians + angleOf(head.forward[0], head.forward[1]);
  const yawDegrees = yawFrom(headingToCamera(pose, x, y), headHeading);
  const headTop = head.centre[2] + head.height / 2;
  const depth = projectPoint(pose, x, y, headTop).depthMetres;
  const turnedAway = sight.wholeFace === 0 || yawDegrees > 90;
  const hiddenShare = turnedAway ? 1 : 1 - sight.seenFace / sight.wholeFace;
  return {
    headBox: pixels(headBounds ?? { left: 0, top: 0, right: 0, bottom: 0 }),
    yawDegrees,
    sizePixels: depth > NEAR_METRES ? (pose.focalPixels * head.height) / depth : 0,
    hiddenShare,
    visible: hiddenShare < 1,
  };
}

function yawFrom(toCamera: number, heading: number): number {
  return Math.abs(signedDegrees(degrees(heading - toCamera)));
}

function pixels({ left, top, right, bottom }: SampleRectangle) {
  return {
    left: left / SAMPLES,
    top: top / SAMPLES,
    width: (right - left) / SAMPLES,
    height: (bottom - top) / SAMPLES,
  };
}
