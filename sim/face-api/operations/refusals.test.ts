/** What the service refuses, row by row of the documentation of its error codes. */
import { beforeEach, describe, expect, test } from 'vitest';
import { jpeg, subject, type TestFaceApi, testFaceApi } from '../face-api.testing.js';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const MODEL = 'recognition_04';
const LONG = 'x'.repeat(129);

let world: TestFaceApi;
let ann: string;
let person: string;

beforeEach(async () => {
  world = testFaceApi();
  const named = await world.send('POST', '/detect', {
    picture: world.album.add(jpeg(1), subject('ann')),
    query: { recognitionModel: MODEL },
  });
  ann = named.body[0].faceId;
  for (const gallery of ['facelists', 'largefacelists', 'persongroups', 'largepersongroups'])
    await world.send('PUT', `/${gallery}/there`, { json: { name: 'there', recognitionModel: MODEL } });
  await world.send('PUT', '/persongroups/older', { json: { name: 'older' } });
  person = (await world.send('POST', '/persongroups/there/persons', { json: { name: 'Ann' } })).body.personId;
});

type Body = Readonly<Record<string, unknown>>;
/** Asks for it and gives status, code and message in one line. */
async function ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, json?: Body) {
  const { body, status } = await world.send(method, path, json === undefined ? {} : { json });
  return `${status} ${body.error.code}: ${body.error.message}`;
}

describe('identify', () => {
  test.each<[string, (id: string) => Body, string]>([
    ['no faces', () => ({ faceIds: [], personGroupId: 'there' }), '400 BadArgument: The length of faceIds'],
    [
      'eleven faces',
      (id) => ({ faceIds: Array(11).fill(id), personGroupId: 'there' }),
      '400 BadArgument: The length',
    ],
    [
      '101 candidates',
      (id) => ({ faceIds: [id], personGroupId: 'there', maxNumOfCandidatesReturned: 101 }),
      '400 BadArgument: The argument maxNumOf',
    ],
    [
      'a threshold of 1.1',
      (id) => ({ faceIds: [id], personGroupId: 'there', confidenceThreshold: 1.1 }),
      '400 BadArgument: The argument confidenceThreshold',
    ],
    [
      'an unknown face',
      () => ({ faceIds: [NOBODY], personGroupId: 'there' }),
      '400 FaceNotFound: Face is not found.',
    ],
    ['no group', (id) => ({ faceIds: [id] }), '400 PersonGroupIdAndLargePersonGroupIdBothNull:'],
    [
      'two groups',
      (id) => ({ faceIds: [id], personGroupId: 'a', largePersonGroupId: 'b' }),
      '400 PersonGroupIdAndLargePersonGroupIdBothNotNull:',
    ],
    [
      'an unknown group',
      (id) => ({ faceIds: [id], personGroupId: 'nowhere' }),
      '400 PersonGroupNotFound: Person group is not found.',
    ],
    [
      'a group id that is none',
      (id) => ({ faceIds: [id], largePersonGroupId: 'A B' }),
      '400 BadArgument: Large person group ID is invalid.',
    ],
    [
      'another recognition model',
      (id) => ({ faceIds: [id], personGroupId: 'older' }),
      "400 BadArgument: 'recognitionModel' is incompatible.",
    ],
    [
      'an untrained group',
      (id) => ({ faceIds: [id], largePersonGroupId: 'there' }),
      '400 LargePersonGroupNotTrained: Large person group not trained.',
    ],
  ])('refuses %s', async (_what, body, expected) => {
    expect(await ask('POST', '/identify', body(ann))).toContain(expected);
  });
});

describe('verify', () => {
  test.each<[string, (id: string, person: string) => Body, string]>([
    [
      'a face id that is none',
      () => ({ faceId1: 'x', faceId2: NOBODY }),
      '400 BadArgument: Face ID is invalid.',
    ],
    ['an unknown face', (id) => ({ faceId1: id, faceId2: NOBODY }), '404 FaceNotFound: Face is not found.'],
    [
      'a person id that is none',
      (id) => ({ faceId: id, personId: 'x', personGroupId: 'there' }),
      '400 BadArgument: Person ID is invalid.',
    ],
    [
      'an unknown person',
      (id) => ({ faceId: id, personId: NOBODY, personGroupId: 'there' }),
      '404 PersonNotFound:',
    ],
    [
      'an unknown group',
      (id, one) => ({ faceId: id, personId: one, personGroupId: 'nowhere' }),
      '400 PersonGroupNotFound:',
    ],
    [
      'a person without faces',
      (id, one) => ({ faceId: id, personId: one, personGroupId: 'there' }),
      '404 PersistedFaceNotFound: No persisted face of the person is found.',
    ],
    [
      'two groups',
      (id, one) => ({ faceId: id, personId: one, largePersonGroupId: 'there', personGroupId: 'there' }),
      '400 BadArgument: Large person group ID is invalid.',
    ],
  ])('refuses %s', async (_what, body, expected) => {
    expect(await ask('POST', '/verify', body(ann, person))).toContain(expected);
  });
});

