import { describe, expect, test } from 'vitest';
import { simulateStoreInWorker } from './feed/store-feed.js';
import { premisesOf } from './plan/premises.js';
import { type StoreInput, simulateStore } from './simulation.js';
import { HEAT_CELL_METRES, StoreTally } from './store-totals.js';
import { storeNamed } from './stores.testing.js';
import { StoreTimeline } from './timeline.js';
import { StoreTruth } from './truth.js';
import { trafficSchema } from './visits/traffic-schema.js';

const START_MS = Date.UTC(2026, 4, 2, 9);
const input: StoreInput = {
  plan: storeNamed('corner-shop'),
  traffic: trafficSchema.parse({ arrivalsPerHour: 300 }),
  seed: 'timeline',
  startMs: START_MS,
  durationMs: 10 * 60_000,
  timeZone: 'Europe/Berlin',
};
const chunks = [...simulateStore(input)];

function timeline(): StoreTimeline {
  const whole = new StoreTimeline(input.plan);
  for (const chunk of chunks) whole.append(chunk);
  return whole;
}

describe('the timeline', () => {
  test('is what was sampled, at the samples', () => {
    const chunk = chunks[20];
    if (chunk === undefined) throw new Error('the day is too short');
    const { frames } = chunk;
    const states = timeline().at(chunk.toMs);
    const first = frames.offsets.at(-2) ?? 0;
    expect(states.map(({ shopper }) => shopper)).toEqual([...frames.shopper.subarray(first)]);
    expect(states.map(({ x }) => x)).toEqual([...frames.x.subarray(first)]);
    expect(states.map(({ headingRadians }) => headingRadians)).toEqual([
      ...frames.headingRadians.subarray(first),
    ]);
  });

  test('is between two samples, between them', () => {
    const whole = timeline();
    const atMs = START_MS + 300_000;
    const [before, between, after] = [atMs, atMs + 125, atMs + 500].map((ms) => whole.at(ms));
    for (const { shopper, x, y } of between ?? []) {
      const from = before?.find((state) => state.shopper === shopper);
      const to = after?.find((state) => state.shopper === shopper) ?? from;
      expect(x).toBeCloseTo((from?.x ?? 0) * 0.75 + (to?.x ?? 0) * 0.25, 6);
      expect(y).toBeCloseTo((from?.y ?? 0) * 0.75 + (to?.y ?? 0) * 0.25, 6);
    }
    expect(between?.length).toBeGreaterThan(3);
  });

  test('says what people do, in the words of the plan', () => {
    const whole = timeline();
    const dwelling = Array.from({ length: 60 }, (_, n) => whole.at(START_MS + 60_000 + n * 1000))
      .flat()
      .filter(({ activity }) => activity === 'dwelling');
    expect(dwelling.length).toBeGreaterThan(10);
    for (const { display, section, reaction } of dwelling) {
      const known = input.plan.displays.find(({ id }) => id === display);
      expect(known?.section).toBe(section);
      expect(reaction).toBe('neutral');
    }
  });

  test('is empty when the day begins, and knows who everybody is', () => {
    const whole = timeline();
    expect(whole.at(START_MS)).toEqual([]);
    for (const { shopper } of whole.at(START_MS + 300_000))
      expect(whole.profile(shopper)?.shopper).toBe(shopper);
  });

  test('finds one shopper, or those who stand somewhere, as it knows all', () => {
    const whole = timeline();
    const atMs = START_MS + 300_125;
    const everybody = whole.at(atMs);
    expect(everybody.length).toBeGreaterThan(3);
    for (const state of everybody) expect(whole.find(state.shopper, atMs)).toEqual(state);
    const last = Math.max(...everybody.map(({ shopper }) => shopper));
    expect(whole.find(last + 1_000, atMs)).toBeNull();
    const middle = everybody[0]?.x ?? 0;
    const east = everybody.filter(({ x }) => x >= middle);
    expect(whole.at(atMs, (x) => x >= middle)).toEqual(east);
  });

  test('forgets what is past and says so', () => {
    const whole = timeline();
    const keptMs = START_MS + 400_000;
    const before = whole.at(keptMs);
    whole.forget(keptMs);
    expect(whole.at(keptMs + 1)).toHaveLength(before.length);
    expect(whole.at(keptMs)).toEqual(before);
    expect(() => whole.at(START_MS + 60_000)).toThrow(RangeError);
    expect(() => whole.at(START_MS + input.durationMs + 1)).toThrow(RangeError);
  });

  test('refuses a gap', () => {
    const gappy = new StoreTimeline(input.plan);
    const [first, , third] = chunks;
    if (first === undefined || third === undefined) throw new Error('the day is too short');
    gappy.append(first);
    expect(() => gappy.append(third)).toThrow(RangeError);
  });
});

