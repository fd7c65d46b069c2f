/**
 * A hall seen by one camera, and people who walk in it at will: alone or two abreast, across each other, around
 * displays, stopping here and there. Material to measure tracking on; the truth about everybody is known.
 */

import type { SceneCamera, SceneDisplay, ScenePlan, SceneProfile, SceneShopper } from '../../camera/scene.js';
import { randomSource } from '../../kernel/random.js';
import type { RandomStream } from '../../kernel/services.js';

export interface WalkingCrowd {
  readonly plan: ScenePlan;
  readonly camera: SceneCamera;
  /** Everybody walks on for a time. */
  advance(seconds: number): void;
  /** Where everybody is now. */
  people(): readonly SceneShopper[];
}

export interface CrowdKind {
  readonly people: number;
  /** What hides people besides one another. */
  readonly displays: number;
}

interface Walker {
  readonly profile: SceneProfile;
  readonly metresPerSecond: number;
  /** Whom they walk beside. */
  readonly partner: Walker | null;
  x: number;
  y: number;
  headingRadians: number;
  goal: Place;
  waitSeconds: number;
  isWalking: boolean;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Metres. */
const HALL = { width: 22, depth: 20 } as const;
/** Where people walk: all of it is in view. */
const WALKED = { left: 4, right: 18, near: 6, far: 15.5 } as const;
const PERSONAL_SPACE = 0.45;
const CLEARANCE = 0.3;
const ABREAST = { x: 0.65, y: 0.15 } as const;
const ARRIVED = 0.3;
const STEP_SECONDS = 0.04;
const PARTNER_SHARE = 0.3;
const STOP_SHARE = 0.3;
const TURN_RADIANS_PER_SECOND = 3;
/** Around somebody in the way. */
const DETOUR_RADIANS = 1.3;

/** The crowd of a number; always the same. */
export function walkingCrowd(number: number, kind: CrowdKind): WalkingCrowd {
  const random = randomSource('bench')(`vision-tracks/${number}`);
  const displays = Array.from({ length: kind.displays }, (_, index) => randomDisplay(index, random));
  const isFree = ({ x, y }: Place) => displays.every((display) => !isNear(display, x, y));
  const randomPlace = (): Place => {
    for (;;) {
      const place = {
        x: random.between(WALKED.left, WALKED.right),
        y: random.between(WALKED.near, WALKED.far),
      };
      if (isFree(place)) return place;
    }
  };
  const walkers: Walker[] = [];
  for (let i = 0; i < kind.people; i++) {
    const before = walkers.at(-1);
    const partner = before !== undefined && random.next() < PARTNER_SHARE ? before : null;
    walkers.push(randomWalker(partner, randomPlace(), randomPlace(), random));
  }
  return {
    plan: planWith(number, displays),
    camera: randomCamera(random),
    advance(seconds) {
      for (let past = 0; past < seconds - STEP_SECONDS / 2; past += STEP_SECONDS)
        for (const walker of walkers) walk(walker, walkers, isFree, randomPlace, random);
    },
    people: () => walkers.map(shopperOf),
  };
}

function walk(
  walker: Walker,
  others: readonly Walker[],
  isFree: (place: Place) => boolean,
  randomPlace: () => Place,
  random: RandomStream,
): void {
  walker.isWalking = false;
  if (walker.waitSeconds > 0) {
    walker.waitSeconds -= STEP_SECONDS;
    return;
  }
  const { partner } = walker;
  const goal = partner === null ? walker.goal : { x: partner.x + ABREAST.x, y: partner.y + ABREAST.y };
  const away = Math.hypot(goal.x - walker.x, goal.y - walker.y);
  if (away < ARRIVED) {
    if (partner !== null) {
      walker.headingRadians = partner.headingRadians;
      walker.isWalking = partner.isWalking;
      return;
    }
    walker.goal = randomPlace();
    if (random.next() < STOP_SHARE) walker.waitSeconds = random.between(1, 4);
    return;
  }
  const wanted = Math.atan2(goal.x - walker.x, goal.y - walker.y);
  turn(walker, wanted);
  const hurry = partner === null ? 1 : Math.min(1.2, 1.5 * away);
  const metres = walker.metresPerSecond * hurry * STEP_SECONDS;
  const ahead = { x: walker.x + Math.sin(wanted) * metres, y: walker.y + Math.cos(wanted) * metres };
  const isBlocked =
    !isFree(ahead) || others.some((other) => other !== walker && isInTheWay(other, walker, ahead));
  const around = wanted + DETOUR_RADIANS;
  const aside = { x: walker.x + Math.sin(around) * metres, y: walker.y + Math.cos(around) * metres };
  walker.isWalking = true;
  if (!isBlocked) Object.assign(walker, ahead);
  else if (isFree(aside)) Object.assign(walker, aside);
  else walker.goal = randomPlace();
}

function turn(walker: Walker, wanted: number): void {
  const most = TURN_RADIANS_PER_SECOND * STEP_SECONDS;
  const difference = wanted - walker.headingRadians;
  const shortest = Math.atan2(Math.sin(difference), Math.cos(difference));
  walker.headingRadians += Math.max(-most, Math.min(most, shortest));
}

/** Too near, and nearer than before: two who stand close may part. */
function isInTheWay(other: Walker, from: Place, to: Place): boolean {
  const after = Math.hypot(other.x - to.x, other.y - to.y);
  return after < PERSONAL_SPACE && after < Math.hypot(other.x - from.x, other.y - from.y);
}

function isNear({ at, widthMetres, depthMetres }: SceneDisplay, x: number, y: number): boolean {
  return (
    x > at.x - CLEARANCE &&
    x < at.x + widthMetres + CLEARANCE &&
    y > at.y - CLEARANCE &&
    y < at.y + depthMetres + CLEARANCE
  );
}

function randomWalker(partner: Walker | null, place: Place, goal: Place, random: RandomStream): Walker {
  const start = partner === null ? place : { x: partner.x + ABREAST.x, y: partner.y + ABREAST.y };
  return {
    ...start,
    goal,
    partner,
    headingRadians: 0,
    waitSeconds: 0,
    isWalking: false,
    metresPerSecond: random.between(0.9, 1.6),
    profile: {
      appearanceSeed: random.integer(0, 1_000_000_000),
      ageYears: random.integer(18, 72),
      gender: random.pick(['female', 'male'] as const),
      heightMetres: random.between(1.55, 1.9),
    },
  };
}

function shopperOf(
  { profile, x, y, headingRadians, isWalking, metresPerSecond }: Walker,
  index: number,
): SceneShopper {
  return {
    profile,
    state: {
      shopper: index + 1,
      x,
      y,
      headingRadians,
      speedMetresPerSecond: isWalking ? metresPerSecond : 0,
      activity: isWalking ? 'walking' : 'dwelling',
    },
  };
}

function randomDisplay(index: number, random: RandomStream): SceneDisplay {
  const kind = random.pick(['table', 'gondola', 'stand', 'rail'] as const);
  return {
    id: `display-${index}`,
    kind,
    at: { x: random.between(3, 18), y: random.between(7, 16) },
    widthMetres: 1.5,
    depthMetres: 0.8,
    heightMetres: kind === 'gondola' ? 1.5 : 1.1,
    front: ['north', 'east', 'south', 'west'],
  };
}

function planWith(number: number, displays: readonly SceneDisplay[]): ScenePlan {
  return {
    name: `walking crowd ${number}`,
    widthMetres: HALL.width,
    depthMetres: HALL.depth,
    ceilingMetres: 6,
    walls: [],
    entrances: [{ at: { x: 4, y: 0 }, widthMetres: 1.8 }],
    displays,
  };
}

/** Over the heads at one of the short sides: people are some 60 to 200 pixels high. */
function randomCamera(random: RandomStream): SceneCamera {
  return {
    id: 'camera',
    at: { x: random.between(8, 14), y: 0.3 },
    heightMetres: random.between(3.2, 5.2),
    headingDegrees: random.between(-12, 12),
    tiltDegrees: random.between(15, 24),
    fieldOfViewDegrees: random.between(48, 58),
    widthPixels: 768,
    heightPixels: 576,
  };
}
