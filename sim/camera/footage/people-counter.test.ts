import { describe, expect, test } from 'vitest';
import type { TrackedPerson } from '../../../pipeline/detection/tracker.js';
import { type CountingLine, PeopleCounter } from './people-counter.js';

/** Going up the picture, from the line's right side to its left, is going out. */
const line: CountingLine = { from: { x: 0, y: 200 }, to: { x: 300, y: 200 } };

function person(track: number, sightings: number, x: number, feetY: number): TrackedPerson {
  const box = { left: x - 20, top: feetY - 100, width: 40, height: 100 };
  return {
    track,
    box,
    detection: { label: 'person', score: 0.8, box },
    velocity: { x: 0, y: 0 },
    firstSeenMs: 0,
    sightings,
  };
}

/** Follows one track through places of its feet, a tenth of a second apart. */
function walk(counter: PeopleCounter, feet: readonly (readonly [number, number])[], track = 1): void {
  for (const [i, [x, y]] of feet.entries()) counter.add(i * 100, [person(track, i + 1, x, y)]);
}

describe('people counter', () => {
  test('counts each person once, and nobody who was there for an instant', () => {
    const counter = new PeopleCounter();
    walk(counter, new Array(20).fill([100, 300]), 1);
    walk(counter, new Array(3).fill([200, 300]), 2);
    expect(counter.counts).toEqual({ people: 1, in: null, out: null });
  });

  test('counts who crosses, by direction', () => {
    const counter = new PeopleCounter(line);
    walk(
      counter,
      [
        [100, 150],
        [100, 180],
        [100, 220],
        [100, 260],
      ],
      1,
    );
    walk(
      counter,
      [
        [200, 260],
        [200, 220],
        [200, 150],
      ],
      2,
    );
    walk(
      counter,
      [
        [250, 150],
        [250, 250],
      ],
      3,
    );
    expect(counter.counts).toMatchObject({ in: 2, out: 1 });
  });

  test('one who stands on the line does not cross it with every wobble', () => {
    const counter = new PeopleCounter(line);
    walk(
      counter,
      Array.from({ length: 40 }, (_, i) => [100, i % 2 === 0 ? 197 : 203] as const),
    );
    expect(counter.counts).toMatchObject({ in: 0, out: 0 });
  });

  test('going round the end of the line is not crossing it', () => {
    const counter = new PeopleCounter(line);
    walk(counter, [
      [350, 150],
      [400, 200],
      [350, 260],
    ]);
    expect(counter.counts).toMatchObject({ in: 0, out: 0 });
  });

  test('going in and out again is one of each', () => {
    const counter = new PeopleCounter(line);
    walk(counter, [
      [100, 150],
      [100, 250],
      [100, 150],
    ]);
    expect(counter.counts).toMatchObject({ in: 1, out: 1 });
  });
});
