/** What a camera sees of the floor, as an outline on the plan: for drawings, and for people who place cameras. */
import type { SceneCamera, ScenePlan, ScenePoint } from './scene.js';

/** Farther away people are too small to be told from shelves. */
const FARTHEST_METRES = 12;
const RAYS = 12;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** Corners of the outline, the near edge first; cut off at the outer walls. Inner walls are not looked at. */
export function footprintOf(camera: SceneCamera, plan: ScenePlan): readonly ScenePoint[] {
  const halfAngle = (camera.fieldOfViewDegrees / 2) * RADIANS_PER_DEGREE;
  const halfHeight = Math.atan((Math.tan(halfAngle) * camera.heightPixels) / camera.widthPixels);
  const tilt = camera.tiltDegrees * RADIANS_PER_DEGREE;
  const distanceAt = (depression: number) =>
    depression <= 0 ? FARTHEST_METRES : Math.min(FARTHEST_METRES, camera.heightMetres / Math.tan(depression));
  const nearMetres = tilt + halfHeight >= Math.PI / 2 ? 0 : distanceAt(tilt + halfHeight);
  const farMetres = distanceAt(tilt - halfHeight);
  const edge = (metres: number) =>
    Array.from({ length: RAYS + 1 }, (_, ray) => {
      const heading = camera.headingDegrees * RADIANS_PER_DEGREE + halfAngle * ((2 * ray) / RAYS - 1);
      return reach(plan, camera.at, heading, metres);
    });
  return [...edge(nearMetres), ...edge(farMetres).reverse()];
}

/** The point `metres` from `from` in a compass direction, or where the outer wall is in the way. */
function reach(plan: ScenePlan, from: ScenePoint, heading: number, metres: number): ScenePoint {
  const dx = Math.sin(heading);
  const dy = Math.cos(heading);
  const toWall = (at: number, step: number, size: number) =>
    step > 0 ? (size - at) / step : step < 0 ? -at / step : Number.POSITIVE_INFINITY;
  const limit = Math.max(
    0,
    Math.min(metres, toWall(from.x, dx, plan.widthMetres), toWall(from.y, dy, plan.depthMetres)),
  );
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  return { x: round(from.x + dx * limit), y: round(from.y + dy * limit) };
}
