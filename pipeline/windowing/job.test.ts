import { describe, expect, test } from 'vitest';
import {
  type BadEvent,
  type InputEvent,
  type Job,
  type JobOptions,
  JobStoppedError,
  startJob,
} from './job.js';

const START_MS = Date.UTC(2020, 0, 1);

function event(
  seconds: number,
  body: Readonly<Record<string, unknown>> = {},
  more: Partial<InputEvent> = {},
): InputEvent {
  const time = new Date(START_MS + seconds * 1000).toISOString();
  return { body: { time, ...body }, enqueuedAtMs: START_MS + seconds * 1000, partitionId: 0, ...more };
}

function start(
  query: string,
  options: Partial<JobOptions> = {},
): { job: Job; rows: Readonly<Record<string, unknown>>[]; bad: BadEvent[] } {
  const rows: Readonly<Record<string, unknown>>[] = [];
  const bad: BadEvent[] = [];
  const job = startJob({
    query,
    onRow: (_output, row) => rows.push(row),
    onBadEvent: (one) => bad.push(one),
    ...options,
  });
  return { job, rows, bad };
}

const COUNTED = 'SELECT COUNT(*) AS n FROM input TIMESTAMP BY time GROUP BY TumblingWindow(second, 10)';

describe('time', () => {
  test('a query waits for the slowest partition, up to the late tolerance', () => {
    const { job, rows } = start(COUNTED, { partitions: { input: 2 } });
    job.push('input', event(1));
    job.push('input', event(12));
    expect(rows).toEqual([]);
    job.push('input', event(13, {}, { partitionId: 1 }));
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('a silent partition holds results back no longer than the late tolerance', () => {
    const { job, rows } = start(COUNTED, { partitions: { input: 2 } });
    job.push('input', event(1));
    job.push('input', event(14));
    expect(rows).toEqual([]);
    job.push('input', event(16));
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('partitions that run apart are put into one order', () => {
    const { job, rows } = start('SELECT v FROM input TIMESTAMP BY time', {
      lateToleranceMs: 60_000,
      partitions: { input: 2 },
    });
    job.push('input', event(5, { v: 'b' }));
    job.push('input', event(3, { v: 'a' }, { partitionId: 1, enqueuedAtMs: START_MS + 6000 }));
    job.end();
    expect(rows.map((row) => row.v)).toEqual(['a', 'b']);
  });

  test('PARTITION BY on the input lets partitions go on without each other', () => {
    const { job, rows } = start(
      'SELECT PartitionId, COUNT(*) AS n FROM input TIMESTAMP BY time PARTITION BY PartitionId GROUP BY PartitionId, TumblingWindow(second, 10)',
      { partitions: { input: 2 } },
    );
    job.push('input', event(1));
    job.push('input', event(11));
    expect(rows).toEqual([{ PartitionId: 0, n: 1 }]);
  });

  test('end() closes every window once', () => {
    const { job, rows } = start(COUNTED);
    job.push('input', event(1));
    job.end();
    job.end();
    expect(rows).toEqual([{ n: 1 }]);
  });
});

describe('bad events', () => {
  test('an event without a time is dropped, counted and named', () => {
    const { job, rows, bad } = start(COUNTED);
    job.push('input', { ...event(1), body: { time: 'noon' }, origin: 'events.jsonl:7' });
    job.push('input', event(2));
    job.end();
    expect(rows).toEqual([{ n: 1 }]);
    expect(bad).toMatchObject([
      { input: 'input', code: 'FF_EVENT_TIMESTAMP', event: { origin: 'events.jsonl:7' } },
    ]);
    expect(job.stats).toMatchObject({ eventsIn: 2, bad: 1, rowsOut: 1 });
  });

  test('a CAST that fails stops the job', () => {
    const { job } = start('SELECT CAST(v AS bigint) AS v FROM input');
    expect(() => job.push('input', event(1, { v: 'x' }))).toThrow(JobStoppedError);
  });

  test('an error in the result of a window follows the policy as one of an event does', () => {
    const query =
      'SELECT k, ROUND(k, 1) AS r FROM input TIMESTAMP BY time GROUP BY k, TumblingWindow(second, 10)';
    const stopping = start(query);
    stopping.job.push('input', event(1, { k: 'x' }));
    expect(() => stopping.job.end()).toThrow(JobStoppedError);
    const { job, rows, bad } = start(query, { errorPolicy: 'drop' });
    job.push('input', event(1, { k: 'x' }));
    job.push('input', event(2, { k: 2 }));
    job.end();
    expect(rows).toEqual([{ k: 2, r: 2 }]);
    expect(bad).toMatchObject([{ event: { origin: 'the result at 2020-01-01T00:00:10.000Z' } }]);
    expect(job.stats.bad).toBe(1);
  });

  test('what one output cannot use, the others get', () => {
    const { job, rows } = start(
      "SELECT CAST(v AS bigint) AS v INTO a FROM input; SELECT CONCAT(v, '!') AS w INTO b FROM input",
      { errorPolicy: 'drop' },
    );
    job.push('input', event(1, { v: 'x' }));
    expect(rows).toEqual([{ w: 'x!' }]);
  });

  test('of the rows that one event is joined to, those are given that can be', () => {
    const { job, rows } = start('SELECT CAST(r.v AS bigint) AS v FROM input i JOIN ref r ON i.k = r.k', {
      errorPolicy: 'drop',
      references: {
        ref: [
          { k: 1, v: 'x' },
          { k: 1, v: '2' },
        ],
      },
    });
    job.push('input', event(1, { k: 1 }));
    expect(rows).toEqual([{ v: 2 }]);
  });

  test('or loses the row, when the error policy is drop', () => {
    const { job, rows, bad } = start('SELECT CAST(v AS bigint) AS v FROM input', { errorPolicy: 'drop' });
    job.push('input', event(1, { v: 'x' }));
    job.push('input', event(2, { v: '2' }));
    expect(rows).toEqual([{ v: 2 }]);
    expect(bad[0]?.code).toBe('FF_QUERY_CAST');
  });

  test('overflow of a bigint is an error', () => {
    const { job } = start('SELECT v + 9223372036854775807 AS v FROM input');
    expect(() => job.push('input', event(1, { v: 1 }))).toThrow(/does not fit a bigint/);
  });

  test('a JavaScript function that does not return is stopped', async () => {
    const { createScriptFunctions } = await import('./engine/compile/scripts.js');
    const scripts = createScriptFunctions([
      { name: 'hang', kind: 'scalar', source: 'function hang() { for (;;) {} }' },
    ]);
    const { job } = start('SELECT udf.hang(v) AS v FROM input', { scripts });
    expect(() => job.push('input', event(1))).toThrow(/timed out/);
  });

  test('a JavaScript function sees nothing of its host', async () => {
    const { createScriptFunctions } = await import('./engine/compile/scripts.js');
    const source =
      'function look(v) { return [typeof process, typeof require, typeof fetch, typeof setTimeout, typeof this.constructor.constructor].join(); }';
    const scripts = createScriptFunctions([{ name: 'look', kind: 'scalar', source }]);
    const { job, rows } = start('SELECT udf.look(v) AS v FROM input', { scripts });
    job.push('input', event(1));
    expect(String(rows[0]?.v).startsWith('undefined,undefined,undefined,undefined')).toBe(true);
  });
});

test('state is bounded by the windows that are open', () => {
  const { job } = start(
    'SELECT a.v AS l, b.v AS r FROM input a TIMESTAMP BY time JOIN input b TIMESTAMP BY time ON a.v = b.v AND DATEDIFF(second, a, b) BETWEEN 1 AND 5',
  );
  const sizes: number[] = [];
  for (let seconds = 0; seconds < 4000; seconds++) {
    job.push('input', event(seconds, { v: seconds % 7 }));
    if (seconds % 1000 === 500) sizes.push(job.snapshot().length);
  }
  expect(Math.max(...sizes)).toBeLessThan(Math.min(...sizes) * 1.5);
});
