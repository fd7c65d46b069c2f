/**
 * Every operation, asked for by Microsoft's own clients: `@azure/cognitiveservices-face`, the one of 2019, and
 * `@azure-rest/ai-vision-face`, today's. What they get back is what the examples of the REST specification show.
 */
import { FaceClient } from '@azure/cognitiveservices-face';
import { ApiKeyCredentials } from '@azure/ms-rest-js';
import createFaceClient, { isUnexpected } from '@azure-rest/ai-vision-face';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jpeg, subject } from '../face-api.testing.js';
import { ROUTES } from '../operations/routes.js';
import { type HttpWorld, KEY, openHttpWorld } from './http-world.testing.js';

const UUID = /^[0-9a-f-]{36}$/;
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const MODEL = 'recognition_04';
const LONG_ENOUGH_TO_TRAIN_MS = 60_000;

let world: HttpWorld;
const pictures = new Map<string, Uint8Array>();
const askedByBoth = { 'cognitiveservices-face': new Set<string>(), 'ai-vision-face': new Set<string>() };

beforeEach(async () => {
  world = await openHttpWorld({ fetchPicture: async (url) => pictures.get(url.href) ?? null });
});
afterEach(() => world.close());

let mark = 0;
/** A new picture of `identity`. */
function pictureOf(identity: string): Uint8Array {
  return world.album.add(
    jpeg(++mark),
    subject(identity, { box: { left: 10, top: 20, width: 60, height: 70 } }),
  );
}
/** The address of one. */
function urlOf(identity: string): string {
  const url = `http://blob.local/pictures/${++mark}.jpg`;
  pictures.set(url, pictureOf(identity));
  return url;
}

