import { describe, expect, test } from 'vitest';
import { jpeg, subject, testFaceApi } from './face-api.testing.js';

async function withList(options: Parameters<typeof testFaceApi>[0] = {}) {
  const world = testFaceApi(options);
  await world.send('PUT', '/facelists/today', { json: { name: 'today' } });
  let mark = 0;
  return {
    ...world,
    picture: (identity: string, about = {}) => world.album.add(jpeg(++mark), subject(identity, about)),
    async keep(identity: string, about = {}): Promise<string> {
      const picture = world.album.add(jpeg(++mark), subject(identity, about));
      const { body } = await world.send('POST', '/facelists/today/persistedfaces', { picture });
      return body.persistedFaceId;
    },
    async findSimilar(faceId: string | undefined, more = {}) {
      return world.send('POST', '/findsimilars', { json: { faceId, faceListId: 'today', ...more } });
    },
  };
}

describe('find similar', () => {
  test('knows a person again in another mood, and nobody else', async () => {
    const { keep, name, picture, findSimilar } = await withList();
    const ann = await keep('ann');
    await keep('bob');
    const [seenAgain] = await name(picture('ann', { reaction: 'anger' }));
    const { body } = await findSimilar(seenAgain);
    expect(body).toEqual([{ persistedFaceId: ann, confidence: expect.any(Number) }]);
    expect(body[0].confidence).toBeGreaterThanOrEqual(0.5);
    const [stranger] = await name(picture('cem'));
    expect((await findSimilar(stranger)).body).toEqual([]);
  });

  test('tells two people apart who wear one persona', async () => {
    const { keep, name, picture, findSimilar } = await withList();
    await keep('twin 1', { personaId: 'persona-007' });
    const second = await keep('twin 2', { personaId: 'persona-007' });
    const [seen] = await name(picture('twin 2', { personaId: 'persona-007' }));
    expect((await findSimilar(seen)).body).toMatchObject([{ persistedFaceId: second }]);
  });

  test('gives all faces in order of likeness when faces, not persons, are matched', async () => {
    const { keep, name, picture, findSimilar } = await withList();
    const ann = await keep('ann');
    await keep('bob');
    await keep('cem');
    const [seen] = await name(picture('ann'));
    const { body } = await findSimilar(seen, { mode: 'matchFace' });
    expect(body).toHaveLength(3);
    expect(body[0].persistedFaceId).toBe(ann);
    const confidences = body.map((candidate: { confidence: number }) => candidate.confidence);
    expect(confidences).toEqual([...confidences].sort((one, other) => other - one));
    expect((await findSimilar(seen, { mode: 'matchFace', maxNumOfCandidatesReturned: 2 })).body).toHaveLength(
      2,
    );
  });

  test('compares named faces with each other', async () => {
    const { name, picture, findSimilar } = await withList();
    const [ann] = await name(picture('ann'));
    const [annAgain] = await name(picture('ann'));
    const [bob] = await name(picture('bob'));
    const { body } = await findSimilar(ann, { faceListId: undefined, faceIds: [annAgain, bob] });
    expect(body).toEqual([{ faceId: annAgain, confidence: expect.any(Number) }]);
  });

  test('errs as often as it is told to', async () => {
    const errors = { falseAcceptShare: 0, falseRejectShare: 0.25, falseRejectShareAtWorst: 0.25 };
    const { keep, name, picture, findSimilar } = await withList({ recognitionErrors: errors });
    await keep('ann');
    let missed = 0;
    for (let time = 0; time < 200; time++) {
      const [seen] = await name(picture('ann'));
      if ((await findSimilar(seen)).body.length === 0) missed++;
    }
    expect(missed).toBeGreaterThan(25);
    expect(missed).toBeLessThan(80);
  });

  test('takes a stranger for a visitor as often as it is told to', async () => {
    const errors = { falseAcceptShare: 100, falseRejectShare: 0, falseRejectShareAtWorst: 0 };
    const { keep, name, picture, findSimilar } = await withList({ recognitionErrors: errors });
    const kept = [await keep('ann'), await keep('bob')];
    let mistaken = 0;
    for (let time = 0; time < 200; time++) {
      const [seen] = await name(picture(`stranger ${time}`));
      const { body } = await findSimilar(seen);
      if (body.length === 0) continue;
      mistaken++;
      expect(kept).toContain(body[0].persistedFaceId);
    }
    // 100 per 1,000 faces and look: two faces make a fifth.
    expect(mistaken).toBeGreaterThan(15);
    expect(mistaken).toBeLessThan(75);
  });

  test.each([
    ['a face that was never named', { faceId: '00000000-0000-4000-8000-000000000000' }, 400, 'FaceNotFound'],
    ['a list that is not there', { faceListId: 'yesterday' }, 400, 'FaceListNotFound'],
    ['an id that no list can have', { faceListId: 'To Day' }, 400, 'BadArgument'],
    ['no list at all', { faceListId: undefined }, 400, 'BadArgument'],
    ['two places to look', { faceIds: ['00000000-0000-4000-8000-000000000000'] }, 400, 'BadArgument'],
    ['too many candidates', { maxNumOfCandidatesReturned: 1001 }, 400, 'BadArgument'],
    ['an unknown mode', { mode: 'matchMood' }, 400, 'BadArgument'],
    [
      'a large list that is not there',
      { faceListId: undefined, largeFaceListId: 'all' },
      400,
      'LargeFaceListNotFound',
    ],
  ])('refuses %s', async (_case, change, status, code) => {
    const { keep, name, picture, findSimilar } = await withList();
    await keep('ann');
    const [seen] = await name(picture('ann'));
    expect(await findSimilar(seen, change)).toMatchObject({ status, body: { error: { code } } });
  });

  test('refuses an empty list and a list of another recognition model', async () => {
    const { send, name, picture, findSimilar, keep } = await withList();
    const [seen] = await name(picture('ann'));
    expect((await findSimilar(seen)).body.error.code).toBe('FaceListNotReady');
    await keep('ann');
    const { body } = await send('POST', '/detect', {
      picture: picture('ann'),
      query: { recognitionModel: 'recognition_03' },
    });
    expect((await findSimilar(body[0].faceId)).body.error.message).toBe(
      "'recognitionModel' is incompatible.",
    );
  });
});

