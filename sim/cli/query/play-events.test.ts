import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InputEvent, startJob } from '../../../pipeline/windowing/job.js';
import { ArrivingEvent } from './arriving-event.js';
import type { EventFile, EventStream } from './event-source.js';
import { mergeStreams } from './merge-streams.js';
import { playEvents } from './play-events.js';
import { SortedRuns } from './sorted-runs.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-play-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Body = Readonly<Record<string, string | number>>;
type Format = 'jsonl' | 'array' | 'csv';

const HEADER = 'k,time';

function place(name: string, bodies: readonly Body[], format: Format): EventFile {
  const file = join(folder, `${name}.${format === 'csv' ? 'csv' : 'json'}`);
  const lines = bodies.map((body) => (format === 'csv' ? `${body.k},${body.time}` : JSON.stringify(body)));
  const text =
    format === 'array'
      ? `[${lines.join(',\n')}]`
      : [...(format === 'csv' ? [HEADER] : []), ...lines, ''].join('\n');
  writeFileSync(file, text);
  return { input: name, file };
}

const at = (second: number): string => new Date(Date.UTC(2020, 0, 1, 0, 0, second)).toISOString();

async function play(query: string, streams: readonly EventFile[]): Promise<readonly string[]> {
  const rows: string[] = [];
  await playEvents({
    job: { query, onRow: (output, row) => rows.push(`${output} ${JSON.stringify(row)}`) },
    streams,
    references: [],
  });
  return rows;
}

/** The same by the job itself, which has all events before it begins. */
function playAtOnce(query: string, inputs: Readonly<Record<string, readonly Body[]>>): readonly string[] {
  const rows: string[] = [];
  const job = startJob({
    query,
    arrivalTimes: 'unknown',
    onRow: (output, row) => rows.push(`${output} ${JSON.stringify(row)}`),
  });
  for (const [input, bodies] of Object.entries(inputs))
    for (const body of bodies)
      job.push(input, { body, enqueuedAtMs: 0, partitionId: 0 } satisfies InputEvent);
  job.end();
  return rows;
}

const bodies = fc.array(
  fc.record({ k: fc.constantFrom('a', 'b'), time: fc.integer({ min: 0, max: 40 }).map(at) }),
);

describe('the order of events', () => {
  test('files of any format, in order or not, give the rows that all their events at once give', async () => {
    const query = `SELECT System.Timestamp() AS w, k, COUNT(*) AS n FROM x TIMESTAMP BY time GROUP BY k, TumblingWindow(second, 10);
      SELECT a.k AS k, a.time AS t INTO joined FROM x a TIMESTAMP BY time JOIN y b TIMESTAMP BY time ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 0 AND 3`;
    const format = fc.constantFrom<Format>('jsonl', 'array', 'csv');
    await fc.assert(
      fc.asyncProperty(bodies, bodies, format, format, async (x, y, xFormat, yFormat) => {
        const rows = await play(query, [place('x', x, xFormat), place('y', y, yFormat)]);
        expect(rows).toEqual(playAtOnce(query, { x, y }));
      }),
      { numRuns: 60 },
    );
  });

  test('one input that is read by two times', async () => {
    const query = `SELECT System.Timestamp() AS w, COUNT(*) AS n INTO one FROM x TIMESTAMP BY time GROUP BY TumblingWindow(second, 10);
      SELECT System.Timestamp() AS w, COUNT(*) AS n INTO two FROM x TIMESTAMP BY DATEADD(second, 60 - 2 * DATEPART(second, time), time) GROUP BY TumblingWindow(second, 10)`;
    await fc.assert(
      fc.asyncProperty(bodies, async (x) => {
        expect(await play(query, [place('x', x, 'jsonl')])).toEqual(playAtOnce(query, { x }));
      }),
      { numRuns: 30 },
    );
  });

  test('several inputs that say when events arrived are played as they arrived', async () => {
    const late = (arrived: number, k: string): Body => ({
      k,
      time: at(0),
      EventEnqueuedUtcTime: at(arrived),
    });
    const streams = [
      place('x', [late(3, 'x3'), late(1, 'x1'), late(2, 'x2')], 'jsonl'),
      place('y', [late(1, 'y1'), late(2, 'y2')], 'array'),
    ];
    const query = 'SELECT k INTO o FROM x; SELECT k INTO o2 FROM y';
    expect(await play(query, streams)).toEqual([
      'o {"k":"x1"}',
      'o2 {"k":"y1"}',
      'o {"k":"x2"}',
      'o2 {"k":"y2"}',
      'o {"k":"x3"}',
    ]);
  });

  test('an event without a time is bad and holds nothing up', async () => {
    const rows = await play('SELECT k FROM x TIMESTAMP BY time', [
      place('x', [{ k: 'a', time: at(2) }, { k: 'b' }, { k: 'c', time: at(1) }], 'jsonl'),
    ]);
    expect(rows).toEqual(['output {"k":"c"}', 'output {"k":"a"}']);
  });
});

test('what is sorted on disk comes back as it was, equal events in their order', async () => {
  const body = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.object()));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), body)),
      fc.integer({ min: 1, max: 8 }),
      async (items, runEvents) => {
        const events = items.map(([orderMs, fields], i) => {
          const event = new ArrivingEvent(fields as ArrivingEvent['body'], orderMs, 1, 2, 'file', i + 1);
          event.orderMs = orderMs;
          return event;
        });
        const sorting = new SortedRuns(folder, runEvents);
        const runs = await sorting.sort(inBatches(events, 3));
        const merged: ArrivingEvent[] = [];
        for await (const stretches of mergeStreams(runs.map((run) => ({ input: 'x', events: run }))))
          for (const stretch of stretches) merged.push(...stretch.events);
        sorting.close();
        expect(merged).toEqual(events.sort((a, b) => a.orderMs - b.orderMs));
      },
    ),
    { numRuns: 60 },
  );
});

async function* inBatches(events: readonly ArrivingEvent[], size: number): EventStream {
  for (let start = 0; start < events.length; start += size) yield events.slice(start, start + size);
}

test('an aborted signal ends it between two chunks', async () => {
  const source = place('x', [{ k: 'a', time: at(1) }], 'jsonl');
  const signal = AbortSignal.abort('enough');
  const job = { query: 'SELECT k FROM x', onRow: () => undefined };
  await expect(playEvents({ job, streams: [source], references: [], signal })).rejects.toBe('enough');
});
