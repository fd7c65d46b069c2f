/**
 * What an event costs with few keys and with many. A key costs twice: whenever an event of it comes (the intake), and
 * once a window for its row. Events of ever new keys give a row each, so the two are measured apart.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type InputEvent, startJob } from '../../../pipeline/windowing/job.js';
import { randomSource } from '../../kernel/random.js';
import { liveMb } from '../heap.js';
import { bestCpuSeconds, cpuSeconds } from './cpu-time.js';
import { runDuckDb } from './duckdb.js';
import { KEYS } from './duckdb-queries.js';
import { visitorName } from './events.js';
import { millions, type Progress, type Report } from './measure-workload.js';
import { ignoreRow, runLines } from './run-job.js';
import { INPUT_NAME, KEY_COUNTS, KEYS_QUERY } from './workloads.js';

const EVENTS = 600_000;
const ROUNDS = 3;
const LINES_AT_ONCE = 10_000;
const FIRST_MS = Date.UTC(2026, 0, 5, 9, 0, 1);

export async function measureKeys(folder: string, report: Report, progress: Progress): Promise<void> {
  for (const keys of KEY_COUNTS) {
    const first = eventsOf(keys, 0, (i) => i);
    const random = randomSource('bench')(`keys/${keys}`);
    const again = eventsOf(EVENTS, keys, () => random.integer(0, keys - 1));
    const rounds = Array.from({ length: ROUNDS }, () => measureRound(first, again));
    const intake = EVENTS / Math.min(...rounds.map((round) => round.intakeSeconds));
    const whole = (keys + EVENTS) / Math.min(...rounds.map((round) => round.wholeSeconds));
    const stateMb = Math.max(0, ...rounds.map((round) => round.stateMb));
    report({ metric: `windows.keys${keys}.objects`, value: Math.round(whole), unit: '1/s' });
    report({ metric: `windows.keys${keys}.intake`, value: Math.round(intake), unit: '1/s' });
    report({
      metric: `windows.keys${keys}.state`,
      value: Number(stateMb.toFixed(1)),
      unit: 'MB',
    });
    if (keys >= 100_000) {
      const rows = keys / Math.min(...rounds.map((round) => round.rowsSeconds));
      report({ metric: `windows.keys${keys}.rows`, value: Math.round(rows), unit: '1/s' });
    }
    progress(
      `${keys} keys: ${millions(intake)} of known keys, ${millions(whole)} with the first of each and its row`,
    );
    await measureLines(keys, [...first, ...again], folder, report, progress);
  }
}

/**
 * Events of one window, from number `start` on, a thousand a millisecond. Each has strings of its own, as events from
 * a parser have.
 */
function eventsOf(count: number, start: number, keyOf: (index: number) => number): readonly InputEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const timeMs = FIRST_MS + Math.floor((start + i) / 1000);
    const body = { capturedAt: new Date(timeMs).toISOString(), visitor: visitorName(keyOf(i)) };
    return { body, enqueuedAtMs: timeMs, partitionId: 0 };
  });
}

/** The same events from JSON lines, beside DuckDB: what many keys cost another engine on this machine's memory. */
async function measureLines(
  keys: number,
  events: readonly InputEvent[],
  folder: string,
  report: Report,
  progress: Progress,
): Promise<void> {
  const file = join(folder, `keys${keys}.jsonl`);
  const handle = openSync(file, 'w');
  for (let start = 0; start < events.length; start += LINES_AT_ONCE) {
    const lines = events.slice(start, start + LINES_AT_ONCE).map(({ body }) => `${JSON.stringify(body)}\n`);
    writeSync(handle, lines.join(''));
  }
  closeSync(handle);
  const arrivalMs = events.at(-1)?.enqueuedAtMs ?? FIRST_MS;
  const seconds = await bestCpuSeconds(ROUNDS, () => runLines(KEYS_QUERY, file, arrivalMs, ignoreRow));
  const metric = `windows.keys${keys}.jsonl`;
  report({ metric, value: Math.round(events.length / seconds), unit: '1/s' });
  const duckDb = await runDuckDb(KEYS, file, ROUNDS);
  rmSync(file);
  if (duckDb === undefined) return;
  report({ metric: `${metric}.duckdb`, value: Math.round(events.length / duckDb.seconds), unit: '1/s' });
  report({
    metric: `${metric}.duckdbRatio`,
    value: Number((duckDb.seconds / seconds).toFixed(3)),
    unit: 'ratio',
    of: `${metric}.duckdb`,
  });
  const rates = [events.length / seconds, events.length / duckDb.seconds].map(millions);
  progress(`${keys} keys: ${rates[0]} from JSON lines, DuckDB ${rates[1]}`);
}

interface Round {
  /** Of the events whose key is known. */
  readonly intakeSeconds: number;
  /** Of closing the window. */
  readonly rowsSeconds: number;
  readonly wholeSeconds: number;
  /** Of the full window. */
  readonly stateMb: number;
}

function measureRound(first: readonly InputEvent[], again: readonly InputEvent[]): Round {
  const job = startJob({ query: KEYS_QUERY, onRow: ignoreRow });
  const push = (events: readonly InputEvent[]): number => {
    const before = cpuSeconds();
    for (const event of events) job.push(INPUT_NAME, event);
    return cpuSeconds() - before;
  };
  const firstSeconds = push(first);
  const intakeSeconds = push(again);
  const fullMb = liveMb();
  const before = cpuSeconds();
  job.end();
  const rowsSeconds = cpuSeconds() - before;
  return {
    intakeSeconds,
    rowsSeconds,
    wholeSeconds: firstSeconds + intakeSeconds + rowsSeconds,
    stateMb: fullMb - liveMb(),
  };
}
