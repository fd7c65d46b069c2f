/** Legs in trousers, shorts or bare, and shoes. */
import { cosine, sine } from '../arithmetic.js';
import type { Vector } from '../camera-pose.js';
import type { Mesh } from '../render/mesh.js';
import { addLoft, type Ring } from '../render/solids.js';
import { add, along, scale, unit } from '../render/vectors.js';
import type { Appearance } from './appearance.js';
import type { Detail } from './detail.js';
import { limbRing } from './limb-ring.js';
import type { Leg, Skeleton } from './skeleton.js';
import { SLOT } from './slots.js';

/** Radii down the leg as fractions of body height: crotch, hip, mid-thigh, above the knee, knee, calf, shin, ankle. */
const TROUSERS = [0.058, 0.059, 0.052, 0.041, 0.0375, 0.039, 0.034, 0.031] as const;
const BARE = [0.057, 0.058, 0.049, 0.038, 0.0325, 0.0355, 0.027, 0.021] as const;

export function addLegs(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail): void {
  for (const leg of skeleton.legs) {
    addLeg(mesh, look, leg, skeleton.height, detail);
    addShoe(mesh, leg, skeleton.height, detail);
  }
}

function addLeg(mesh: Mesh, look: Appearance, leg: Leg, height: number, detail: Detail): void {
  const bare = look.bottom === 'skirt' || look.bottom === 'dress' || look.bottom === 'shorts';
  const rings = legRings(look, leg, height, bare ? BARE : TROUSERS);
  if (!bare) {
    addLoft(mesh, rings, detail.limbSegments, SLOT.bottom, { endCap: 0.006 });
    return;
  }
  // A skirt hides the thighs' tops; a stride must not push them through it.
  const shown = look.bottom === 'shorts' ? rings : rings.slice(2);
  addLoft(mesh, shown, detail.limbSegments, SLOT.skin, { endCap: 0.006 });
  if (look.bottom === 'shorts') {
    const wider = (ring: Ring): Ring => ({
      ...ring,
      across: scale(ring.across, 1.2),
      along: scale(ring.along, 1.2),
    });
    addLoft(mesh, rings.slice(0, 4).map(wider), detail.limbSegments, SLOT.bottom, { endCap: 0.002 });
  }
}

function legRings(look: Appearance, leg: Leg, height: number, radii: readonly number[]): readonly Ring[] {
  const cut = look.bottom === 'leggings' ? 0.87 : look.bottom === 'wide' ? 1.22 : 1;
  const stout = (0.7 + 0.3 * look.build) * height;
  const thighLength = 0.243 * height;
  const shinLength = 0.235 * height;
  const knee = unit(add(leg.thigh, leg.shin));
  const ring = (
    index: number,
    centre: Vector,
    direction: Vector,
    depth: number,
    v: number,
    openness: number,
  ) => {
    const radius = (radii[index] ?? 0) * stout * (index < 3 ? 1 + (cut - 1) * 0.25 : cut);
    return limbRing(centre, direction, radius, radius * depth, v, openness, -leg.side * 0.35);
  };
  return [
    ring(0, along(leg.hip, leg.thigh, -0.03 * height), leg.thigh, 1.1, 0, 0.8),
    ring(1, along(leg.hip, leg.thigh, 0.04 * height), leg.thigh, 1.08, 0.07, 0.85),
    ring(2, along(leg.hip, leg.thigh, 0.55 * thighLength), leg.thigh, 1.05, 0.14, 0.95),
    ring(3, along(leg.knee, leg.thigh, -0.03 * height), leg.thigh, 1.05, 0.38, 1),
    ring(4, leg.knee, knee, 1.1, 0.42, 1),
    ring(5, along(leg.knee, leg.shin, 0.3 * shinLength), leg.shin, 1.12, 0.5, 1),
    ring(6, along(leg.knee, leg.shin, 0.7 * shinLength), leg.shin, 1.05, 0.66, 0.97),
    ring(7, along(leg.ankle, leg.shin, 0.008 * height), leg.shin, 1.08, 0.8, 0.85),
  ];
}

/** Sections of a shoe from heel to toe: how far forward, half width, half height, how far up. */
const SHOE = [
  [-0.038, 0.016, 0.014, -0.004],
  [-0.028, 0.022, 0.022, 0],
  [0, 0.0245, 0.025, 0.002],
  [0.04, 0.0255, 0.019, -0.006],
  [0.075, 0.0275, 0.014, -0.011],
  [0.103, 0.02, 0.009, -0.015],
] as const;
const SOLE = [
  [-0.036, 0.0215, 0.006, -0.02],
  [0, 0.0245, 0.006, -0.021],
  [0.06, 0.0295, 0.006, -0.021],
  [0.1, 0.0215, 0.005, -0.02],
] as const;

function addShoe(mesh: Mesh, leg: Leg, height: number, detail: Detail): void {
  const forward: Vector = [0, cosine(leg.footPitch), sine(leg.footPitch)];
  const up: Vector = [0, -sine(leg.footPitch), cosine(leg.footPitch)];
  const heel = along(leg.ankle, up, -0.018 * height);
  const section = ([ahead, half, tall, lift]: readonly [number, number, number, number]): Ring => ({
    centre: add(along(along(heel, forward, ahead * height), up, lift * height), [
      leg.side * 0.072 * ahead,
      0,
      0,
    ]),
    across: [half * height, 0, 0],
    along: scale(up, tall * height),
    v: ahead,
  });
  const caps = { startCap: 0.006, endCap: 0.008 };
  addLoft(mesh, SHOE.map(section), detail.limbSegments, SLOT.shoe, caps);
  if (detail.trimmings) addLoft(mesh, SOLE.map(section), detail.limbSegments, SLOT.sole, caps);
}
