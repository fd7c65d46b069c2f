/** The trunk and what covers it: tops, belts, the seat of trousers, skirts, dresses and coats. */
import { sine } from '../arithmetic.js';
import type { Mesh } from '../render/mesh.js';
import { addBall, addLoft, type Ring } from '../render/solids.js';
import { add, along, scale } from '../render/vectors.js';
import type { Appearance } from './appearance.js';
import type { Detail } from './detail.js';
import type { Skeleton } from './skeleton.js';
import { SLOT } from './slots.js';

/** A section of the trunk; lengths are fractions of body height. */
interface Section {
  readonly at: number;
  readonly halfWidth: number;
  readonly halfDepth: number;
  readonly ahead: number;
  readonly v: number;
  readonly openness?: number;
  readonly sideShade?: number;
}

const TRUNK_SQUARENESS = 0.25;

export function addTrunk(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail): void {
  const sections = bodySections(look);
  const topEnd = look.tucked ? 7 : look.top === 'coat' ? 10 : 9;
  const loose = topLooseness(look);
  const top = sections.slice(0, topEnd + 1).map((s) => ({
    ...s,
    halfWidth: s.halfWidth * loose,
    halfDepth: s.halfDepth * (loose > 1.05 ? loose * 1.05 : loose),
    v: (s.v * look.heightMetres) / 1.75,
    openness: s.at > 0.83 ? 0.9 : 1,
    sideShade: s.at < 0.78 && s.at > 0.5 ? 0.28 : 0,
  }));
  addSections(mesh, skeleton, top, detail, SLOT.torso);
  const seat = sections.slice(look.tucked ? 6 : 8).map((s) => ({
    ...s,
    halfWidth: s.halfWidth * 0.985,
    halfDepth: s.halfDepth * 0.985,
    sideShade: 0.1,
  }));
  addSections(mesh, skeleton, seat, detail, look.bottom === 'dress' ? SLOT.torso : SLOT.bottom);
  if (look.tucked) addBelt(mesh, look, skeleton, detail);
  if (look.bottom === 'skirt' || look.bottom === 'dress') addSkirt(mesh, look, skeleton, detail, false);
  else if (look.top === 'coat' && look.bottom !== 'shorts') addSkirt(mesh, look, skeleton, detail, true);
  addCollar(mesh, look, skeleton, detail);
}

function topLooseness(look: Appearance): number {
  switch (look.top) {
    case 'jacket':
    case 'coat':
    case 'hoodie':
      return 1.08;
    case 'tee':
    case 'shirt':
      return 1.03;
    case 'long':
      return 1;
  }
}

/** From the neck down to the crotch. */
function bodySections(look: Appearance): readonly Section[] {
  const { female, build } = look;
  const shoulders = female ? 0.92 : 1.03;
  const hips = female ? 1.06 : 0.98;
  const width = 0.62 + 0.38 * build;
  const belly = Math.max(0, build - 1.02);
  const bust = female && !look.child ? 0.01 : 0;
  const waist = female ? 0.92 : 1.02;
  const section = (at: number, halfWidth: number, halfDepth: number, ahead: number, v: number): Section => ({
    at,
    halfWidth,
    halfDepth,
    ahead,
    v,
  });
  return [
    section(0.847, 0.034, 0.034, -0.002, 0),
    section(0.836, 0.056 * shoulders, 0.043, -0.005, 0.02),
    section(0.823, 0.092 * shoulders * (0.8 + 0.2 * build), 0.054, -0.006, 0.05),
    section(0.797, 0.113 * shoulders * width, 0.064, -0.003, 0.09),
    section(0.75, 0.106 * shoulders * width, 0.071 + bust + belly * 0.02, 0.002 + bust * 0.4, 0.16),
    section(0.7, 0.097 * width * (female ? 0.95 : 1), 0.067 + belly * 0.06, 0.002 + belly * 0.02, 0.25),
    section(0.65, 0.089 * width * waist, 0.062 + belly * 0.1, 0.002 + belly * 0.04, 0.34),
    section(0.61, 0.089 * width * (waist + 0.04), 0.062 + belly * 0.11, 0.002 + belly * 0.045, 0.41),
    section(0.57, 0.097 * width * hips, 0.068 + belly * 0.06, -0.002 + belly * 0.015, 0.48),
    section(0.53, 0.101 * width * hips, 0.074, -0.006, 0.55),
    section(0.5, 0.098 * width * hips, 0.074, -0.008, 0.6),
  ];
}

function ringOf(skeleton: Skeleton, section: Section): Ring {
  const frame = skeleton.trunkAt(section.at);
  const h = skeleton.height;
  return {
    centre: along(frame.middle, frame.forward, section.ahead * h),
    across: scale(frame.right, section.halfWidth * h),
    along: scale(frame.forward, section.halfDepth * h),
    v: section.v,
    openness: section.openness ?? 1,
    sideShade: section.sideShade ?? 0,
  };
}

