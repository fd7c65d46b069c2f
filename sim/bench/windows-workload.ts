/** What the benchmark of windows runs: the solution's query, five that ask for more, and the events for them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGE_BANDS, EMOTIONS } from '../../pipeline/boundaries.js';
import { randomSource } from '../kernel/random.js';
import { installFolder } from '../run/tool-version.js';

export interface Workload {
  /** Part of the metric's name. */
  readonly name: string;
  readonly query: string;
  /** The same in DuckDB's language over the file `$file`, where it has one. */
  readonly duckDb: string | undefined;
  /** Share of the events that it runs over: the harder ones need fewer to be measured. */
  readonly share: number;
}

const EVENT_MS = 3;
const FIRST_MS = Date.UTC(2026, 0, 5, 9);
const VISITORS = 20_000;

export type BenchEvent = Readonly<Record<string, string | number | boolean | null>>;

/** When the event with that number happened. */
export function eventTimeMs(index: number): number {
  return FIRST_MS + index * EVENT_MS;
}

/** Anonymous events as the solution sends them, of four stores; `keys` visitors when given. */
export function makeEvents(count: number, visitors = VISITORS): readonly BenchEvent[] {
  const random = randomSource('bench')('windows');
  return Array.from({ length: count }, (_, i) => {
    const analyzed = random.chance(0.8);
    return {
      eventId: `e-${i}`,
      storeId: `store-${random.integer(1, 4)}`,
      cameraId: `camera-${random.integer(1, 12)}`,
      section: `section-${random.integer(1, 6)}`,
      capturedAt: new Date(eventTimeMs(i)).toISOString(),
      analyzed,
      visitor: analyzed
        ? `v${(random.integer(0, visitors - 1) * 7919).toString(16).padStart(15, '0')}`
        : null,
      newVisitor: random.chance(0.1),
      returning: analyzed ? random.chance(0.3) : null,
      ageBand: analyzed ? random.pick(AGE_BANDS) : null,
      gender: analyzed ? random.pick(['female', 'male']) : null,
      emotion: analyzed ? random.pick(EMOTIONS) : null,
      emotionScore: analyzed ? Math.round(random.between(-100, 100)) / 100 : null,
    };
  });
}

const INPUT = 'FROM [footfall-events] TIMESTAMP BY capturedAt';

const COLUMNS = `columns = {storeId: 'VARCHAR', section: 'VARCHAR', capturedAt: 'TIMESTAMP', analyzed: 'BOOLEAN',
  visitor: 'VARCHAR', newVisitor: 'BOOLEAN', "returning": 'BOOLEAN', ageBand: 'VARCHAR', gender: 'VARCHAR', emotionScore: 'DOUBLE'}`;
const FILE = `read_json('$file', format = 'newline_delimited', ${COLUMNS})`;
const countIf = (condition: string): string => `count(*) FILTER (${condition})`;

const DUCK_FOOTFALL = `SELECT time_bucket(INTERVAL 15 SECOND, capturedAt) AS w, storeId, section, count(*), ${countIf('analyzed')},
  count(DISTINCT visitor), ${countIf('newVisitor')}, ${countIf('"returning"')}, ${countIf("gender = 'female'")}, ${countIf("gender = 'male'")},
  round(avg(emotionScore), 3), ${AGE_BANDS.map((band) => countIf(`ageBand = '${band}'`)).join(', ')}
  FROM ${FILE} GROUP BY w, storeId, section`;

/** The solution's own query first. */
export function workloads(): readonly Workload[] {
  const query = readFileSync(join(installFolder(), 'pipeline/deployment/footfall.asaql'), 'utf8');
  return [{ name: 'footfall', query, duckDb: DUCK_FOOTFALL, share: 1 }, ...HARDER];
}

const HARDER: readonly Workload[] = [
  {
    name: 'sliding',
    query: `SELECT storeId, COUNT(*) AS n, AVG(emotionScore) AS mood ${INPUT} GROUP BY storeId, SlidingWindow(second, 5)`,
    duckDb: undefined,
    share: 0.2,
  },
  {
    name: 'session',
    query: `SELECT visitor, COUNT(*) AS n ${INPUT} WHERE visitor IS NOT NULL GROUP BY visitor, SessionWindow(second, 30, 600) OVER (PARTITION BY visitor)`,
    duckDb: undefined,
    share: 0.4,
  },
  {
    name: 'distinct',
    query: `SELECT visitor, COUNT(DISTINCT section) AS sections, MAX(emotionScore) AS best ${INPUT} GROUP BY visitor, TumblingWindow(minute, 5)`,
    duckDb: `SELECT time_bucket(INTERVAL 5 MINUTE, capturedAt) AS w, visitor, count(DISTINCT section), max(emotionScore) FROM ${FILE} GROUP BY w, visitor`,
    share: 0.4,
  },
  {
    name: 'join',
    query: `SELECT a.section AS first, b.section AS second FROM [footfall-events] a TIMESTAMP BY capturedAt JOIN [footfall-events] b TIMESTAMP BY capturedAt ON a.visitor = b.visitor AND DATEDIFF(second, a, b) BETWEEN 1 AND 20 WHERE a.section <> b.section`,
    duckDb: undefined,
    share: 0.2,
  },
  {
    name: 'hopping',
    query: `SELECT storeId, section, COUNT(*) AS n, COUNT(DISTINCT gender) AS genders, MAX(emotionScore) AS best ${INPUT} GROUP BY storeId, section, HoppingWindow(second, 300, 1)`,
    duckDb: undefined,
    share: 0.4,
  },
];

/** A query with one group for each visitor, to see what many keys cost. */
export const KEYS_QUERY = `SELECT visitor, COUNT(*) AS n ${INPUT} GROUP BY visitor, TumblingWindow(minute, 30)`;
export const KEY_COUNTS = [1, 1_000, 100_000, 1_000_000] as const;
