import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jpeg, subject } from '../face-api/face-api.testing.js';
import { type HttpWorld, openHttpWorld } from '../face-api/front/http-world.testing.js';
import { parseFixture } from '../face-api/recordings/fixture-file.js';
import { type Finished, footfall, Workplace } from './cli.testing.js';

let place: Workplace;
let real: HttpWorld;
let other: HttpWorld;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());
beforeEach(async () => {
  real = await openHttpWorld();
  other = await openHttpWorld({ era: 'retired', limitedAccessApproved: true }, null);
});
afterEach(() => Promise.all([real.close(), other.close()]));

/** Runs a proxy, gives its address to `client`, and ends it when that is done. */
async function through(
  args: readonly string[],
  client: (address: string) => Promise<void>,
): Promise<Finished> {
  let work: Promise<void> | null = null;
  const finished = footfall(['record', ...args], {
    onStderr: (text, kill) => {
      const address = /ready at (\S+);/.exec(text)?.[1];
      if (address !== undefined) work ??= client(address).finally(() => kill('SIGTERM'));
    },
  });
  const result = await finished;
  await work;
  return result;
}

async function detect(address: string, picture: Uint8Array, query = '', faceKey = ''): Promise<string> {
  const answer = await fetch(`${address}/face/v1.0/detect?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream', 'Ocp-Apim-Subscription-Key': faceKey },
    body: Buffer.from(picture),
  });
  return answer.text();
}

const key = ['--key', 'a-key'];

describe('footfall record', () => {
  test('passes requests on, with the key, and writes what was answered', async () => {
    const out = place.path('recorded.json');
    const picture = real.album.add(jpeg(1), subject('ann'));
    let answered = '';
    const { code, stderr, stdout } = await through(
      ['--endpoint', real.endpoint, ...key, '--out', out],
      async (address) => {
        answered = await detect(address, picture, 'returnFaceAttributes=age');
        await detect(address, picture, 'returnFaceLandmarks=true');
      },
    );
    expect(code).toBe(0);
    const { recordings, recordedFrom } = parseFixture(readFileSync(out, 'utf8'));
    expect(recordedFrom).toBe(real.endpoint);
    expect(recordings).toHaveLength(1);
    expect(recordings[0]?.answers[0]?.body).toEqual(JSON.parse(answered));
    expect(readFileSync(out, 'utf8')).not.toContain('a-key');
    expect(stderr).toContain('was not recorded: the answer holds biometric data (0.faceLandmarks)');
    expect(stderr).toContain('the fixture keeps their SHA-256 only');
    expect(stdout).toContain('1 recordings in');
    expect(stdout).toContain('1 exchanges refused');
  });

  test('needs an endpoint, and says so', async () => {
    const { code, stderr } = await footfall(['record', '--out', place.path('none.json')]);
    expect(code).toBe(2);
    expect(stderr).toContain('--endpoint');
    expect(existsSync(place.path('none.json'))).toBe(false);
  });
});

describe('footfall record diff', () => {
  test('asks both and shows where they differ, with the ids of each', async () => {
    const picture = jpeg(2);
    for (const world of [real, other]) world.album.add(picture, subject('ann'));
    const args = ['diff', '--endpoint', real.endpoint, ...key, '--against', other.endpoint];
    const { code, stdout } = await through(args, async (address) => {
      const [face] = JSON.parse(await detect(address, picture));
      await fetch(`${address}/face/v1.0/verify`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ faceId1: face.faceId, faceId2: face.faceId }),
      });
      await detect(address, picture, 'returnFaceAttributes=age');
    });
    expect(code).toBe(1);
    expect(stdout).toContain('same POST /detect');
    expect(stdout).toContain('same POST /verify');
    expect(stdout).toContain('status: 200 against 403');
    expect(stdout).toContain('1 of 3 requests were answered differently');
  });
});

describe('footfall up --face-fixture', () => {
  test('replays what was recorded, and tells how much of it was used', async () => {
    const out = place.path('for-up.json');
    const [used, unused] = [3, 4].map((mark) => real.album.add(jpeg(mark), subject(`person ${mark}`)));
    const args = ['--endpoint', real.endpoint, ...key, '--out', out];
    await through(args, async (address) => {
      for (const picture of [used, unused]) await detect(address, picture as Uint8Array);
    });
    const [first] = parseFixture(readFileSync(out, 'utf8')).recordings;
    let answered: Promise<string> | null = null;
    const { stderr } = await footfall(['up', '--port-base', '0', '--face-fixture', out, '--json'], {
      onStdout: (text, kill) => {
        if (answered !== null || !text.includes('\n')) return;
        const { face } = JSON.parse(text) as {
          readonly face: { readonly endpoint: string; readonly key: string };
        };
        answered = detect(face.endpoint, used as Uint8Array, '', face.key).finally(() => kill('SIGTERM'));
      },
    });
    expect(JSON.parse((await answered) ?? '')).toEqual(first?.answers[0]?.body);
    expect(stderr).toContain('Face fixture: 1 of 2 recordings used');
    expect(stderr).toContain('unused: detect-0002');
  });
});