function addSections(
  mesh: Mesh,
  skeleton: Skeleton,
  sections: readonly Section[],
  detail: Detail,
  slot: number,
): void {
  addLoft(
    mesh,
    sections.map((section) => ringOf(skeleton, section)),
    detail.trunkSegments,
    slot,
    { squareness: TRUNK_SQUARENESS, startCap: 0.002, endCap: 0.02 * skeleton.height },
  );
}

function addBelt(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail): void {
  const width = 0.62 + 0.38 * look.build;
  const belly = Math.max(0, look.build - 1.02);
  const belt = [
    {
      at: 0.612,
      halfWidth: 0.0935 * width,
      halfDepth: 0.0665 + belly * 0.11,
      ahead: 0.002 + belly * 0.045,
      v: 0.41,
    },
    {
      at: 0.594,
      halfWidth: 0.095 * width,
      halfDepth: 0.0675 + belly * 0.09,
      ahead: 0.001 + belly * 0.035,
      v: 0.43,
    },
  ];
  addLoft(
    mesh,
    belt.map((s) => ringOf(skeleton, s)),
    detail.trunkSegments,
    SLOT.dark,
    {
      squareness: TRUNK_SQUARENESS,
    },
  );
}

/** The lower part of a skirt, a dress or a coat: it follows the stride and ripples at the hem. */
function addSkirt(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail, coat: boolean): void {
  const h = skeleton.height;
  const [left, right] = skeleton.legs;
  const stride = Math.abs(left.knee[1] - right.knee[1]) / 2 / h;
  const drift = (left.knee[1] + right.knee[1]) / h;
  const hem = look.bottom === 'dress' ? 0.34 + 0.04 * ((look.foldOffset % 16) / 16) : coat ? 0.37 : 0.35;
  const width = (0.62 + 0.38 * look.build) * (coat ? 1.1 : 1);
  const depth = coat ? 1.1 : 1;
  const hips = look.female ? 1.06 : 0.98;
  const belly = Math.max(0, look.build - 1.02);
  const sections: readonly Section[] = [
    { at: 0.6, halfWidth: 0.092 * width, halfDepth: 0.066 * depth + belly * 0.1, ahead: 0.002, v: 0.42 },
    { at: 0.56, halfWidth: 0.101 * width * hips, halfDepth: 0.074 * depth, ahead: -0.002, v: 0.48 },
    {
      at: 0.5,
      halfWidth: 0.112 * width * hips,
      halfDepth: 0.08 * depth + stride * 0.25,
      ahead: -0.002,
      v: 0.58,
    },
    {
      at: (0.5 + hem) / 2,
      halfWidth: 0.121 * width,
      halfDepth: 0.084 * depth + stride * 0.7,
      ahead: drift * 0.19,
      v: 0.72,
    },
    {
      at: hem,
      halfWidth: 0.129 * width,
      halfDepth: 0.086 * depth + stride,
      ahead: drift * 0.36,
      v: 0.88,
      openness: 0.85,
    },
  ];
  const phase = look.foldOffset;
  addLoft(
    mesh,
    sections.map((section) => ringOf(skeleton, section)),
    detail.trunkSegments,
    coat || look.bottom === 'dress' ? SLOT.torso : SLOT.bottom,
    {
      endCap: 0.001,
      ripple: (ring, turn) =>
        ring > 2 ? 1 + 0.035 * sine(turn * 31.416 + phase) + 0.02 * sine(turn * 56.549 + 1) : 1,
    },
  );
}

function addCollar(mesh: Mesh, look: Appearance, skeleton: Skeleton, detail: Detail): void {
  const h = skeleton.height;
  const neck = skeleton.neckBase;
  if (look.top === 'hoodie') {
    addBall(
      mesh,
      {
        centre: add(neck, [0, -0.047 * h, 0]),
        right: [0.07 * h, 0, 0],
        forward: [0, 0.043 * h, -0.012 * h],
        up: [0, 0.01 * h, 0.038 * h],
      },
      12,
      8,
      () => SLOT.sleeve,
      undefined,
      () => 0.9,
    );
  } else if (look.top === 'jacket' || look.top === 'shirt' || look.top === 'coat') {
    const rings: readonly Ring[] = [
      {
        centre: add(neck, [0, 0, -0.01 * h]),
        across: [0.046 * h, 0, 0],
        along: [0, 0.045 * h, 0],
        v: 0,
        openness: 0.9,
      },
      {
        centre: add(neck, [0, -0.002 * h, 0.018 * h]),
        across: [0.037 * h, 0, 0],
        along: [0, 0.037 * h, -0.011 * h],
        v: 0.05,
      },
    ];
    addLoft(mesh, rings, detail.limbSegments + 2, SLOT.sleeve);
  }
}
