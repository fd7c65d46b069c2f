/** What only the whole floor plan can tell: ids that clash, things outside the store, sections nobody can reach. */
import { cameraProblems } from './camera-checks.js';
import { ClearanceField } from './clearance-field.js';
import { doorwayOf, doorwaysOf } from './doorways.js';
import type { Display, FloorPlan, Point } from './floor-plan.js';
import { latticeInside, polygonContains } from './geometry.js';
import { displayObstacle } from './obstacles.js';
import { isInside, outsideProblems, type PlanProblem, say, unknownSection } from './plan-problem.js';

/** Half the width of the narrowest gap a shopper walks through. */
const SHOULDER_METRES = 0.25;

/** Every problem of the plan; `path` is in the words of the document (`floorPlanDocumentSchema`). */
export function floorPlanProblems(plan: FloorPlan): readonly PlanProblem[] {
  const located = [
    ...idProblems(plan),
    ...entranceProblems(plan),
    ...wallProblems(plan),
    ...sectionProblems(plan),
    ...displayProblems(plan),
    ...cameraProblems(plan),
  ];
  // Whether a section can be reached says nothing while doors and displays are in the wrong place.
  if (located.some(({ severity }) => severity === 'error')) return located;
  return [...located, ...reachProblems(plan)];
}

function idProblems(plan: FloorPlan): PlanProblem[] {
  const lists = {
    entrances: plan.entrances,
    sections: plan.sections,
    displays: plan.displays,
    cameras: plan.cameras,
  };
  return Object.entries(lists).flatMap(([list, things]) => {
    const seen = new Set<string>();
    return things.flatMap(({ id }, index): PlanProblem[] => {
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [
        {
          path: [list, index, 'id'],
          code: 'FF_STORE_DUPLICATE_ID',
          severity: 'error',
          message: `'${id}' is the id of two ${list}`,
          expected: `an id of its own for each of the ${list}`,
          suggestion: `${id}-2`,
        },
      ];
    });
  });
}

function entranceProblems(plan: FloorPlan): PlanProblem[] {
  return plan.entrances.flatMap((entrance, index): PlanProblem[] => {
    if (doorwayOf(plan, entrance) !== null) return [];
    return [
      {
        path: ['entrances', index, 'at'],
        code: 'FF_STORE_ENTRANCE_OFF_WALL',
        severity: 'error',
        message: `the entrance '${entrance.id}', ${entrance.widthMetres} m wide at ${say(entrance.at)}, does not fit into the outer wall`,
        expected: `a place on x = 0, x = ${plan.widthMetres}, y = 0 or y = ${plan.depthMetres}, at least half its width from a corner`,
      },
    ];
  });
}

function wallProblems(plan: FloorPlan): PlanProblem[] {
  return plan.walls.flatMap(({ from, to }, index): PlanProblem[] => {
    if (from.x === to.x && from.y === to.y) {
      return [
        {
          path: ['walls', index, 'to'],
          code: 'FF_STORE_WALL_EMPTY',
          severity: 'error',
          message: `the wall ends where it begins, at ${say(from)}`,
          expected: 'two different places',
        },
      ];
    }
    return [
      ...outsideProblems(plan, from, ['walls', index, 'from'], 'the wall'),
      ...outsideProblems(plan, to, ['walls', index, 'to'], 'the wall'),
    ];
  });
}

function sectionProblems(plan: FloorPlan): PlanProblem[] {
  return plan.sections.flatMap(({ id, area }, index) =>
    area.flatMap((corner, n) =>
      outsideProblems(plan, corner, ['sections', index, 'area', n], `a corner of the section '${id}'`),
    ),
  );
}

function displayProblems(plan: FloorPlan): PlanProblem[] {
  return plan.displays.flatMap((display, index): PlanProblem[] => {
    const section = plan.sections.find(({ id }) => id === display.section);
    if (section === undefined) return [unknownSection(plan, 'displays', index, display.id, display.section)];
    const outside = displayObstacle(display).find((corner) => !isInside(plan, corner));
    if (outside !== undefined) {
      return outsideProblems(
        plan,
        outside,
        ['displays', index, 'at'],
        `a corner of the display '${display.id}'`,
      );
    }
    const middle = middleOfDisplay(display);
    if (polygonContains(section.area, middle.x, middle.y)) return [];
    const home = plan.sections.find(({ area }) => polygonContains(area, middle.x, middle.y));
    return [
      {
        path: ['displays', index, 'at'],
        code: 'FF_STORE_DISPLAY_OUTSIDE_SECTION',
        severity: 'error',
        message: `the middle of the display '${display.id}', ${say(middle)}, is not in its section '${section.id}'`,
        expected: `a place inside '${section.id}'`,
        ...(home === undefined ? {} : { suggestion: `section: ${home.id}` }),
      },
    ];
  });
}

function reachProblems(plan: FloorPlan): PlanProblem[] {
  const thresholds = doorwaysOf(plan).map(({ threshold }) => threshold);
  const reachable = ClearanceField.of(plan).reachableFrom(thresholds, SHOULDER_METRES);
  return plan.sections.flatMap(({ id, area }, index): PlanProblem[] => {
    if (latticeInside(area, 0.2).some((place) => reachable.has(place))) return [];
    return [
      {
        path: ['sections', index, 'area'],
        code: 'FF_STORE_SECTION_UNREACHABLE',
        severity: 'error',
        message: `no shopper can reach the section '${id}' from an entrance`,
        expected: `a way at least ${2 * SHOULDER_METRES} m wide between walls and displays`,
      },
    ];
  });
}

function middleOfDisplay({ at, widthMetres, depthMetres }: Display): Point {
  return { x: at.x + widthMetres / 2, y: at.y + depthMetres / 2 };
}