describe('group', () => {
  test('refuses one face, and faces of two models', async () => {
    expect(await ask('POST', '/group', { faceIds: [ann] })).toContain(
      '400 BadArgument: The length of faceIds',
    );
    const [older = ''] = await world.name(world.album.add(jpeg(2), subject('bob')));
    expect(await ask('POST', '/group', { faceIds: [ann, older] })).toBe(
      "400 BadArgument: 'recognitionModel' is incompatible.",
    );
  });
});

describe.each([
  ['facelists', 'Face list', 'FaceList'],
  ['largefacelists', 'Large face list', 'LargeFaceList'],
  ['persongroups', 'Person group', 'PersonGroup'],
  ['largepersongroups', 'Large person group', 'LargePersonGroup'],
])('%s', (segment, words, code) => {
  test('refuse what is no gallery, or one that is there', async () => {
    const id = `/${segment}/there`;
    expect(await ask('PUT', id, { name: 'again' })).toBe(`409 ${code}Exists: ${words} already exists.`);
    expect(await ask('PUT', `/${segment}/No`, { name: 'x' })).toContain(
      `400 BadArgument: ${words} ID is invalid.`,
    );
    expect(await ask('PUT', `/${segment}/x`, {})).toBe("400 BadArgument: 'name' is empty.");
    expect(await ask('PUT', `/${segment}/x`, { name: LONG })).toBe("400 BadArgument: 'name' is too long.");
    expect(await ask('PUT', `/${segment}/x`, { name: 'x', userData: 'u'.repeat(16_385) })).toBe(
      "400 BadArgument: 'userData' is too long.",
    );
    expect(await ask('PUT', `/${segment}/x`, { name: 'x', recognitionModel: 'recognition_05' })).toBe(
      "400 BadArgument: 'recognitionModel' is invalid.",
    );
    for (const method of ['GET', 'DELETE'] as const) {
      expect(await ask(method, `/${segment}/nowhere`)).toBe(`404 ${code}NotFound: ${words} is not found.`);
      expect(await ask(method, `/${segment}/No`)).toBe(`404 ${code}NotFound: ${words} ID is invalid.`);
    }
  });

  if (code === 'FaceList') return;

  test('refuse pages that are none, and train once at a time', async () => {
    const page = (query: Readonly<Record<string, string>>) => world.send('GET', `/${segment}`, { query });
    expect((await page({ top: '0' })).body.error.message).toBe("'top' is invalid.");
    expect((await page({ top: '1001' })).body.error.message).toBe("'top' is invalid.");
    expect((await page({ start: 'x'.repeat(65) })).body.error.message).toBe("'start' is too long.");
    expect((await page({ start: 'there' })).body).toEqual([]);
    expect(await ask('GET', `/${segment}/there/training`)).toBe(
      `404 ${code}NotTrained: ${words} not trained.`,
    );
    expect((await world.send('POST', `/${segment}/there/train`)).status).toBe(202);
    const refused = `409 ${code}TrainingNotFinished: ${words} is under training. Try again after training completed.`;
    expect(await ask('POST', `/${segment}/there/train`)).toBe(refused);
    expect(await ask('DELETE', `/${segment}/there`)).toBe(refused);
  });
});

describe('the face to keep', () => {
  const add = async (query: Readonly<Record<string, string>>, ...identities: string[]) => {
    const subjects = identities.map((identity, index) =>
      subject(identity, { box: { left: 100 + 200 * index, top: 100, width: 80, height: 80 } }),
    );
    const picture = world.album.add(jpeg(99, 640, 480), ...subjects);
    const { body } = await world.send('POST', '/largefacelists/there/persistedfaces', { picture, query });
    return body.error?.message ?? 'kept';
  };

  test.each([
    ['nobody', {}, [], 'No face detected in the image.'],
    ['two people', {}, ['ann', 'bob'], 'There is more than 1 face in the image.'],
    ['a box that is none', { targetFace: '1,2,3' }, ['ann'], 'Invalid argument targetFace.'],
    ['a box outside', { targetFace: '640,0,10,10' }, ['ann'], 'Argument targetFace out of range.'],
    ['a box of one of two', { targetFace: '300,100,80,80' }, ['ann', 'bob'], 'kept'],
    ['too much about it', { userData: 'x'.repeat(1025) }, ['ann'], "'userData' is too long."],
    ['an unknown model', { detectionModel: 'detection_04' }, ['ann'], "'detectionModel' is invalid."],
  ])('is told apart: %s', async (_what, query, identities, expected) => {
    expect(await add(query as Record<string, string>, ...identities)).toContain(expected);
  });
});

describe('a picture by its address', () => {
  test.each([
    ['a broken one', { url: 'not a url' }, 'InvalidURL', 'Invalid image URL.'],
    ['one outside the world', { url: 'https://example.org/a.jpg' }, 'InvalidURL', 'error downloading'],
    ['none at all', {}, 'BadArgument', 'Request body is invalid.'],
  ])('is refused: %s', async (_what, json, code, message) => {
    const { body, status } = await world.send('POST', '/detect', { json });
    expect([status, body.error.code]).toEqual([400, code]);
    expect(body.error.message).toContain(message);
  });
});

describe('large galleries', () => {
  test.each(['largefacelists', 'largepersongroups'])('%s want something to change', async (segment) => {
    expect(await ask('PATCH', `/${segment}/there`, {})).toBe(
      "400 BadArgument: Both 'name' and 'userData' are empty.",
    );
  });
});
