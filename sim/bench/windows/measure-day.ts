/** What an event costs at the beginning of a day and at its end, and whether memory grows meanwhile. */
import { type InputEvent, type Job, startJob } from '../../../pipeline/windowing/job.js';
import { liveMb } from '../heap.js';
import { cpuSeconds } from './cpu-time.js';
import { makeEvents } from './events.js';
import { millions, type Progress, type Report } from './measure-workload.js';
import { ignoreRow, inputEvents } from './run-job.js';
import { footfallQuery, INPUT_NAME } from './workloads.js';

const HOURS = 24;
const EVENTS_AN_HOUR = 60_000;
const HOUR_MS = 3_600_000;
/** In the first hours the compiler is at work. */
const COMPILED_AFTER_HOURS = 4;
/** Hours that are compared. */
const SPAN_HOURS = 8;

interface Hour {
  readonly seconds: number;
  /** At its end. */
  readonly heapMb: number;
}

/** Runs the solution's query over a day of visitors who are never the same in two hours. */
export function measureDay(report: Report, progress: Progress): void {
  const job = startJob({ query: footfallQuery(), onRow: ignoreRow });
  const hours: Hour[] = [];
  for (let hour = 0; hour < HOURS; hour++) {
    const setting = {
      count: EVENTS_AN_HOUR,
      firstMs: Date.UTC(2026, 0, 5) + hour * HOUR_MS,
      spacingMs: HOUR_MS / EVENTS_AN_HOUR,
      visitors: EVENTS_AN_HOUR,
    };
    hours.push({ seconds: pushSeconds(job, inputEvents(makeEvents(setting), setting)), heapMb: liveMb() });
  }
  job.end();
  const rate = (from: number): number => {
    const span = hours.slice(from, from + SPAN_HOURS);
    return (EVENTS_AN_HOUR * span.length) / span.reduce((sum, hour) => sum + hour.seconds, 0);
  };
  const early = rate(COMPILED_AFTER_HOURS);
  const late = rate(HOURS - SPAN_HOURS);
  report({ metric: 'windows.day.early', value: Math.round(early), unit: '1/s' });
  report({ metric: 'windows.day.late', value: Math.round(late), unit: '1/s' });
  report({
    metric: 'windows.day.lateRatio',
    value: Number((late / early).toFixed(3)),
    unit: 'ratio',
    of: 'windows.day.early',
  });
  const grownMb = (hours.at(-1)?.heapMb ?? 0) - (hours[COMPILED_AFTER_HOURS]?.heapMb ?? 0);
  report({ metric: 'windows.day.heapGrowth', value: Number(grownMb.toFixed(1)), unit: 'MB' });
  progress(`a day: ${millions(early)} in its first hours, ${millions(late)} in its last`);
}

function pushSeconds(job: Job, inputs: readonly InputEvent[]): number {
  const before = cpuSeconds();
  for (const input of inputs) job.push(INPUT_NAME, input);
  return cpuSeconds() - before;
}