describe('the truth', () => {
  const truth = new StoreTruth(input.plan);
  const windows = [...chunks.flatMap((chunk) => truth.append(chunk)), ...truth.end()];

  test('has one window after another', () => {
    expect(windows.map(({ endMs }) => endMs)).toEqual(
      Array.from({ length: 40 }, (_, n) => START_MS + (n + 1) * 15_000),
    );
  });

  test('counts everybody who was in a section at a sample of the window', () => {
    const { sectionAt } = premisesOf(input.plan);
    const window = windows[25];
    if (window === undefined) throw new Error('the day is too short');
    const whole = timeline();
    const expected = input.plan.sections.map(() => new Set<number>());
    for (let ms = window.endMs - 14_500; ms <= window.endMs; ms += 500) {
      for (const { shopper, x, y } of whole.at(ms)) expected[sectionAt(x, y)]?.add(shopper);
    }
    expect(window.sections.map(({ shoppers }) => shoppers)).toEqual(expected);
  });

  test('footfall adds up to those who came, and every dwell is counted once', () => {
    const entered = windows.flatMap((window) => window.entered);
    expect(entered.map(({ profile }) => profile.shopper)).toEqual(
      chunks.flatMap((chunk) => chunk.arrivals.map(({ profile }) => profile.shopper)),
    );
    for (const { section, entrance } of entered) {
      expect(section).toBe('entrance');
      expect(entrance).toBe('front-door');
    }
    expect(windows.flatMap((window) => window.dwells)).toHaveLength(
      chunks.flatMap(({ dwells }) => dwells).length,
    );
  });

  test('a window cut off by the end of the day is handed out too', () => {
    const cut = new StoreTruth(input.plan, 60_000);
    const whole = chunks.slice(0, 6).flatMap((chunk) => cut.append(chunk));
    expect(whole).toHaveLength(1);
    expect(cut.end().map(({ endMs }) => endMs)).toEqual([START_MS + 120_000]);
  });
});

test('the tally adds up', () => {
  const tally = new StoreTally(input.plan);
  for (const chunk of chunks) tally.append(chunk);
  const totals = tally.totals();
  const rows = chunks.reduce((sum, { frames }) => sum + frames.x.length, 0);
  expect(totals.visits).toBe(chunks.flatMap(({ arrivals }) => arrivals).length);
  expect(totals.displays.reduce((sum, { dwells }) => sum + dwells, 0)).toBe(
    chunks.flatMap(({ dwells }) => dwells).length,
  );
  expect(totals.heat.seconds.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(rows / 2, 6);
  expect(totals.heat.columns * HEAT_CELL_METRES).toBe(12);
});

describe('a store in a thread of its own', () => {
  test('hands out the same chunks, at once', async () => {
    const feed = simulateStoreInWorker(input);
    for (const chunk of chunks) expect(feed.takeNow()).toEqual(chunk);
    expect(feed.takeNow()).toBeNull();
    expect(feed.takeNow()).toBeNull();
    await feed.close();
  });

  test('hands out the same chunks, in turn', async () => {
    const feed = simulateStoreInWorker(input, 2);
    let taken = 0;
    for await (const chunk of feed) expect(chunk).toEqual(chunks[taken++]);
    expect(taken).toBe(chunks.length);
    await feed.close();
  });

  test('can be closed in the middle', async () => {
    const feed = simulateStoreInWorker(input, 2);
    expect(await feed.take()).toEqual(chunks[0]);
    await feed.close();
    expect(feed.takeNow()).toBeNull();
  });

  test('says what went wrong', async () => {
    const feed = simulateStoreInWorker({ ...input, timeZone: 'Mars/Olympus' });
    expect(() => feed.takeNow()).toThrow(/Mars\/Olympus/);
    await feed.close();
  });
});
