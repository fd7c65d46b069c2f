import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { overlap } from '../../../pipeline/detection/boxes.js';
import { buildCentreNetZip } from '../../../pipeline/detection/centre-net-zip.js';
import type { CachePlace } from '../result-cache/result-cache.js';
import type { SceneCamera, ScenePlan, SceneShopper } from '../scene.js';
import { type LookResult, openVisionPool, type VisionPool } from './vision-pool.js';

const plan: ScenePlan = {
  name: 'test',
  widthMetres: 10,
  depthMetres: 8,
  ceilingMetres: 3,
  walls: [],
  entrances: [],
  displays: [],
};

function camera(id: string, x: number, headingDegrees: number): SceneCamera {
  return {
    id,
    at: { x, y: 0.3 },
    heightMetres: 2.7,
    headingDegrees,
    tiltDegrees: 25,
    fieldOfViewDegrees: 75,
    widthPixels: 320,
    heightPixels: 240,
  };
}

const cameras = [camera('left', 3, 10), camera('middle', 5, 0), camera('right', 7, 350)];

function shopper(number: number, x: number, y: number): SceneShopper {
  return {
    state: {
      shopper: number,
      x,
      y,
      headingRadians: Math.PI,
      speedMetresPerSecond: 1.2,
      activity: 'walking',
    },
    profile: { appearanceSeed: number * 77, ageYears: 35, gender: 'female', heightMetres: 1.7 },
  };
}

const walkers = (step: number) => [shopper(1, 4 + step * 0.3, 4.5), shopper(2, 6.4 - step * 0.2, 5.5)];

/** Five looks of every camera: two at an empty store, then at two people. */
async function watch(pool: VisionPool): Promise<readonly LookResult[]> {
  const results: Promise<LookResult>[] = [];
  for (let step = 0; step < 5; step++) {
    for (const { id } of cameras) {
      const shoppers = step < 2 ? [] : walkers(step);
      results.push(pool.look({ cameraId: id, timeMs: step * 250, shoppers, wantPicture: step === 3 }));
    }
  }
  return Promise.all(results);
}

let modelZip: Uint8Array;

beforeAll(async () => {
  modelZip = await buildCentreNetZip({ inputWidthPixels: 320, inputHeightPixels: 240 });
});

describe('vision pool', () => {
  test('sees who is there, whatever the number of workers', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(async (workers) => {
        const pool = await openVisionPool({ plan, cameras, modelZip, workers });
        try {
          return await watch(pool);
        } finally {
          await pool.close();
        }
      }),
    );
    expect(two).toEqual(one);

    const empty = one?.slice(0, 6) ?? [];
    expect(empty.flatMap(({ objects, people }) => [...objects, ...people])).toEqual([]);
    expect(empty.map(({ looked }) => looked)).toEqual([true, true, true, false, false, false]);

    const busy = one?.slice(6) ?? [];
    const seen = busy.flatMap(({ people, objects }) =>
      people
        .filter(({ hiddenShare }) => hiddenShare < 0.3)
        .map(({ box }) => objects.some((object) => overlap(object.box, box) >= 0.5)),
    );
    expect(seen.filter(Boolean).length).toBeGreaterThanOrEqual(0.8 * seen.length);
    expect(seen.length).toBeGreaterThan(10);

    const pictures = busy.slice(3, 6).map(({ jpeg }) => [...(jpeg?.subarray(0, 3) ?? [])]);
    expect(pictures).toEqual(cameras.map(() => [0xff, 0xd8, 0xff]));
    expect(busy[0]?.jpeg).toBeNull();
  });

  test('draws a picture that was not taken, the same as the one that would have been', async () => {
    const pool = await openVisionPool({ plan, cameras, modelZip, workers: 1 });
    try {
      const job = { cameraId: 'middle', timeMs: 750, shoppers: walkers(3), wantPicture: true };
      const { jpeg } = await pool.look(job);
      const again = await pool.picture(job);
      expect(jpeg && Buffer.compare(again, jpeg)).toBe(0);
      await expect(pool.look({ ...job, cameraId: 'none' })).rejects.toMatchObject({
        code: 'FF_VISION_UNKNOWN_CAMERA',
      });
    } finally {
      await pool.close();
    }
  });

  test('remembers what it saw, and sees the same with and without', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vision-cache-'));
    const remembered = () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.results'))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('')
        .split('\n').length - 1;
    const watched = async (cache: CachePlace | null) => {
      const pool = await openVisionPool({ plan, cameras: cameras.slice(0, 1), modelZip, workers: 1, cache });
      try {
        const looks = [0, 2, 3].map((step) =>
          pool.look({ cameraId: 'left', timeMs: step, shoppers: walkers(step), wantPicture: false }),
        );
        return await Promise.all(looks);
      } finally {
        await pool.close();
      }
    };
    try {
      const place = { folder, mostBytes: 1_000_000 };
      const alone = await watched(null);
      expect([await watched(place), remembered()]).toEqual([alone, 3]);
      expect([await watched(place), remembered()]).toEqual([alone, 3]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('does not open with a model that is none', async () => {
    await expect(
      openVisionPool({ plan, cameras, modelZip: modelZip.subarray(0, 1000), workers: 1 }),
    ).rejects.toMatchObject({ code: 'FF_MODEL_CORRUPT' });
  });

  test('says so when it is asked after it was closed', async () => {
    const pool = await openVisionPool({ plan, cameras, modelZip, workers: 1 });
    await pool.close();
    await expect(
      pool.look({ cameraId: 'left', timeMs: 0, shoppers: [], wantPicture: false }),
    ).rejects.toMatchObject({ code: 'FF_VISION_WORKER' });
  });
});
