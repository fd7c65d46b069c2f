import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Appearance } from '../tracking/appearance.js';
import type { CameraMarks, CountingLine } from './marks.js';
import { isInside, NO_MARKS } from './marks.js';
import { type CountedPerson, PeopleCounter } from './people-counter.js';

const SIZE = { widthPixels: 640, heightPixels: 480 };
/** Going up the picture, from the line's right side to its left, is going out. */
const line: CountingLine = { id: 'door', from: { x: 0, y: 200 }, to: { x: 300, y: 200 } };
const zone = {
  id: 'table',
  name: 'Table',
  area: [
    { x: 200, y: 200 },
    { x: 400, y: 200 },
    { x: 400, y: 400 },
    { x: 200, y: 400 },
  ],
};
const marks = (partial: Partial<CameraMarks>): CameraMarks => ({ ...NO_MARKS, ...partial });
const red: Appearance = Float32Array.from([1, 0, 0, 1, 0, 0]);
const blue: Appearance = Float32Array.from([0, 1, 0, 0, 1, 0]);

interface Walk {
  readonly track: number;
  readonly fromMs?: number;
  readonly appearance?: Appearance;
}

/** Follows one track through places of its feet, a tenth of a second apart; returns when it was seen last. */
function walk(
  counter: PeopleCounter,
  feet: readonly (readonly [number, number])[],
  { track, fromMs = 0, appearance }: Walk = { track: 1 },
): number {
  let atMs = fromMs;
  for (const [i, [x, y]] of feet.entries()) {
    atMs = fromMs + i * 100;
    const box = { left: x - 20, top: y - 100, width: 40, height: 100 };
    const person: CountedPerson = { track, box, firstSeenMs: fromMs, sightings: i + 1, appearance };
    counter.add(atMs, [person]);
  }
  return atMs;
}

const still = (times: number, x: number, y: number) => new Array<[number, number]>(times).fill([x, y]);

describe('people', () => {
  test('each is counted once, and nobody who was there for an instant', () => {
    const counter = new PeopleCounter(SIZE);
    walk(counter, still(20, 100, 300), { track: 1 });
    walk(counter, still(3, 200, 300), { track: 2, fromMs: 2_000 });
    expect(counter.counts).toMatchObject({ people: 1, in: null, out: null });
  });

  const leaveAndReturn = (awayMs: number, comesBackIn: Appearance, reentryMs: number, at = 10) => {
    const counter = new PeopleCounter(SIZE, marks({ reentryMs }));
    const leftMs = walk(counter, still(10, at, 300), { track: 1, appearance: red });
    walk(counter, still(10, at, 300), { track: 2, fromMs: leftMs + awayMs, appearance: comesBackIn });
    return counter.counts;
  };

  test.each([
    ['back after a second', 1_000],
    ['back after half a minute', 30_000],
  ])('who leaves at the edge and is %s in the same clothes is one visitor', (_what, awayMs) => {
    expect(leaveAndReturn(awayMs, red, 60_000)).toMatchObject({ people: 1, returned: 1 });
  });

  test.each([
    ['comes back later than the stated time', leaveAndReturn(61_000, red, 60_000)],
    ['wears something else', leaveAndReturn(5_000, blue, 60_000)],
    ['comes back where no re-entry is stated', leaveAndReturn(5_000, red, 0)],
    ['appears in the middle of the picture', leaveAndReturn(5_000, red, 60_000, 320)],
  ])('who %s is another', (_what, counts) => {
    expect(counts).toMatchObject({ people: 2, returned: 0 });
  });

  test('two who come in the clothes of one who left: only one of them is that visitor', () => {
    const counter = new PeopleCounter(SIZE, marks({ reentryMs: 60_000 }));
    walk(counter, still(10, 10, 300), { track: 1, appearance: red });
    walk(counter, still(10, 10, 300), { track: 2, fromMs: 3_000, appearance: red });
    walk(counter, still(10, 620, 300), { track: 3, fromMs: 4_100, appearance: red });
    expect(counter.counts).toMatchObject({ people: 2, returned: 1 });
  });
});

