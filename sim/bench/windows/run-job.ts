/** Running a query over events: from objects and from a file of JSON lines. */
import { closeSync, openSync, readSync } from 'node:fs';
import { inputNeeds } from '../../../pipeline/windowing/engine/compile/input-needs.js';
import { JsonLines } from '../../../pipeline/windowing/formats/json-lines.js';
import { type InputEvent, type Job, type JobOptions, startJob } from '../../../pipeline/windowing/job.js';
import { type BenchEvent, type EventSetting, eventTimeMs } from './events.js';
import { INPUT_NAME } from './workloads.js';

const CHUNK_BYTES = 1024 * 1024;
const ARRIVAL_DELAY_MS = 200;
/** Events of a file wait for nobody: none of them is late. */
const LATE_TOLERANCE_MS = 20 * 86_400_000;

export type OnRow = JobOptions['onRow'];

export const ignoreRow: OnRow = () => {
  // The rows are made and not looked at.
};

/** The events as they come from a hub. */
export function inputEvents(events: readonly BenchEvent[], setting: EventSetting): readonly InputEvent[] {
  return events.map((body, i) => ({
    body,
    enqueuedAtMs: eventTimeMs(setting, i) + ARRIVAL_DELAY_MS,
    partitionId: 0,
  }));
}

export function runObjects(query: string, inputs: readonly InputEvent[], onRow: OnRow): void {
  const job = startJob({ query, onRow });
  for (const input of inputs) job.push(INPUT_NAME, input);
  job.end();
}

/** Runs a query over a file whose events have all arrived at one time. */
export function runLines(query: string, file: string, arrivalMs: number, onRow: OnRow): void {
  const job = startJob({ query, lateToleranceMs: LATE_TOLERANCE_MS, onRow });
  pushFile(job, file, arrivalMs);
  job.end();
}

/** Reads the fields that the query needs, and fills one event again and again where nothing keeps it. */
function pushFile(job: Job, file: string, enqueuedAtMs: number): void {
  const needs = inputNeeds(job.plan).get(INPUT_NAME);
  const keepsRows = needs?.keepsRows ?? true;
  const shared = { body: {}, enqueuedAtMs, partitionId: 0 };
  const lines = new JsonLines({
    fields: needs?.fields,
    timeFields: needs?.timeFields ?? [],
    reuse: !keepsRows,
    onRow: (body) => {
      shared.body = body;
      job.push(INPUT_NAME, keepsRows ? { body, enqueuedAtMs, partitionId: 0 } : shared);
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
