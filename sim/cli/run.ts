import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { type RunRecord, runSucceeded } from '../../reports/run-record.js';
import { compareTraces } from '../run/compare-traces.js';
import { installFolder } from '../run/tool-version.js';
import { startWorld } from '../run/world/start-world.js';
import type { BlobChoice, Fidelity, RunSettings, Vision } from '../run/world/world-messages.js';
import { loadScenario } from '../scenario/load-scenario.js';
import { CACHE_SIZE, type CacheOptions, cachePlaceOf, NO_CACHE } from './cache-options.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { reportFailure } from './failure.js';
import { openFolder } from './folders.js';
import { mutationList, mutationOf } from './run-mutations.js';
import { scalarsOf } from './run-scalars.js';
import { summarise } from './run-summary.js';
import { warn, watchWorld } from './watch-world.js';
import { writeReports } from './write-reports.js';

interface RunOptions extends CacheOptions {
  readonly seed?: string;
  readonly out?: string;
  readonly vision: Vision;
  readonly fidelity: Fidelity;
  readonly blob: BlobChoice;
  readonly mutate?: string;
  readonly workers?: number;
  readonly trace?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `footfall run`: runs scenarios one after the other; the exit code is the gravest of theirs. */
export function runCommand(): Command {
  return new Command('run')
    .description('run store scenarios through the whole pattern and hold the numbers against the truth')
    .argument('[scenario...]', 'scenario files (YAML)')
    .option('--seed <seed>', "seed, instead of the scenario's")
    .option('--out <dir>', 'folder for the results (default: reports/out/<scenario>)')
    .addOption(
      new Option(
        '--vision <sight>',
        'pixels: the real detector on rendered frames; truth: a fitted model of it',
      )
        .choices(['pixels', 'truth'])
        .default('pixels'),
    )
    .addOption(
      new Option(
        '--fidelity <fidelity>',
        'wire: real SDKs and protocols; direct: the same services called in process',
      )
        .choices(['wire', 'direct'])
        .default('wire'),
    )
    .addOption(
      new Option('--blob <service>', 'who serves blobs in a wire run')
        .choices(['memory', 'azurite'])
        .default('memory'),
    )
    .option(
      '--workers <n>',
      'threads that draw and look (default: one a core); the result is the same',
      positiveInteger,
    )
    .addOption(NO_CACHE)
    .addOption(CACHE_SIZE)
    .option(
      '--mutate <id>',
      "plant a fault in the solution, for a check to catch; 'list' shows which there are",
    )
    .option('--trace', 'write the event trace to trace.log beside the results')
    .option('--check', 'run twice and, if the digests differ, name the first event at which the runs part')
    .option('--json', 'print the summary as one JSON object, and no progress')
    .action(async (files: string[], options: RunOptions, command: Command) => {
      if (options.mutate === 'list') {
        process.stdout.write(mutationList());
        return;
      }
      if (files.length === 0) command.error("error: missing required argument 'scenario'");
      const codes: ExitCode[] = [];
      for (const file of files) codes.push(await runOne(file, options));
      process.exitCode = gravest(codes);
    });
}

async function runOne(file: string, options: RunOptions): Promise<ExitCode> {
  try {
    const scenario = loadScenario(file, { seed: options.seed });
    const out = resolve(options.out ?? join(installFolder(), 'reports', 'out', scenario.document.name));
    openFolder(out, '--out');
    if (options.json !== true) for (const line of scenario.warnings) warn(line);
    const settings: RunSettings = {
      scenarioFile: file,
      seed: options.seed,
      fidelity: options.fidelity,
      vision: options.vision,
      blob: options.blob,
      mutation: mutationOf(options, scenario),
      visionWorkers: options.workers ?? null,
      cache: options.vision === 'pixels' ? cachePlaceOf(options) : null,
      traceFile: options.trace === true || options.check === true ? join(out, 'trace.log') : null,
    };
    const { record, interrupted } = await watchWorld(
      (onProgress) => startWorld(settings, onProgress),
      scenario.document.name,
      options.json === true,
    );
    const repeat =
      options.check === true && !interrupted ? await repeatRun(settings, record, out, options) : null;
    const exitCode = exitCodeOf(record, interrupted, repeat);
    await writeReports(record, out);
    if (options.json === true) process.stdout.write(`${JSON.stringify(scalarsOf(record, exitCode, out))}\n`);
    else process.stdout.write(`${summarise(record, out)}${repeat === null ? '' : `\n${repeat.message}\n`}`);
    return exitCode;
  } catch (error) {
    return reportFailure(error, (line) => process.stderr.write(`${line}\n`));
  }
}

interface Repeat {
  readonly same: boolean;
  readonly message: string;
}

/** The same run once more, without the cache's help; where the digests differ, the first line at which they part. */
async function repeatRun(
  settings: RunSettings,
  first: RunRecord,
  out: string,
  options: RunOptions,
): Promise<Repeat> {
  const traceFile = join(out, 'trace-again.log');
  const { record: second } = await watchWorld(
    (onProgress) => startWorld({ ...settings, traceFile, cache: null }, onProgress),
    `${first.scenario.name} again`,
    options.json === true,
  );
  if (second.digest === first.digest)
    return { same: true, message: `${pc.green('✔')} ran twice, same digest` };
  const parting = await compareTraces(join(out, 'trace.log'), traceFile);
  const where =
    parting === null
      ? 'the traces are equal: the records differ in what is computed from them'
      : `they part at event ${parting.line}:\n  first:  ${parting.one ?? '(the trace ends)'}\n  second: ${parting.other ?? '(the trace ends)'}`;
  return { same: false, message: `${pc.red('✘')} two runs gave different digests; ${where}` };
}

function exitCodeOf(record: RunRecord, interrupted: boolean, repeat: Repeat | null): ExitCode {
  if (interrupted) return EXIT.interrupted;
  return runSucceeded(record) && repeat?.same !== false ? EXIT.ok : EXIT.notMet;
}

function gravest(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [
    EXIT.ok,
    EXIT.notMet,
    EXIT.badInput,
    EXIT.componentFailed,
    EXIT.interrupted,
  ];
  return codes.reduce<ExitCode>(
    (worst, code) => (order.indexOf(code) > order.indexOf(worst) ? code : worst),
    EXIT.ok,
  );
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('expected a whole number from 1 on');
}
