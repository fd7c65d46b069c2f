/** `footfall query`: runs a Stream Analytics job over files of events, as Azure would. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  ArtefactError,
  type JobDefinition,
  type JobSettings,
} from '../../pipeline/windowing/artefacts/job-definition.js';
import { readSettings } from '../../pipeline/windowing/artefacts/job-settings.js';
import { readJsonFile } from '../../pipeline/windowing/artefacts/json-file.js';
import { loadJob } from '../../pipeline/windowing/artefacts/load-job.js';
import { readFunction } from '../../pipeline/windowing/artefacts/project.js';
import { createScriptFunctions } from '../../pipeline/windowing/engine/compile/scripts.js';
import { EvaluationError } from '../../pipeline/windowing/engine/values/values.js';
import { EventFormatError } from '../../pipeline/windowing/formats/event-format.js';
import {
  type BadEvent,
  type CompatibilityLevel,
  JobStoppedError,
  planQuery,
  QueryError,
  renderQueryError,
} from '../../pipeline/windowing/job.js';
import { explainPlan } from '../../pipeline/windowing/language/explain.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { EventFile } from './query/event-source.js';
import { type PlayOptions, playEvents, type QueryJobOptions } from './query/play-events.js';
import { RowWriter } from './query/row-writer.js';
import { runTestCases } from './query/run-test-cases.js';
import { StandardOutput } from './query/standard-output.js';
import { warn } from './watch-world.js';

interface QueryFlags {
  readonly input: readonly EventFile[];
  readonly reference: readonly EventFile[];
  readonly udf: readonly string[];
  readonly config?: string;
  readonly late?: number;
  readonly outOfOrder?: number;
  readonly policy?: 'adjust' | 'drop';
  readonly errorPolicy?: 'drop' | 'stop';
  readonly compatibilityLevel?: CompatibilityLevel;
  readonly out?: string;
  readonly explain?: boolean;
  readonly job?: string;
  readonly test?: boolean | string;
}

export function queryCommand(): Command {
  return new Command('query')
    .description('run a Stream Analytics job over files of events')
    .argument('<job>', 'a .asaql file, an ARM template, asaproj.json, or the folder of a project')
    .option(
      '--input <NAME=FILE...>',
      'events of a stream input: JSON lines, a JSON array, CSV, Avro or Parquet',
      collectFiles,
      [],
    )
    .option('--reference <NAME=FILE...>', 'rows of reference data', collectFiles, [])
    .option('--udf <FILE.js...>', 'JavaScript functions, called by the names of their files', collect, [])
    .option('--job <name>', 'which job of an ARM template that has several')
    .option('--config <JobConfig.json>', 'settings of the job')
    .option('--late <SECONDS>', 'late arrival tolerance (5 when nothing says otherwise)', seconds)
    .option('--out-of-order <SECONDS>', 'out-of-order tolerance (0 when nothing says otherwise)', seconds)
    .addOption(
      new Option('--policy <action>', 'what is done with events outside a tolerance').choices([
        'adjust',
        'drop',
      ]),
    )
    .addOption(new Option('--error-policy <action>', 'what an error in a row does').choices(['stop', 'drop']))
    .addOption(new Option('--compatibility-level <level>', 'of the job').choices(['1.0', '1.1', '1.2']))
    .option('--out <DIR>', 'write <output>.jsonl, or testResultSummary.json, there too')
    .option('--explain', 'print the plan instead of running it')
    .option('--test [testConfig.json]', "run the project's test cases (done unasked when no input is given)")
    .action(async (job: string, flags: QueryFlags) => {
      process.exitCode = await runQuery(job, flags);
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectFiles(value: string, before: readonly EventFile[]): readonly EventFile[] {
  const at = value.indexOf('=');
  if (at < 1 || at === value.length - 1) throw new InvalidArgumentError('expected NAME=FILE');
  return [...before, { input: value.slice(0, at), file: value.slice(at + 1) }];
}

function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number) || number < 0)
    throw new InvalidArgumentError('expected seconds');
  return number;
}

/** Runs the command and gives its exit code; bad input is said on stderr, never thrown. */
export async function runQuery(path: string, flags: QueryFlags): Promise<ExitCode> {
  let job: JobDefinition | undefined;
  try {
    job = loadJob(path, flags.job);
    return await run(job, flags);
  } catch (error) {
    const message = messageOf(error, job);
    if (message === undefined) throw error;
    process.stderr.write(`${message}\n`);
    return EXIT.badInput;
  }
}

