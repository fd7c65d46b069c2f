/** What the options of `footfall replay` mean. */
import { basename, join, resolve } from 'node:path';
import { NO_MARKS } from '../../../pipeline/detection/counting/marks.js';
import { readExpectations } from '../../run/replay/expectations-file.js';
import { nameOf } from '../../run/replay/footage-name.js';
import {
  EXPECTED_FIGURES,
  isExpectedFigure,
  parseRange,
  type ReplayExpectation,
} from '../../run/replay/replay-expectation.js';
import type { FaceMode, FaceSettings, Fidelity, ReplaySettings } from '../../run/world/world-messages.js';
import { type CameraFile, readCameraFile } from '../../scenario/camera-file.js';
import { nearest } from '../../scenario/check-document.js';
import { BadInputError, fileProblem } from '../../scenario/input-problem.js';
import { parseDurationMs } from '../../scenario/units.js';
import { type CacheOptions, cachePlaceOf } from '../cache-options.js';

export interface ReplayOptions extends CacheOptions {
  readonly truth?: string;
  readonly out?: string;
  readonly model?: string;
  readonly camera?: string;
  readonly line?: string;
  readonly reentry?: string;
  readonly expect: readonly string[];
  readonly expectations?: string;
  readonly start: string;
  readonly fps?: number;
  readonly inputSize?: number;
  readonly looks: number;
  readonly seed?: string;
  readonly fidelity: Fidelity;
  readonly workers?: number;
  readonly annotate?: string;
  readonly pictures: boolean;
  readonly face: FaceMode;
  readonly faceFixture?: string;
  readonly faceEndpoint?: string;
  readonly faceKey?: string;
  readonly keepBiometrics?: boolean;
  readonly trace?: boolean;
  readonly json?: boolean;
}

const PIXELS_PER_THOUSAND = 1_000;

/** Where results go when nobody says where. */
export function outputOf(path: string, { out }: ReplayOptions): string {
  return resolve(out ?? join('reports', 'out', nameOf(basename(resolve(path)))));
}

/** Throws `BadInputError` for options that make no sense. */
export function settingsOf(path: string, options: ReplayOptions, out: string): ReplaySettings {
  const camera = cameraOf(options);
  return {
    seed: options.seed,
    fidelity: options.fidelity,
    vision: 'pixels',
    blob: 'memory',
    mutation: null,
    visionWorkers: options.workers ?? null,
    traceFile: options.trace === true ? join(out, 'trace.log') : null,
    footage: {
      command: ['footfall', ...process.argv.slice(2)],
      cameraId: camera.id,
      section: camera.section,
      startMs: startOf(options.start),
      modelFile: options.model === undefined ? null : resolve(options.model),
      expectations: [
        ...(options.expectations === undefined ? [] : readExpectations(options.expectations)),
        ...options.expect.map(expectationOf),
      ],
      face: faceOf(path, options),
      session: {
        path: resolve(path),
        framesPerSecond: options.fps ?? null,
        truthFile: options.truth === undefined ? null : resolve(options.truth),
        marks: camera.marks,
        inputAreaPixels: options.inputSize === undefined ? null : options.inputSize * PIXELS_PER_THOUSAND,
        looksPerSecond: options.looks,
        workers: options.workers ?? null,
        tracksFile: join(out, 'tracks.txt'),
        annotatedFile: options.annotate === undefined ? null : resolve(options.annotate),
        pictures: options.pictures,
        cache: cachePlaceOf(options),
      },
    },
  };
}

function faceOf(path: string, options: ReplayOptions): FaceSettings {
  const { face: mode, faceEndpoint: endpoint, faceFixture, faceKey, keepBiometrics = false } = options;
  if (endpoint !== undefined && mode !== 'record') {
    throw bad('--face-endpoint', `--face ${mode} asks no Face API`, '--face record, which records it');
  }
  if (keepBiometrics && mode !== 'record') {
    throw bad('--keep-biometrics', `--face ${mode} records nothing`, '--face record');
  }
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol))) {
    throw bad(
      '--face-endpoint',
      `'${endpoint}' is no address of a Face API`,
      'one such as http://localhost:5000',
    );
  }
  return {
    mode,
    fixtureFile: resolve(faceFixture ?? `${resolve(path)}.faces.json`),
    isFixtureAsked: faceFixture !== undefined,
    endpoint: endpoint ?? null,
    key: faceKey ?? null,
    keepBiometrics,
  };
}

function cameraOf({ camera, line, reentry }: ReplayOptions): CameraFile {
  const file: CameraFile =
    camera === undefined
      ? { id: 'camera', section: 'view', marks: { ...NO_MARKS, unit: 'pixels' } }
      : readCameraFile(camera);
  const reentryMs = reentry === undefined ? file.marks.reentryMs : parseDurationMs(reentry);
  if (reentryMs === null) throw bad('--reentry', `'${reentry}' is no duration`, 'a duration such as 30s');
  if (line === undefined) return { ...file, marks: { ...file.marks, reentryMs } };
  if (file.marks.lines.length > 0)
    throw bad('--line', `${camera} draws lines of its own`, 'one or the other');
  if (file.marks.zones.length > 0 && file.marks.unit === 'share') {
    throw bad(
      '--line',
      `${camera} draws in shares of the picture, --line in pixels`,
      'the line in that file',
    );
  }
  return {
    ...file,
    marks: { ...file.marks, reentryMs, unit: 'pixels', lines: [{ id: 'line', ...parseLine(line) }] },
  };
}

function parseLine(text: string) {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [x1, y1, x2, y2] = numbers;
  const isLine = numbers.length === 4 && numbers.every(Number.isFinite);
  if (!isLine || x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) {
    throw bad('--line', `'${text}' is no line`, 'x1,y1,x2,y2 in pixels');
  }
  if (x1 === x2 && y1 === y2) throw bad('--line', `'${text}' has no length`, 'two different places');
  return { from: { x: x1, y: y1 }, to: { x: x2, y: y2 } };
}

function startOf(text: string): number {
  const ms = Date.parse(/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(ms)) throw bad('--start', `'${text}' is no time`, 'a time such as 2026-03-07T10:00:00Z');
  return ms;
}

/** Reads `count=12±1`, `in=5`, `mota>=0.75`. */
function expectationOf(text: string): ReplayExpectation {
  const match = /^([a-zA-Z0-9]+)\s*(=|>=|<=|≥|≤)\s*(.+)$/.exec(text.trim());
  const [, figure = '', relation = '', value = ''] = match ?? [];
  if (match === null)
    throw bad('--expect', `'${text}' is no expectation`, 'count=12, count=12±1 or mota>=0.75');
  if (!isExpectedFigure(figure)) {
    const suggestion = nearest(figure, EXPECTED_FIGURES);
    throw bad(
      '--expect',
      `there is no figure '${figure}'`,
      `one of ${EXPECTED_FIGURES.join(', ')}`,
      suggestion,
    );
  }
  const range = parseRange(`${relation === '=' ? '' : relation}${value.replaceAll(' ', '')}`);
  if (range === null)
    throw bad('--expect', `'${text}' is no expectation`, 'count=12, count=12±1 or mota>=0.75');
  return { figure, ...range, text: text.trim(), at: '--expect' };
}

function bad(option: string, what: string, expected: string, suggestion?: string | null): BadInputError {
  const problem = fileProblem('FF_USAGE', option, what, expected);
  return new BadInputError([
    suggestion === undefined || suggestion === null ? problem : { ...problem, suggestion },
  ]);
}
