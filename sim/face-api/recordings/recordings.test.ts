import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openKernel } from '../../kernel/index.js';
import { AT_ONCE, jpeg, subject, testFaceApi } from '../face-api.testing.js';
import { receive } from '../request.js';
import { biometricsIn } from './biometrics.js';
import { differencesOf } from './differences.js';
import { formatFixture, parseFixture } from './fixture-file.js';
import { IdTranslation } from './id-translation.js';
import { Recorder } from './recorder.js';
import type { Recording } from './recording.js';

const detect = (picture: Uint8Array, query: Readonly<Record<string, string>> = {}) =>
  receive({ method: 'POST', path: '/detect', query, body: { kind: 'picture', bytes: picture } });
const found = (age: number) => ({
  status: 200,
  retryAfterSeconds: null,
  body: [{ faceId: 'x', faceAttributes: { age } }],
});

function recordingsOf(...ages: readonly number[]): readonly Recording[] {
  const recorder = new Recorder({ recordedFrom: 'http://there', keepBiometrics: false });
  for (const age of ages) recorder.record(detect(jpeg(age)), found(age), 100 + age);
  return recorder.fixture().recordings;
}

describe('a recorder', () => {
  test('keeps several answers to one request, in their order, with how long they took', () => {
    const recorder = new Recorder({ recordedFrom: 'http://there', keepBiometrics: false });
    recorder.record(detect(jpeg(1)), found(30), 120.4);
    recorder.record(detect(jpeg(1)), { status: 429, retryAfterSeconds: 2, body: undefined }, 3);
    recorder.record(detect(jpeg(2)), found(40), 80);
    const { recordings } = recorder.fixture();
    expect(recordings.map(({ id, answers }) => [id, answers.length])).toEqual([
      ['detect-0001', 2],
      ['detect-0002', 1],
    ]);
    expect(recordings[0]?.answers).toEqual([
      { status: 200, body: found(30).body, latencyMs: 120 },
      { status: 429, retryAfterSeconds: 2, latencyMs: 3 },
    ]);
  });

  test('goes on with what was recorded before', () => {
    const before = recordingsOf(30);
    const recorder = new Recorder({ recordedFrom: 'http://there', keepBiometrics: false, before });
    recorder.record(detect(jpeg(30)), found(31), 1);
    expect(recorder.fixture().recordings.map(({ answers }) => answers.length)).toEqual([2]);
    expect(before[0]?.answers).toHaveLength(1);
  });

  test.each([
    ['landmarks', [{ faceLandmarks: { pupilLeft: { x: 1, y: 2 } } }], '0.faceLandmarks'],
    ['a descriptor', { face: { embedding: [0.1] } }, 'face.embedding'],
    ['many numbers', [{ x: Array.from({ length: 128 }, (_, i) => i / 128) }], '0.x'],
  ])('refuses %s, with the place', (_what, body, place) => {
    const recorder = new Recorder({ recordedFrom: 'http://there', keepBiometrics: false });
    const recorded = recorder.record(detect(jpeg(1)), { status: 200, retryAfterSeconds: null, body }, 1);
    expect(recorded).toMatchObject({ kind: 'refused', reason: expect.stringContaining(place) });
    expect(recorder.fixture().recordings).toEqual([]);
  });

  test('keeps no picture and says so once, unless it is told to keep them', () => {
    const notes = (keepBiometrics: boolean) => {
      const recorder = new Recorder({ recordedFrom: 'http://there', keepBiometrics });
      const outcomes = [1, 2].map((mark) => recorder.record(detect(jpeg(mark)), found(mark), 1));
      return { outcomes, text: formatFixture(recorder.fixture()) };
    };
    const plain = notes(false);
    expect(plain.outcomes).toMatchObject([
      { note: expect.stringContaining('--keep-biometrics') },
      { note: null },
    ]);
    expect(plain.text).not.toContain('picture');
    const kept = notes(true);
    expect(kept.outcomes).toMatchObject([{ note: null }, { note: null }]);
    expect(kept.text).toContain(jpeg(1).toString('base64'));
    expect(parseFixture(kept.text).recordings).toHaveLength(2);
  });

  test('finds nothing biometric in what the service answers without landmarks', async () => {
    const { album, send } = testFaceApi();
    const picture = album.add(jpeg(1), subject('ann'), subject('bob'));
    const query = {
      returnFaceAttributes: 'age,gender,emotion,hair,accessories,headPose',
      returnRecognitionModel: 'true',
    };
    expect(biometricsIn((await send('POST', '/detect', { picture, query })).body)).toEqual([]);
  });
});

