import type { AnyRecord, ReplayRecord } from '../../reports/replay-record.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** What `run --json` and `replay --json` print: a contract. The run record's scalars, and the parts that scripts ask for. */
export function scalarsOf(record: AnyRecord, exitCode: ExitCode, out: string) {
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
    ...(record.faceFixture === null ? {} : { faceFixture: record.faceFixture }),
  };
}

/** What `replay --json` prints beside that: the counts, and how good the tracks are where there is ground truth. */
export function replayScalarsOf(record: ReplayRecord, exitCode: ExitCode, out: string) {
  const { counts, footage, tracking } = record.replay;
  return {
    ...scalarsOf(record, exitCode, out),
    footage: footage.name,
    frames: footage.frames,
    framesDetected: footage.framesDetected,
    framesPerSecond: Math.round((100 * footage.frames) / record.wallClock.wallSeconds) / 100,
    counts,
    tracking,
    warnings: record.warnings,
  };
}
