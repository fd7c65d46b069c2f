import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { StoreChunk } from './feed/chunk.js';
import { premisesOf } from './plan/premises.js';
import { type StoreInput, simulateStore } from './simulation.js';
import { storeNamed } from './stores.testing.js';
import { ACTIVITIES } from './visits/shopper.js';
import { trafficSchema } from './visits/traffic-schema.js';

const START_MS = Date.UTC(2026, 4, 2, 8);
const HOUR_MS = 3_600_000;

/** Busy for the first hour; nobody comes in the second. */
const corner: StoreInput = {
  plan: storeNamed('corner-shop'),
  traffic: trafficSchema.parse({
    arrivalsPerHour: [
      { from: '08:00', perHour: 150 },
      { from: '09:00', perHour: 0 },
    ],
    returningShare: 0.4,
    regulars: 60,
    reactions: { drinks: { happiness: 1 } },
  }),
  seed: 42,
  startMs: START_MS,
  durationMs: 1.5 * HOUR_MS,
  timeZone: 'UTC',
};

const chunks = [...simulateStore(corner)];
const arrivals = chunks.flatMap((chunk) => chunk.arrivals);
const departures = chunks.flatMap((chunk) => chunk.departures);
const dwells = chunks.flatMap((chunk) => chunk.dwells);

describe('a morning in the corner shop', () => {
  test('comes in chunks that end where windows end, without gaps', () => {
    expect(chunks[0]?.fromMs).toBe(START_MS);
    expect(chunks.at(-1)?.toMs).toBe(START_MS + corner.durationMs);
    for (const [index, { fromMs, toMs, frames, samplePeriodMs }] of chunks.entries()) {
      expect(toMs % 15_000).toBe(0);
      expect(frames.offsets.length - 1).toBe((toMs - fromMs) / samplePeriodMs);
      if (index > 0) expect(fromMs).toBe(chunks[index - 1]?.toMs);
    }
  });

  test('everybody who came has left, nobody was stuck for ever', () => {
    expect(arrivals.length).toBeGreaterThan(110);
    expect(arrivals.length).toBeLessThan(190);
    expect(departures.map(({ shopper }) => shopper).sort((a, b) => a - b)).toEqual(
      arrivals.map(({ profile }) => profile.shopper),
    );
    const entered = new Map(arrivals.map(({ atMs, profile }) => [profile.shopper, atMs]));
    for (const { shopper, atMs } of departures) {
      expect(atMs - (entered.get(shopper) ?? 0)).toBeLessThan(25 * 60_000);
    }
  });

  test('nobody is inside a wall or a display, ever', () => {
    const { field } = premisesOf(corner.plan);
    let nearest = Infinity;
    for (const { frames } of chunks) {
      for (let row = 0; row < frames.x.length; row++) {
        nearest = Math.min(nearest, field.at(frames.x[row] ?? 0, frames.y[row] ?? 0));
      }
    }
    expect(nearest).toBeGreaterThan(0.15);
  });

  test('nobody jumps', () => {
    const places = new Map<number, { x: number; y: number }>();
    for (const { x, y, shopper } of rowsOf(chunks)) {
      const before = places.get(shopper);
      if (before !== undefined) {
        const metres = Math.hypot(x - before.x, y - before.y);
        expect(metres).toBeLessThan(2.7 * 0.5);
      }
      places.set(shopper, { x, y });
    }
  });

  test('shoppers on their own walk as people in shops do', () => {
    const partySizes = new Map<number, number>();
    for (const { profile } of arrivals)
      partySizes.set(profile.party, (partySizes.get(profile.party) ?? 0) + 1);
    const alone = new Set(
      arrivals
        .filter(({ profile }) => partySizes.get(profile.party) === 1)
        .map(({ profile }) => profile.shopper),
    );
    const walking = [...rowsOf(chunks)].filter(
      ({ shopper, activity, speed }) => alone.has(shopper) && activity === 'walking' && speed > 0.3,
    );
    const mean = walking.reduce((sum, { speed }) => sum + speed, 0) / walking.length;
    expect(mean).toBeGreaterThan(0.8);
    expect(mean).toBeLessThan(1.3);
  });

  test('members of a party keep together', () => {
    const party = new Map(arrivals.map(({ profile }) => [profile.shopper, profile.party]));
    let together = 0;
    let pairs = 0;
    for (const { frames } of chunks) {
      for (let sample = 0; sample + 1 < frames.offsets.length; sample += 4) {
        for (let a = frames.offsets[sample] ?? 0; a < (frames.offsets[sample + 1] ?? 0); a++) {
          for (let b = a + 1; b < (frames.offsets[sample + 1] ?? 0); b++) {
            if (party.get(frames.shopper[a] ?? -1) !== party.get(frames.shopper[b] ?? -2)) continue;
            pairs++;
            const dx = (frames.x[a] ?? 0) - (frames.x[b] ?? 0);
            const dy = (frames.y[a] ?? 0) - (frames.y[b] ?? 0);
            if (Math.hypot(dx, dy) < 4) together++;
          }
        }
      }
    }
    expect(together / pairs).toBeGreaterThan(0.9);
  });

  test('shoppers dwell in front of displays, for about as long as the traffic says', () => {
    const looking = dwells.filter(({ display }) => corner.plan.displays[display]?.checkout !== true);
    const lengths = looking.map(({ fromMs, toMs }) => toMs - fromMs).sort((a, b) => a - b);
    const median = lengths[lengths.length >> 1] ?? 0;
    expect(median).toBeGreaterThan(16_000);
    expect(median).toBeLessThan(28_000);
    const visited = new Set(looking.map(({ display }) => display));
    expect(visited.size).toBe(corner.plan.displays.filter(({ attraction }) => attraction > 0).length);
  });

  test('reactions are those of the display', () => {
    const drinks = corner.plan.displays.findIndex(({ id }) => id === 'drinks');
    for (const { display, reaction } of dwells)
      expect(reaction).toBe(display === drinks ? 'happiness' : 'neutral');
  });

  test('people queue at the till and pay one after another', () => {
    const till = corner.plan.displays.findIndex(({ checkout }) => checkout);
    const payments = dwells.filter(({ display }) => display === till).sort((a, b) => a.fromMs - b.fromMs);
    expect(payments.length).toBeGreaterThan(30);
    for (const [index, { fromMs }] of payments.entries()) {
      expect(fromMs).toBeGreaterThanOrEqual(payments[index - 1]?.toMs ?? 0);
    }
  });

  test('returning shoppers are the same persons, and never twice in the store at once', () => {
    const returning = arrivals.filter(({ profile }) => profile.returning);
    expect(returning.length / arrivals.length).toBeGreaterThan(0.28);
    expect(returning.length / arrivals.length).toBeLessThan(0.52);
    const left = new Map(departures.map(({ shopper, atMs }) => [shopper, atMs]));
    const previous = new Map<string, (typeof arrivals)[number]>();
    for (const arrival of returning) {
      const before = previous.get(arrival.profile.personId);
      previous.set(arrival.profile.personId, arrival);
      if (before === undefined) continue;
      const { shopper: _a, party: _b, ...person } = arrival.profile;
      expect(before.profile).toMatchObject(person);
      expect(left.get(before.profile.shopper)).toBeLessThanOrEqual(arrival.atMs);
    }
    expect(previous.size).toBeLessThan(returning.length);
  });
});

