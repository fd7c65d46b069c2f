import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storeNamed } from '../stores.testing.js';
import { block } from '../walking/walkers.testing.js';
import { ClearanceField } from './clearance-field.js';
import type { Point } from './floor-plan.js';
import { distance, signedDistanceToConvex } from './geometry.js';
import { obstaclesOf, wallObstacle } from './obstacles.js';
import { Roadmap } from './roadmap.js';

const plan = storeNamed('corner-shop');
const obstacles = obstaclesOf(plan);
const field = ClearanceField.of(plan);
const roadmap = new Roadmap(field, obstacles);

const place = fc
  .record({
    x: fc.double({ min: 0.3, max: 11.7, noNaN: true }),
    y: fc.double({ min: 0.3, max: 8.7, noNaN: true }),
  })
  .filter(({ x, y }) => field.at(x, y) > 0.3);

describe('the clearance field', () => {
  test('is the distance to the nearest wall or display, to a hand', () => {
    fc.assert(
      fc.property(place, ({ x, y }) => {
        const toOuterWalls = Math.min(x, y, plan.widthMetres - x, plan.depthMetres - y);
        const nearest = Math.min(
          2,
          toOuterWalls,
          ...obstacles.map((obstacle) => signedDistanceToConvex(obstacle, x, y)),
        );
        return Math.abs(field.at(x, y) - nearest) < 0.06;
      }),
    );
  });

  test('knows a slanting wall', () => {
    const wall = wallObstacle({ from: { x: 2, y: 2 }, to: { x: 6, y: 6 }, thicknessMetres: 0.2 });
    const slanted = new ClearanceField(8, 8, [wall]);
    expect(slanted.at(5, 3)).toBeCloseTo(Math.SQRT2 - 0.1, 1);
    expect(slanted.at(4, 4)).toBeLessThan(0);
    expect(slanted.canWalk(5, 3, 3, 5, 0.25)).toBe(false);
    expect(slanted.canWalk(5, 3, 6, 4, 0.25)).toBe(true);
  });

  test('finds what can be reached', () => {
    const halved = new ClearanceField(10, 6, [block(4.9, 0, 0.2, 6)]);
    const reachable = halved.reachableFrom([{ x: 2, y: 3 }], 0.25);
    expect(reachable.has({ x: 4, y: 5 })).toBe(true);
    expect(reachable.has({ x: 6, y: 3 })).toBe(false);
  });
});

describe('the roadmap', () => {
  test('every leg of a way can be walked, and the way ends where it should', () => {
    fc.assert(
      fc.property(place, place, fc.double({ min: 0, max: 0.999, noNaN: true }), (from, to, swing) => {
        const route = roadmap.route(from, roadmap.waysTo(to), swing);
        if (route === null) return false;
        expect(route.at(-1)).toEqual(to);
        const legs = [from, ...route];
        return legs.every((at, leg) => {
          const next = legs[leg + 1];
          return next === undefined || field.canWalk(at.x, at.y, next.x, next.y, 0.18);
        });
      }),
      { numRuns: 200 },
    );
  });

  test('a way is as long as the legs of its route, and never shorter than the straight line', () => {
    fc.assert(
      fc.property(place, place, (from, to) => {
        const ways = roadmap.waysTo(to);
        const metres = roadmap.metresTo(from, ways);
        expect(metres).toBeCloseTo(lengthOf([from, ...(roadmap.route(from, ways, 0) ?? [])]), 6);
        return metres >= distance(from.x, from.y, to.x, to.y) - 1e-9;
      }),
      { numRuns: 100 },
    );
  });

  test('there is no way into a closed room', () => {
    const walls = [block(4, 4, 4, 0.2), block(4, 7.8, 4, 0.2), block(4, 4, 0.2, 4), block(7.8, 4, 0.2, 4)];
    const closed = new Roadmap(new ClearanceField(10, 10, walls), walls);
    expect(closed.route({ x: 1, y: 1 }, closed.waysTo({ x: 6, y: 6 }), 0)).toBeNull();
    expect(closed.metresTo({ x: 1, y: 1 }, closed.waysTo({ x: 6, y: 6 }))).toBe(Infinity);
  });
});

function lengthOf(route: readonly Point[]): number {
  return route.reduce((metres, { x, y }, index) => {
    const before = route[index - 1];
    return before === undefined ? 0 : metres + distance(before.x, before.y, x, y);
  }, 0);
}
