/** The cases of a project's `testConfig.json`: run, compared, and summed up in `testResultSummary.json`. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type OutputRecord,
  readTestConfig,
  type TestCase,
  type TestResult,
  type TestSummary,
} from '../../../pipeline/windowing/artefacts/test-config.js';
import { toJson, type ValueRecord } from '../../../pipeline/windowing/engine/values/values.js';
import { readWholeFile } from '../../../pipeline/windowing/formats/event-file.js';
import type { EventFile } from './event-source.js';
import { playEvents, type QueryJobOptions } from './play-events.js';

export interface TestRun {
  readonly configFile: string;
  readonly options: Omit<QueryJobOptions, 'onRow'>;
  readonly outputDirectory: string;
  /** Milliseconds on a clock that only goes forward, for the times in the summary. */
  readonly elapsedMs: () => number;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

export async function runTestCases(run: TestRun): Promise<TestSummary> {
  const startedMs = run.elapsedMs();
  const results: TestResult[] = [];
  for (const test of readTestConfig(run.configFile)) results.push(await runCase(test, run));
  const passed = results.filter((result) => result.Status === 0).length;
  const summary: TestSummary = {
    Total: results.length,
    Passed: passed,
    Failed: results.length - passed,
    Script: run.options.queryFile ?? '',
    Results: results,
    Time: timeSpan(run.elapsedMs() - startedMs),
  };
  mkdirSync(run.outputDirectory, { recursive: true });
  writeFileSync(join(run.outputDirectory, 'testResultSummary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  return summary;
}

async function runCase(test: TestCase, run: TestRun): Promise<TestResult> {
  const startedMs = run.elapsedMs();
  const files = (isReference: boolean): readonly EventFile[] =>
    test.inputs
      .filter((input) => input.isReference === isReference)
      .map(({ name, file, format }) => ({ input: name, file, format }));
  const rows = new Map<string, Readonly<Record<string, unknown>>[]>();
  await playEvents({
    job: {
      ...run.options,
      onRow: (output, row) => {
        const key = output.toLowerCase();
        const known = rows.get(key);
        if (known === undefined) rows.set(key, [row]);
        else known.push(row);
      },
    },
    streams: files(false),
    references: files(true),
  });
  return compare(test, rows, run, startedMs);
}

async function compare(
  test: TestCase,
  rows: ReadonlyMap<string, Rows>,
  run: TestRun,
  startedMs: number,
): Promise<TestResult> {
  const folder = join(run.outputDirectory, test.name.replace(/[^\p{L}\p{N}._ -]/gu, '_'));
  mkdirSync(folder, { recursive: true });
  const written = new Map([...rows].map(([output, list]) => [output, writeRows(folder, output, list)]));
  const record = (output: string, expected: string): OutputRecord => ({
    OutputAlias: output,
    ExpectedOutput: expected,
    Output: written.get(output.toLowerCase()) ?? '',
  });
  const lists = {
    matched: [] as OutputRecord[],
    notEqual: [] as OutputRecord[],
    missing: [] as OutputRecord[],
    unrequired: [] as OutputRecord[],
  };
  for (const { output, file, isRequired } of test.expected) {
    const actual = rows.get(output.toLowerCase());
    const expected = isRequired ? await readExpected(file) : [];
    if (!isRequired) lists.unrequired.push(record(output, file));
    else if (actual === undefined && expected.length > 0) lists.missing.push(record(output, file));
    else if (sameRows(actual ?? [], expected)) lists.matched.push(record(output, file));
    else lists.notEqual.push(record(output, file));
  }
  const known = new Set(test.expected.map(({ output }) => output.toLowerCase()));
  const unexpected = [...rows.keys()]
    .filter((output) => !known.has(output))
    .map((output) => record(output, ''));
  const isPassed = lists.notEqual.length + lists.missing.length + unexpected.length === 0;
  return {
    Name: test.name,
    Status: isPassed ? 0 : 1,
    Time: timeSpan(run.elapsedMs() - startedMs),
    OutputMatched: lists.matched,
    OutputNotEqual: lists.notEqual,
    OutputMissing: lists.missing,
    OutputUnexpected: unexpected,
    OutputUnrequired: lists.unrequired,
  };
}

function writeRows(folder: string, output: string, rows: Rows): string {
  const file = join(folder, `${output}.json`);
  writeFileSync(file, rows.map((row) => `${toJson(row)}\n`).join(''));
  return file;
}

async function readExpected(file: string): Promise<Rows> {
  if (!existsSync(file)) throw new Error(`The expected output ${file} does not exist`);
  const rows: ValueRecord[] = [];
  await readWholeFile(file, {
    onRow: (row) => rows.push(row),
    onBadLine: (line, reason) => {
      throw new Error(`${file}:${line}: ${reason}`);
    },
  });
  return rows;
}

/** As a multiset: the order in which an output writes rows of one instant is not fixed. */
function sameRows(actual: Rows, expected: Rows): boolean {
  const texts = (rows: Rows): string =>
    rows
      .map((row) => JSON.stringify(normalise(row)))
      .sort()
      .join('\n');
  return texts(actual) === texts(expected);
}

/** Field names in one case and order; numbers to twelve digits; datetimes without trailing zeros. */
function normalise(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(12));
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string')
    return value.replace(
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:(\.\d*?)0*)?Z$/,
      (_all, time: string, fraction = '') => `${time}${fraction === '.' ? '' : fraction}Z`,
    );
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).map(([name, item]) => [name.toLowerCase(), normalise(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `hh:mm:ss.fffffff`, as .NET writes a TimeSpan. */
function timeSpan(ms: number): string {
  const pad = (value: number, length = 2): string => String(Math.floor(value)).padStart(length, '0');
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}.${pad((ms % 1000) * 10_000, 7)}`;
}