describe('a line', () => {
  const crossing = (feet: readonly (readonly [number, number])[]) => {
    const counter = new PeopleCounter(SIZE, marks({ lines: [line] }));
    walk(counter, feet);
    return counter.counts;
  };
  const down = [150, 180, 220, 260].map((y) => [100, y] as const);

  test.each([
    ['downwards is in', down, { in: 1, out: 0 }],
    ['upwards is out', down.toReversed(), { in: 0, out: 1 }],
    ['in and out again is one of each', [...down, ...down.toReversed()], { in: 1, out: 1 }],
    [
      'a wobble on the line is no crossing',
      Array.from({ length: 40 }, (_, i) => [100, i % 2 === 0 ? 197 : 203] as const),
      { in: 0, out: 0 },
    ],
    [
      'going round its end is no crossing',
      [[350, 150] as const, [400, 200] as const, [350, 260] as const],
      { in: 0, out: 0 },
    ],
  ])('%s', (_what, feet, expected) => {
    expect(crossing(feet)).toMatchObject({ ...expected, lines: [expected] });
  });
});

describe('a zone', () => {
  const counter = () => new PeopleCounter(SIZE, marks({ zones: [zone] }));
  const figures = (of: PeopleCounter) => of.counts.zones[0];

  test('knows who stays, how many at once, and for how long', () => {
    const counted = counter();
    for (let i = 0; i <= 100; i++) {
      const person = (track: number, x: number): CountedPerson => ({
        track,
        box: { left: x, top: 200, width: 40, height: 100 },
        firstSeenMs: 0,
        sightings: i + 1,
        appearance: undefined,
      });
      // The first stands in it all the time, the second for the last five seconds.
      counted.add(i * 100, [person(1, 250), person(2, i < 50 ? 500 : 300)]);
    }
    const { meanOccupancy, ...rest } = figures(counted) ?? { meanOccupancy: 0 };
    // Who is in view counts as a visitor after half a second only.
    expect(rest).toEqual({
      visitors: 2,
      stays: 2,
      peakOccupancy: 2,
      meanDwellMs: (9_500 + 5_000) / 2,
      longestDwellMs: 9_500,
    });
    expect(meanOccupancy).toBeCloseTo(1.45, 5);
  });

  test('a stay goes on when somebody is hidden for a moment, and ends when they are away for longer', () => {
    const hidden = counter();
    walk(hidden, [...still(20, 300, 300), ...still(10, 100, 300), ...still(20, 300, 300)]);
    expect(figures(hidden)).toMatchObject({ visitors: 1, stays: 1 });
    const away = counter();
    walk(away, [...still(20, 300, 300), ...still(30, 100, 300), ...still(20, 300, 300)]);
    expect(figures(away)).toMatchObject({ visitors: 1, stays: 2 });
  });

  test('walking through its corner is no stay', () => {
    const counted = counter();
    walk(counted, [...still(20, 100, 300), ...still(3, 300, 300), ...still(30, 100, 300)]);
    expect(figures(counted)).toMatchObject({ visitors: 0, stays: 0, peakOccupancy: 1, meanDwellMs: 0 });
  });

  test('inside is inside, whatever the sense of rotation and the corner that comes first', () => {
    const corner = fc.record({ x: fc.integer({ min: 0, max: 100 }), y: fc.integer({ min: 0, max: 100 }) });
    fc.assert(
      fc.property(
        corner,
        fc.array(corner, { minLength: 3, maxLength: 8 }),
        fc.nat(7),
        (corner, area, turn) => {
          const point = { x: corner.x + 0.5, y: corner.y + 0.5 };
          const start = turn % area.length;
          const turned = [...area.slice(start), ...area.slice(0, start)];
          expect(isInside(point, turned)).toBe(isInside(point, area));
          expect(isInside(point, area.toReversed())).toBe(isInside(point, area));
        },
      ),
    );
  });
});
