/** How a body is bent at an instant: angles in radians, so that two poses blend. */
import { clamp, cosine, mix, sine, smoothStep } from '../arithmetic.js';
import { hashUnit } from '../hash-random.js';
import type { SceneActivity } from '../scene.js';
import type { Appearance } from './appearance.js';

/** One side of the body. Positive angles swing the limb forward, bend the joint, or lead away from the body. */
export interface SidePose {
  readonly thigh: number;
  readonly knee: number;
  /** Sideways, away from the other leg. */
  readonly stance: number;
  readonly shoulder: number;
  readonly spread: number;
  readonly elbow: number;
  /** Turns the bent forearm before the body. */
  readonly inwards: number;
}

export interface Pose {
  readonly left: SidePose;
  readonly right: SidePose;
  /** The trunk forward, and to the right. */
  readonly lean: number;
  readonly sway: number;
  /** Shoulders against hips, to the right. */
  readonly twist: number;
  /** The head to the right, and down. */
  readonly headYaw: number;
  readonly headPitch: number;
  /** A smartphone in this hand: 1 right, -1 left, 0 none. */
  readonly phoneHand: -1 | 0 | 1;
}

/** What the pose depends on. */
export interface Movement {
  readonly activity: SceneActivity;
  readonly speedMetresPerSecond: number;
  readonly timeMs: number;
}

/** Below this, people stand; above `FULL_STRIDE`, they walk as the gait has it. */
const STANDING_BELOW = 0.15;
const FULL_STRIDE = 0.45;
const COMFORTABLE_SPEED = 1.34;
/** A standing pose lasts this long and takes `CHANGE_MS` to turn into the next. */
const HOLD_MS = 4200;
const CHANGE_MS = 800;

export function poseOf(look: Appearance, movement: Movement): Pose {
  const stride = smoothStep(STANDING_BELOW, FULL_STRIDE, movement.speedMetresPerSecond);
  if (stride >= 1) return walkingPose(look, movement);
  const standing = standingPose(look, movement);
  return stride <= 0 ? standing : blendPoses(standing, walkingPose(look, movement), stride);
}

/** Thigh and arm swing, knee bend and trunk turn over a double step, in the shape gait analysis gives them. */
function walkingPose(look: Appearance, movement: Movement): Pose {
  const cycles = (movement.timeMs / 1000) * look.cadenceHertz + hashUnit(look.seed, 1);
  const phase = (cycles - Math.floor(cycles)) * 2 * Math.PI;
  const vigour = clamp(movement.speedMetresPerSecond / COMFORTABLE_SPEED, 0.3, 1.15);
  const glance = idleAngle(look, movement.timeMs, 2);
  return {
    left: walkingSide(phase, vigour, look, -1),
    right: walkingSide(phase + Math.PI, vigour, look, 1),
    lean: 0.03 + 0.03 * vigour + look.stoop,
    sway: 0.008 * sine(phase),
    twist: -0.09 * vigour * sine(phase),
    headYaw: 0.45 * glance,
    headPitch: 0.12 + 0.08 * idleAngle(look, movement.timeMs, 3),
    phoneHand: 0,
  };
}

function walkingSide(phase: number, vigour: number, look: Appearance, side: -1 | 1): SidePose {
  const swing = Math.max(0, sine(phase + 2));
  const carries = look.bag === 'basket' && look.bagSide === side;
  const armSwing = carries ? 0.3 : 1;
  return {
    thigh: 0.4 * vigour * sine(phase) + 0.06,
    knee: 0.1 + 0.75 * vigour * swing * swing,
    stance: 0.012,
    shoulder: -0.44 * vigour * sine(phase) * armSwing,
    spread: restingSpread(look),
    elbow: carries ? 0.12 : 0.25 + 0.28 * vigour * Math.max(0, -sine(phase)),
    inwards: 0,
  };
}

/** Standing people change what they do every few seconds: which pose comes next follows from their seed. */
function standingPose(look: Appearance, movement: Movement): Pose {
  const shifted = movement.timeMs + hashUnit(look.seed, 4) * HOLD_MS;
  const step = Math.floor(shifted / HOLD_MS);
  const since = shifted - step * HOLD_MS;
  const now = standingStep(look, movement, step);
  if (since >= CHANGE_MS) return now;
  return blendPoses(standingStep(look, movement, step - 1), now, smoothStep(0, CHANGE_MS, since));
}

