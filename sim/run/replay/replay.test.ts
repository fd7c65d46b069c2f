/** Whole replays through the built command line. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ReplayRecord, replayRecordSchema } from '../../../reports/replay-record.js';
import { openFootage } from '../../camera/footage/sources/open-footage.js';
import { footfall, ROOT, Workplace } from '../../cli/cli.testing.js';

// A replay takes seconds alone and far longer beside others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const place = new Workplace();
afterAll(() => place.remove());

const FOOTAGE = join(ROOT, 'fixtures/footage');
const HALL = join(FOOTAGE, 'hall.mp4');
const TRUTH = ['--truth', join(FOOTAGE, 'hall.gt.txt')];
const CAMERA = ['--camera', join(FOOTAGE, 'hall.camera.yaml')];
const SMALL = ['--input-size', '122'];
let replays = 0;

interface Replayed {
  readonly code: number | null;
  readonly stderr: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly record: ReplayRecord;
  readonly out: string;
}

async function replay(footage: string, args: readonly string[]): Promise<Replayed> {
  const out = place.path(`replay-${++replays}`);
  const { code, stdout, stderr } = await footfall(
    ['replay', footage, '--json', '--out', out, ...SMALL, ...args],
    {
      env: { FOOTFALL_CACHE: place.path('cache') },
    },
  );
  if (stdout === '') throw new Error(`no summary; exit ${code}: ${stderr}`);
  const record = replayRecordSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
  return { code, stderr, summary: JSON.parse(stdout), record, out };
}

describe('footage with ground truth', () => {
  let first: Replayed;
  beforeAll(async () => {
    first = await replay(HALL, [
      ...TRUTH,
      ...CAMERA,
      '--expect',
      'count=3',
      '--expect',
      'mota>=0.6',
      '--no-cache',
    ]);
  });

  test('is counted and tracked, and held against it', () => {
    const { counts, lines, tracking, truePeople, zones } = first.record.replay;
    expect(first.code).toBe(0);
    expect(truePeople).toBe(3);
    expect(counts).toEqual({ people: 3, in: 1, out: 1 });
    expect(lines).toMatchObject([{ id: 'middle', in: 1, out: 1, trueIn: 1, trueOut: 1 }]);
    expect(zones).toMatchObject([{ name: 'Right side', visitors: 3, trueStays: 3 }]);
    expect(tracking).toMatchObject({ countError: 0, idSwitches: 0 });
    expect(tracking?.mota).toBeGreaterThan(0.6);
    expect(first.summary).toMatchObject({ ok: true, exitCode: 0, counts, tracking, frames: 48 });
  });

  test('goes through the whole pattern, and every difference from the truth has a cause', () => {
    const { accuracy, attribution, invariants, privacy, windows } = first.record;
    expect(invariants.filter(({ ok }) => !ok)).toEqual([]);
    expect(privacy.picturesTaken).toBeGreaterThan(0);
    expect(windows.map(({ people }) => people)).toContainEqual(expect.any(Number));
    expect(attribution.filter(({ quantity }) => quantity === 'people').map(({ truth }) => truth)).toContain(
      3,
    );
    expect(accuracy.footfall.truth).toBe(3);
    expect(accuracy.emotion).toMatchObject({ truth: null, error: null });
  });

  test('gives the same digest called in process, with one thread, and from the cache', async () => {
    const again = [...TRUTH, ...CAMERA, '--expect', 'count=3', '--expect', 'mota>=0.6'];
    const direct = await replay(HALL, [...again, '--fidelity', 'direct', '--workers', '1']);
    const cached = await replay(HALL, again);
    expect(direct.record.digest).toBe(first.record.digest);
    expect(cached.record.digest).toBe(first.record.digest);
    expect(readFileSync(join(cached.out, 'tracks.txt'))).toEqual(readFileSync(join(first.out, 'tracks.txt')));
  });

  test('writes reports with a filmstrip of every track and the frames where errors arose', () => {
    const { replay: figures } = first.record;
    const html = readFileSync(join(first.out, 'report.html'), 'utf8');
    for (const { track } of figures.tracks) expect(html).toContain(`Track ${track}</strong>`);
    expect(figures.worstFrames.length).toBeGreaterThan(0);
    expect(html).toContain(`frame ${figures.worstFrames[0]?.frame}, `);
    expect(readFileSync(join(first.out, 'junit.xml'), 'utf8')).toContain('name="mota"');
    expect(readFileSync(join(first.out, 'summary.md'), 'utf8')).toContain('| People | 3 | 3 | 0 |');
  });
});

describe('footage without ground truth', () => {
  test('says what nobody knows, and fails where that is expected', async () => {
    const annotated = place.path('annotated.mp4');
    const { code, record, out } = await replay(HALL, [
      '--expect',
      'mota>=0.5',
      '--no-pictures',
      '--annotate',
      annotated,
    ]);
    expect(code).toBe(1);
    expect(record.truth).toBeNull();
    expect(record.accuracy.footfall).toEqual({ truth: null, measured: expect.any(Number), error: null });
    expect(record.attribution).toEqual([]);
    expect(record.replay.tracking).toBeNull();
    expect(record.expectations).toMatchObject([
      { name: 'mota', ok: false, message: 'not known: there is no ground truth' },
    ]);
    expect(record.replay.cannotBeKnown.join(' ')).toMatch(/no ground truth.*no line/);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).not.toContain('data:image/jpeg');
    const video = await openFootage(annotated);
    const frames: number[] = [];
    for await (const { timeMs } of video.frames()) frames.push(timeMs);
    expect(frames).toHaveLength(48);
    expect(frames.at(-1)).toBe(5_875);
  });

  test('that is cut off gives what could be read, and a warning', async () => {
    const cut = place.path('cut.mkv');
    // A container that needs no index at its end.
    const { remux } = await import('./remux.testing.js');
    await remux(HALL, cut);
    truncateSync(cut, Math.floor(statSync(cut).size / 2));
    const { code, record } = await replay(cut, []);
    expect(code).toBe(0);
    expect(record.replay.footage.frames).toBeGreaterThan(10);
    expect(record.replay.footage.frames).toBeLessThan(40);
    expect(record.warnings.join('\n')).toMatch(/cut\.mkv ends early: \d\.\d of 6\.0 s/);
  });
});

describe('faces on footage', () => {
  const fixture = place.path('faces.json');

  test('are recorded without pictures, and replayed without any model', async () => {
    const recorded = await replay(HALL, ['--face', 'record', '--face-fixture', fixture]);
    expect(recorded.code).toBe(0);
    expect(recorded.record.warnings.join(' ')).toMatch(/biometric data.*SHA-256 only/);
    expect(readFileSync(fixture, 'utf8')).not.toContain('"picture"');
    const { code, record } = await replay(HALL, ['--face-fixture', fixture]);
    expect(code).toBe(0);
    expect(record.faceFixture).toMatchObject({ unused: [], unmatched: [] });
    expect(record.windows).toEqual(recorded.record.windows);
  });

  test('that were recorded of other footage are not taken for these', async () => {
    const other = JSON.parse(readFileSync(fixture, 'utf8'));
    for (const { request } of other.recordings) request.bodySha256 = '0'.repeat(64);
    other.recordings.splice(1);
    writeFileSync(fixture, JSON.stringify(other));
    const { code, record } = await replay(HALL, ['--face-fixture', fixture]);
    expect(code).toBe(1);
    expect(record.invariants.filter(({ ok }) => !ok).map(({ name }) => name)).toContain(
      'the Face stand-in knows every picture',
    );
  });
});

describe('what is no footage ends with 2 and one clear message', () => {
  test.each<[string, () => readonly string[], RegExp]>([
    [
      'a file that is not there',
      () => [place.path('none.mp4')],
      /none\.mp4: does not exist; expected a video/,
    ],
    [
      'a file that is no video',
      () => {
        writeFileSync(place.path('letter.mp4'), 'Dear reader');
        return [place.path('letter.mp4')];
      },
      /letter\.mp4: is no video/,
    ],
    [
      'an empty directory',
      () => {
        mkdirSync(place.path('empty'), { recursive: true });
        return [place.path('empty')];
      },
      /holds no image/,
    ],
    [
      'a film that cannot be written',
      () => [HALL, '--annotate', place.path('no/film.mp4')],
      /film\.mp4 cannot be written/,
    ],
    ['truth that is not there', () => [HALL, '--truth', place.path('none.txt')], /none\.txt cannot be read/],
    [
      'a figure that there is not',
      () => [HALL, '--expect', 'motaa>=1'],
      /no figure 'motaa'.*did you mean 'mota'/,
    ],
    [
      'a fixture that is not there',
      () => [HALL, '--face-fixture', place.path('none.json')],
      /none\.json: is no fixture/,
    ],
    [
      'a Face API that nobody asks',
      () => [HALL, '--face-endpoint', 'http://localhost:1'],
      /--face replay asks no Face API/,
    ],
    ['a line that is none', () => [HALL, '--line', '1,2,3'], /'1,2,3' is no line/],
    [
      'a camera with an unknown key',
      () => {
        writeFileSync(place.path('camera.yaml'), 'id: cam\nlnes: []\n');
        return [HALL, '--camera', place.path('camera.yaml')];
      },
      /camera\.yaml:2:1: unknown key 'lnes'.*did you mean 'lines'/,
    ],
    [
      'a model that is none',
      () => {
        copyFileSync(HALL, place.path('model.zip'));
        return [HALL, '--model', place.path('model.zip')];
      },
      /model\.zip|zip/,
    ],
  ])('%s', async (_what, args, expected) => {
    const out = place.path(`refused-${++replays}`);
    const { code, stderr } = await footfall(['replay', ...args(), '--out', out]);
    expect(stderr).toMatch(expected);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(existsSync(join(out, 'report.json'))).toBe(false);
  });
});

test('a Face API that does not answer ends with 3, and leaves the recordings that are there', async () => {
  const fixture = place.path('kept.json');
  writeFileSync(fixture, 'recorded earlier');
  const args = ['--face', 'record', '--face-endpoint', 'http://127.0.0.1:1', '--face-fixture', fixture];
  const { code, stderr } = await footfall(['replay', HALL, '--out', place.path('unanswered'), ...args]);
  expect([code, readFileSync(fixture, 'utf8')]).toEqual([3, 'recorded earlier']);
  expect(stderr).toMatch(/the Face API at 127\.0\.0\.1:1 does not answer.*FF_FACE_ENDPOINT/);
});
