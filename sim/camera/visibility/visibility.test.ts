import { describe, expect, test } from 'vitest';
import { renderBackground } from '../background.js';
import { overlapOf } from '../calibration/box-matching.js';
import { calibrationScene } from '../calibration/calibration-scenes.js';
import { CAMERA, room, SHELF, shopperAt } from '../camera.testing.js';
import { FrameRenderer } from '../frame.js';
import { Wardrobes } from '../person/build-person.js';
import { TruthView } from './visibility.js';

describe('truth sight', () => {
  test('sees somebody in the open whole', () => {
    const [person] = new TruthView(room(), CAMERA).look([shopperAt(1, 4, 5)]);
    expect(person?.hiddenShare).toBe(0);
    expect(person?.face.visible).toBe(false);
    expect(person?.bodyYawDegrees).toBeCloseTo(180, 3);
  });

  test('sees the face of somebody who turns to the camera', () => {
    const [person] = new TruthView(room(), CAMERA).look([shopperAt(1, 4, 5, { headingRadians: Math.PI })]);
    expect(person?.bodyYawDegrees).toBeCloseTo(0, 3);
    expect(person?.face.visible).toBe(true);
    expect(person?.face.hiddenShare).toBe(0);
  });

  test('does not see somebody behind the camera or behind a wall', () => {
    const wall = { from: { x: 0, y: 4 }, to: { x: 8, y: 4 }, thicknessMetres: 0.1 };
    const behindWall = new TruthView({ ...room(), walls: [wall] }, CAMERA);
    expect(behindWall.look([shopperAt(1, 4, 6)])).toEqual([]);
    const turned = new TruthView(room(), { ...CAMERA, at: { x: 4, y: 5 } });
    expect(turned.look([shopperAt(1, 4, 2)])).toEqual([]);
  });

  test('sees the upper part of somebody behind a shelf', () => {
    const [person] = new TruthView(room([{ ...SHELF, heightMetres: 1.3 }]), CAMERA).look([
      shopperAt(1, 4, 6.4),
    ]);
    expect(person?.hiddenShare).toBeGreaterThan(0.3);
    expect(person?.hiddenShare).toBeLessThan(1);
  });

  test('does not depend on the order of shoppers', () => {
    const { plan, camera, shoppers } = calibrationScene(3);
    const view = new TruthView(plan, camera);
    expect(view.look([...shoppers].reverse())).toEqual(view.look(shoppers));
  });
});

/**
 * The same scenes drawn and reckoned. Tolerances are about twice what 60 scenes measured: mean difference of the
 * hidden share 0.055, mean overlap of whole boxes 0.80.
 */
describe('truth sight against drawn silhouettes, over random scenes', () => {
  const wardrobes = new Wardrobes();
  const pairs = Array.from({ length: 14 }, (_, i) => calibrationScene(500 + i)).flatMap((scene) => {
    const drawn = new FrameRenderer(renderBackground(scene.plan, scene.camera), wardrobes).render(
      scene.shoppers,
      scene.timeMs,
      0,
    );
    const reckoned = new Map(
      new TruthView(scene.plan, scene.camera).look(scene.shoppers).map((person) => [person.shopper, person]),
    );
    return drawn.people
      .filter(({ visiblePixels }) => visiblePixels > 100)
      .map((person) => ({ drawn: person, reckoned: reckoned.get(person.shopper) }));
  });
  const seenByBoth = pairs.flatMap(({ drawn, reckoned }) => (reckoned ? [{ drawn, reckoned }] : []));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('nearly everybody with a hundred pixels to show is seen', () => {
    expect(pairs.length).toBeGreaterThan(50);
    expect(seenByBoth.length / pairs.length).toBeGreaterThan(0.97);
  });

  test('hidden shares agree', () => {
    const errors = seenByBoth.map(({ drawn, reckoned }) => reckoned.hiddenShare - drawn.hiddenShare);
    expect(mean(errors.map(Math.abs))).toBeLessThan(0.1);
    expect(Math.abs(mean(errors))).toBeLessThan(0.06);
  });

  test('boxes agree', () => {
    expect(
      mean(seenByBoth.map(({ drawn, reckoned }) => overlapOf(drawn.fullBox, reckoned.fullBox))),
    ).toBeGreaterThan(0.7);
    expect(mean(seenByBoth.map(({ drawn, reckoned }) => overlapOf(drawn.box, reckoned.box)))).toBeGreaterThan(
      0.6,
    );
  });

  test('distance, height and angles are the same numbers', () => {
    for (const { drawn, reckoned } of seenByBoth) {
      expect(reckoned.pixelHeight).toBe(drawn.pixelHeight);
      expect(reckoned.elevationDegrees).toBe(drawn.elevationDegrees);
      expect(reckoned.bodyYawDegrees).toBeCloseTo(drawn.bodyYawDegrees, 9);
      expect(reckoned.distanceMetres).toBe(drawn.distanceMetres);
    }
  });
});