function standingStep(look: Appearance, movement: Movement, step: number): Pose {
  const chance = (salt: number) => hashUnit(look.seed + salt * 977, step | 0);
  const [left, right] = armsAt(look, movement.activity, chance);
  const phoneHand = left === 'phone' ? -1 : right === 'phone' ? 1 : 0;
  const looksDown = phoneHand !== 0 ? 0.38 : movement.activity === 'dwelling' ? 0.12 + 0.2 * chance(5) : 0.05;
  return {
    left: standingSide(look, left, chance, -1),
    right: standingSide(look, right, chance, 1),
    lean: (chance(6) - 0.4) * 0.05 + look.stoop + (left === 'reach' || right === 'reach' ? 0.07 : 0),
    sway: (chance(7) - 0.5) * 0.04,
    twist: (chance(8) - 0.5) * 0.12,
    headYaw: (chance(9) - 0.5) * (phoneHand !== 0 ? 0.2 : 0.8),
    headPitch: looksDown,
    phoneHand,
  };
}

type ArmGesture = 'down' | 'phone' | 'reach' | 'hip' | 'hold';

function armsAt(
  look: Appearance,
  activity: SceneActivity,
  chance: (salt: number) => number,
): readonly [ArmGesture, ArmGesture] {
  const roll = chance(10);
  const main: ArmGesture =
    activity === 'dwelling'
      ? roll < 0.22
        ? 'reach'
        : roll < 0.55
          ? 'hold'
          : roll < 0.65
            ? 'phone'
            : 'down'
      : roll < 0.3
        ? 'phone'
        : roll < 0.42
          ? 'hip'
          : 'down';
  const other: ArmGesture = main === 'hold' && chance(11) < 0.6 ? 'hold' : 'down';
  const mainIsRight = look.bag === 'basket' ? look.bagSide === -1 : chance(12) < 0.75;
  return mainIsRight
    ? [look.bag === 'basket' ? 'down' : other, main]
    : [main, look.bag === 'basket' ? 'down' : other];
}

function standingSide(
  look: Appearance,
  gesture: ArmGesture,
  chance: (salt: number) => number,
  side: -1 | 1,
): SidePose {
  return {
    thigh: (chance(13) - 0.5) * 0.08 * side + 0.02,
    knee: 0.04 + 0.1 * chance(side > 0 ? 14 : 15),
    stance: 0.035 + 0.04 * chance(16),
    ...ARM_ANGLES[gesture](look, chance(17)),
  };
}

type ArmAngles = Pick<SidePose, 'shoulder' | 'spread' | 'elbow' | 'inwards'>;

const ARM_ANGLES: Readonly<Record<ArmGesture, (look: Appearance, chance: number) => ArmAngles>> = {
  down: (look) => ({ shoulder: 0.02, spread: restingSpread(look), elbow: 0.16, inwards: 0 }),
  phone: () => ({ shoulder: 0.28, spread: 0.08, elbow: 1.7, inwards: 0.5 }),
  reach: (_look, chance) => ({ shoulder: 0.55 + 0.5 * chance, spread: 0.1, elbow: 0.75, inwards: 0.1 }),
  hip: () => ({ shoulder: -0.3, spread: 0.55, elbow: 1.5, inwards: 1 }),
  hold: (_look, chance) => ({ shoulder: 0.12 + 0.1 * chance, spread: 0.14, elbow: 1.4, inwards: 0.35 }),
};

/** Stouter people hold their arms further out. */
function restingSpread(look: Appearance): number {
  return 0.12 + 0.1 * (look.build - 1);
}

/** A slow wandering in [-1, 1]. */
function idleAngle(look: Appearance, timeMs: number, salt: number): number {
  const seconds = timeMs / 1000;
  return (
    0.6 * sine(seconds * (0.5 + 0.3 * hashUnit(look.seed, salt)) + 6.28 * hashUnit(look.seed, salt + 50)) +
    0.4 * cosine(seconds * 0.23 + 6.28 * hashUnit(look.seed, salt + 51))
  );
}

export function blendPoses(from: Pose, to: Pose, share: number): Pose {
  return {
    left: blendSides(from.left, to.left, share),
    right: blendSides(from.right, to.right, share),
    lean: mix(from.lean, to.lean, share),
    sway: mix(from.sway, to.sway, share),
    twist: mix(from.twist, to.twist, share),
    headYaw: mix(from.headYaw, to.headYaw, share),
    headPitch: mix(from.headPitch, to.headPitch, share),
    phoneHand: share < 0.5 ? from.phoneHand : to.phoneHand,
  };
}

function blendSides(from: SidePose, to: SidePose, share: number): SidePose {
  return {
    thigh: mix(from.thigh, to.thigh, share),
    knee: mix(from.knee, to.knee, share),
    stance: mix(from.stance, to.stance, share),
    shoulder: mix(from.shoulder, to.shoulder, share),
    spread: mix(from.spread, to.spread, share),
    elbow: mix(from.elbow, to.elbow, share),
    inwards: mix(from.inwards, to.inwards, share),
  };
}
