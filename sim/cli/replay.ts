import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { FootageError } from '../camera/footage/footage.js';
import { openFootage } from '../camera/footage/open-footage.js';
import type { CountingLine } from '../camera/footage/people-counter.js';
import { type Replay, replayFootage } from '../camera/footage/replay-footage.js';
import { BadInputError, fileProblem } from '../scenario/input-problem.js';
import { type CountExpectation, judgeCount, parseCountExpectation } from './count-expectation.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { ComponentError } from './failure.js';

interface ReplayOptions {
  readonly truth?: string;
  readonly out?: string;
  readonly model?: string;
  readonly line?: CountingLine;
  readonly expect?: CountExpectation;
  readonly fps?: number;
  readonly inputSize?: number;
  readonly json?: boolean;
}

const PROGRESS_EVERY_MS = 5_000;

/** `footfall replay`: plays recorded footage to the detector and the tracker. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'play footage to the person detector and tracker, count people, and compare with ground truth',
    )
    .argument('<footage>', 'a video, a directory of images, or a MOT sequence directory')
    .option('--truth <gt.txt>', 'ground truth in MOT format (default: gt/gt.txt of a MOT sequence)')
    .option('--out <dir>', 'folder for the results (default: reports/out/<footage>)')
    .option('--model <zip>', 'another model, as a Dev Kit model zip')
    .option(
      '--line <x1,y1,x2,y2>',
      'count people who cross this line, in pixels; left to right is in',
      parseLine,
    )
    .option(
      '--expect <count=N±M>',
      'fail (exit code 1) when another number of people is counted',
      parseCountExpectation,
    )
    .option('--fps <n>', 'frames a second of a directory of images', parsePositive)
    .option(
      '--input-size <pixels>',
      "area of the detector's input in thousands of pixels (default: 197)",
      parsePositive,
    )
    .option('--json', 'print the summary as one JSON object, and no progress')
    .action(async (path: string, options: ReplayOptions) => {
      process.exitCode = await replay(path, options);
    });
}

async function replay(path: string, options: ReplayOptions): Promise<ExitCode> {
  const startedMs = performance.now();
  const out = resolve(options.out ?? join('reports', 'out', basename(resolve(path))));
  const result = await play(path, options).catch((error: unknown) => {
    throw asCommandError(error, path);
  });
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const expectation = options.expect ? judgeCount(options.expect, result.counts.people) : null;
  const exitCode = !result.complete ? EXIT.interrupted : expectation?.held === false ? EXIT.notMet : EXIT.ok;
  const summary = {
    footage: basename(resolve(path)),
    complete: result.complete,
    digest: result.digest,
    ok: exitCode === EXIT.ok,
    exitCode,
    realTimeFactor: round(result.footageSeconds / wallSeconds),
    wallSeconds: round(wallSeconds),
    virtualSeconds: round(result.footageSeconds),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    out,
    frames: result.frames,
    framesDetected: result.looked,
    framesPerSecond: round(result.frames / wallSeconds),
    detector: result.backend,
    tracking: result.tracking,
    counts: result.counts,
    expectations: expectation ? [expectation] : [],
    warnings: result.warnings,
  };
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'tracks.txt'), result.tracksText);
  await writeFile(join(out, 'replay.json'), `${JSON.stringify(summary, null, 2)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else process.stdout.write(describe(summary));
  return exitCode;
}

async function play(path: string, options: ReplayOptions): Promise<Replay> {
  const footage = await openFootage(path, options.fps === undefined ? {} : { framesPerSecond: options.fps });
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  let shownAtMs = performance.now();
  try {
    return await replayFootage(footage, {
      ...(options.truth === undefined ? {} : { truthFile: options.truth }),
      ...(options.line === undefined ? {} : { line: options.line }),
      ...(options.model === undefined ? {} : { modelZip: await readFile(options.model) }),
      ...(options.inputSize === undefined ? {} : { inputAreaPixels: options.inputSize * 1000 }),
      signal: interrupted.signal,
      onFrame: ({ number, people }) => {
        if (options.json || performance.now() - shownAtMs < PROGRESS_EVERY_MS) return;
        shownAtMs = performance.now();
        process.stderr.write(
          `${footage.name}: frame ${number} of ${footage.statedFrames ?? '?'}, ${people} in view\n`,
        );
      },
    });
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function describe(summary: {
  readonly footage: string;
  readonly frames: number;
  readonly framesPerSecond: number;
  readonly counts: Replay['counts'];
  readonly tracking: Replay['tracking'];
  readonly warnings: readonly string[];
  readonly expectations: readonly { readonly text: string; readonly held: boolean }[];
  readonly out: string;
}): string {
  const { counts, tracking } = summary;
  const lines = [
    `${pc.bold(summary.footage)}: ${summary.frames} frames at ${summary.framesPerSecond} a second`,
    `people ${counts.people}${counts.in === null ? '' : `, in ${counts.in}, out ${counts.out}`}`,
    ...(tracking
      ? [
          `MOTA ${tracking.mota.toFixed(3)}  IDF1 ${tracking.idf1.toFixed(3)}  precision ${tracking.precision.toFixed(3)}  recall ${tracking.recall.toFixed(3)}`,
          `identity switches ${tracking.idSwitches}, fragmentations ${tracking.fragmentations}, count error ${tracking.countError}`,
        ]
      : []),
    ...summary.expectations.map(({ text, held }) => `${held ? pc.green('held') : pc.red('not met')} ${text}`),
    ...summary.warnings.map((warning) => `${pc.yellow('warning')} ${warning}`),
    pc.dim(summary.out),
  ];
  return `${lines.join('\n')}\n`;
}

function asCommandError(error: unknown, path: string): unknown {
  if (!(error instanceof FootageError)) return error;
  if (error.code === 'FF_FOOTAGE_NO_DECODER') return new ComponentError(error.code, error.message);
  const { code, message } = error;
  const what = message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
  return new BadInputError([fileProblem(code, path, what, null)]);
}

function parseLine(text: string): CountingLine {
  const [x1, y1, x2, y2, ...more] = text.split(',').map(Number);
  const numbers = [x1, y1, x2, y2];
  const fits = more.length === 0 && numbers.every((value) => Number.isFinite(value));
  if (
    !fits ||
    x1 === undefined ||
    y1 === undefined ||
    x2 === undefined ||
    y2 === undefined ||
    (x1 === x2 && y1 === y2)
  ) {
    throw new BadInputError([
      fileProblem('FF_USAGE', '--line', `'${text}' is no line`, 'x1,y1,x2,y2 in pixels'),
    ]);
  }
  return { from: { x: x1, y: y1 }, to: { x: x2, y: y2 } };
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) {
    throw new BadInputError([fileProblem('FF_USAGE', text, 'is not a number above 0', null)]);
  }
  return value;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
