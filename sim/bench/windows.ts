/** Events a second of the Stream Analytics engine, one core: from objects and from JSON lines, beside DuckDB. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputNeeds } from '../../pipeline/windowing/engine/input-needs.js';
import { JsonLines } from '../../pipeline/windowing/formats/json-lines.js';
import { type Job, startJob } from '../../pipeline/windowing/job.js';
import type { Bench, BenchFigure } from './bench.js';
import { duckDbRate } from './windows-duckdb.js';
import {
  type BenchEvent,
  eventTimeMs,
  KEY_COUNTS,
  KEYS_QUERY,
  makeEvents,
  type Workload,
  workloads,
} from './windows-workload.js';

const EVENTS = 600_000;
/** The best round counts: the others shared the core with somebody, or warmed up. */
const ROUNDS = 4;
const INPUT = 'footfall-events';
const CHUNK_BYTES = 1024 * 1024;
/** Events wait for nobody: none of them is late. */
const LATE_TOLERANCE_MS = 20 * 86_400_000;

type Report = (figure: BenchFigure) => void;

export const windowsBench: Bench = {
  name: 'windows',
  summary:
    'events a second of the Stream Analytics engine, delay of its results, and DuckDB on the same file',
  async run(report, progress) {
    const events = makeEvents(EVENTS);
    const folder = mkdtempSync(join(tmpdir(), 'footfall-windows-'));
    try {
      for (const workload of workloads()) {
        const part = events.slice(0, Math.round(EVENTS * workload.share));
        await measureWorkload(workload, part, folder, report, progress);
      }
      measureKeys(report, progress);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measureWorkload(
  workload: Workload,
  events: readonly BenchEvent[],
  folder: string,
  report: Report,
  progress: (line: string) => void,
): Promise<void> {
  const metric = `windows.${workload.name}`;
  const objects = measureObjects(workload.query, events);
  report({ metric: `${metric}.objects`, value: Math.round(objects.eventsPerSecond), unit: '1/s' });
  report({ metric: `${metric}.resultDelay.p99`, value: Number(objects.delayP99Ms.toFixed(3)), unit: 'ms' });
  report({ metric: `${metric}.state`, value: Number(objects.stateMb.toFixed(1)), unit: 'MB' });
  const file = join(folder, `${workload.name}.jsonl`);
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const fromLines = measureLines(workload.query, file, events.length);
  report({ metric: `${metric}.jsonl`, value: Math.round(fromLines), unit: '1/s' });
  progress(
    `${workload.name}: ${millions(objects.eventsPerSecond)} from objects, ${millions(fromLines)} from JSON lines`,
  );
  const duckDb =
    workload.duckDb === undefined
      ? undefined
      : await duckDbRate(workload.duckDb, file, events.length, ROUNDS);
  if (duckDb === undefined) return;
  report({ metric: `${metric}.jsonl.duckdb`, value: Math.round(duckDb), unit: '1/s' });
  report({
    metric: `${metric}.jsonl.duckdbRatio`,
    value: Number((fromLines / duckDb).toFixed(3)),
    unit: 'ratio',
    of: `${metric}.jsonl.duckdb`,
  });
  progress(`${workload.name}: DuckDB ${millions(duckDb)}, ratio ${(fromLines / duckDb).toFixed(2)}`);
}

const millions = (perSecond: number): string => `${(perSecond / 1e6).toFixed(2)} million events/s`;

interface ObjectFigures {
  readonly eventsPerSecond: number;
  /** Between the event that moves the watermark past a window and the window's last row. */
  readonly delayP99Ms: number;
  /** Heap that the job holds when its windows are full. */
  readonly stateMb: number;
}

function measureObjects(query: string, events: readonly BenchEvent[]): ObjectFigures {
  const inputs = events.map((body, i) => ({ body, enqueuedAtMs: eventTimeMs(i) + 200, partitionId: 0 }));
  let bestSeconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const job = startJob({ query, onRow: ignore });
    const startedMs = performance.now();
    for (const input of inputs) job.push(INPUT, input);
    job.end();
    bestSeconds = Math.min(bestSeconds, (performance.now() - startedMs) / 1000);
  }
  const beforeBytes = process.memoryUsage().heapUsed;
  let rows = 0;
  const delaysMs: number[] = [];
  const job = startJob({ query, onRow: () => rows++ });
  for (const input of inputs) {
    const rowsBefore = rows;
    const startedMs = performance.now();
    job.push(INPUT, input);
    if (rows > rowsBefore) delaysMs.push(performance.now() - startedMs);
  }
  const stateMb = Math.max(0, process.memoryUsage().heapUsed - beforeBytes) / 1e6;
  delaysMs.sort((a, b) => a - b);
  const delayP99Ms = delaysMs[Math.floor(delaysMs.length * 0.99)] ?? 0;
  return { eventsPerSecond: events.length / bestSeconds, delayP99Ms, stateMb };
}

function ignore(): void {
  // The rows are made and not looked at.
}

function measureLines(query: string, file: string, count: number): number {
  let bestSeconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const job = startJob({ query, lateToleranceMs: LATE_TOLERANCE_MS, onRow: ignore });
    const startedMs = performance.now();
    pushFile(job, file, eventTimeMs(count));
    job.end();
    bestSeconds = Math.min(bestSeconds, (performance.now() - startedMs) / 1000);
  }
  return count / bestSeconds;
}

/** Reads the fields that the query needs, and fills one event again and again where nothing keeps it. */
function pushFile(job: Job, file: string, arrivalMs: number): void {
  const needs = inputNeeds(job.plan).get(INPUT);
  const keepsRows = needs?.keepsRows ?? true;
  const shared = { body: {}, enqueuedAtMs: arrivalMs, partitionId: 0 };
  const lines = new JsonLines({
    fields: needs?.fields,
    timeFields: needs?.timeFields ?? [],
    reuse: !keepsRows,
    onRow: (row) => {
      const event = keepsRows ? { ...shared } : shared;
      event.body = row;
      job.push(INPUT, event);
    },
    onBadLine: (line, reason) => {
      throw new Error(`line ${line}: ${reason}`);
    },
  });
  const handle = openSync(file, 'r');
  const buffer = Buffer.alloc(CHUNK_BYTES);
  for (let count = readSync(handle, buffer); count > 0; count = readSync(handle, buffer)) {
    lines.feed(buffer.subarray(0, count));
  }
  lines.end();
  closeSync(handle);
}

/** One event each from 1 to a million keys: what a key costs beyond an event. */
function measureKeys(report: Report, progress: (line: string) => void): void {
  for (const keys of KEY_COUNTS) {
    const { eventsPerSecond } = measureObjects(KEYS_QUERY, makeEvents(EVENTS, keys));
    report({ metric: `windows.keys${keys}.objects`, value: Math.round(eventsPerSecond), unit: '1/s' });
    progress(`${keys} keys: ${millions(eventsPerSecond)}`);
  }
}
