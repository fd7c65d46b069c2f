/** What people carry: backpacks, totes, cross-body bags, shopping baskets. */
import type { Vector } from '../camera-pose.js';
import type { Mesh } from '../render/mesh.js';
import { addLoft, type Ring } from '../render/solids.js';
import { add, along, scale } from '../render/vectors.js';
import type { Appearance } from './appearance.js';
import type { Detail } from './detail.js';
import type { Skeleton } from './skeleton.js';
import { SLOT } from './slots.js';

export function addBag(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail): void {
  switch (look.bag) {
    case 'none':
      return;
    case 'backpack':
      addBackpack(mesh, skeleton, detail);
      return;
    case 'tote':
    case 'cross':
      addShoulderBag(mesh, look, skeleton, detail);
      return;
    case 'basket':
      addBasket(mesh, look, skeleton);
      return;
  }
}

/** Bags are made for adults, so children carry large ones. */
function bagScale(skeleton: Skeleton): number {
  return Math.max(skeleton.height, 1.2) / 1.75;
}

function addBackpack(mesh: Mesh, skeleton: Skeleton, detail: Detail): void {
  const k = bagScale(skeleton);
  const h = skeleton.height;
  const section = (at: number, halfWidth: number, halfDepth: number, back: number): Ring => {
    const frame = skeleton.trunkAt(at);
    return {
      centre: along(frame.middle, frame.forward, -0.115 * h - back * k),
      across: scale(frame.right, halfWidth * k),
      along: scale(frame.forward, halfDepth * k),
      v: at,
    };
  };
  const rings = [
    section(0.835, 0.07, 0.04, 0),
    section(0.82, 0.115, 0.072, 0.01),
    section(0.76, 0.14, 0.092, 0.02),
    section(0.69, 0.145, 0.1, 0.03),
    section(0.63, 0.145, 0.09, 0.03),
    section(0.61, 0.125, 0.068, 0.02),
  ];
  addLoft(mesh, rings, detail.trunkSegments, SLOT.bag, { squareness: 0.8, startCap: 0.02, endCap: 0.01 });
  if (detail.trimmings) for (const side of [-1, 1]) addBackpackStrap(mesh, skeleton, side);
}

/** A strap from the back over the shoulder to the flank: height, aside, ahead. */
const BACKPACK_STRAP = [
  [0.8, 0.068, -0.07],
  [0.838, 0.066, -0.02],
  [0.835, 0.068, 0.02],
  [0.8, 0.072, 0.068],
  [0.75, 0.078, 0.083],
  [0.7, 0.09, 0.07],
] as const;

function addBackpackStrap(mesh: Mesh, skeleton: Skeleton, side: number): void {
  const h = skeleton.height;
  const rings = BACKPACK_STRAP.map(([at, aside, ahead]): Ring => {
    const frame = skeleton.trunkAt(at);
    return {
      centre: along(along(frame.middle, frame.right, side * aside * h), frame.forward, ahead * h),
      across: scale(frame.right, 0.014 * h),
      along: scale(frame.forward, 0.006 * h),
      v: at,
    };
  });
  addLoft(mesh, rings, 6, SLOT.strap);
}

function addShoulderBag(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail): void {
  const k = bagScale(skeleton);
  const h = skeleton.height;
  const tote = look.bag === 'tote';
  const size = tote ? 1 : 0.75;
  const low = tote ? 0.52 : 0.56;
  const aside = look.bagSide * (0.135 * h * (0.7 + 0.3 * look.build) + 0.035);
  const section = (at: number, halfLength: number): Ring => {
    const frame = skeleton.trunkAt(at);
    return {
      centre: add(frame.middle, [aside, -0.01, 0]),
      across: [0.045 * k * size, 0, 0],
      along: [0, halfLength * k * size, 0],
      v: at,
    };
  };
  const rings = [
    section(low + 0.09 * size, 0.15),
    section(low + 0.03, 0.165),
    section(low - 0.05 * size, 0.17),
    section(low - 0.08 * size, 0.15),
  ];
  addLoft(mesh, rings, 10, SLOT.bag, { squareness: 0.9, startCap: 0.01, endCap: 0.01 });
  if (!detail.trimmings) return;
  const over = tote ? look.bagSide * 0.1 : -look.bagSide * 0.05;
  for (const side of [-1, 1]) {
    const point = (at: number, x: number, ahead: number) =>
      add(skeleton.trunkAt(at).middle, [x, ahead * h, 0]);
    addCord(mesh, h, [
      point(low + 0.1 * size, aside, side * 0.06),
      point(0.72, aside * 0.75 + over * h * 0.25, side * 0.085),
      point(0.832, over * h, side * 0.03),
      point(0.842, over * h, 0),
    ]);
  }
}

function addCord(mesh: Mesh, height: number, points: readonly Vector[]): void {
  const rings = points.map(
    (centre): Ring => ({
      centre,
      across: [0.01 * height, 0.004, 0],
      along: [0, 0.01 * height, 0.003],
      v: 0,
    }),
  );
  addLoft(mesh, rings, 6, SLOT.strap);
}

function addBasket(mesh: Mesh, look: Appearance, skeleton: Skeleton): void {
  const arm = skeleton.arms[look.bagSide === 1 ? 1 : 0];
  const hand = along(arm.wrist, arm.lower, 0.08 * skeleton.height);
  const aside = look.bagSide * 0.04;
  const section = (below: number, size: number): Ring => ({
    centre: add(hand, [aside, 0, -below]),
    across: [0.13 * size, 0, 0],
    along: [0, 0.2 * size, 0],
    v: below,
  });
  addLoft(mesh, [section(0.17, 1), section(0.2, 0.97), section(0.36, 0.85)], 12, SLOT.basket, {
    squareness: 1.1,
    endCap: 0.01,
  });
  addLoft(mesh, [section(0.166, 0.94), section(0.1661, 0.01)], 12, SLOT.dark, { squareness: 1.1 });
  for (const end of [-1, 1]) {
    const bar = (centre: Vector): Ring => ({ centre, across: [0.006, 0, 0], along: [0, 0.006, 0], v: 0 });
    addLoft(mesh, [bar(hand), bar(add(hand, [aside, end * 0.15, -0.17]))], 6, SLOT.dark);
  }
}