describe('a fixture', () => {
  test('is read as it was written', () => {
    const fixture = { recordedFrom: 'http://there', recordings: recordingsOf(20, 30) };
    expect(parseFixture(formatFixture(fixture))).toEqual(fixture);
  });

  test.each([
    ['no JSON', '{', 'not JSON'],
    ['another version', '{"version":2,"recordedFrom":"x","recordings":[]}', 'version'],
    [
      'a recording without answers',
      formatFixture({
        recordedFrom: 'x',
        recordings: recordingsOf(1).map((one) => ({ ...one, answers: [] })),
      }),
      'recordings.0.answers',
    ],
    [
      'two of one id',
      formatFixture({ recordedFrom: 'x', recordings: [...recordingsOf(1), ...recordingsOf(2)] }),
      "two recordings have the id 'detect-0001'",
    ],
  ])('is refused: %s', (_what, text, message) => {
    expect(() => parseFixture(text)).toThrow(message);
  });

  test('that is anything at all is a clear error, never a crash', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseFixture(text)).toThrow(/\S/);
      }),
    );
  });
});

describe('a replay', () => {
  test('by the nearest match answers another picture, and counts that', async () => {
    const { api, send } = testFaceApi({ recordings: recordingsOf(20, 30), matching: 'nearest' });
    expect((await send('POST', '/detect', { picture: jpeg(30) })).body[0].faceAttributes.age).toBe(30);
    expect((await send('POST', '/detect', { picture: jpeg(99) })).body[0].faceAttributes.age).toBe(20);
    expect((await send('POST', '/verify', { json: {} })).status).toBe(400);
    expect(api.coverage()).toMatchObject({
      used: ['detect-0001', 'detect-0002'],
      usedAsNearest: ['detect-0001'],
      unused: [],
    });
  });

  test('tells used, unused, stale and unmatched', async () => {
    const { api, send } = testFaceApi({ recordings: recordingsOf(20, 30, 40) });
    await send('POST', '/detect', { picture: jpeg(20) });
    await send('POST', '/detect', { picture: jpeg(30), query: { returnFaceId: 'false' } });
    await send('POST', '/detect', { picture: jpeg(50) });
    expect(api.coverage()).toMatchObject({
      recordings: 3,
      used: ['detect-0001'],
      unused: ['detect-0002', 'detect-0003'],
      stale: ['detect-0002'],
      unmatched: [
        expect.stringContaining('/detect? '),
        expect.stringContaining('/detect?returnFaceId=false'),
      ],
    });
  });

  test.each([
    ['recorded', [125, 140]],
    ['resampled', [120, 125, 140]],
    ['model', [0]],
  ] as const)('takes the time that %s says', async (latency, allowed) => {
    const kernel = openKernel({ seed: 3, startMs: 0 });
    onTestFinished(() => kernel.close());
    const { send } = testFaceApi(
      { recordings: recordingsOf(20, 25, 40), latency, capacity: AT_ONCE },
      kernel,
    );
    const took = await kernel.drive(
      (async () => {
        const times: number[] = [];
        for (const age of [25, 40]) {
          const startedAtMs = kernel.clock.now();
          await send('POST', '/detect', { picture: jpeg(age) });
          times.push(kernel.clock.now() - startedAtMs);
        }
        return times;
      })(),
    );
    expect(took.every((ms) => (allowed as readonly number[]).includes(ms))).toBe(true);
    if (latency === 'recorded') expect(took).toEqual([125, 140]);
  });
});

