/**
 * The floor plan of a store: what stands where, and who watches it.
 *
 * The floor is the plane (x, y) in metres, x to the right (east), y to the north, z up; the lower left corner of
 * the store is (0, 0). Headings are compass degrees: 0 looks along +y, 90 along +x.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An inner wall, from floor to ceiling. The outer walls are implied by the store's size. */
export interface Wall {
  readonly from: Point;
  readonly to: Point;
  readonly thicknessMetres: number;
}

/** A doorway in the outer wall; `at` is the middle of it. */
export interface Entrance {
  readonly id: string;
  readonly at: Point;
  readonly widthMetres: number;
}

/** An area of the floor; sections should not overlap. */
export interface Section {
  readonly id: string;
  readonly name: string;
  /** Corners of a simple polygon, in either sense of rotation, not closed. */
  readonly area: readonly Point[];
}

export const DISPLAY_KINDS = [
  'gondola',
  'wall-shelf',
  'table',
  'counter',
  'rail',
  'fridge',
  'stand',
] as const;
export type DisplayKind = (typeof DISPLAY_KINDS)[number];

export const SIDES = ['north', 'east', 'south', 'west'] as const;
export type Side = (typeof SIDES)[number];

/** A thing in a section that shoppers react to: a box on the floor, its sides along the axes. */
export interface Display {
  readonly id: string;
  readonly name: string;
  readonly section: string;
  readonly kind: DisplayKind;
  /** Lower left (south-west) corner. */
  readonly at: Point;
  /** Extent along x. */
  readonly widthMetres: number;
  /** Extent along y. */
  readonly depthMetres: number;
  readonly heightMetres: number;
  /** How often shoppers choose it, relative to the others. */
  readonly attraction: number;
  /** The sides shoppers stand at. */
  readonly front: readonly Side[];
  /** Shoppers queue and pay here. */
  readonly checkout: boolean;
}

/** A camera as an installer mounts it. */
export interface CameraMount {
  readonly id: string;
  readonly section: string;
  readonly at: Point;
  readonly heightMetres: number;
  readonly headingDegrees: number;
  /** Below the horizontal. */
  readonly tiltDegrees: number;
  /** Horizontal field of view. */
  readonly fieldOfViewDegrees: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

export interface FloorPlan {
  readonly name: string;
  readonly widthMetres: number;
  readonly depthMetres: number;
  readonly ceilingMetres: number;
  readonly walls: readonly Wall[];
  readonly entrances: readonly Entrance[];
  readonly sections: readonly Section[];
  readonly displays: readonly Display[];
  readonly cameras: readonly CameraMount[];
}
