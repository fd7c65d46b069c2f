import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openKernel } from '../kernel/index.js';
import { jpeg, subject, testFaceApi } from './face-api.testing.js';
import { FaceIds } from './faces/face-ids.js';

describe('the era', () => {
  const retired = { era: 'retired' as const };

  test.each(['age', 'gender', 'emotion', 'smile', 'facialHair', 'hair', 'makeup'])(
    'retired refuses %s',
    async (attribute) => {
      const { send, album } = testFaceApi({ ...retired, limitedAccessApproved: true });
      const picture = album.add(jpeg(1), subject('ann'));
      const answer = await send('POST', '/detect', {
        picture,
        query: { returnFaceAttributes: `headPose,${attribute}` },
      });
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'UnsupportedFeature' } } });
      expect(answer.body.error.message).toContain(attribute);
    },
  );

  test('retired still detects faces, but names none', async () => {
    const { send, album } = testFaceApi(retired);
    const picture = album.add(jpeg(1), subject('ann'));
    const query = { returnFaceAttributes: 'headPose,occlusion', returnFaceId: 'false' };
    expect(await send('POST', '/detect', { picture, query })).toMatchObject({
      status: 200,
      body: [{ faceAttributes: {} }],
    });
    expect((await send('POST', '/detect', { picture })).status).toBe(403);
    expect((await send('PUT', '/facelists/today', { json: { name: 'x' } })).status).toBe(403);
  });

  test('retired recognises for those who were approved', async () => {
    const { name, album } = testFaceApi({ ...retired, limitedAccessApproved: true });
    expect(await name(album.add(jpeg(1), subject('ann')))).toHaveLength(1);
  });
});

describe('a face id', () => {
  test('is forgotten when its time to live has passed', async () => {
    const kernel = openKernel({ seed: 1, startMs: 0 });
    onTestFinished(() => kernel.close());
    const { send, album } = testFaceApi({}, kernel);
    const [first, second] = [album.add(jpeg(1), subject('ann')), album.add(jpeg(2), subject('ann'))];
    const named = async (picture: Uint8Array, seconds: string): Promise<string> =>
      (await send('POST', '/detect', { picture, query: { faceIdTimeToLive: seconds } })).body[0].faceId;
    const { clock, drive } = kernel;
    const statuses = await drive(
      (async () => {
        const short = await named(first, '60');
        const long = await named(second, '3600');
        const compare = async () =>
          (await send('POST', '/findsimilars', { json: { faceId: long, faceIds: [short] } })).body;
        const before = await compare();
        await clock.sleep(61_000);
        return [before.length, (await compare()).error.code];
      })(),
    );
    expect(statuses).toEqual([1, 'FaceNotFound']);
  });

  test('that has expired takes no memory', () => {
    const ids = new FaceIds();
    for (let second = 0; second < 10_000; second++) {
      const face = {
        id: String(second),
        identity: 'ann',
        quality: 1,
        recognitionModel: 'recognition_02' as const,
      };
      ids.remember(face, second * 1000, 300);
    }
    expect(ids.size).toBeLessThan(450);
  });
});

describe('recordings', () => {
  const picture = jpeg(7);
  const sha = createHash('sha256').update(picture).digest('hex');
  const query = { returnFaceAttributes: 'age,gender' };
  const recording = {
    id: 'aisle-0007',
    request: { method: 'POST', path: '/detect', query, bodySha256: sha, bodyBytes: picture.length },
    answers: [
      { status: 200, body: [] },
      { status: 429, body: { error: { code: '429', message: 'Rate limit is exceeded.' } } },
    ],
  };

  test('answer the same request in turn, and then with the last again', async () => {
    const { send } = testFaceApi({ recordings: [recording] });
    const ask = async () => (await send('POST', '/detect', { picture, query })).status;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 429, 429]);
  });

  test('do not answer another request, which is told the nearest and what differs', async () => {
    const far = { ...recording, id: 'far', request: { ...recording.request, path: '/verify' } };
    const { send, api } = testFaceApi({ recordings: [far, recording] });
    const { status, body } = await send('POST', '/detect', {
      picture,
      query: { returnFaceAttributes: 'age' },
    });
    expect(status).toBe(422);
    expect(body.error.code).toBe('FF_FACE_UNMATCHED');
    expect(body.error.message).toContain('nearest recording is aisle-0007');
    expect(body.error.message).toContain('returnFaceAttributes: recorded age,gender, requested age');
    expect(body.error.message).not.toContain('body:');
    expect(api.unmatched).toBe(1);
  });

  test('of another picture are told apart by its contents', async () => {
    const { send } = testFaceApi({ recordings: [recording] });
    const { body } = await send('POST', '/detect', { picture: jpeg(8), query });
    expect(body.error.message).toMatch(
      /body: recorded 2000 bytes of SHA-256 .*requested 2000 bytes of SHA-256/,
    );
  });

  test('that do not exist are said not to', async () => {
    const { send } = testFaceApi();
    const { body } = await send('POST', '/detect', { picture });
    expect(body.error.message).toContain('There are no recordings');
  });
});

describe('what is asked for', () => {
  test('must be an operation of the service', async () => {
    const { send } = testFaceApi();
    expect((await send('POST', '/emotions')).status).toBe(404);
    expect((await send('GET', '/detect')).status).toBe(404);
    expect((await send('POST', '/Detect', { picture: jpeg(1) })).status).not.toBe(404);
  });

  test('must have a body that can be read', async () => {
    const { send } = testFaceApi();
    expect((await send('POST', '/detect')).body.error.code).toBe('BadArgument');
    expect((await send('POST', '/detect', { json: { url: 'http://x/y.jpg' } })).body.error.code).toBe(
      'InvalidURL',
    );
    expect((await send('PUT', '/facelists/x', { json: {} })).body.error.message).toBe("'name' is empty.");
    expect((await send('PUT', '/facelists/x', { json: { name: 7 } })).body.error.message).toMatch(
      /^Request body is invalid\. name:/,
    );
  });

  test('of a persona that the library has not is an error of the set-up', async () => {
    const { send, album } = testFaceApi();
    const picture = album.add(jpeg(1), subject('ann', { personaId: 'nobody' }));
    expect(await send('POST', '/detect', { picture })).toMatchObject({
      status: 500,
      body: { error: { code: 'FF_FACE_UNKNOWN_PERSONA' } },
    });
  });
});
