import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderBackground } from '../background.js';
import { FrameRenderer } from '../frame.js';
import { encodeJpeg } from '../jpeg.js';
import type { SceneCamera, ScenePlan, SceneShopper } from '../scene.js';
import { formatMotLine } from './mot-format.js';
import { openFootage } from './open-footage.js';
import { type Replay, replayFootage } from './replay-footage.js';

const FRAMES = 14;
const FRAMES_PER_SECOND = 8;

const plan: ScenePlan = {
  name: 'hall',
  widthMetres: 10,
  depthMetres: 9,
  ceilingMetres: 3.2,
  walls: [],
  entrances: [],
  displays: [],
};

const camera: SceneCamera = {
  id: 'hall',
  at: { x: 5, y: 0.3 },
  heightMetres: 2.8,
  headingDegrees: 0,
  tiltDegrees: 22,
  fieldOfViewDegrees: 75,
  widthPixels: 400,
  heightPixels: 304,
};

function walker(shopper: number, x: number, y: number, headingRadians: number): SceneShopper {
  return {
    state: { shopper, x, y, headingRadians, speedMetresPerSecond: 1.3, activity: 'walking' },
    profile: { appearanceSeed: shopper * 31, ageYears: 40, gender: 'male', heightMetres: 1.78 },
  };
}

let folder: string;
let replays: readonly Replay[];

/** Two people who pass each other, three metres apart, recorded as a MOT sequence with its truth. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  await mkdir(join(folder, 'img1'));
  await mkdir(join(folder, 'gt'));
  await writeFile(join(folder, 'seqinfo.ini'), `[Sequence]\nname=hall\nframeRate=${FRAMES_PER_SECOND}\n`);
  const renderer = new FrameRenderer(renderBackground(plan, camera));
  const truth: string[] = [];
  for (let frame = 1; frame <= FRAMES; frame++) {
    const walked = (frame * 1.3) / FRAMES_PER_SECOND;
    const shoppers = [walker(1, 3.2 + walked, 4, Math.PI / 2), walker(2, 6.8 - walked, 6.5, -Math.PI / 2)];
    const picture = renderer.render(shoppers, frame * 125, frame);
    await writeFile(join(folder, 'img1', `${String(frame).padStart(6, '0')}.jpg`), encodeJpeg(picture));
    truth.push(...picture.people.map((p) => formatMotLine({ frame, id: p.shopper, box: p.fullBox }, 1)));
  }
  await writeFile(join(folder, 'gt', 'gt.txt'), truth.join('\n'));
  const settings = { inputAreaPixels: 400 * 304 };
  replays = await Promise.all(
    [1, 2].map(async (workers) => replayFootage(await openFootage(folder), { ...settings, workers })),
  );
});

afterAll(() => rm(folder, { recursive: true }));

describe('replay', () => {
  test('counts the people and follows them', () => {
    const [replay] = replays;
    expect(replay?.frames).toBe(FRAMES);
    expect(replay?.counts.people).toBe(2);
    expect(replay?.tracking).toMatchObject({ idSwitches: 0, countError: 0 });
    expect(replay?.tracking?.mota).toBeGreaterThan(0.6);
    expect(replay?.tracking?.motp).toBeGreaterThan(0.7);
  });

  test('gives the same tracks whatever the number of workers', () => {
    expect(replays[1]?.tracksText).toBe(replays[0]?.tracksText);
    expect(replays[1]?.digest).toBe(replays[0]?.digest);
  });

  test('says which truth it could not read', async () => {
    const footage = await openFootage(folder);
    await expect(replayFootage(footage, { truthFile: join(folder, 'none.txt') })).rejects.toMatchObject({
      code: 'FF_FOOTAGE_MISSING',
    });
  });
});
