/**
 * Whether a camera can do what it is there for. Errors are impossible mountings; warnings are mountings that
 * work badly: a face is read from at most about 35° above, a person is told from the floor to about 55°.
 */
import type { CameraMount, FloorPlan, Point } from './floor-plan.js';
import { distance, latticeInside, middleOf } from './geometry.js';
import { outsideProblems, type PlanProblem, unknownSection } from './plan-problem.js';

const STEEPEST_DEGREES = 55;
/** A camera that has less than this share of its section in its field of view watches something else. */
const LEAST_SHARE_SEEN = 0.1;
const EYE_HEIGHT_METRES = 1.6;
const DEGREES_PER_RADIAN = 180 / Math.PI;

export function cameraProblems(plan: FloorPlan): PlanProblem[] {
  return plan.cameras.flatMap((camera, index) => {
    const section = plan.sections.find(({ id }) => id === camera.section);
    if (section === undefined) return [unknownSection(plan, 'cameras', index, camera.id, camera.section)];
    const outside = outsideProblems(plan, camera.at, ['cameras', index, 'at'], `the camera '${camera.id}'`);
    if (outside.length > 0) return outside;
    return [
      ...ceilingProblems(plan, camera, index),
      ...viewProblems(camera, latticeInside(section.area, 0.5), index),
    ];
  });
}

function ceilingProblems(plan: FloorPlan, camera: CameraMount, index: number): PlanProblem[] {
  if (camera.heightMetres <= plan.ceilingMetres) return [];
  return [
    {
      path: ['cameras', index, 'height'],
      code: 'FF_STORE_CAMERA_ABOVE_CEILING',
      severity: 'error',
      message: `the camera '${camera.id}' hangs at ${camera.heightMetres} m, above the ceiling`,
      expected: `at most ${plan.ceilingMetres} m`,
    },
  ];
}

function viewProblems(camera: CameraMount, floor: readonly Point[], index: number): PlanProblem[] {
  const seen = floor.filter((place) => isInView(camera, place));
  if (seen.length < floor.length * LEAST_SHARE_SEEN) {
    return [
      {
        path: ['cameras', index, 'heading'],
        code: 'FF_STORE_CAMERA_LOOKS_AWAY',
        severity: 'warning',
        message: `the camera '${camera.id}' does not see its section '${camera.section}'`,
        expected: `a heading near ${Math.round(bearingDegrees(camera.at, middleOf(floor)))}`,
      },
    ];
  }
  const steepness = elevationDegrees(camera, middleOf(seen));
  if (steepness <= STEEPEST_DEGREES && camera.tiltDegrees <= STEEPEST_DEGREES) return [];
  return [
    {
      path: ['cameras', index, 'tilt'],
      code: 'FF_STORE_CAMERA_STEEP',
      severity: 'warning',
      message: `the camera '${camera.id}' looks down on its section at ${Math.round(Math.max(steepness, camera.tiltDegrees))}°: people are seen from above and faces are not`,
      expected: `at most ${STEEPEST_DEGREES}°: hang it further away, lower or with less tilt`,
    },
  ];
}

function isInView(camera: CameraMount, place: Point): boolean {
  const off = Math.abs(bearingDegrees(camera.at, place) - camera.headingDegrees) % 360;
  return Math.min(off, 360 - off) <= camera.fieldOfViewDegrees / 2;
}

/** Compass bearing, in [0, 360). */
function bearingDegrees(from: Point, to: Point): number {
  return (Math.atan2(to.x - from.x, to.y - from.y) * DEGREES_PER_RADIAN + 360) % 360;
}

/** How far below the horizontal the eyes of a person at `place` are, seen from the camera. */
function elevationDegrees(camera: CameraMount, place: Point): number {
  const away = distance(camera.at.x, camera.at.y, place.x, place.y);
  return Math.atan2(camera.heightMetres - EYE_HEIGHT_METRES, away) * DEGREES_PER_RADIAN;
}
