/** What a floor plan means for those who walk it, worked out once: ways, standing places, lines, doors. */
import { ClearanceField } from './clearance-field.js';
import { type Doorway, doorwaysOf } from './doorways.js';
import type { FloorPlan, Point } from './floor-plan.js';
import { obstaclesOf } from './obstacles.js';
import { Roadmap, WAY_RADIUS_METRES } from './roadmap.js';
import { sectionFinder } from './section-finder.js';
import { lineBefore, placesBefore, type StandingPlace } from './standing-places.js';

/** A till and the line before it; the first place is at the till. */
export interface Till {
  /** Index of the display. */
  readonly display: number;
  readonly line: readonly StandingPlace[];
}

export interface Premises {
  readonly plan: FloorPlan;
  readonly field: ClearanceField;
  readonly roadmap: Roadmap;
  readonly doors: readonly Doorway[];
  /** By display: where shoppers stand before it; none at tills and at what cannot be reached. */
  readonly places: readonly (readonly StandingPlace[])[];
  readonly tills: readonly Till[];
  /** Index of the section at a place, -1 for none. */
  sectionAt(x: number, y: number): number;
}

export function premisesOf(plan: FloorPlan): Premises {
  const obstacles = obstaclesOf(plan);
  const field = new ClearanceField(plan.widthMetres, plan.depthMetres, obstacles);
  const doors = doorwaysOf(plan);
  const reachable = field.reachableFrom(
    doors.map(({ threshold }) => threshold),
    WAY_RADIUS_METRES + 0.05,
  );
  const floor = { field, reachable };
  const sectionOf = (id: string) => plan.sections.find((section) => section.id === id);
  const tills: Till[] = [];
  for (const [index, display] of plan.displays.entries()) {
    if (!display.checkout) continue;
    const taken: Point[] = tills.flatMap(({ line }) => line);
    const line = lineBefore(display, sectionOf(display.section), floor, taken);
    if (line.length > 0) tills.push({ display: index, line });
  }
  const places = plan.displays.map((display) =>
    display.checkout ? [] : placesBefore(display, sectionOf(display.section), floor),
  );
  return {
    plan,
    field,
    roadmap: new Roadmap(field, obstacles),
    doors,
    places,
    tills,
    sectionAt: sectionFinder(plan),
  };
}
