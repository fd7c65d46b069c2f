import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnonymousEvent } from '../boundaries.js';
import { type InputEvent, type Job, type JobOptions, startJob } from './job.js';

const QUERY = readFileSync(join(import.meta.dirname, '../deployment/footfall.asaql'), 'utf8');
const START_MS = Date.UTC(2026, 0, 5, 9);

function personEvent(
  seconds: number,
  more: Partial<AnonymousEvent> = {},
  arrivalSeconds = seconds + 1,
): InputEvent {
  const body: AnonymousEvent = {
    eventId: `e${seconds}`,
    storeId: 'seoul',
    cameraId: 'door',
    section: 'entrance',
    capturedAt: new Date(START_MS + seconds * 1000).toISOString(),
    analyzed: true,
    visitor: 'v1',
    newVisitor: false,
    returning: false,
    ageBand: '25-34',
    gender: 'female',
    emotion: 'happiness',
    emotionScore: 0.5,
    ...more,
  };
  return { body: { ...body }, enqueuedAtMs: START_MS + arrivalSeconds * 1000, partitionId: 0 };
}

function run(options: Partial<JobOptions> = {}): {
  job: Job;
  rows: Readonly<Record<string, unknown>>[];
  late: string[];
} {
  const rows: Readonly<Record<string, unknown>>[] = [];
  const late: string[] = [];
  const job = startJob({
    query: QUERY,
    onRow: (_output, row) => rows.push(row),
    onLate: (_input, event, outcome, fault) => late.push(`${event.body.eventId} ${outcome} ${fault}`),
    ...options,
  });
  return { job, rows, late };
}

describe('the query of the solution', () => {
  test('counts people, faces and visitors by store, section and quarter of a minute', () => {
    const { job, rows } = run();
    job.push('footfall-events', personEvent(1, { newVisitor: true }));
    job.push('footfall-events', personEvent(4, { emotionScore: -0.2 }));
    job.push(
      'footfall-events',
      personEvent(15, { visitor: 'v2', gender: 'male', ageBand: '65+', returning: true }),
    );
    job.push(
      'footfall-events',
      personEvent(15.5, {
        analyzed: false,
        visitor: null,
        returning: null,
        ageBand: null,
        gender: null,
        emotionScore: null,
      }),
    );
    job.end();
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      windowEnd: '2026-01-05T09:00:15.0000000Z',
      storeId: 'seoul',
      section: 'entrance',
      people: 3,
      faces: 3,
      uniqueVisitors: 2,
      newVisitors: 1,
      returningVisitors: 1,
      females: 2,
      males: 1,
      averageEmotion: 0.267,
      age25to34: 2,
      age65plus: 1,
    });
    expect(rows[1]).toMatchObject({
      people: 1,
      faces: 0,
      uniqueVisitors: 0,
      averageEmotion: null,
      females: 0,
    });
  });

  test('gives a window as soon as an event lies beyond it, and not before', () => {
    const { job, rows } = run();
    job.push('footfall-events', personEvent(1));
    job.push('footfall-events', personEvent(15));
    expect(rows).toHaveLength(0);
    job.push('footfall-events', personEvent(15.001));
    expect(rows).toHaveLength(1);
  });

  test('an idle input closes its windows at the late tolerance behind the clock', () => {
    const { job, rows } = run();
    job.push('footfall-events', personEvent(1));
    job.advanceTo(START_MS + 20_000);
    expect(rows).toHaveLength(0);
    job.advanceTo(START_MS + 20_001);
    expect(rows).toHaveLength(1);
  });

  test('names every event that the late policy adjusts or drops', () => {
    const adjusted = run();
    adjusted.job.push('footfall-events', personEvent(1, {}, 40));
    adjusted.job.end();
    expect(adjusted.late).toEqual(['e1 adjusted late']);
    expect(adjusted.rows[0]?.windowEnd).toBe('2026-01-05T09:00:45.0000000Z');
    const dropped = run({ policy: 'drop' });
    dropped.job.push('footfall-events', personEvent(1, {}, 40));
    dropped.job.end();
    expect(dropped.late).toEqual(['e1 dropped late']);
    expect(dropped.rows).toEqual([]);
    expect(dropped.job.stats).toMatchObject({ eventsIn: 1, late: 1, dropped: 1, rowsOut: 0 });
  });

  test('gives the same rows in whatever order the events of a window arrive', () => {
    const events = fc.array(
      fc.record({
        seconds: fc.integer({ min: 1, max: 50 }),
        emotionScore: fc.integer({ min: -100, max: 100 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (people, shuffle) => {
        const made = people.map((one, i) =>
          personEvent(one.seconds, { visitor: `v${i % 5}`, emotionScore: one.emotionScore / 100 }, 60),
        );
        const mixed = made
          .map((event) => ({ event, at: shuffle.next().value as number }))
          .sort((a, b) => a.at - b.at);
        const results = [made, mixed.map((item) => item.event)].map((order) => {
          const { job, rows } = run({ lateToleranceMs: 120_000, outOfOrderToleranceMs: 120_000 });
          for (const event of order) job.push('footfall-events', event);
          job.end();
          return rows.map((row) => JSON.stringify(row)).sort();
        });
        expect(results[0]).toEqual(results[1]);
      }),
      { numRuns: 200 },
    );
  });
});
