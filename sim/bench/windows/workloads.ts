/** What the benchmark of windows runs: the solution's query, and five that ask for more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFolder } from '../../run/tool-version.js';
import * as duckDb from './duckdb-queries.js';

export interface Workload {
  /** Part of the metric's name. */
  readonly name: string;
  readonly query: string;
  /**
   * The same in DuckDB's language over the file `$file`. Its columns are the end of the window in milliseconds, where
   * there are windows, and then those of the query but for the times in `leaves`.
   */
  readonly duckDb: string;
  readonly leaves?: readonly string[];
  /** Columns that come out of a division, and by how much they may differ. */
  readonly averages?: Readonly<Record<string, number>>;
  /** Share of the events that it runs over: the harder ones need fewer to be measured. */
  readonly share: number;
}

export const INPUT_NAME = 'footfall-events';
const INPUT = `FROM [${INPUT_NAME}] TIMESTAMP BY capturedAt`;

const HARDER: readonly Workload[] = [
  {
    name: 'sliding',
    query: `SELECT storeId, COUNT(*) AS n, AVG(emotionScore) AS mood ${INPUT} GROUP BY storeId, SlidingWindow(second, 5)`,
    duckDb: duckDb.SLIDING,
    averages: { mood: 1e-9 },
    share: 0.2,
  },
  {
    name: 'session',
    query: `SELECT visitor, COUNT(*) AS n ${INPUT} WHERE visitor IS NOT NULL GROUP BY visitor, SessionWindow(second, 30, 600) OVER (PARTITION BY visitor)`,
    duckDb: duckDb.SESSION,
    share: 0.4,
  },
  {
    name: 'distinct',
    query: `SELECT visitor, COUNT(DISTINCT section) AS sections, MAX(emotionScore) AS best ${INPUT} GROUP BY visitor, TumblingWindow(minute, 5)`,
    duckDb: duckDb.DISTINCT,
    share: 0.4,
  },
  {
    name: 'join',
    query: `SELECT a.section AS first, b.section AS second FROM [${INPUT_NAME}] a TIMESTAMP BY capturedAt JOIN [${INPUT_NAME}] b TIMESTAMP BY capturedAt ON a.visitor = b.visitor AND DATEDIFF(second, a, b) BETWEEN 1 AND 20 WHERE a.section <> b.section`,
    duckDb: duckDb.JOIN,
    share: 0.2,
  },
  {
    name: 'hopping',
    query: `SELECT storeId, section, COUNT(*) AS n, COUNT(DISTINCT gender) AS genders, MAX(emotionScore) AS best ${INPUT} GROUP BY storeId, section, HoppingWindow(second, 300, 1)`,
    duckDb: duckDb.HOPPING,
    share: 0.4,
  },
];

/** The solution's own query first. */
export function workloads(): readonly Workload[] {
  const query = footfallQuery();
  const footfall: Workload = {
    name: 'footfall',
    query,
    duckDb: duckDb.FOOTFALL,
    leaves: ['windowEnd'],
    // The query rounds to three digits, and a half may go either way.
    averages: { averageEmotion: 0.000_51 },
    share: 1,
  };
  return [footfall, ...HARDER];
}

export function footfallQuery(): string {
  return readFileSync(join(installFolder(), 'pipeline/deployment/footfall.asaql'), 'utf8');
}

/** One group for each visitor, to see what many keys cost. */
export const KEYS_QUERY = `SELECT visitor, COUNT(*) AS n ${INPUT} GROUP BY visitor, TumblingWindow(hour, 1)`;
export const KEY_COUNTS = [1, 1_000, 100_000, 1_000_000] as const;
