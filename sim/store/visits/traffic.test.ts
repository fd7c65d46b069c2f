import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AGE_BANDS } from '../../../pipeline/boundaries.js';
import { randomSource } from '../../kernel/random.js';
import { storeNamed } from '../stores.testing.js';
import { partyArrivals } from './arrivals.js';
import { minuteOfDay } from './local-time.js';
import { personNamed } from './people.js';
import { trafficDocumentSchema, trafficProblems, trafficSchema } from './traffic-schema.js';

const DAY_MS = 86_400_000;
const UTC_MIDNIGHT = Date.UTC(2026, 4, 4);

describe('traffic as people write it', () => {
  test('needs nothing at all', () => {
    const traffic = trafficSchema.parse({});
    expect(traffic.arrivals).toEqual([{ fromMinute: 0, shoppersPerHour: 120 }]);
    expect(traffic.dwell).toEqual({ medianMs: 22_000, spread: 0.6 });
  });

  test('takes durations as numbers of seconds or with units', () => {
    expect(trafficSchema.parse({ dwell: { median: 90 } }).dwell.medianMs).toBe(90_000);
    expect(trafficSchema.parse({ dwell: { median: '1m30s' } }).dwell.medianMs).toBe(90_000);
    expect(trafficSchema.safeParse({ dwell: { median: 'long' } }).success).toBe(false);
    expect(trafficSchema.safeParse({ dwell: { median: 0 } }).success).toBe(false);
  });

  test('puts a profile into the order of time', () => {
    const { arrivals } = trafficSchema.parse({
      arrivalsPerHour: [
        { from: '12:30', perHour: 300 },
        { from: '09:00', perHour: 100 },
      ],
    });
    expect(arrivals.map(({ fromMinute }) => fromMinute)).toEqual([540, 750]);
  });

  test.each([
    ['an unknown key', { arrivalPerHour: 3 }],
    ['an unknown emotion', { reactions: { till: { joy: 0.5 } } }],
    ['shares above 1', { reactions: { till: { happiness: 0.8, anger: 0.3 } } }],
    ['a time that is none', { arrivalsPerHour: [{ from: '25:00', perHour: 1 }] }],
    ['parties of none', { partySizes: { 0: 1 } }],
    ['no party at all', { partySizes: { 1: 0 } }],
  ])('refuses %s', (_what, document) => {
    expect(trafficSchema.safeParse(document).success).toBe(false);
  });

  test('reactions to a display that is not there suggest the nearest one', () => {
    const traffic = trafficSchema.parse({ reactions: { drink: { happiness: 0.5 } } });
    expect(trafficProblems(traffic, storeNamed('corner-shop'))).toMatchObject([
      { code: 'FF_TRAFFIC_UNKNOWN_DISPLAY', path: ['reactions', 'drink'], suggestion: 'drinks' },
    ]);
  });

  test('can be published as JSON Schema', () => {
    expect(z.toJSONSchema(trafficDocumentSchema, { io: 'input' })).toMatchObject({
      additionalProperties: false,
    });
  });
});

describe('arrivals', () => {
  const profile = trafficSchema.parse({
    arrivalsPerHour: [
      { from: '00:00', perHour: 0 },
      { from: '09:00', perHour: 200 },
      { from: '12:00', perHour: 600 },
      { from: '13:00', perHour: 0 },
    ],
    partySizes: { 1: 0.5, 2: 0.5 },
  });

  test('follow the profile, in shoppers an hour', () => {
    const period = { startMs: UTC_MIDNIGHT, endMs: UTC_MIDNIGHT + 20 * DAY_MS, timeZone: 'UTC' };
    const byHour = new Map<number, number>();
    for (const { atMs, size } of partyArrivals(profile, randomSource(1), period)) {
      const hour = Math.floor((atMs % DAY_MS) / 3_600_000);
      byHour.set(hour, (byHour.get(hour) ?? 0) + size);
    }
    expect([...byHour.keys()].sort((a, b) => a - b)).toEqual([9, 10, 11, 12]);
    expect((byHour.get(10) ?? 0) / 20).toBeGreaterThan(185);
    expect((byHour.get(10) ?? 0) / 20).toBeLessThan(215);
    expect((byHour.get(12) ?? 0) / 20).toBeGreaterThan(575);
    expect((byHour.get(12) ?? 0) / 20).toBeLessThan(625);
  });

  test('follow the time of day of the store, not of the machine', () => {
    const period = { startMs: UTC_MIDNIGHT, endMs: UTC_MIDNIGHT + DAY_MS, timeZone: 'Asia/Tokyo' };
    const [first] = partyArrivals(profile, randomSource(1), period);
    expect(new Date(first?.atMs ?? 0).getUTCHours()).toBe(0);
  });

  test('time of day follows daylight saving', () => {
    const minute = minuteOfDay('Europe/Berlin');
    const change = Date.UTC(2026, 2, 29, 1);
    expect(minute(change - 60_000)).toBe(119);
    expect(minute(change)).toBe(180);
  });
});

describe('people', () => {
  const { demographics } = trafficSchema.parse({
    demographics: { femaleShare: 0.7, ages: { '25-34': 3, '65+': 1 } },
  });

  test('are the same whenever they come', () => {
    const rng = randomSource(5);
    expect(personNamed('regular-7', rng, demographics)).toEqual(personNamed('regular-7', rng, demographics));
    expect(personNamed('regular-7', rng, demographics)).not.toEqual(
      personNamed('regular-8', rng, demographics),
    );
  });

  test('are as the demographics say, and no taller or faster than people are', () => {
    const people = Array.from({ length: 2000 }, (_, n) =>
      personNamed(`p${n}`, randomSource(5), demographics),
    );
    const share = (is: (person: (typeof people)[number]) => boolean): number =>
      people.filter(is).length / people.length;
    expect(share(({ gender }) => gender === 'female')).toBeCloseTo(0.7, 1);
    expect(share(({ ageYears }) => ageYears >= 65)).toBeCloseTo(0.25, 1);
    expect(share(({ ageYears }) => ageYears >= 65 || (ageYears >= 25 && ageYears <= 34))).toBe(1);
    for (const { heightMetres, freeMetresPerSecond } of people) {
      expect(heightMetres).toBeGreaterThan(1.4);
      expect(heightMetres).toBeLessThan(2.1);
      expect(freeMetresPerSecond).toBeGreaterThanOrEqual(0.7);
      expect(freeMetresPerSecond).toBeLessThanOrEqual(2);
    }
  });

  test('children are smaller than adults', () => {
    const ages = Object.fromEntries(AGE_BANDS.map((band) => [band, band === '0-12' ? 1 : 0]));
    const children = trafficSchema.parse({ demographics: { ages } }).demographics;
    for (let n = 0; n < 50; n++) {
      const { ageYears, heightMetres } = personNamed(`c${n}`, randomSource(1), children);
      expect(ageYears).toBeLessThanOrEqual(12);
      expect(heightMetres).toBeLessThan(1.8);
      expect(heightMetres).toBeGreaterThan(0.7);
    }
  });
});
