/** Random stores, cameras and crowds to measure sight on: like those that installers make, and some that are not. */
import { cosine, sine } from '../arithmetic.js';
import { cameraPose, projectPoint } from '../camera-pose.js';
import { hashRandom, pickOf } from '../hash-random.js';
import type {
  SceneActivity,
  SceneCamera,
  SceneDisplay,
  SceneDisplayKind,
  ScenePlan,
  SceneShopper,
} from '../scene.js';

export interface CalibrationScene {
  readonly plan: ScenePlan;
  readonly camera: SceneCamera;
  readonly shoppers: readonly SceneShopper[];
  readonly timeMs: number;
  /** The camera looks down more steeply than installers make them. */
  readonly steep: boolean;
}

/** Metres: how large the store is, and how far from the camera its shoppers are at most. */
interface Extent {
  readonly width: number;
  readonly depth: number;
  readonly farthest: number;
}
const SHOP: Extent = { width: 16, depth: 12, farthest: 11 };
const HALL: Extent = { width: 32, depth: 26, farthest: 25 };
const BODY_RADIUS = 0.28;
const MOST_PEOPLE = 12;
const TRIES = 2000;
/** Every so many scenes have a camera that looks down steeply, so that a fit learns what that costs. */
const STEEP_EVERY = 6;
/** Every so many scenes are of a hall, so that a fit learns what distance costs. */
const HALL_EVERY = 6;

/** The scene of a number: a shop or a hall, a ceiling camera at one of its walls, one to twelve shoppers. */
export function calibrationScene(number: number): CalibrationScene {
  const random = hashRandom(Math.imul(number + 1, 0x9e3779b1));
  const extent = number % HALL_EVERY === 2 ? HALL : SHOP;
  const plan = randomPlan(number, extent, random);
  const steep = number % STEEP_EVERY === STEEP_EVERY - 1;
  const camera = randomCamera(extent, steep, random);
  const count = 1 + Math.floor(random() * MOST_PEOPLE);
  const shoppers = randomCrowd(plan, extent, camera, count, random);
  return { plan, camera, shoppers, timeMs: Math.floor(random() * 1e9), steep };
}

function randomPlan(number: number, extent: Extent, random: () => number): ScenePlan {
  const layout = Math.floor(random() * 3);
  const height = 1.25 + random() * 0.65;
  const displays: SceneDisplay[] = [];
  const add = (
    kind: SceneDisplayKind,
    x: number,
    y: number,
    w: number,
    d: number,
    tall: number,
    front: SceneDisplay['front'],
  ) =>
    displays.push({
      id: `${kind}-${displays.length}`,
      kind,
      at: { x, y },
      widthMetres: w,
      depthMetres: d,
      heightMetres: tall,
      front,
    });
  for (let x = 0.5; x < extent.width - 3; x += 3.4) {
    add(random() < 0.3 ? 'fridge' : 'wall-shelf', x, extent.depth - 0.5, 3, 0.5, 1.9 + random() * 0.2, [
      'south',
    ]);
  }
  if (layout === 0) {
    for (const y of [2.6, 5.5, 8.4])
      for (const x of [1.8, 8.6]) add('gondola', x, y, 5, 0.9, height, ['north', 'south']);
  } else if (layout === 1) {
    for (const x of [2.2, 5.4, 9.2, 12.6]) add('gondola', x, 2.9, 0.9, 6.2, height, ['east', 'west']);
  } else {
    const kinds: readonly SceneDisplayKind[] = ['table', 'table', 'table', 'rail', 'stand', 'gondola'];
    for (let i = 0; i < 9; i++) {
      const kind = pickOf(kinds, random);
      const tall = kind === 'table' ? 0.75 + random() * 0.15 : kind === 'gondola' ? height : 1.4;
      const wide = kind === 'stand' ? 0.7 : 1.3 + random() * 0.7;
      const x = 1.6 + (i % 3) * 4.8 + random();
      const y = 2.6 + Math.floor(i / 3) * 2.8 + random() * 0.5;
      add(kind, x, y, wide, 0.8, tall, ['north', 'east', 'south', 'west']);
    }
  }
  add('counter', 12.4, 1, 2.6, 0.75, 1, ['north']);
  return {
    name: `calibration ${number}`,
    widthMetres: extent.width,
    depthMetres: extent.depth,
    ceilingMetres: 3.4,
    walls: [],
    entrances: [{ at: { x: 4, y: 0 }, widthMetres: 1.8 }],
    displays,
  };
}

