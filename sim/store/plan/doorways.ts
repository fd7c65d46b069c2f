/** Where an entrance lies in the outer wall, and how one steps through it. */
import type { Entrance, FloorPlan, Point } from './floor-plan.js';

/** An entrance may lie this far off the line of the outer wall: people measure by tape. */
const ON_THE_WALL_METRES = 0.1;
/** How far inside the store people appear and vanish. */
const THRESHOLD_METRES = 0.45;

/** From the middle of a doorway to the first lane, and from lane to lane. */
const FIRST_LANE_METRES = 0.4;
const LANE_METRES = 0.6;

export interface Doorway {
  readonly entrance: Entrance;
  /** The middle of the threshold, inside the store. */
  readonly threshold: Point;
  /** Unit vector into the store. */
  readonly inward: Point;
  /** Where people step in and where they step out, from the middle outwards. They keep to the right. */
  readonly wayIn: readonly Point[];
  readonly wayOut: readonly Point[];
}

/** Null when the entrance is not on the outer wall. */
export function doorwayOf(plan: FloorPlan, entrance: Entrance): Doorway | null {
  const inward = inwardAt(plan, entrance);
  if (inward === null) return null;
  const threshold = {
    x: entrance.at.x + inward.x * THRESHOLD_METRES,
    y: entrance.at.y + inward.y * THRESHOLD_METRES,
  };
  const lanes = laneOffsets(entrance.widthMetres);
  const beside = (offset: number): Point => ({
    x: threshold.x + inward.y * offset,
    y: threshold.y - inward.x * offset,
  });
  return {
    entrance,
    threshold,
    inward,
    wayIn: lanes.map(beside),
    wayOut: lanes.map((offset) => beside(-offset)),
  };
}

export function doorwaysOf(plan: FloorPlan): readonly Doorway[] {
  return plan.entrances.map((entrance) => doorwayOf(plan, entrance)).filter((doorway) => doorway !== null);
}

function inwardAt(
  { widthMetres, depthMetres }: FloorPlan,
  { at, widthMetres: opening }: Entrance,
): Point | null {
  const half = opening / 2;
  const fits = (along: number, length: number): boolean => along - half >= 0 && along + half <= length;
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= ON_THE_WALL_METRES;
  if (near(at.y, 0) && fits(at.x, widthMetres)) return { x: 0, y: 1 };
  if (near(at.y, depthMetres) && fits(at.x, widthMetres)) return { x: 0, y: -1 };
  if (near(at.x, 0) && fits(at.y, depthMetres)) return { x: 1, y: 0 };
  if (near(at.x, widthMetres) && fits(at.y, depthMetres)) return { x: -1, y: 0 };
  return null;
}

/** How far right of the middle people walk, in a door of this width. */
function laneOffsets(doorMetres: number): readonly number[] {
  const widest = Math.max(doorMetres / 2 - FIRST_LANE_METRES / 2, FIRST_LANE_METRES / 2);
  const count = 1 + Math.max(0, Math.floor((widest - FIRST_LANE_METRES) / LANE_METRES));
  return Array.from({ length: count }, (_, lane) => Math.min(FIRST_LANE_METRES + LANE_METRES * lane, widest));
}
