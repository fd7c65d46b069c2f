import fc from 'fast-check';
import { expect, test } from 'vitest';
import { footprintOf } from './footprint.js';

const plan = {
  name: 'hall',
  widthMetres: 30,
  depthMetres: 30,
  ceilingMetres: 3,
  walls: [],
  entrances: [],
  displays: [],
};
const camera = {
  id: 'eye',
  at: { x: 15, y: 5 },
  heightMetres: 3,
  headingDegrees: 0,
  tiltDegrees: 45,
  fieldOfViewDegrees: 90,
  widthPixels: 640,
  heightPixels: 640,
};

test('a camera tilted by half its opening sees from its own foot to the horizon', () => {
  const outline = footprintOf(camera, plan);
  const ys = outline.map(({ y }) => y);
  expect(Math.min(...ys)).toBeCloseTo(5, 2);
  expect(Math.max(...ys)).toBeCloseTo(17, 2);
});

test('whatever the pose, the outline is inside the store', () => {
  fc.assert(
    fc.property(
      fc.record({
        headingDegrees: fc.double({ min: 0, max: 360, noNaN: true }),
        tiltDegrees: fc.double({ min: -10, max: 90, noNaN: true }),
        x: fc.double({ min: 0, max: 30, noNaN: true }),
        y: fc.double({ min: 0, max: 30, noNaN: true }),
      }),
      ({ x, y, ...pose }) => {
        for (const point of footprintOf({ ...camera, ...pose, at: { x, y } }, plan)) {
          expect(point.x).toBeGreaterThanOrEqual(-0.001);
          expect(point.x).toBeLessThanOrEqual(30.001);
          expect(point.y).toBeGreaterThanOrEqual(-0.001);
          expect(point.y).toBeLessThanOrEqual(30.001);
        }
      },
    ),
  );
});
