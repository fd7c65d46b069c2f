import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAMERA } from './camera.testing.js';
import {
  cameraPose,
  elevationDegrees,
  headingToCamera,
  personPixelHeight,
  projectPoint,
} from './camera-pose.js';

const level = {
  ...CAMERA,
  at: { x: 0, y: 0 },
  heightMetres: 1.5,
  tiltDegrees: 0,
  widthPixels: 640,
  heightPixels: 480,
};

describe('a camera', () => {
  test('sees what lies along its axis in the middle of the picture', () => {
    const point = projectPoint(cameraPose(level), 0, 7, 1.5);
    expect(point.x).toBeCloseTo(320);
    expect(point.y).toBeCloseTo(240);
    expect(point.depthMetres).toBeCloseTo(7);
  });

  test('that heads north has the east to its right and the sky above', () => {
    const pose = cameraPose(level);
    expect(projectPoint(pose, 1, 5, 1.5).x).toBeGreaterThan(320);
    expect(projectPoint(pose, 0, 5, 2).y).toBeLessThan(240);
  });

  test('that heads east looks along +x', () => {
    const point = projectPoint(cameraPose({ ...level, headingDegrees: 90 }), 6, 0, 1.5);
    expect(point.x).toBeCloseTo(320);
    expect(point.depthMetres).toBeCloseTo(6);
  });

  test('has its field of view from edge to edge', () => {
    const pose = cameraPose({ ...level, fieldOfViewDegrees: 90 });
    expect(projectPoint(pose, 4, 4, 1.5).x).toBeCloseTo(640);
    expect(projectPoint(pose, -4, 4, 1.5).x).toBeCloseTo(0);
  });

  test('that is tilted sees the floor where its axis meets it in the middle', () => {
    const pose = cameraPose({ ...level, heightMetres: 3, tiltDegrees: 45 });
    expect(projectPoint(pose, 0, 3, 0).y).toBeCloseTo(240);
  });
});

test('people shrink with distance in proportion, for a level camera', () => {
  const pose = cameraPose(level);
  fc.assert(
    fc.property(
      fc.double({ min: 2, max: 10, noNaN: true }),
      fc.double({ min: 1, max: 2, noNaN: true }),
      (away, tall) => {
        expect(personPixelHeight(pose, 0, away, tall)).toBeCloseTo((pose.focalPixels * tall) / away, 6);
      },
    ),
  );
});

test('elevation is the angle below the horizontal, and the heading to the camera points at it', () => {
  const pose = cameraPose({ ...level, heightMetres: 3 });
  expect(elevationDegrees(pose, 0, 3, 0)).toBeCloseTo(45, 5);
  expect(elevationDegrees(pose, 0, 3, 3)).toBeCloseTo(0, 5);
  expect(headingToCamera(pose, -4, 0)).toBeCloseTo(Math.PI / 2, 6);
  expect(Math.abs(headingToCamera(pose, 0, 5))).toBeCloseTo(Math.PI, 6);
});