/** 2.6 to 3.2 m up at one of the walls, 20 to 45° (steep: 50 to 80°) below the horizontal, 60 to 90° wide. */
function randomCamera(extent: Extent, steep: boolean, random: () => number): SceneCamera {
  const wall = Math.floor(random() * 4);
  const turn = (random() - 0.5) * 69;
  const place = 1 + random() * ((wall % 2 === 0 ? extent.width : extent.depth) - 2);
  const inset = 0.3;
  const at = [
    { x: place, y: inset },
    { x: inset, y: place },
    { x: place, y: extent.depth - inset },
    { x: extent.width - inset, y: place },
  ][wall] ?? { x: place, y: inset };
  return {
    id: 'camera',
    at,
    heightMetres: 2.6 + random() * 0.6,
    headingDegrees: wall * 90 + turn,
    tiltDegrees: steep ? 50 + random() * 30 : 20 + random() * 25,
    fieldOfViewDegrees: 60 + random() * 30,
    widthPixels: 640,
    heightPixels: 480,
  };
}

/** A quarter of the people stand close to another. */
function randomCrowd(
  plan: ScenePlan,
  extent: Extent,
  camera: SceneCamera,
  count: number,
  random: () => number,
): readonly SceneShopper[] {
  const pose = cameraPose(camera);
  const crowd: SceneShopper[] = [];
  for (let tries = 0; crowd.length < count && tries < TRIES; tries++) {
    const [x, y] = candidatePlace(crowd, extent, random);
    if (!isFree(plan, x, y) || crowd.some(({ state }) => distance(state.x - x, state.y - y) < 0.5)) continue;
    const away = distance(x - camera.at.x, y - camera.at.y);
    if (
      away < (camera.tiltDegrees > 45 ? 0.3 : 1.2) ||
      away > extent.farthest ||
      (away > 6 && random() < 0.35)
    )
      continue;
    const chest = projectPoint(pose, x, y, 1.1);
    const inside = chest.depthMetres > 0.3 && chest.x > 26 && chest.x < 614 && chest.y > 38 && chest.y < 446;
    if (inside) crowd.push(randomShopper(crowd.length + 1, x, y, random));
  }
  return crowd;
}

function candidatePlace(
  crowd: readonly SceneShopper[],
  extent: Extent,
  random: () => number,
): readonly [number, number] {
  if (crowd.length > 0 && random() < 0.25) {
    const { state } = pickOf(crowd, random);
    const angle = random() * 2 * Math.PI;
    const away = 0.6 + random() * 0.5;
    return [state.x + cosine(angle) * away, state.y + sine(angle) * away];
  }
  return [0.4 + random() * (extent.width - 0.8), 0.4 + random() * (extent.depth - 0.8)];
}

function randomShopper(shopper: number, x: number, y: number, random: () => number): SceneShopper {
  const child = random() < 0.1;
  const ageYears = Math.floor(child ? 4 + random() * 9 : 16 + random() * 65);
  const gender = random() < 0.5 ? 'female' : 'male';
  const adult = gender === 'female' ? 1.52 + random() * 0.25 : 1.64 + random() * 0.29;
  const heightMetres = child ? 1.02 + 0.05 * (ageYears - 4) + random() * 0.06 : adult;
  const activity = pickOf<SceneActivity>(['walking', 'walking', 'dwelling', 'queueing'], random);
  return {
    state: {
      shopper,
      x,
      y,
      headingRadians: random() * 2 * Math.PI,
      speedMetresPerSecond: activity === 'walking' ? 0.6 + random() * 0.9 : 0,
      activity,
    },
    profile: { appearanceSeed: Math.floor(random() * 1e9), ageYears, gender, heightMetres },
  };
}

function isFree(plan: ScenePlan, x: number, y: number): boolean {
  const r = BODY_RADIUS;
  if (x < r || y < r || x > plan.widthMetres - r || y > plan.depthMetres - r) return false;
  return !plan.displays.some(
    (d) =>
      x > d.at.x - r && x < d.at.x + d.widthMetres + r && y > d.at.y - r && y < d.at.y + d.depthMetres + r,
  );
}

function distance(dx: number, dy: number): number {
  return Math.sqrt(dx * dx + dy * dy);
}
