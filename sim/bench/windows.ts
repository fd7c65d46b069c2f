/** Events a second of the Stream Analytics engine: from objects and from JSON lines, beside DuckDB. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { makeEvents, setting } from './windows/events.js';
import { measureDay } from './windows/measure-day.js';
import { measureKeys } from './windows/measure-keys.js';
import { measureWorkload } from './windows/measure-workload.js';
import { workloads } from './windows/workloads.js';

const EVENTS = 600_000;

export const windowsBench: Bench = {
  name: 'windows',
  summary:
    'events a second (of processor time) of the Stream Analytics engine, delay of its results, memory, and DuckDB on the same file',
  async run(report, progress) {
    const folder = mkdtempSync(join(tmpdir(), 'footfall-windows-'));
    try {
      for (const workload of workloads()) {
        const part = setting(Math.round(EVENTS * workload.share));
        await measureWorkload(workload, makeEvents(part), part, folder, report, progress);
      }
      await measureKeys(folder, report, progress);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    measureDay(report, progress);
  },
};
