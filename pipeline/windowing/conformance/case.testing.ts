/** Documented constructs of the language and the case that shows each: tests, and the lines of CONFORMANCE.md. */
import { createScriptFunctions, type ScriptSource } from '../engine/compile/scripts.js';
import { type InputEvent, type JobOptions, startJob } from '../job.js';

export type Row = Readonly<Record<string, unknown>>;

export interface ConformanceCase {
  /** The page of the reference, or the part of the language. */
  readonly family: string;
  readonly construct: string;
  /** `differs` needs a remark that says how, `absent` has no query. */
  readonly status: 'supported' | 'differs' | 'absent';
  readonly remark?: string;
  readonly query: string;
  readonly inputs: Readonly<Record<string, readonly Row[]>>;
  readonly references?: Readonly<Record<string, readonly Row[]>>;
  readonly scripts?: readonly ScriptSource[];
  readonly options?: Partial<JobOptions>;
  /** Rows of all outputs in the order in which they come. */
  readonly expected: readonly Row[];
}

const ARRIVAL_MS = Date.UTC(2020, 0, 1, 0, 0, 0, 500);

/** Runs a query over events; `t` in a body is its time in seconds of 2020-01-01T00:00Z, `arrival` when it came. */
export function runRows(
  query: string,
  inputs: ConformanceCase['inputs'],
  options: Partial<JobOptions> = {},
): readonly Row[] {
  const rows: Row[] = [];
  const job = startJob({
    query,
    inputs: Object.keys(inputs),
    arrivalTimes: 'unknown',
    onRow: (_output, row) => rows.push(row),
    ...options,
  });
  for (const [input, bodies] of Object.entries(inputs))
    for (const body of bodies) job.push(input, eventOf(body));
  job.end();
  return rows;
}

function eventOf(body: Row): InputEvent {
  const { t, arrival, partition, ...rest } = body;
  const at = (seconds: unknown): number => Date.UTC(2020, 0, 1) + Number(seconds) * 1000;
  return {
    body: t === undefined ? rest : { ...rest, time: new Date(at(t)).toISOString() },
    enqueuedAtMs: arrival === undefined ? ARRIVAL_MS : at(arrival),
    partitionId: Number(partition ?? 0),
  };
}

export function runConformanceCase(item: ConformanceCase): readonly Row[] {
  return runRows(item.query, item.inputs, {
    references: item.references ?? {},
    scripts: createScriptFunctions(item.scripts ?? []),
    ...item.options,
  });
}

/** A case of one expression over one event. */
export function scalarCase(
  family: string,
  construct: string,
  expression: string,
  expected: unknown,
  more: Partial<ConformanceCase> & { readonly event?: Row } = {},
): ConformanceCase {
  const { event = { any: 1 }, ...rest } = more;
  return {
    family,
    construct,
    status: 'supported',
    query: `SELECT ${expression} AS x FROM input`,
    inputs: { input: [event] },
    expected: [{ x: expected }],
    ...rest,
  };
}

/** Time of a result as rows write it. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2020, 0, 1) + seconds * 1000).toISOString().replace('Z', '0000Z');
}