describe('two answers', () => {
  const answer = (body: unknown, status = 200) => ({ status, retryAfterSeconds: null, body });

  test('differ where they mean something else', () => {
    const first = answer([{ faceId: 'a', faceAttributes: { age: 30, gender: 'male' } }]);
    const second = answer([
      { faceId: 'b', faceAttributes: { age: 30.005, gender: 'female', glasses: 'NoGlasses' } },
    ]);
    expect(differencesOf(first, second, 0.01)).toEqual([
      { where: '0.faceAttributes.gender', first: 'male', second: 'female' },
      { where: '0.faceAttributes.glasses', first: undefined, second: 'NoGlasses' },
    ]);
    expect(differencesOf(first, answer([], 429), 0).map(({ where }) => where)).toEqual(['status', '0']);
  });

  test('never differ from themselves', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(differencesOf(answer(body), answer(structuredClone(body)), 0)).toEqual([]);
      }),
    );
  });

  test('teach which ids belong together', () => {
    const [a, b, c] = ['1', '2', '3'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);
    const ids = new IdTranslation();
    ids.learn(answer([{ faceId: a }]), answer([{ faceId: b }]));
    const json = (text: string) =>
      ({ method: 'POST', path: `/x/${a}`, query: {}, body: { kind: 'json', text } }) as const;
    expect(ids.translate(json(`{"faceIds":["${a}","${c}"]}`))).toEqual({
      ...json(`{"faceIds":["${b}","${c}"]}`),
      path: `/x/${b}`,
    });
  });
});

describe('a fault by rule', () => {
  const rule = { operation: 'face_detect', status: 503, retryAfterSeconds: 4, extraMs: 0, share: 1, most: 2 };

  test('hits its operation as often as it is told to, and tells how often', async () => {
    const { api, album, send } = testFaceApi();
    const end = api.faults.inject(rule);
    const picture = album.add(jpeg(1), subject('ann'));
    expect((await send('GET', '/facelists')).status).toBe(200);
    const first = await send('POST', '/detect', { picture });
    expect(first).toMatchObject({ status: 503, retryAfterSeconds: 4, body: { error: { code: '503' } } });
    expect((await send('POST', '/detect', { picture })).status).toBe(503);
    expect((await send('POST', '/detect', { picture })).status).toBe(200);
    expect(end()).toBe('2 requests hit');
    expect((await send('POST', '/detect', { picture })).status).toBe(200);
  });

  test('hits a share of the requests, by the seed', async () => {
    const hits = async () => {
      const kernel = openKernel({ seed: 5, startMs: 0 });
      onTestFinished(() => kernel.close());
      const { api, album, send } = testFaceApi({}, kernel);
      api.faults.inject({ ...rule, operation: null, share: 0.3, most: null });
      const statuses = await kernel.drive(
        Promise.all(
          Array.from({ length: 100 }, async (_, index) => {
            const { status } = await send('POST', '/detect', {
              picture: album.add(jpeg(index), subject('ann')),
            });
            return status;
          }),
        ),
      );
      kernel.close();
      return statuses;
    };
    const first = await hits();
    const failed = first.filter((status) => status === 503).length;
    expect(failed).toBeGreaterThan(20);
    expect(failed).toBeLessThan(40);
    expect(await hits()).toEqual(first);
  });

  test('makes slow', async () => {
    const kernel = openKernel({ seed: 5, startMs: 0 });
    onTestFinished(() => kernel.close());
    const { api, send } = testFaceApi({}, kernel);
    api.faults.inject({ ...rule, operation: null, status: null, extraMs: 700 });
    await kernel.drive(send('GET', '/facelists'));
    expect(kernel.clock.now()).toBe(700);
  });
});
