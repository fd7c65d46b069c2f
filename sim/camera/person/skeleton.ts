/** Where joints are, in the person's own coordinates, for a look and a pose. Fractions are of body height. */
import { clamp, cosine, sine } from '../arithmetic.js';
import type { Vector } from '../camera-pose.js';
import { add, along, cross, unit } from '../render/vectors.js';
import type { Appearance } from './appearance.js';
import type { Pose, SidePose } from './pose.js';

export type Side = -1 | 1;

export interface Leg {
  readonly side: Side;
  readonly hip: Vector;
  readonly knee: Vector;
  readonly ankle: Vector;
  /** Unit vectors down the thigh and the shin. */
  readonly thigh: Vector;
  readonly shin: Vector;
  /** Heel up, positive towards toes up. */
  readonly footPitch: number;
}

export interface Arm {
  readonly side: Side;
  readonly shoulder: Vector;
  readonly elbow: Vector;
  readonly wrist: Vector;
  readonly upper: Vector;
  readonly lower: Vector;
}

export interface Head {
  readonly centre: Vector;
  readonly right: Vector;
  readonly forward: Vector;
  readonly up: Vector;
  /** Chin to crown. */
  readonly height: number;
}

/** A cross-section of the trunk at a height: its middle and its directions. */
export interface TrunkFrame {
  readonly middle: Vector;
  readonly right: Vector;
  readonly forward: Vector;
}

export interface Skeleton {
  readonly height: number;
  readonly legs: readonly [Leg, Leg];
  readonly arms: readonly [Arm, Arm];
  readonly neckBase: Vector;
  readonly neckTop: Vector;
  readonly head: Head;
  /** The trunk at a fraction of body height, hips near 0.5, shoulders near 0.82. */
  trunkAt(fraction: number): TrunkFrame;
}

const HIP = 0.515;
const THIGH = 0.243;
const SHIN = 0.235;
/** Ankle above the ground. */
const ANKLE = 0.042;
const UPPER_ARM = 0.172;
const FOREARM = 0.142;

export function skeletonOf(look: Appearance, pose: Pose): Skeleton {
  const height = look.heightMetres;
  const legScale = look.child ? 0.94 : 1;
  const floating = [legOf(look, pose.left, -1, legScale), legOf(look, pose.right, 1, legScale)] as const;
  const lowest = Math.min(...floating.map((leg) => leg.ankle[2] - 0.02 * Math.abs(leg.footPitch)));
  const drop = ANKLE * height - lowest;
  const legs = [lifted(floating[0], drop), lifted(floating[1], drop)] as const;
  const hipHeight = HIP * height * legScale + drop;
  const trunkScale = look.child ? 1.06 : 1;

  const trunkAt = (fraction: number): TrunkFrame => {
    const turn = pose.twist * Math.max(0, (fraction - 0.55) / 0.27);
    const [s, c] = [sine(turn), cosine(turn)];
    return {
      middle: [
        pose.sway * (fraction - 0.5) * height * 1.2,
        pose.lean * (fraction - 0.5) * height * 2.2,
        hipHeight + (fraction - HIP) * height * trunkScale,
      ],
      right: [c, -s, 0],
      forward: [s, c, 0],
    };
  };
  const neckBase = along(trunkAt(0.835).middle, [0, 1, 0], -0.006 * height);
  const neckTop = add(neckBase, [
    0,
    (0.016 + pose.lean * 0.05) * height,
    (look.child ? 0.04 : 0.05) * height,
  ]);
  return {
    height,
    legs,
    arms: [armOf(look, pose.left, -1, trunkAt), armOf(look, pose.right, 1, trunkAt)],
    neckBase,
    neckTop,
    head: headOf(look, pose, neckTop),
    trunkAt,
  };
}

function legOf(look: Appearance, pose: SidePose, side: Side, scale: number): Leg {
  const height = look.heightMetres;
  const bend = pose.thigh - pose.knee;
  const hip: Vector = [side * 0.052 * height * (look.female ? 1.05 : 1), 0, HIP * height * scale];
  const thigh = unit([pose.stance * side, sine(pose.thigh), -cosine(pose.thigh)]);
  const knee = along(hip, thigh, THIGH * height * scale);
  const shin = unit([pose.stance * side * 0.6, sine(bend), -cosine(bend)]);
  const walking = pose.stance < 0.03;
  return {
    side,
    hip,
    knee,
    ankle: along(knee, shin, SHIN * height * scale),
    thigh,
    shin,
    footPitch: walking ? clamp(bend * 0.8, -0.7, 0.35) : 0,
  };
}

function lifted(leg: Leg, by: number): Leg {
  const up: Vector = [0, 0, by];
  return { ...leg, hip: add(leg.hip, up), knee: add(leg.knee, up), ankle: add(leg.ankle, up) };
}

function armOf(look: Appearance, pose: SidePose, side: Side, trunkAt: Skeleton['trunkAt']): Arm {
  const height = look.heightMetres;
  const frame = trunkAt(0.806);
  const shoulderWidth = (look.female ? 0.103 : 0.114) * height * (0.78 + 0.22 * look.build);
  const shoulder = along(frame.middle, frame.right, side * shoulderWidth);
  const { shoulder: swing, spread, elbow: bend, inwards } = pose;
  const upper = unit([sine(spread) * side, sine(swing) * cosine(spread), -cosine(spread) * cosine(swing)]);
  const raised = swing + bend;
  const turnedIn = -side * sine(inwards) * sine(Math.min(1.5, bend)) * 0.8;
  const lower = unit([
    sine(spread * 0.4) * side * 0.6 + turnedIn,
    sine(raised) * cosine(inwards),
    -cosine(raised),
  ]);
  const elbow = along(shoulder, upper, UPPER_ARM * height);
  return { side, shoulder, elbow, wrist: along(elbow, lower, FOREARM * height), upper, lower };
}

function headOf(look: Appearance, pose: Pose, neckTop: Vector): Head {
  const yaw = pose.headYaw * 0.8 + pose.twist * 0.5;
  const pitch = pose.headPitch;
  const height = look.headMetres;
  const forward: Vector = [sine(yaw) * cosine(pitch), cosine(yaw) * cosine(pitch), -sine(pitch)];
  const right: Vector = [cosine(yaw), -sine(yaw), 0];
  const up = cross(right, forward);
  const centre = along(along(neckTop, up, height * 0.44), forward, 0.01 * look.heightMetres);
  return { centre, right, forward, up, height };
}