describe('@azure/cognitiveservices-face', () => {
  const open = () =>
    new FaceClient(new ApiKeyCredentials({ inHeader: { 'Ocp-Apim-Subscription-Key': KEY } }), world.endpoint);
  const stream = (identity: string) => {
    const picture = pictureOf(identity);
    return () => Buffer.from(picture) as never;
  };
  const nameFace = async (identity: string) => {
    const [face] = await open().face.detectWithStream(stream(identity), { recognitionModel: MODEL });
    return face?.faceId ?? '';
  };
  afterEach(() => {
    for (const operation of world.asked) askedByBoth['cognitiveservices-face'].add(operation);
  });

  test('detects by address and by bytes, verifies and groups faces', async () => {
    const { face } = open();
    const [seen] = await face.detectWithUrl(urlOf('ann'), {
      recognitionModel: MODEL,
      returnRecognitionModel: true,
      returnFaceLandmarks: true,
      returnFaceAttributes: ['age', 'accessories', 'headPose'],
      faceIdTimeToLive: 60,
    } as never);
    expect(seen).toMatchObject({
      faceId: expect.stringMatching(UUID),
      recognitionModel: MODEL,
      faceRectangle: { left: 10, top: 20, width: 60, height: 70 },
      faceLandmarks: { pupilLeft: { x: expect.any(Number), y: expect.any(Number) } },
      faceAttributes: { age: expect.any(Number), headPose: { yaw: expect.any(Number) } },
    });
    const [ann, again, bob, cat] = [
      await nameFace('ann'),
      await nameFace('ann'),
      await nameFace('bob'),
      await nameFace('cat'),
    ];
    expect(await face.verifyFaceToFace(ann, again)).toMatchObject({ isIdentical: true });
    const other = await face.verifyFaceToFace(ann, bob);
    expect(other).toMatchObject({ isIdentical: false });
    expect(other.confidence).toBeLessThan(0.5);
    expect(await face.group([bob, ann, cat, again])).toMatchObject({
      groups: [[ann, again]],
      messyGroup: [bob, cat],
    });
    expect(await face.group([ann, again])).not.toHaveProperty('messyGroup');
  });

  test('keeps faces in a list and finds them', async () => {
    const { face, faceList } = open();
    await faceList.create('today', 'Today', { userData: 'about it', recognitionModel: MODEL });
    const kept = await faceList.addFaceFromStream('today', stream('ann'), { userData: 'first' });
    const other = await faceList.addFaceFromUrl('today', urlOf('bob'), { targetFace: [10, 20, 60, 70] });
    await faceList.update('today', { name: 'Today, really' });
    expect(await faceList.get('today', { returnRecognitionModel: true })).toMatchObject({
      faceListId: 'today',
      name: 'Today, really',
      userData: 'about it',
      recognitionModel: MODEL,
      persistedFaces: [
        { persistedFaceId: kept.persistedFaceId, userData: 'first' },
        { persistedFaceId: other.persistedFaceId },
      ],
    });
    const found = await face.findSimilar(await nameFace('bob'), { faceListId: 'today' });
    expect(found).toMatchObject([{ persistedFaceId: other.persistedFaceId }]);
    await faceList.deleteFace('today', kept.persistedFaceId);
    expect(await faceList.list()).toMatchObject([{ faceListId: 'today', name: 'Today, really' }]);
    await faceList.deleteMethod('today');
    expect(await faceList.list()).toHaveLength(0);
  });

  test('trains a large list before it finds in it', async () => {
    const { face, largeFaceList } = open();
    await largeFaceList.create('all', 'All', { recognitionModel: MODEL });
    await expect(largeFaceList.getTrainingStatus('all')).rejects.toMatchObject({
      statusCode: 404,
      body: { error: { code: 'LargeFaceListNotTrained' } },
    });
    const ann = await largeFaceList.addFaceFromStream('all', stream('ann'));
    const bob = await largeFaceList.addFaceFromUrl('all', urlOf('bob'), { userData: 'a' });
    const query = await nameFace('ann');
    const find = () => face.findSimilar(query, { largeFaceListId: 'all' });
    await expect(find()).rejects.toMatchObject({ body: { error: { code: 'LargeFaceListNotTrained' } } });
    await largeFaceList.train('all');
    expect(await largeFaceList.getTrainingStatus('all')).toMatchObject({ status: 'notstarted' });
    await expect(find()).rejects.toMatchObject({
      statusCode: 409,
      body: { error: { code: 'LargeFaceListTrainingNotFinished' } },
    });
    world.advance(LONG_ENOUGH_TO_TRAIN_MS);
    const status = await largeFaceList.getTrainingStatus('all');
    expect(status).toMatchObject({ status: 'succeeded', lastSuccessfulTraining: expect.any(Date) });
    expect(await find()).toMatchObject([{ persistedFaceId: ann.persistedFaceId }]);
    await largeFaceList.updateFace('all', bob.persistedFaceId, { userData: 'b' });
    expect(await largeFaceList.getFace('all', bob.persistedFaceId)).toMatchObject({ userData: 'b' });
    expect(await largeFaceList.listFaces('all', { top: 1 })).toHaveLength(1);
    await largeFaceList.deleteFace('all', bob.persistedFaceId);
    await largeFaceList.update('all', { userData: 'x' });
    expect(await largeFaceList.get('all')).toMatchObject({ name: 'All', userData: 'x' });
    expect(await largeFaceList.list({ start: 'a', top: 10 })).toHaveLength(1);
    await largeFaceList.deleteMethod('all');
  });

  test.each(['personGroup', 'largePersonGroup'] as const)('identifies persons of a %s', async (kind) => {
    const client = open();
    const [group, person] = [client[kind], client[`${kind}Person`]];
    const named = kind === 'personGroup' ? { personGroupId: 'staff' } : { largePersonGroupId: 'staff' };
    await group.create('staff', 'Staff', { userData: 'all of them', recognitionModel: MODEL });
    const { personId: ann } = await person.create('staff', { name: 'Ann', userData: 'till 4' });
    const { personId: bob } = await person.create('staff', { name: 'Bob' });
    const one = await person.addFaceFromStream('staff', ann, stream('ann'), { userData: 'front' });
    const two = await person.addFaceFromUrl('staff', ann, urlOf('ann'));
    await person.addFaceFromStream('staff', bob, stream('bob'));
    const query = await nameFace('ann');
    const identify = () => client.face.identify([query], { ...named, maxNumOfCandidatesReturned: 2 });
    await expect(identify()).rejects.toMatchObject({ body: { error: { code: /PersonGroupNotTrained$/ } } });
    await group.train('staff');
    await expect(identify()).rejects.toMatchObject({ statusCode: 409 });
    world.advance(LONG_ENOUGH_TO_TRAIN_MS);
    expect(await group.getTrainingStatus('staff')).toMatchObject({ status: 'succeeded' });
    expect(await identify()).toMatchObject([
      { faceId: query, candidates: [{ personId: ann, confidence: expect.any(Number) }] },
    ]);
    expect(await client.face.verifyFaceToPerson(query, ann, named)).toMatchObject({ isIdentical: true });
    expect(await client.face.verifyFaceToPerson(query, bob, named)).toMatchObject({ isIdentical: false });
    await person.updateFace('staff', ann, one.persistedFaceId, { userData: 'frontal' });
    expect(await person.getFace('staff', ann, one.persistedFaceId)).toMatchObject({ userData: 'frontal' });
    await person.deleteFace('staff', ann, two.persistedFaceId);
    await person.update('staff', ann, { name: 'Ann B.' });
    expect(await person.get('staff', ann)).toMatchObject({
      personId: ann,
      name: 'Ann B.',
      userData: 'till 4',
      persistedFaceIds: [one.persistedFaceId],
    });
    await person.deleteMethod('staff', bob);
    expect(await person.list('staff', { top: 10 })).toMatchObject([{ personId: ann }]);
    await group.update('staff', { name: 'Everybody' });
    expect(await group.get('staff')).toMatchObject({ name: 'Everybody', userData: 'all of them' });
    expect(await group.list()).toHaveLength(1);
    await group.deleteMethod('staff');
    await expect(group.get('staff')).rejects.toMatchObject({ statusCode: 404 });
  });

  test('finds no snapshots: they were retired', async () => {
    await expect(open().snapshot.list()).rejects.toMatchObject({ statusCode: 404 });
    await expect(open().snapshot.take('FaceList', 'x', [crypto.randomUUID()])).rejects.toMatchObject({
      statusCode: 404,
    });
  });
});

