import type { RunRecord } from '../../reports/run-record.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** What `run --json` prints: a contract. The run record's scalars, and the parts that scripts ask for. */
export function scalarsOf(record: RunRecord, exitCode: ExitCode, out: string) {
  const { wallSeconds, realTimeFactor, peakRssMb } = record.wallClock;
  return {
    schemaVersion: record.schemaVersion,
    scenario: record.scenario.name,
    seed: record.seed,
    fidelity: record.fidelity,
    vision: record.vision,
    mutation: record.mutation,
    complete: record.complete,
    digest: record.digest,
    ok: exitCode === EXIT.ok,
    exitCode,
    realTimeFactor,
    wallSeconds,
    virtualSeconds: record.virtualSeconds,
    peakRssMb,
    out,
    accuracy: record.accuracy,
    latency: record.latency,
    invariants: record.invariants,
    expectations: record.expectations,
  };
}
