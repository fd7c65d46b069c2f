/** Runs cases that were transcribed from documentation: a query, its inputs, and the rows it must give. */
import { createScriptFunctions } from './engine/compile/scripts.js';
import { startJob } from './job.js';

export interface SharedCase {
  readonly name: string;
  readonly kind: string;
  readonly query: string;
  readonly inputs: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly reference_inputs?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly udf?: Readonly<Record<string, string>>;
  readonly expected: unknown;
  readonly expected_is_prefix?: boolean;
  readonly tolerance?: number;
  readonly value_only?: unknown;
  readonly policies?: {
    readonly lateArrivalSeconds: number;
    readonly outOfOrderSeconds: number;
    readonly action: 'adjust' | 'drop';
  };
}

/** Events without a time of their own all arrive then; it is no window's boundary. */
const ARRIVAL_MS = Date.UTC(2020, 0, 1, 0, 0, 0, 500);

export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** The rows of every output, by its lower-case name. */
export function runCase(shared: SharedCase): Rows {
  const rows: Record<string, Readonly<Record<string, unknown>>[]> = {};
  const hasArrival = Object.values(shared.inputs).some((events) =>
    events.some((event) => 'ArrivalTime' in event),
  );
  const job = startJob({
    query: shared.query,
    inputs: Object.keys(shared.inputs),
    references: shared.reference_inputs ?? {},
    scripts: createScriptFunctions(
      Object.entries(shared.udf ?? {}).map(([name, source]) => ({ name, source, kind: 'scalar' as const })),
    ),
    arrivalTimes: hasArrival ? 'given' : 'unknown',
    ...(shared.policies === undefined
      ? {}
      : {
          lateToleranceMs: shared.policies.lateArrivalSeconds * 1000,
          outOfOrderToleranceMs: shared.policies.outOfOrderSeconds * 1000,
          policy: shared.policies.action,
        }),
    onRow: (output, row) => {
      const key = output.toLowerCase();
      rows[key] = [...(rows[key] ?? []), row];
    },
  });
  for (const [input, events] of Object.entries(shared.inputs)) {
    for (const body of events) {
      const arrival = typeof body.ArrivalTime === 'string' ? Date.parse(body.ArrivalTime) : ARRIVAL_MS;
      job.push(input, { body, enqueuedAtMs: arrival, partitionId: 0 });
    }
  }
  job.end();
  return rows;
}

/** A value so that equal values are equal text: names in any case, datetimes by value, numbers rounded. */
export function normalise(value: unknown, tolerance: number): unknown {
  if (typeof value === 'number') {
    const step = tolerance > 0 ? tolerance * 10 : 1e-9;
    return Math.round(value / step) * step;
  }
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$/.test(value)) {
    return new Date(value.endsWith('Z') ? value : `${value}Z`).toISOString();
  }
  if (Array.isArray(value)) return value.map((item) => normalise(item, tolerance));
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).map(
    ([name, item]) => [name.toLowerCase(), normalise(item, tolerance)] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