describe('face lists', () => {
  test('are created, changed, listed, read and deleted', async () => {
    const { send } = testFaceApi();
    const create = { json: { name: 'Today', userData: 'store 1', recognitionModel: 'recognition_02' } };
    expect(await send('PUT', '/facelists/b', create)).toMatchObject({ status: 200, body: undefined });
    expect((await send('PUT', '/facelists/b', create)).body.error.code).toBe('FaceListExists');
    await send('PUT', '/facelists/a', create);
    await send('PATCH', '/facelists/a', { json: { name: 'Tomorrow' } });
    const { body } = await send('GET', '/facelists', { query: { returnRecognitionModel: 'true' } });
    expect(body).toEqual([
      { faceListId: 'a', name: 'Tomorrow', userData: 'store 1', recognitionModel: 'recognition_02' },
      { faceListId: 'b', name: 'Today', userData: 'store 1', recognitionModel: 'recognition_02' },
    ]);
    expect((await send('GET', '/facelists/a')).body).toMatchObject({ persistedFaces: [], faceListId: 'a' });
    expect((await send('DELETE', '/facelists/a')).status).toBe(200);
    expect(await send('GET', '/facelists/a')).toMatchObject({
      status: 404,
      body: { error: { code: 'FaceListNotFound' } },
    });
  });

  test('hold 1,000 faces, and there are 64 of them', async () => {
    const { send, album } = testFaceApi();
    for (let list = 0; list < 64; list++)
      await send('PUT', `/facelists/list-${list}`, { json: { name: 'x' } });
    expect(await send('PUT', '/facelists/one-more', { json: { name: 'x' } })).toMatchObject({
      status: 403,
      body: { error: { code: 'QuotaExceeded' } },
    });
    const add = (face: number) => {
      const picture = album.add(jpeg(face), subject(`shopper ${face}`));
      return send('POST', '/facelists/list-1/persistedfaces', { picture });
    };
    const statuses = await Promise.all(Array.from({ length: 100 }, (_, face) => add(face)));
    expect(statuses.every(({ status }) => status === 200)).toBe(true);
    for (let face = 100; face < 1000; face += 100)
      await Promise.all(Array.from({ length: 100 }, (_, index) => add(face + index)));
    expect(await add(1000)).toMatchObject({
      status: 403,
      body: { error: { code: 'QuotaExceeded', message: 'Persisted face number reached limit.' } },
    });
  });

  test('take the face that is meant, and only one', async () => {
    const { send, album, name } = testFaceApi();
    await send('PUT', '/facelists/today', { json: { name: 'today' } });
    const ann = subject('ann', { box: { left: 0, top: 0, width: 90, height: 90 } });
    const bob = subject('bob', { box: { left: 500, top: 0, width: 80, height: 80 } });
    const both = album.add(jpeg(1), ann, bob);
    const add = (picture: Uint8Array, query = {}) =>
      send('POST', '/facelists/today/persistedfaces', { picture, query });
    expect((await add(both)).body.error.message).toBe('There is more than 1 face in the image.');
    expect((await add(both, { targetFace: '900,900,50,50' })).body.error.message).toBe(
      'No face detected in the image.',
    );
    expect((await add(both, { targetFace: '1,2,3' })).body.error.code).toBe('BadArgument');
    const { body } = await add(both, { targetFace: '510,5,70,70', userData: 'second' });
    const [seen] = await name(album.add(jpeg(2), subject('bob')));
    const found = await send('POST', '/findsimilars', { json: { faceId: seen, faceListId: 'today' } });
    expect(found.body).toMatchObject([{ persistedFaceId: body.persistedFaceId }]);
    expect((await send('GET', '/facelists/today')).body.persistedFaces).toEqual([
      { persistedFaceId: body.persistedFaceId, userData: 'second' },
    ]);
  });

  test('forget a face that is deleted', async () => {
    const { send, album, name } = testFaceApi();
    await send('PUT', '/facelists/today', { json: { name: 'today' } });
    const kept: string[] = [];
    for (const [mark, identity] of ['ann', 'bob'].entries()) {
      const picture = album.add(jpeg(mark), subject(identity));
      kept.push((await send('POST', '/facelists/today/persistedfaces', { picture })).body.persistedFaceId);
    }
    expect((await send('DELETE', `/facelists/today/persistedfaces/${kept[0]}`)).status).toBe(200);
    expect((await send('DELETE', `/facelists/today/persistedfaces/${kept[0]}`)).body.error.code).toBe(
      'PersistedFaceNotFound',
    );
    const [seen] = await name(album.add(jpeg(9), subject('ann')));
    expect(
      (await send('POST', '/findsimilars', { json: { faceId: seen, faceListId: 'today' } })).body,
    ).toEqual([]);
  });
});
