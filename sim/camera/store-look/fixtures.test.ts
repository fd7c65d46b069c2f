import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Quad } from '../render/quads.js';
import type { SceneDisplay, SceneSide } from '../scene.js';
import { addDisplay } from './fixtures.js';
import { storeStyle } from './style.js';

const style = storeStyle({
  name: 'a store',
  widthMetres: 10,
  depthMetres: 10,
  ceilingMetres: 3,
  walls: [],
  entrances: [],
  displays: [],
});

function quadsOf(display: SceneDisplay): readonly Quad[] {
  const quads: Quad[] = [];
  addDisplay(quads, display, style);
  return quads;
}

const display: fc.Arbitrary<SceneDisplay> = fc.record({
  id: fc.string(),
  kind: fc.constantFrom('gondola', 'wall-shelf', 'table', 'counter', 'rail', 'fridge', 'stand'),
  at: fc.record({
    x: fc.double({ min: 0, max: 8, noNaN: true }),
    y: fc.double({ min: 0, max: 8, noNaN: true }),
  }),
  widthMetres: fc.double({ min: 0.4, max: 5, noNaN: true }),
  depthMetres: fc.double({ min: 0.4, max: 5, noNaN: true }),
  heightMetres: fc.double({ min: 0.7, max: 2.2, noNaN: true }),
  front: fc.subarray<SceneSide>(['north', 'east', 'south', 'west'], { minLength: 1 }),
});

describe('a display', () => {
  test('stays within its place on the floor, and stands on it', () => {
    fc.assert(
      fc.property(display, (what) => {
        const quads = quadsOf(what);
        expect(quads.length).toBeGreaterThan(4);
        for (const { origin, edgeU, edgeV } of quads) {
          for (const [a, b] of [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ] as const) {
            const [x, y, z] = [0, 1, 2].map(
              (i) => (origin[i] ?? 0) + a * (edgeU[i] ?? 0) + b * (edgeV[i] ?? 0),
            );
            expect(x).toBeGreaterThan(what.at.x - 0.02);
            expect(x).toBeLessThan(what.at.x + what.widthMetres + 0.02);
            expect(y).toBeGreaterThan(what.at.y - 0.02);
            expect(y).toBeLessThan(what.at.y + what.depthMetres + 0.02);
            expect(z).toBeGreaterThan(-0.01);
            expect(z).toBeLessThan(what.heightMetres + 0.4);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('looks the same each time, and different under another name', () => {
    const shelf: SceneDisplay = {
      id: 'snacks',
      kind: 'gondola',
      at: { x: 1, y: 1 },
      widthMetres: 3,
      depthMetres: 0.9,
      heightMetres: 1.5,
      front: ['north', 'south'],
    };
    const places = (what: SceneDisplay) => quadsOf(what).map(({ origin, edgeU }) => [origin, edgeU]);
    expect(places(shelf)).toEqual(places({ ...shelf }));
    expect(places({ ...shelf, id: 'household' })).not.toEqual(places(shelf));
  });

  test('paints with colours that light can still brighten', () => {
    fc.assert(
      fc.property(
        display,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (what, a, b) => {
          const colour = new Float64Array(3);
          for (const { paint, edgeU, edgeV, light } of quadsOf(what)) {
            paint(a * Math.hypot(...edgeU), b * Math.hypot(...edgeV), colour);
            for (const channel of colour) {
              expect(channel * light).toBeGreaterThanOrEqual(0);
              expect(channel * light).toBeLessThan(256);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
