/** Arms, sleeves and hands. */
import type { Vector } from '../camera-pose.js';
import type { Mesh } from '../render/mesh.js';
import { addLoft, type Ring } from '../render/solids.js';
import { add, along, scale, unit } from '../render/vectors.js';
import type { Appearance } from './appearance.js';
import type { Detail } from './detail.js';
import { limbRing } from './limb-ring.js';
import type { Pose } from './pose.js';
import type { Arm, Skeleton } from './skeleton.js';
import { SLOT } from './slots.js';

export function addArms(mesh: Mesh, look: Appearance, skeleton: Skeleton, pose: Pose, detail: Detail): void {
  for (const arm of skeleton.arms) {
    addArm(mesh, look, arm, skeleton.height, detail);
    addHand(mesh, arm, skeleton.height, detail);
    if (pose.phoneHand === arm.side) addPhone(mesh, arm, skeleton.height);
  }
}

/** Air between sleeve and arm. */
function sleeveWidth(look: Appearance): number {
  switch (look.top) {
    case 'tee':
    case 'long':
      return 1;
    case 'shirt':
      return 1.06;
    case 'hoodie':
      return 1.14;
    case 'jacket':
    case 'coat':
      return 1.12;
  }
}

function addArm(mesh: Mesh, look: Appearance, arm: Arm, height: number, detail: Detail): void {
  const short = look.top === 'tee';
  const thick =
    (0.72 + 0.24 * look.build) * (look.female ? 0.93 : 1) * (short ? 1 : sleeveWidth(look)) * height;
  const rings = armRings(arm, height, thick, short ? 0.0142 : 0.0165 * sleeveWidth(look));
  const segments = detail.limbSegments;
  if (!short) {
    addLoft(mesh, rings, segments, SLOT.sleeve, { startCap: 0.004 * height, endCap: 0.004 });
    return;
  }
  addLoft(mesh, rings, segments, SLOT.skin, { startCap: 0.003 * height, endCap: 0.004 });
  const wider = (ring: Ring): Ring => ({
    ...ring,
    across: scale(ring.across, 1.1),
    along: scale(ring.along, 1.1),
  });
  addLoft(mesh, rings.slice(0, 4).map(wider), segments, SLOT.sleeve, {
    startCap: 0.004 * height,
    endCap: 0.001,
  });
}

function armRings(arm: Arm, height: number, thick: number, wristRadius: number): readonly Ring[] {
  const { upper, lower, shoulder, elbow, side } = arm;
  const bend = unit(add(upper, lower));
  const outwards = (share: number) => unit(add(upper, [side * share, 0, 0]));
  const ring = (centre: Vector, direction: Vector, width: number, depth: number, v: number) =>
    limbRing(centre, direction, width * thick, depth * thick, v, 1, -side * 0.3);
  return [
    ring(add(shoulder, [side * -0.018 * height, 0, 0.004 * height]), outwards(1.4), 0.019, 0.029, 0),
    ring(along(shoulder, upper, 0.014 * height), outwards(0.55), 0.029, 0.033, 0.03),
    ring(along(shoulder, upper, 0.05 * height), upper, 0.0305, 0.0335, 0.08),
    ring(along(shoulder, upper, 0.11 * height), upper, 0.0265, 0.0285, 0.18),
    ring(along(elbow, upper, -0.015 * height), upper, 0.0225, 0.0245, 0.28),
    ring(along(elbow, bend, 0.004 * height), bend, 0.022, 0.024, 0.31),
    ring(along(elbow, lower, 0.04 * height), lower, 0.0225, 0.0235, 0.37),
    ring(along(elbow, lower, 0.1 * height), lower, 0.018, 0.0185, 0.47),
    limbRing(arm.wrist, lower, wristRadius * height, wristRadius * 1.05 * height, 0.54, 1, -side * 0.3),
  ];
}

/** Sections of a hand from the wrist to the fingertips: how far, half width, half depth. */
const HAND = [
  [-0.004, 0.011, 0.013],
  [0.02, 0.011, 0.0205],
  [0.045, 0.0105, 0.0215],
  [0.075, 0.0085, 0.018],
  [0.094, 0.0055, 0.0105],
] as const;

function handDirection(arm: Arm): Vector {
  return unit(add(arm.lower, [0, 0.05, -0.25]));
}

function addHand(mesh: Mesh, arm: Arm, height: number, detail: Detail): void {
  const direction = handDirection(arm);
  const rings = HAND.map(([ahead, width, depth]) =>
    limbRing(along(arm.wrist, direction, ahead * height), direction, width * height, depth * height, ahead),
  );
  const caps = { startCap: 0.003 * height, endCap: 0.005 * height };
  addLoft(mesh, rings, Math.min(10, detail.limbSegments), SLOT.skin, caps);
  if (!detail.fingers) return;
  const thumb = [0, 0.02, 0.035].map((ahead, i) => {
    const root = along(arm.wrist, direction, (0.012 + ahead) * height);
    const radius = (i === 2 ? 0.0055 : 0.007) * height;
    return limbRing(add(root, [0, (0.02 + ahead * 0.35) * height, 0]), direction, radius, radius, ahead);
  });
  addLoft(mesh, thumb, 6, SLOT.skin, { endCap: 0.005 * height });
}

function addPhone(mesh: Mesh, arm: Arm, height: number): void {
  const middle = along(arm.wrist, handDirection(arm), 0.07 * height);
  const slab = (rise: number): Ring => ({
    centre: add(middle, [0, 0, rise]),
    across: [0.035, 0, 0],
    along: [0, 0.006, 0],
    v: rise,
  });
  addLoft(mesh, [slab(-0.06), slab(0.06)], 8, SLOT.dark, { squareness: 1.2, startCap: 0.001, endCap: 0.001 });
}