function messageOf(error: unknown, job: JobDefinition | undefined): string | undefined {
  if (error instanceof QueryError)
    return renderQueryError(error, job?.query ?? '', job?.queryFile ?? 'query');
  if (error instanceof ArtefactError)
    return `${error.file}: ${error.message}; expected ${error.expected} [${error.code}]`;
  if (error instanceof JobStoppedError)
    return `${badEventText(error.bad)}; the job stopped (--error-policy drop goes on without the row)`;
  if (error instanceof EventFormatError) return `${error.message} [FF_EVENT_FORMAT]`;
  if (error instanceof EvaluationError) return `${error.message} [${error.code}]`;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EISDIR')
    return `${path ?? 'a file'}: cannot be read; expected a file of events [FF_EVENT_FILE]`;
  return undefined;
}

async function run(job: JobDefinition, flags: QueryFlags): Promise<ExitCode> {
  const functions = [...job.functions, ...flags.udf.map((file) => readFunction(file))];
  const options: Omit<QueryJobOptions, 'onRow'> = {
    query: job.query,
    queryFile: job.queryFile,
    ...settingsOf(job, flags),
    scripts: createScriptFunctions(functions),
    foreignFunctions: job.foreignFunctions,
  };
  const testConfig = testConfigOf(job, flags);
  if (flags.explain !== true && testConfig !== undefined) return test(testConfig, options, flags);
  const isReference = ({ input }: EventFile): boolean =>
    job.inputs.some(({ name, kind }) => kind === 'reference' && name.toLowerCase() === input.toLowerCase());
  const streams = withLocal(
    job,
    'stream',
    flags.input.filter((file) => !isReference(file)),
  );
  const references = withLocal(job, 'reference', [...flags.reference, ...flags.input.filter(isReference)]);
  const names = namesOf(job, 'stream', streams);
  const tables = Object.fromEntries(namesOf(job, 'reference', references).map((name) => [name, []]));
  const declared = { references: tables, ...(names.length === 0 ? {} : { inputs: names }) };
  if (flags.explain === true) {
    const plan = planQuery({ ...options, ...declared, undeclared: 'assumed' });
    process.stdout.write(`${explainPlan(plan)}\n`);
    return EXIT.ok;
  }
  const plan = planQuery({ ...options, ...declared });
  if (streams.length === 0) {
    process.stderr.write('There are no events to run over; expected --input NAME=FILE [FF_USAGE]\n');
    return EXIT.badInput;
  }
  warnOfSilence([...names, ...Object.keys(tables)], [...streams, ...references]);
  const outputs = [...new Set(plan.outputs.map(({ output }) => output))];
  return play({ job: { ...options, ...declared }, streams, references }, outputs, flags.out);
}

/** Why a job is left before the end of its input. */
class Left {
  constructor(readonly exitCode: ExitCode) {}
}

/** Runs the job and writes its rows, until it ends, somebody interrupts it, or nobody reads them any more. */
async function play(
  what: Omit<PlayOptions, 'job'> & { readonly job: Omit<QueryJobOptions, 'onRow'> },
  outputs: readonly string[],
  directory: string | undefined,
): Promise<ExitCode> {
  const stop = new AbortController();
  const output = new StandardOutput(() => {
    if (directory === undefined) stop.abort(new Left(EXIT.ok));
  });
  const writer = new RowWriter(outputs, directory, output);
  const bad = new BadEvents();
  const release = onInterrupt(() => stop.abort(new Left(EXIT.interrupted)));
  try {
    await playEvents({
      ...what,
      job: { ...what.job, onRow: (to, row) => writer.write(to, row), onBadEvent: (event) => bad.add(event) },
      drained: () => writer.drained(),
      signal: stop.signal,
    });
    bad.report();
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    bad.report();
    return error.exitCode;
  } finally {
    release();
    writer.end();
  }
}

