import { closest } from 'fastest-levenshtein';
import type { FloorPlan, Point } from './floor-plan.js';

/** Something wrong with a floor plan or traffic settings, in the words of the document it was read from. */
export interface PlanProblem {
  /** Keys and indices from the document's root. */
  readonly path: readonly (string | number)[];
  /** `FF_STORE_…`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly expected: string;
  /** What the user most likely meant. */
  readonly suggestion?: string;
}

/** A thing of the plan names a section that is not there. */
export function unknownSection(
  plan: FloorPlan,
  list: string,
  index: number,
  id: string,
  section: string,
): PlanProblem {
  const sections = plan.sections.map((known) => known.id);
  return {
    path: [list, index, 'section'],
    code: 'FF_STORE_UNKNOWN_SECTION',
    severity: 'error',
    message: `'${id}' names the section '${section}', which the plan does not have`,
    expected: `one of ${sections.join(', ')}`,
    ...(sections.length > 0 ? { suggestion: closest(section, sections) } : {}),
  };
}

/** None when `at` is inside the store. */
export function outsideProblems(
  plan: FloorPlan,
  at: Point,
  path: readonly (string | number)[],
  what: string,
): PlanProblem[] {
  if (isInside(plan, at)) return [];
  return [
    {
      path,
      code: 'FF_STORE_OUTSIDE',
      severity: 'error',
      message: `${what}, ${say(at)}, is outside the store`,
      expected: `x from 0 to ${plan.widthMetres}, y from 0 to ${plan.depthMetres}`,
    },
  ];
}

export function isInside({ widthMetres, depthMetres }: FloorPlan, { x, y }: Point): boolean {
  // Sizes add up in binary: 11.6 + 0.4 may come out a hair above 12.
  const hair = 1e-6;
  return x >= -hair && y >= -hair && x <= widthMetres + hair && y <= depthMetres + hair;
}

/** A place, for a message. */
export function say({ x, y }: Point): string {
  return `[${Number(x.toFixed(3))}, ${Number(y.toFixed(3))}]`;
}