describe('determinism', () => {
  const short = { ...corner, durationMs: 0.2 * HOUR_MS };

  test('the same input gives the same day, to the bit', () => {
    expect(digestOf(simulateStore(short))).toBe(digestOf(simulateStore(short)));
  });

  test('another seed gives another day', () => {
    expect(digestOf(simulateStore({ ...short, seed: 43 }))).not.toBe(digestOf(simulateStore(short)));
  });

  test('a longer day begins like the shorter one', () => {
    const [first] = simulateStore({ ...short, durationMs: HOUR_MS });
    const [same] = simulateStore(short);
    expect(first).toEqual(same);
  });
});

test('a day that begins between samples is refused', () => {
  expect(() => [...simulateStore({ ...corner, startMs: START_MS + 100 })]).toThrow(RangeError);
});

function* rowsOf(all: readonly StoreChunk[]) {
  for (const { frames } of all) {
    for (let row = 0; row < frames.x.length; row++) {
      yield {
        shopper: frames.shopper[row] ?? 0,
        x: frames.x[row] ?? 0,
        y: frames.y[row] ?? 0,
        speed: frames.speedMetresPerSecond[row] ?? 0,
        activity: ACTIVITIES[frames.activity[row] ?? 0],
      };
    }
  }
}

function digestOf(all: Iterable<StoreChunk>): string {
  const hash = createHash('sha256');
  for (const { frames, arrivals: came, dwells: dwelt } of all) {
    for (const column of Object.values(frames)) hash.update(new Uint8Array(column.buffer));
    hash.update(JSON.stringify([came, dwelt]));
  }
  return hash.digest('hex');
}
