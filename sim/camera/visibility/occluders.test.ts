import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAMERA, room, SHELF } from '../camera.testing.js';
import { cameraPose } from '../camera-pose.js';
import { hides, type Occluder, occludersOf } from './occluders.js';

const coordinate = fc.double({ min: -6, max: 6, noNaN: true });

/** Walks the segment in small steps. */
function hidesByWalking(
  box: Occluder,
  eye: readonly [number, number, number],
  point: readonly [number, number, number],
) {
  for (let step = 0; step <= 2000; step++) {
    const t = step / 2000;
    const [x, y, z] = [0, 1, 2].map((i) => (eye[i] ?? 0) + ((point[i] ?? 0) - (eye[i] ?? 0)) * t);
    if (x === undefined || y === undefined || z === undefined) continue;
    if (x > box.x0 && x < box.x1 && y > box.y0 && y < box.y1 && z > box.bottom && z < box.top) return true;
  }
  return false;
}

test('a box hides a point exactly when the line of sight passes through it', () => {
  const box: Occluder = { x0: -1, y0: -1, x1: 1.5, y1: 1, top: 1.4, bottom: 0.3 };
  /** Lines that only graze the box fall between the steps of the walk. */
  const shrunk: Occluder = { x0: -0.98, y0: -0.98, x1: 1.48, y1: 0.98, top: 1.38, bottom: 0.32 };
  fc.assert(
    fc.property(coordinate, coordinate, coordinate, coordinate, (ex, ey, px, py) => {
      const eye = [ex, ey, 2.8] as const;
      const point = [px, py, 0.9] as const;
      if (hidesByWalking(shrunk, eye, point)) expect(hides(box, eye, ...point)).toBe(true);
      if (hides(shrunk, eye, ...point)) expect(hidesByWalking(box, eye, point)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

describe('what may hide somebody from a camera', () => {
  const pose = cameraPose(CAMERA);

  test('is what stands in its view', () => {
    expect(occludersOf(room([SHELF]), pose)).toHaveLength(1);
  });

  test('is nothing behind it', () => {
    expect(occludersOf(room([SHELF]), cameraPose({ ...CAMERA, at: { x: 4, y: 9 } }))).toHaveLength(0);
  });

  test('leaves the air under a table', () => {
    const [board] = occludersOf(room([{ ...SHELF, kind: 'table', heightMetres: 0.9 }]), pose);
    expect(board?.bottom).toBeCloseTo(0.85);
  });

  test('follows a slanted wall closely', () => {
    const slanted = { from: { x: 2, y: 4 }, to: { x: 5, y: 7 }, thicknessMetres: 0.1 };
    const boxes = occludersOf({ ...room(), walls: [slanted] }, pose);
    expect(boxes.length).toBeGreaterThan(10);
    for (const { x0, x1 } of boxes) expect(x1 - x0).toBeLessThan(0.4);
  });
});
