import { basename, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ReplayRecord } from '../../reports/replay-record.js';
import { runSucceeded } from '../../reports/run-record.js';
import { startReplay, WorldFailedError } from '../run/world/start-world.js';
import { BadInputError, fileProblem } from '../scenario/input-problem.js';
import { CACHE_SIZE, NO_CACHE } from './cache-options.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { ComponentError } from './failure.js';
import { openFolder } from './folders.js';
import { outputOf, type ReplayOptions, settingsOf } from './replay/options.js';
import { summariseReplay } from './replay/summary.js';
import { replayScalarsOf } from './run-scalars.js';
import { watchWorld } from './watch-world.js';
import { writeReports } from './write-reports.js';

/** `footfall replay`: plays recorded footage into an emulated camera and through the whole pattern. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'play footage into an emulated camera and through the whole pattern, count people, and compare with ground truth',
    )
    .argument('<footage>', 'a video, a directory of images, or a MOT sequence directory')
    .option('--truth <gt.txt>', 'ground truth in MOT format (default: gt/gt.txt of a MOT sequence)')
    .option('--out <dir>', 'folder for the results (default: reports/out/<footage>)')
    .option('--camera <camera.yaml>', 'lines, zones and re-entry, as drawn on the camera')
    .option('--line <x1,y1,x2,y2>', 'count people who cross this line, in pixels; left to right is in')
    .option('--reentry <time>', 'who leaves at the edge and is back so soon is one visitor, e.g. 30s')
    .option(
      '--expect <figure>',
      'fail (exit code 1) unless it holds, e.g. count=12±1, in=5, mota>=0.75; may be repeated',
      (text: string, before: readonly string[]) => [...before, text],
      [],
    )
    .option('--expectations <file.yaml>', 'the same from a file, a figure a key: count: 12±1')
    .option('--annotate <out.mp4>', 'write the footage with boxes, numbers, lines and counts')
    .option(
      '--fps <n>',
      'frames a second to look at, or to play where pictures have no times (default: all of a video, 10 of a directory)',
      positive,
    )
    .option('--start <time>', 'when the footage begins', '2026-03-07T10:00:00Z')
    .option('--model <zip>', 'another model, as a Dev Kit model zip')
    .option(
      '--input-size <pixels>',
      "area of the detector's input in thousands of pixels (default: 197; 307 where only some frames are looked at)",
      positive,
    )
    .option(
      '--looks <n>',
      'looks of the detector a second, at most; people are followed in between',
      positive,
      17,
    )
    .option('--seed <seed>', 'seed of everything random behind the camera')
    .addOption(
      new Option(
        '--fidelity <fidelity>',
        'wire: real SDKs and protocols; direct: the same services called in process',
      )
        .choices(['wire', 'direct'])
        .default('wire'),
    )
    .option(
      '--workers <n>',
      'threads of the detector (default: one a core); the result is the same',
      positive,
    )
    .addOption(NO_CACHE)
    .addOption(CACHE_SIZE)
    .option('--no-pictures', 'keep no pictures of people in the report')
    .addOption(
      new Option(
        '--face <source>',
        'who reads faces: recordings, local models, or either recorded (see --face-endpoint)',
      )
        .choices(['replay', 'local', 'record'])
        .default('replay'),
    )
    .option('--face-fixture <file>', 'the recordings (default: <footage>.faces.json, when it is there)')
    .option('--face-endpoint <url>', 'with --face record: the Face API to record, instead of local models')
    .option('--face-key <key>', 'its key; none for a container')
    .option('--keep-biometrics', 'with --face record: keep pictures of faces too; think twice')
    .option('--trace', 'write the event trace to trace.log beside the results')
    .option('--json', 'print the summary as one JSON object, and no progress')
    .action(async (path: string, options: ReplayOptions) => {
      process.exitCode = await replay(path, options);
    });
}

async function replay(path: string, options: ReplayOptions): Promise<ExitCode> {
  const out = outputOf(path, options);
  const settings = settingsOf(path, options, out);
  const quiet = options.json === true;
  openFolder(out, '--out');
  const { record, interrupted } = await watchWorld(
    (onProgress) => startReplay(settings, onProgress),
    basename(resolve(path)),
    quiet,
  ).catch((error: unknown) => {
    throw asCommandError(error, path);
  });
  const exitCode = exitCodeOf(record, interrupted);
  await writeReports(record, out);
  if (quiet) process.stdout.write(`${JSON.stringify(replayScalarsOf(record, exitCode, out))}\n`);
  else process.stdout.write(summariseReplay(record, out));
  return exitCode;
}

function exitCodeOf(record: ReplayRecord, interrupted: boolean): ExitCode {
  if (interrupted) return EXIT.interrupted;
  return runSucceeded(record) ? EXIT.ok : EXIT.notMet;
}

/** Footage and models are the user's: what is wrong with them is bad input. */
function asCommandError(error: unknown, path: string): unknown {
  if (!(error instanceof WorldFailedError)) return error;
  const { code, message } = error;
  if (code === 'FF_FOOTAGE_NO_DECODER' || code === 'FF_FACE_ENDPOINT')
    return new ComponentError(code, message);
  if (!code.startsWith('FF_FOOTAGE_') && !code.startsWith('FF_MODEL_')) return error;
  // The world names files in full; the user's own spelling stands before the problem already.
  const named = [path, resolve(path)].find((name) => message.startsWith(`${name} `));
  const what = named === undefined ? message : message.slice(named.length + 1);
  return new BadInputError([fileProblem(code, path, what, null)]);
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('expected a number above 0');
}