/** Calls back at the first Ctrl-C, or request to end; the second ends the process. Gives what takes that back. */
function onInterrupt(interrupt: () => void): () => void {
  let isInterrupted = false;
  const onSignal = (): void => {
    if (isInterrupted) process.exit(EXIT.interrupted);
    isInterrupted = true;
    warn('interrupted: writing the rows of windows that are complete (again to stop at once)');
    interrupt();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}

/** Flags before `--config`, that before what the artefact says. */
function settingsOf(job: JobDefinition, flags: QueryFlags): JobSettings {
  const { compatibilityLevel, lateToleranceMs, outOfOrderToleranceMs, policy, errorPolicy } = {
    ...job,
    ...(flags.config === undefined ? {} : readSettings(readJsonFile(flags.config))),
    ...(flags.late === undefined ? {} : { lateToleranceMs: flags.late * 1000 }),
    ...(flags.outOfOrder === undefined ? {} : { outOfOrderToleranceMs: flags.outOfOrder * 1000 }),
    ...(flags.policy === undefined ? {} : { policy: flags.policy }),
    ...(flags.errorPolicy === undefined ? {} : { errorPolicy: flags.errorPolicy }),
    ...(flags.compatibilityLevel === undefined ? {} : { compatibilityLevel: flags.compatibilityLevel }),
  };
  return {
    ...(compatibilityLevel === undefined ? {} : { compatibilityLevel }),
    ...(lateToleranceMs === undefined ? {} : { lateToleranceMs }),
    ...(outOfOrderToleranceMs === undefined ? {} : { outOfOrderToleranceMs }),
    ...(policy === undefined ? {} : { policy }),
    ...(errorPolicy === undefined ? {} : { errorPolicy }),
  };
}

/** Files given on the command line, and the project's own for inputs that none was given for. */
function withLocal(
  job: JobDefinition,
  kind: 'stream' | 'reference',
  given: readonly EventFile[],
): readonly EventFile[] {
  const named = new Set(given.map(({ input }) => input.toLowerCase()));
  const local = job.inputs.flatMap(({ name, kind: own, file, format }) =>
    own === kind && file !== undefined && !named.has(name.toLowerCase())
      ? [{ input: name, file, format }]
      : [],
  );
  return [...given, ...local];
}

/** Inputs of one kind that the artefact declares or that a file is given for. */
function namesOf(
  job: JobDefinition,
  kind: 'stream' | 'reference',
  given: readonly EventFile[],
): readonly string[] {
  const declared = job.inputs.flatMap((input) => (input.kind === kind ? [input.name] : []));
  const more = given.map(({ input }) => input);
  return [...new Map([...declared, ...more].map((name) => [name.toLowerCase(), name])).values()];
}

function testConfigOf(job: JobDefinition, flags: QueryFlags): string | undefined {
  if (typeof flags.test === 'string') return flags.test;
  return flags.test === true || flags.input.length === 0 ? job.testConfigFile : undefined;
}

async function test(
  configFile: string,
  options: Omit<QueryJobOptions, 'onRow'>,
  flags: QueryFlags,
): Promise<ExitCode> {
  const elapsedMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
  const outputDirectory = resolve(flags.out ?? '.');
  const summary = await runTestCases({ configFile, options, outputDirectory, elapsedMs });
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return summary.Failed === 0 ? EXIT.ok : EXIT.notMet;
}

/** An input that the artefact declares and no file was given for runs without events. */
function warnOfSilence(names: readonly string[], files: readonly EventFile[]): void {
  const given = new Set(files.map(({ input }) => input.toLowerCase()));
  for (const name of names.filter((known) => !given.has(known.toLowerCase())))
    process.stderr.write(`input ${name} has no events: no file was given for it\n`);
}

const BAD_EVENTS_SHOWN = 20;

/** Events that were dropped: how many, and the first of them. */
class BadEvents {
  private readonly shown: string[] = [];
  private count = 0;

  add(event: BadEvent): void {
    if (this.count++ < BAD_EVENTS_SHOWN) this.shown.push(badEventText(event));
  }

  report(): void {
    for (const line of this.shown) process.stderr.write(`${line}\n`);
    if (this.count > 0) process.stderr.write(`${this.count} bad events were dropped\n`);
  }
}

function badEventText(bad: BadEvent): string {
  return `input ${bad.input}, ${bad.event.origin ?? 'an event'}: ${bad.reason} [${bad.code}]`;
}
