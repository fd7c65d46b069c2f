/** Walls and displays as boxes that hide what is behind them. */
import type { CameraPose } from '../camera-pose.js';
import type { SceneDisplay, ScenePlan } from '../scene.js';

/** A box on the floor, its sides along the axes. */
export interface Occluder {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** From the floor; lower parts let nothing through. */
  readonly top: number;
  /** Nothing is hidden below this height: the air under a table. */
  readonly bottom: number;
}

/** How far a body reaches around its axis: who stands farther from a line of sight does not block it. */
export const BODY_REACH_METRES = 0.45;
/** Farther from the camera than this, nothing can hide anybody who is looked at. */
const FARTHEST_METRES = 25;

/** What may hide somebody from this camera. Walls that are not along an axis are cut into short boxes. */
export function occludersOf(plan: ScenePlan, pose: CameraPose): readonly Occluder[] {
  const boxes = [
    ...plan.displays.flatMap(displayBoxes),
    ...plan.walls.flatMap((wall) => wallBoxes(wall, plan)),
  ];
  return boxes.filter((box) => mayHide(box, pose));
}

function displayBoxes(display: SceneDisplay): readonly Occluder[] {
  const { at, widthMetres, depthMetres, heightMetres } = display;
  const box: Occluder = {
    x0: at.x,
    y0: at.y,
    x1: at.x + widthMetres,
    y1: at.y + depthMetres,
    top: heightMetres,
    bottom: 0,
  };
  switch (display.kind) {
    case 'table':
      // The piles on it, the board, and air below.
      return [{ ...box, bottom: heightMetres - 0.05, top: heightMetres + 0.08 }];
    case 'rail':
      return [{ ...narrowed(box), bottom: heightMetres - 0.85 }];
    case 'gondola':
    case 'wall-shelf':
    case 'counter':
    case 'fridge':
    case 'stand':
      return [box];
  }
}

/** The clothes on a rail hang in the middle of its depth. */
function narrowed(box: Occluder): Occluder {
  const alongX = box.x1 - box.x0 >= box.y1 - box.y0;
  const depth = alongX ? box.y1 - box.y0 : box.x1 - box.x0;
  const inset = Math.max(0, (depth - 0.46) / 2);
  return alongX
    ? { ...box, y0: box.y0 + inset, y1: box.y1 - inset }
    : { ...box, x0: box.x0 + inset, x1: box.x1 - inset };
}

function wallBoxes(wall: ScenePlan['walls'][number], plan: ScenePlan): readonly Occluder[] {
  const { from, to, thicknessMetres } = wall;
  const slanted = from.x !== to.x && from.y !== to.y;
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const pieces = slanted ? Math.max(1, Math.ceil(Math.sqrt(dx * dx + dy * dy) / 0.25)) : 1;
  const half = thicknessMetres / 2;
  return Array.from({ length: pieces }, (_, i) => {
    const ax = from.x + (dx * i) / pieces;
    const ay = from.y + (dy * i) / pieces;
    const bx = from.x + (dx * (i + 1)) / pieces;
    const by = from.y + (dy * (i + 1)) / pieces;
    const alongX = Math.abs(dx) >= Math.abs(dy);
    const [padX, padY] = slanted || !alongX ? [half, slanted ? half : 0] : [0, half];
    return {
      x0: Math.min(ax, bx) - padX,
      y0: Math.min(ay, by) - padY,
      x1: Math.max(ax, bx) + padX,
      y1: Math.max(ay, by) + padY,
      top: plan.ceilingMetres,
      bottom: 0,
    };
  });
}

/** Near enough, not around the camera, and not wholly behind it or to one side of what it sees. */
function mayHide(box: Occluder, pose: CameraPose): boolean {
  const [px, py, pz] = pose.position;
  const [fx, fy, fz] = pose.forward;
  const nearX = Math.max(box.x0, Math.min(box.x1, px)) - px;
  const nearY = Math.max(box.y0, Math.min(box.y1, py)) - py;
  if (nearX * nearX + nearY * nearY > FARTHEST_METRES * FARTHEST_METRES) return false;
  if (nearX === 0 && nearY === 0 && pz < box.top) return false;
  const alongX = Math.max((box.x0 - px) * fx, (box.x1 - px) * fx);
  const alongY = Math.max((box.y0 - py) * fy, (box.y1 - py) * fy);
  const alongZ = Math.max(-pz * fz, (box.top - pz) * fz);
  return alongX + alongY + alongZ > 0 && !besideView(box, pose);
}

/** All corners lie beyond the picture's left or right edge, by the largest depth each may have. */
function besideView(
  box: Occluder,
  { position, right, forward, focalPixels, widthPixels }: CameraPose,
): boolean {
  let allLeft = true;
  let allRight = true;
  for (const cornerX of [box.x0, box.x1]) {
    for (const cornerY of [box.y0, box.y1]) {
      const dx = cornerX - position[0];
      const dy = cornerY - position[1];
      const aside = dx * right[0] + dy * right[1];
      const depth = Math.max(0, dx * forward[0] + dy * forward[1] - position[2] * forward[2]);
      const edge = (depth * widthPixels) / 2 / focalPixels;
      if (aside > -edge) allLeft = false;
      if (aside < edge) allRight = false;
    }
  }
  return allLeft || allRight;
}

/** Whether the box stands between the eye and the point: the slab test of a segment against a box. */
export function hides(box: Occluder, eye: CameraPose['position'], x: number, y: number, z: number): boolean {
  let enter = 0;
  let leave = 1;
  const dx = x - eye[0];
  if (dx === 0) {
    if (eye[0] < box.x0 || eye[0] > box.x1) return false;
  } else {
    const a = (box.x0 - eye[0]) / dx;
    const b = (box.x1 - eye[0]) / dx;
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
    if (enter >= leave) return false;
  }
  const dy = y - eye[1];
  if (dy === 0) {
    if (eye[1] < box.y0 || eye[1] > box.y1) return false;
  } else {
    const a = (box.y0 - eye[1]) / dy;
    const b = (box.y1 - eye[1]) / dy;
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
    if (enter >= leave) return false;
  }
  const dz = z - eye[2];
  const atEnter = eye[2] + dz * enter;
  const atLeave = eye[2] + dz * leave;
  return Math.min(atEnter, atLeave) < box.top && Math.max(atEnter, atLeave) > box.bottom;
}

/**
 * Whether the box may hide some of a body at (x, y) from the eye: the way there, as wide as a body, crosses it, and
 * the line of sight to the feet has sunk below its top by where it leaves.
 */
export function mayStandBetween(box: Occluder, eye: CameraPose['position'], x: number, y: number): boolean {
  let enter = 0;
  let leave = 1;
  const dx = x - eye[0];
  const dy = y - eye[1];
  const x0 = box.x0 - BODY_REACH_METRES - eye[0];
  const x1 = box.x1 + BODY_REACH_METRES - eye[0];
  const y0 = box.y0 - BODY_REACH_METRES - eye[1];
  const y1 = box.y1 + BODY_REACH_METRES - eye[1];
  if (dx === 0) {
    if (x0 > 0 || x1 < 0) return false;
  } else {
    enter = Math.max(enter, Math.min(x0 / dx, x1 / dx));
    leave = Math.min(leave, Math.max(x0 / dx, x1 / dx));
  }
  if (dy === 0) {
    if (y0 > 0 || y1 < 0) return false;
  } else {
    enter = Math.max(enter, Math.min(y0 / dy, y1 / dy));
    leave = Math.min(leave, Math.max(y0 / dy, y1 / dy));
  }
  return enter < leave && eye[2] * (1 - leave) < box.top;
}
