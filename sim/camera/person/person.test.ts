import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Mesh } from '../render/mesh.js';
import type { SceneActivity, SceneProfile } from '../scene.js';
import { appearanceOf } from './appearance.js';
import { buildPerson } from './build-person.js';
import { detailFor } from './detail.js';
import { blendPoses, poseOf } from './pose.js';
import { skeletonOf } from './skeleton.js';

const profile: fc.Arbitrary<SceneProfile> = fc.record({
  appearanceSeed: fc.integer(),
  ageYears: fc.integer({ min: 4, max: 90 }),
  gender: fc.constantFrom('female', 'male'),
  heightMetres: fc.double({ min: 1, max: 2, noNaN: true }),
});
const movement = fc.record({
  activity: fc.constantFrom<SceneActivity>('walking', 'dwelling', 'queueing', 'entering', 'leaving'),
  speedMetresPerSecond: fc.double({ min: 0, max: 2, noNaN: true }),
  timeMs: fc.integer({ min: 0, max: 2_000_000_000_000 }),
});

describe('a look', () => {
  test('follows from the profile alone', () => {
    fc.assert(
      fc.property(profile, (who) => {
        expect(appearanceOf({ ...who })).toEqual(appearanceOf(who));
      }),
    );
  });

  test('differs from seed to seed', () => {
    const looks = Array.from({ length: 40 }, (_, appearanceSeed) => {
      const { top, topColour, bottom, hairStyle, bag } = appearanceOf({
        appearanceSeed,
        ageYears: 30,
        gender: 'male',
        heightMetres: 1.8,
      });
      return JSON.stringify([top, topColour, bottom, hairStyle, bag]);
    });
    expect(new Set(looks).size).toBeGreaterThan(35);
  });

  test('gives children no beards, and old people grey hair more often', () => {
    const greyShare = (ageYears: number) => {
      const hairs = Array.from({ length: 200 }, (_, appearanceSeed) =>
        appearanceOf({ appearanceSeed, ageYears, gender: 'female', heightMetres: 1.6 }),
      );
      return hairs.filter(({ hair: [r, , b] }) => r - b < 14 && r > 120).length / 200;
    };
    expect(greyShare(75)).toBeGreaterThan(0.9);
    expect(greyShare(25)).toBe(0);
    fc.assert(
      fc.property(profile, (who) => {
        expect(appearanceOf({ ...who, ageYears: 8 }).beard).toBe(false);
      }),
    );
  });
});

describe('a body', () => {
  test('stands on the floor and is as tall as its profile says, whatever it does', () => {
    const mesh = new Mesh();
    fc.assert(
      fc.property(profile, movement, fc.constantFrom(60, 150, 300), (who, how, pixels) => {
        const state = { shopper: 1, x: 0, y: 0, headingRadians: 1, ...how };
        const look = { ...appearanceOf(who), bag: 'none' as const, hairStyle: 'bald' as const, stoop: 0 };
        buildPerson(mesh, { state, profile: who }, look, how.timeMs, detailFor(pixels));
        const heights = Array.from(
          { length: mesh.vertexCount },
          (_, i) => mesh.positions[i * 3 + 2] ?? Number.NaN,
        );
        expect(Math.min(...heights)).toBeGreaterThan(-0.04 * who.heightMetres);
        expect(Math.min(...heights)).toBeLessThan(0.04 * who.heightMetres);
        expect(Math.max(...heights)).toBeGreaterThan(0.9 * who.heightMetres);
        expect(Math.max(...heights)).toBeLessThan(1.07 * who.heightMetres);
        expect(mesh.normals.subarray(0, mesh.vertexCount * 3).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('has more triangles the larger it appears, and few when far', () => {
    const who = { appearanceSeed: 3, ageYears: 30, gender: 'female', heightMetres: 1.7 } as const;
    const state = {
      shopper: 1,
      x: 0,
      y: 0,
      headingRadians: 0,
      speedMetresPerSecond: 0,
      activity: 'queueing',
    } as const;
    const counts = [60, 150, 300].map((pixels) => {
      const mesh = new Mesh();
      buildPerson(mesh, { state, profile: who }, appearanceOf(who), 0, detailFor(pixels));
      return mesh.triangleCount;
    });
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[0]).toBeLessThan(2500);
  });
});

describe('a gait', () => {
  const look = appearanceOf({ appearanceSeed: 5, ageYears: 30, gender: 'male', heightMetres: 1.8 });
  const walking = (timeMs: number, speedMetresPerSecond = 1.3) =>
    poseOf(look, { activity: 'walking', speedMetresPerSecond, timeMs });

  test('swings the legs and arms of either side against each other', () => {
    for (let timeMs = 0; timeMs < 2000; timeMs += 100) {
      const { left, right } = walking(timeMs);
      expect(left.thigh + right.thigh).toBeCloseTo(0.12, 6);
      expect(left.shoulder + right.shoulder).toBeCloseTo(0, 6);
      if (Math.abs(left.thigh - right.thigh) > 0.1) {
        expect(Math.sign(left.thigh - right.thigh)).toBe(-Math.sign(left.shoulder - right.shoulder));
      }
    }
  });

  test('repeats with the cadence, and strides out more at speed', () => {
    const period = 1000 / look.cadenceHertz;
    expect(walking(5000).left.thigh).toBeCloseTo(walking(5000 + period).left.thigh, 6);
    const reach = (speed: number) =>
      Math.max(...Array.from({ length: 20 }, (_, i) => walking((i * period) / 20, speed).left.thigh));
    expect(reach(1.4)).toBeGreaterThan(reach(0.7));
  });

  test('does not bend knees the wrong way', () => {
    fc.assert(
      fc.property(profile, movement, (who, how) => {
        const pose = poseOf(appearanceOf(who), how);
        expect(pose.left.knee).toBeGreaterThanOrEqual(0);
        expect(pose.right.knee).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('moves smoothly, also when a standing pose changes', () => {
    for (const speedMetresPerSecond of [0, 0.3, 1.3]) {
      for (let timeMs = 0; timeMs < 12_000; timeMs += 20) {
        const pose = (ms: number) => poseOf(look, { activity: 'dwelling', speedMetresPerSecond, timeMs: ms });
        expect(Math.abs(pose(timeMs).left.elbow - pose(timeMs + 20).left.elbow)).toBeLessThan(0.15);
        expect(Math.abs(pose(timeMs).right.thigh - pose(timeMs + 20).right.thigh)).toBeLessThan(0.15);
      }
    }
  });

  test('blends from one pose to the other', () => {
    const [a, b] = [walking(0), walking(400)];
    expect(blendPoses(a, b, 0)).toEqual({ ...a });
    expect(blendPoses(a, b, 0.5).left.thigh).toBeCloseTo((a.left.thigh + b.left.thigh) / 2);
  });

  test('keeps at least one foot near the floor', () => {
    for (let timeMs = 0; timeMs < 2000; timeMs += 50) {
      const { legs } = skeletonOf(look, walking(timeMs));
      expect(Math.min(legs[0].ankle[2], legs[1].ankle[2])).toBeLessThan(0.06 * look.heightMetres);
    }
  });
});
