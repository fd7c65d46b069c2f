/** Runs whole scenarios through the built command line. */
import { readFileSync } from 'node:fs';
import { type RunRecord, runRecordSchema } from '../../reports/run-record.js';
import { type CallOptions, footfall, type Workplace } from '../cli/cli.testing.js';

export const TRUTH = ['--vision', 'truth'];
/** A shop in which something happens at once. */
export const BUSY = ['traffic: { arrivalsPerHour: 600, regulars: 50, errandDisplays: { mean: 2 } }'];

export interface Run {
  readonly code: number | null;
  readonly summary: { readonly digest: string; readonly exitCode: number; readonly ok: boolean };
  readonly record: RunRecord;
}

let runs = 0;

export async function runScenario(
  place: Workplace,
  scenario: string,
  args: readonly string[],
  options: CallOptions = {},
): Promise<Run> {
  const out = place.path(`out-${++runs}`);
  const { code, stdout, stderr } = await footfall(
    ['run', scenario, '--json', '--out', out, ...args],
    options,
  );
  if (stdout === '') throw new Error(`no summary; exit ${code}: ${stderr}`);
  const record = runRecordSchema.parse(JSON.parse(readFileSync(`${out}/report.json`, 'utf8')));
  return { code, summary: JSON.parse(stdout), record };
}

/** Both fidelities at once; throws when their digests differ. */
export async function runBothWays(place: Workplace, scenario: string): Promise<Run> {
  const [wire, direct] = await Promise.all(
    ['wire', 'direct'].map((way) => runScenario(place, scenario, [...TRUTH, '--fidelity', way])),
  );
  if (wire === undefined || wire.summary.digest !== direct?.summary.digest)
    throw new Error(`wire gave ${wire?.summary.digest}, direct ${direct?.summary.digest}`);
  return wire;
}

export const failures = ({ record }: Run) =>
  [...record.invariants, ...record.expectations].filter(({ ok }) => !ok);
