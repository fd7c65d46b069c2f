/** Where shoppers stand: in front of displays, and in line before the tills. */
import type { ClearanceField, ReachableFloor } from './clearance-field.js';
import type { Display, Point, Section, Side } from './floor-plan.js';
import { distance, polygonContains } from './geometry.js';

/** From the front of a display to the middle of the body before it. */
const REACH_METRES = 0.4;
/** From one body to the next along a front. */
const ELBOW_METRES = 0.65;
/** From one body to the next in a line. */
const LINE_METRES = 0.75;
const LONGEST_LINE = 14;
/** Standing needs this much room. */
const STANDING_RADIUS_METRES = 0.28;

export interface StandingPlace extends Point {
  /** Unit vector towards the display. */
  readonly facingX: number;
  readonly facingY: number;
}

export interface Floor {
  readonly field: ClearanceField;
  readonly reachable: ReachableFloor;
}

/** The places before a display that can be reached; those inside its section when there are any. */
export function placesBefore(display: Display, section: Section | undefined, floor: Floor): StandingPlace[] {
  const places = display.front.flatMap((side) => alongSide(display, side)).filter((at) => isFree(floor, at));
  const own = places.filter(({ x, y }) => section !== undefined && polygonContains(section.area, x, y));
  return own.length > 0 ? own : places;
}

/**
 * The line before a till, the place at the till first. It leads straight away from the till and turns where
 * there is no room. Empty when nobody can stand at the till. `taken` are the places of other lines.
 */
export function lineBefore(
  display: Display,
  section: Section | undefined,
  floor: Floor,
  taken: readonly Point[],
): StandingPlace[] {
  const places = placesBefore(display, section, floor);
  const head = places[Math.floor(places.length / 2)];
  if (head === undefined) return [];
  const line = [head];
  let last = head;
  while (line.length < LONGEST_LINE) {
    const next = turnsOf(last).find(
      (place) => isFree(floor, place) && keepsApart(place, line) && keepsApart(place, taken),
    );
    if (next === undefined) return line;
    line.push(next);
    last = next;
  }
  return line;
}

function alongSide(display: Display, side: Side): StandingPlace[] {
  const horizontal = side === 'north' || side === 'south';
  const length = horizontal ? display.widthMetres : display.depthMetres;
  const count = Math.max(1, Math.floor(length / ELBOW_METRES));
  return Array.from({ length: count }, (_, n) => placeAtSide(display, side, ((n + 0.5) * length) / count));
}

/** `along` the side, from its southern or western end. */
function placeAtSide({ at, widthMetres, depthMetres }: Display, side: Side, along: number): StandingPlace {
  switch (side) {
    case 'north':
      return { x: at.x + along, y: at.y + depthMetres + REACH_METRES, facingX: 0, facingY: -1 };
    case 'south':
      return { x: at.x + along, y: at.y - REACH_METRES, facingX: 0, facingY: 1 };
    case 'east':
      return { x: at.x + widthMetres + REACH_METRES, y: at.y + along, facingX: -1, facingY: 0 };
    case 'west':
      return { x: at.x - REACH_METRES, y: at.y + along, facingX: 1, facingY: 0 };
  }
}

/** Straight behind, then to the sides; who stands there faces the one ahead. */
function turnsOf({ x, y, facingX, facingY }: StandingPlace): StandingPlace[] {
  const headings = [
    { facingX, facingY },
    { facingX: -facingY, facingY: facingX },
    { facingX: facingY, facingY: -facingX },
  ];
  return headings.map((heading) => ({
    x: x - heading.facingX * LINE_METRES,
    y: y - heading.facingY * LINE_METRES,
    ...heading,
  }));
}

function isFree({ field, reachable }: Floor, place: Point): boolean {
  return field.at(place.x, place.y) >= STANDING_RADIUS_METRES && reachable.has(place);
}

function keepsApart(place: Point, others: readonly Point[]): boolean {
  return others.every(({ x, y }) => distance(x, y, place.x, place.y) > LINE_METRES - 0.05);
}
