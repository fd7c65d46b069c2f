/** One workload: its rate from objects and from JSON lines, the delay of its results, its memory, and DuckDB. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InputEvent, startJob } from '../../../pipeline/windowing/job.js';
import type { BenchFigure } from '../bench.js';
import { liveMb } from '../heap.js';
import { countDifferences, type PlainRow } from './compare-rows.js';
import { bestCpuSeconds } from './cpu-time.js';
import { runDuckDb } from './duckdb.js';
import { type BenchEvent, type EventSetting, eventTimeMs } from './events.js';
import { ignoreRow, inputEvents, runLines, runObjects } from './run-job.js';
import { INPUT_NAME, type Workload } from './workloads.js';

const ROUNDS = 4;

export type Report = (figure: BenchFigure) => void;
export type Progress = (line: string) => void;

export const millions = (perSecond: number): string => `${(perSecond / 1e6).toFixed(2)} million events/s`;

export async function measureWorkload(
  workload: Workload,
  events: readonly BenchEvent[],
  setting: EventSetting,
  folder: string,
  report: Report,
  progress: Progress,
): Promise<void> {
  const metric = `windows.${workload.name}`;
  const inputs = inputEvents(events, setting);
  const objects =
    events.length / (await bestCpuSeconds(ROUNDS, () => runObjects(workload.query, inputs, ignoreRow)));
  report({ metric: `${metric}.objects`, value: Math.round(objects), unit: '1/s' });
  reportOneByOne(workload, inputs, report);
  const file = join(folder, `${workload.name}.jsonl`);
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const arrivalMs = eventTimeMs(setting, events.length);
  const lines =
    events.length /
    (await bestCpuSeconds(ROUNDS, () => runLines(workload.query, file, arrivalMs, ignoreRow)));
  report({ metric: `${metric}.jsonl`, value: Math.round(lines), unit: '1/s' });
  progress(`${workload.name}: ${millions(objects)} from objects, ${millions(lines)} from JSON lines`);
  await holdAgainstDuckDb(workload, { file, arrivalMs, count: events.length, rate: lines }, report, progress);
}

/** How long after the event that moves the watermark its rows are there, and what the open windows hold. */
function reportOneByOne(workload: Workload, inputs: readonly InputEvent[], report: Report): void {
  const metric = `windows.${workload.name}`;
  let rows = 0;
  const delaysMs: number[] = [];
  const job = startJob({ query: workload.query, onRow: () => rows++ });
  for (const input of inputs) {
    const rowsBefore = rows;
    const startedMs = performance.now();
    job.push(INPUT_NAME, input);
    if (rows > rowsBefore) delaysMs.push(performance.now() - startedMs);
  }
  // Once the input has ended nothing is open, so what is freed by it was the state.
  const fullMb = liveMb();
  job.end();
  const stateMb = Math.max(0, fullMb - liveMb());
  delaysMs.sort((a, b) => a - b);
  const p99Ms = delaysMs[Math.floor(delaysMs.length * 0.99)] ?? 0;
  report({ metric: `${metric}.resultDelay.p99`, value: Number(p99Ms.toFixed(3)), unit: 'ms' });
  report({ metric: `${metric}.state`, value: Number(stateMb.toFixed(1)), unit: 'MB' });
}

interface LinesRun {
  readonly file: string;
  readonly arrivalMs: number;
  readonly count: number;
  /** Events a second. */
  readonly rate: number;
}

async function holdAgainstDuckDb(
  workload: Workload,
  run: LinesRun,
  report: Report,
  progress: Progress,
): Promise<void> {
  const metric = `windows.${workload.name}.jsonl`;
  const duckDb = await runDuckDb(workload.duckDb, run.file, ROUNDS);
  if (duckDb === undefined) return;
  const rate = run.count / duckDb.seconds;
  const ratio = run.rate / rate;
  report({ metric: `${metric}.duckdb`, value: Math.round(rate), unit: '1/s' });
  report({
    metric: `${metric}.duckdbRatio`,
    value: Number(ratio.toFixed(3)),
    unit: 'ratio',
    of: `${metric}.duckdb`,
  });
  const { rows, tolerances } = comparableRows(workload, run);
  const differences = countDifferences(rows, duckDb.rows, tolerances);
  report({ metric: `${metric}.rows`, value: rows.length, unit: 'rows' });
  report({ metric: `${metric}.duckdbDifferences`, value: differences, unit: 'rows' });
  const verdict = differences === 0 ? `the same ${rows.length} rows` : `${differences} rows DIFFER`;
  progress(`${workload.name}: DuckDB ${millions(rate)}, ratio ${ratio.toFixed(2)}, ${verdict}`);
}

interface ComparableRows {
  readonly rows: readonly PlainRow[];
  /** By the place of a value in its row. */
  readonly tolerances: ReadonlyMap<number, number>;
}

function comparableRows({ query, leaves = [], averages = {} }: Workload, run: LinesRun): ComparableRows {
  const rows: PlainRow[] = [];
  const tolerances = new Map<number, number>();
  runLines(query, run.file, run.arrivalMs, (_output, row, windowEndMs) => {
    const columns = Object.keys(row).filter((name) => !leaves.includes(name));
    const start = windowEndMs === null ? [] : [windowEndMs];
    for (const [name, tolerance] of Object.entries(averages))
      tolerances.set(start.length + columns.indexOf(name), tolerance);
    rows.push([...start, ...columns.map((name) => row[name])]);
  });
  return { rows, tolerances };
}