describe('@azure-rest/ai-vision-face', () => {
  const open = () => createFaceClient(world.endpoint, { key: KEY }, { allowInsecureConnection: true });
  const octets = 'application/octet-stream' as const;
  const nameFace = async (identity: string) => {
    const found = await open()
      .path('/detect')
      .post({
        contentType: octets,
        queryParameters: { recognitionModel: MODEL, detectionModel: 'detection_03' },
        body: Buffer.from(pictureOf(identity)),
      });
    if (isUnexpected(found)) throw new Error(found.body.error.message);
    return found.body[0]?.faceId ?? '';
  };
  afterEach(() => {
    for (const operation of world.asked) askedByBoth['ai-vision-face'].add(operation);
  });

  test('detects by address, verifies and groups faces', async () => {
    const client = open();
    const found = await client.path('/detect').post({
      contentType: 'application/json',
      queryParameters: {
        detectionModel: 'detection_03',
        recognitionModel: MODEL,
        returnFaceAttributes: ['headPose', 'mask', 'qualityForRecognition'],
      },
      body: { url: urlOf('ann') },
    });
    expect(found).toMatchObject({
      status: '200',
      body: [{ faceId: expect.stringMatching(UUID), faceAttributes: { qualityForRecognition: 'medium' } }],
    });
    const [ann, again, bob] = [await nameFace('ann'), await nameFace('ann'), await nameFace('bob')];
    const verified = await client.path('/verify').post({ body: { faceId1: ann, faceId2: again } });
    expect(verified.body).toMatchObject({ isIdentical: true });
    const grouped = await client.path('/group').post({ body: { faceIds: [ann, bob, again] } });
    expect(grouped.body).toEqual({ groups: [[ann, again]], messyGroup: [bob] });
    const similar = await client.path('/findsimilars').post({ body: { faceId: ann, faceIds: [again, bob] } });
    expect(similar.body).toMatchObject([{ faceId: again }]);
  });

  test('is told what is wrong', async () => {
    const refused = await open()
      .path('/detect')
      .post({
        contentType: octets,
        queryParameters: {
          detectionModel: 'detection_02',
          recognitionModel: MODEL,
          returnFaceAttributes: ['glasses'],
        },
        body: Buffer.from(pictureOf('ann')),
      });
    expect(isUnexpected(refused)).toBe(true);
    expect(refused).toMatchObject({ status: '400', body: { error: { code: 'BadArgument' } } });
  });

  test('works with face lists and large ones', async () => {
    const client = open();
    const list = client.path('/facelists/{faceListId}', 'day');
    await list.put({ body: { name: 'Day', recognitionModel: MODEL } });
    const faces = client.path('/facelists/{faceListId}/persistedfaces', 'day');
    const { body: kept } = await faces.post({
      contentType: octets,
      queryParameters: { detectionModel: 'detection_03' },
      body: Buffer.from(pictureOf('ann')),
    });
    await list.patch({ body: { name: 'Days' } });
    expect((await list.get()).body).toMatchObject({ name: 'Days', persistedFaces: [kept] });
    expect((await client.path('/facelists').get()).body).toHaveLength(1);
    const id = (kept as { persistedFaceId: string }).persistedFaceId;
    await client.path('/facelists/{faceListId}/persistedfaces/{persistedFaceId}', 'day', id).delete();
    expect((await list.delete()).status).toBe('200');

    const large = client.path('/largefacelists/{largeFaceListId}', 'all');
    await large.put({ body: { name: 'All', recognitionModel: MODEL } });
    const { body } = await client.path('/largefacelists/{largeFaceListId}/persistedfaces', 'all').post({
      contentType: octets,
      queryParameters: { detectionModel: 'detection_03' },
      body: Buffer.from(pictureOf('bob')),
    });
    const largeId = (body as { persistedFaceId: string }).persistedFaceId;
    expect((await client.path('/largefacelists/{largeFaceListId}/train', 'all').post()).status).toBe('202');
    world.advance(LONG_ENOUGH_TO_TRAIN_MS);
    const { body: status } = await client.path('/largefacelists/{largeFaceListId}/training', 'all').get();
    expect(status).toEqual({
      status: 'succeeded',
      createdDateTime: expect.stringMatching(ISO),
      lastActionDateTime: expect.stringMatching(ISO),
      lastSuccessfulTrainingDateTime: expect.stringMatching(ISO),
      message: null,
    });
    const one = client.path(
      '/largefacelists/{largeFaceListId}/persistedfaces/{persistedFaceId}',
      'all',
      largeId,
    );
    await one.patch({ body: { userData: 'seen' } });
    expect((await one.get()).body).toEqual({ persistedFaceId: largeId, userData: 'seen' });
    expect(
      (await client.path('/largefacelists/{largeFaceListId}/persistedfaces', 'all').get()).body,
    ).toHaveLength(1);
    await one.delete();
    await large.patch({ body: { userData: 'none left' } });
    expect((await large.get()).body).toMatchObject({ userData: 'none left' });
    expect((await client.path('/largefacelists').get()).body).toHaveLength(1);
    await large.delete();
  });

  test.each(['persongroups', 'largepersongroups'] as const)('identifies persons of %s', async (segment) => {
    const client = open();
    const isLarge = segment === 'largepersongroups';
    // The paths of both kinds are typed apart; what is asked of them is the same.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    const at = client.path as any;
    const root = `/${segment}/{${isLarge ? 'largePersonGroupId' : 'personGroupId'}}`;
    await at(root, 'staff').put({ body: { name: 'Staff', recognitionModel: MODEL } });
    const { body: ann } = await at(`${root}/persons`, 'staff').post({ body: { name: 'Ann' } });
    const person = at(`${root}/persons/{personId}`, 'staff', ann.personId);
    const { body: kept } = await at(`${root}/persons/{personId}/persistedfaces`, 'staff', ann.personId).post({
      contentType: octets,
      queryParameters: { detectionModel: 'detection_03', userData: 'front' },
      body: Buffer.from(pictureOf('ann')),
    });
    await at(`${root}/train`, 'staff').post();
    world.advance(LONG_ENOUGH_TO_TRAIN_MS);
    expect((await at(`${root}/training`, 'staff').get()).body.status).toBe('succeeded');
    const faceId = await nameFace('ann');
    const named = isLarge ? { largePersonGroupId: 'staff' } : { personGroupId: 'staff' };
    const identified = await at('/identify').post({ body: { faceIds: [faceId], ...named } });
    expect(identified.body).toMatchObject([{ faceId, candidates: [{ personId: ann.personId }] }]);
    const verified = await at('/verify').post({ body: { faceId, personId: ann.personId, ...named } });
    expect(verified.body.isIdentical).toBe(true);
    const facePath = `${root}/persons/{personId}/persistedfaces/{persistedFaceId}`;
    const one = at(facePath, 'staff', ann.personId, kept.persistedFaceId);
    await one.patch({ body: { userData: 'frontal' } });
    expect((await one.get()).body).toEqual({ persistedFaceId: kept.persistedFaceId, userData: 'frontal' });
    await one.delete();
    await person.patch({ body: { name: 'Ann B.' } });
    expect((await person.get()).body).toMatchObject({ name: 'Ann B.', persistedFaceIds: [] });
    expect((await at(`${root}/persons`, 'staff').get()).body).toHaveLength(1);
    await person.delete();
    await at(root, 'staff').patch({ body: { name: 'Nobody' } });
    expect((await at(root, 'staff').get()).body).toMatchObject({ name: 'Nobody' });
    expect((await at(`/${segment}`).get()).body).toHaveLength(1);
    expect((await at(root, 'staff').delete()).status).toBe('200');
  });
});

test.each(Object.entries(askedByBoth))('%s has asked for every operation', (_client, asked) => {
  expect(ROUTES.map(({ operation }) => operation).filter((operation) => !asked.has(operation))).toEqual([]);
});
