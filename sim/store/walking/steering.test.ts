/**
 * How bodies walk, in the manner of RiMEA's verification cases ("Guideline for Microscopic Evacuation Analysis",
 * the cases that apply to a shop), with bands from the literature rather than points.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomSource } from '../../kernel/random.js';
import { STEP_SECONDS } from '../simulation.js';
import { block, room } from './walkers.testing.js';

describe('one who walks alone', () => {
  test.each([0.7, 1.0, 1.34, 1.8])('keeps a speed of %f m/s along a corridor (RiMEA 1)', (speed) => {
    const corridor = room(44, 2);
    const walker = corridor.add({ x: 1, y: 1 }, speed);
    corridor.goTo(walker, { x: 43, y: 1 });
    let seconds = 0;
    while (corridor.position(walker).x < 41 && seconds < 100) {
      corridor.step();
      seconds += STEP_SECONDS;
    }
    expect(seconds).toBeCloseTo(40 / speed, -0.5);
    expect(Math.abs(seconds - 40 / speed)).toBeLessThan(1);
  });

  test('comes to rest at the goal and not beyond it', () => {
    const hall = room(10, 10);
    const walker = hall.add({ x: 1, y: 5 }, 1.3);
    hall.goTo(walker, { x: 6, y: 5 });
    for (let seconds = 0; seconds < 15; seconds += STEP_SECONDS) {
      hall.step();
      expect(hall.position(walker).x).toBeLessThan(6.001);
    }
    expect(hall.position(walker).x).toBeCloseTo(6, 2);
  });

  test('walks around one who stands in the way, along a shelf too', () => {
    for (const y of [5, 0.5]) {
      const hall = room(12, 10);
      hall.add({ x: 6, y }, 1);
      const walker = hall.add({ x: 1, y }, 1.2);
      hall.goTo(walker, { x: 11, y });
      for (let seconds = 0; seconds < 15; seconds += STEP_SECONDS) {
        hall.step();
        expect(hall.nearestPair()).toBeGreaterThan(0.3);
      }
      expect(hall.position(walker).x).toBeGreaterThan(10.9);
    }
  });

  test('never enters a wall, wherever the goal is', () => {
    const shelf = block(4, 3, 2, 4);
    fc.assert(
      fc.property(
        fc.record({
          x: fc.double({ min: 0.3, max: 3.7, noNaN: true }),
          y: fc.double({ min: 0.3, max: 9.7, noNaN: true }),
        }),
        fc.record({
          x: fc.double({ min: -2, max: 12, noNaN: true }),
          y: fc.double({ min: -2, max: 12, noNaN: true }),
        }),
        fc.double({ min: 0.3, max: 2, noNaN: true }),
        (from, goal, speed) => {
          const hall = room(10, 10, [shelf]);
          const walker = hall.add(from, speed);
          hall.goTo(walker, goal);
          for (let seconds = 0; seconds < 15; seconds += STEP_SECONDS) {
            hall.step();
            const { x, y } = hall.position(walker);
            if (hall.field.at(x, y) < 0.15) return false;
          }
          return true;
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('many who walk', () => {
  test('two who meet in an aisle of 1.6 m pass each other', () => {
    const aisle = room(14, 1.6);
    const east = aisle.add({ x: 1, y: 0.8 }, 1.2);
    const west = aisle.add({ x: 13, y: 0.8 }, 1.2);
    aisle.goTo(east, { x: 13, y: 0.8 });
    aisle.goTo(west, { x: 1, y: 0.8 });
    for (let seconds = 0; seconds < 25; seconds += STEP_SECONDS) {
      aisle.step();
      expect(aisle.nearestPair()).toBeGreaterThan(0.3);
    }
    expect(aisle.position(east).x).toBeGreaterThan(12.5);
    expect(aisle.position(west).x).toBeLessThan(1.5);
  });

  test('streams against each other get through (RiMEA 12, counterflow)', () => {
    const corridor = room(24, 4);
    const random = randomSource(3)('counterflow');
    const walkers = Array.from({ length: 30 }, (_, n) => {
      const eastbound = n % 2 === 0;
      const at = { x: eastbound ? 1 + n * 0.25 : 23 - n * 0.25, y: random.between(0.5, 3.5) };
      const slot = corridor.add(at, random.between(1, 1.5));
      corridor.goTo(slot, { x: eastbound ? 23 : 1, y: at.y });
      return { slot, goal: eastbound ? 23 : 1 };
    });
    for (let seconds = 0; seconds < 100; seconds += STEP_SECONDS) corridor.step();
    const stranded = walkers.filter(({ slot, goal }) => Math.abs(corridor.position(slot).x - goal) > 4);
    expect(stranded).toEqual([]);
  });

  test('a door of 1.2 m lets through at most what doors do, and not much less (RiMEA 4)', () => {
    const hall = room(16, 10, [block(9.9, 0, 0.2, 4.4), block(9.9, 5.6, 0.2, 4.4)]);
    const walkers = Array.from({ length: 60 }, (_, n) => {
      const slot = hall.add({ x: 8.5 - Math.floor(n / 10) * 0.7, y: 2 + (n % 10) * 0.65 }, 1.34);
      hall.goTo(slot, { x: 10, y: 5 });
      return slot;
    });
    const passed = new Map<number, number>();
    for (let step = 0; step < 300 / STEP_SECONDS && passed.size < walkers.length; step++) {
      hall.step();
      for (const slot of walkers) {
        const { x } = hall.position(slot);
        if (x > 9.6 && !passed.has(slot)) {
          passed.set(slot, step * STEP_SECONDS);
          hall.goTo(slot, { x: 15, y: 5 });
        }
      }
    }
    const times = [...passed.values()];
    const first = times[5] ?? 0;
    const last = times[54] ?? Infinity;
    const flowPerMetreSecond = 49 / (last - first) / 1.2;
    // Weidmann's capacity is 1.22 people/(m·s); experiments at bottlenecks reach 1.9 (Seyfried et al. 2009).
    expect(flowPerMetreSecond).toBeLessThan(2);
    expect(flowPerMetreSecond).toBeGreaterThan(0.5);
  });

  test.each([
    { people: 8, atLeast: 1.1, atMost: 1.4 },
    { people: 40, atLeast: 0.8, atMost: 1.35 },
    { people: 120, atLeast: 0.3, atMost: 1 },
  ])('the denser the crowd the slower it walks: $people people on 80 m²', ({ people, atLeast, atMost }) => {
    // A lane of 40 × 2 m in which everybody goes east and starts again in the west.
    const lane = room(42, 2);
    const random = randomSource(people)('density');
    const walkers = Array.from({ length: people }, (_, n) => {
      const slot = lane.add(
        { x: 1 + (((n * 40) / people) % 40), y: 0.4 + (n % 3) * 0.6 },
        random.between(1.2, 1.48),
      );
      lane.goTo(slot, { x: 100, y: lane.position(slot).y });
      return slot;
    });
    let metres = 0;
    const steps = 60 / STEP_SECONDS;
    for (let n = 0; n < steps; n++) {
      lane.step();
      for (const slot of walkers) {
        metres += (lane.crowd.speedMetresPerSecond[slot] ?? 0) * STEP_SECONDS;
        if ((lane.crowd.x[slot] ?? 0) > 41) lane.crowd.x[slot] = (lane.crowd.x[slot] ?? 0) - 40;
      }
    }
    const speed = metres / (steps * STEP_SECONDS * people);
    expect(speed).toBeGreaterThan(atLeast);
    expect(speed).toBeLessThan(atMost);
  });

  test('bodies of a crossing crowd keep apart', () => {
    const hall = room(12, 12);
    const random = randomSource(11)('crossing');
    for (let n = 0; n < 24; n++) {
      const from = { x: 1 + (n % 6) * 2, y: n < 12 ? 1 + Math.floor(n / 6) : 10 + Math.floor(n / 6) - 2 };
      const slot = hall.add(from, random.between(1, 1.5));
      hall.goTo(slot, { x: 12 - from.x, y: 12 - from.y });
    }
    let closest = Infinity;
    for (let seconds = 0; seconds < 20; seconds += STEP_SECONDS) {
      hall.step();
      closest = Math.min(closest, hall.nearestPair());
    }
    // All of them meet in one point: shoulders turn, nobody walks through anybody.
    expect(closest).toBeGreaterThan(0.15);
  });

  test('what happens does not depend on who came first', () => {
    const places = [
      { x: 2, y: 2 },
      { x: 3, y: 2.4 },
      { x: 2.5, y: 3 },
      { x: 8, y: 8 },
    ];
    const walk = (order: readonly number[]): string[] => {
      const hall = room(10, 10);
      const slots = new Map(order.map((n) => [n, hall.add(places[n] ?? { x: 1, y: 1 }, 1.2, n)]));
      for (const slot of slots.values()) hall.goTo(slot, { x: 5, y: 9 });
      for (let seconds = 0; seconds < 10; seconds += STEP_SECONDS) hall.step();
      return places.map((_, n) => {
        const { x, y } = hall.position(slots.get(n) ?? 0);
        return `${x.toFixed(6)},${y.toFixed(6)}`;
      });
    };
    expect(walk([3, 1, 0, 2])).toEqual(walk([0, 1, 2, 3]));
  });
});

test('turns a corner without leaving the walls (RiMEA 6)', () => {
  // An L of 2 m corridors: east along the south, then north along the east.
  const corner = room(12, 12, [block(0, 2, 10, 10)]);
  const ways = corner.roadmap.waysTo({ x: 11, y: 11 });
  const walkers = Array.from({ length: 12 }, (_, n) => {
    const slot = corner.add({ x: 0.6 + Math.floor(n / 3) * 0.7, y: 0.5 + (n % 3) * 0.5 }, 1.2);
    const route = corner.roadmap.route(corner.position(slot), ways, n / 12) ?? [];
    return { slot, route, leg: 0 };
  });
  const legOf = new Map(walkers.map(({ slot }) => [slot, 0]));
  for (let seconds = 0; seconds < 60; seconds += STEP_SECONDS) {
    for (const { slot, route } of walkers) {
      const at = corner.position(slot);
      const leg = legOf.get(slot) ?? 0;
      const next = route[leg] ?? { x: 11, y: 11 };
      const afterNext = route[leg + 1];
      if (afterNext !== undefined && corner.roadmap.isStraight(at, afterNext)) legOf.set(slot, leg + 1);
      corner.goTo(slot, route[legOf.get(slot) ?? 0] ?? next);
    }
    corner.step();
    for (const { slot } of walkers) {
      const { x, y } = corner.position(slot);
      expect(corner.field.at(x, y)).toBeGreaterThan(0.15);
    }
  }
  for (const { slot } of walkers) expect(corner.position(slot).y).toBeGreaterThan(8);
});
