import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMOTIONS } from '../../pipeline/boundaries.js';
import { jpeg, personas, subject, testFaceApi } from './face-api.testing.js';
import { FACE_ATTRIBUTES } from './faces/detect-parameters.js';

const ALL_OF_2019 = FACE_ATTRIBUTES.filter(
  (name) => name !== 'mask' && name !== 'qualityForRecognition',
).join(',');

describe('detect', () => {
  test("answers with the persona's recording for the reaction, where the face is", async () => {
    const { album, send } = testFaceApi();
    for (const reaction of EMOTIONS) {
      const box = { left: 300, top: 120, width: 90, height: 90 };
      const picture = album.add(
        jpeg(EMOTIONS.indexOf(reaction)),
        subject('ann', { personaId: 'persona-040', reaction, box }),
      );
      const { status, body } = await send('POST', '/detect', {
        picture,
        query: { returnFaceAttributes: 'age,gender,emotion' },
      });
      const recorded = personas.find('persona-040')?.recordings[reaction].faceAttributes;
      expect(status).toBe(200);
      expect(body).toEqual([
        {
          faceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          faceRectangle: box,
          faceAttributes: { age: recorded?.age, gender: recorded?.gender, emotion: recorded?.emotion },
        },
      ]);
    }
  });

  test('gives the largest face first, and none that is too small or turned away', async () => {
    const { album, send } = testFaceApi();
    const sized = (pixels: number, about = {}) =>
      subject(`of ${pixels}`, {
        box: { left: pixels, top: 0, width: pixels, height: pixels },
        facePixels: pixels,
        ...about,
      });
    const picture = album.add(
      jpeg(1),
      sized(36),
      sized(200),
      sized(35),
      sized(90, { yawDegrees: 60 }),
      sized(80, { yawDegrees: -30 }),
      sized(70, { quality: 0.2 }),
      sized(100, { yawDegrees: 120 }),
    );
    const widths = async (detectionModel: string) => {
      const { body } = await send('POST', '/detect', { picture, query: { detectionModel } });
      return body.map((face: { faceRectangle: { width: number } }) => face.faceRectangle.width);
    };
    expect(await widths('detection_01')).toEqual([200, 80, 36]);
    expect(await widths('detection_02')).toEqual([200, 90, 80, 70, 36]);
  });

  test('wants proportionally larger faces in a larger picture', async () => {
    const { album, send } = testFaceApi();
    const face = subject('ann', { facePixels: 60 });
    const found = async (picture: Uint8Array) => (await send('POST', '/detect', { picture })).body.length;
    expect(await found(album.add(jpeg(1, 1920, 1080), face))).toBe(1);
    expect(await found(album.add(jpeg(2, 3840, 2160), face))).toBe(0);
  });

  test('gives at most 100 faces, and an empty list where there is none', async () => {
    const { album, send } = testFaceApi();
    const crowd = Array.from({ length: 130 }, (_, index) => subject(`shopper ${index}`));
    expect((await send('POST', '/detect', { picture: album.add(jpeg(1), ...crowd) })).body).toHaveLength(100);
    expect((await send('POST', '/detect', { picture: album.add(jpeg(2)) })).body).toEqual([]);
  });

  test('gives landmarks within the face, the model, and no id, when asked', async () => {
    const { album, send } = testFaceApi();
    const box = { left: 200, top: 50, width: 100, height: 100 };
    const picture = album.add(jpeg(1), subject('ann', { box }));
    const { body } = await send('POST', '/detect', {
      picture,
      query: {
        returnFaceId: 'false',
        returnFaceLandmarks: 'true',
        returnRecognitionModel: 'true',
        recognitionModel: 'recognition_03',
      },
    });
    const [face] = body;
    expect(face).not.toHaveProperty('faceId');
    expect(face.recognitionModel).toBe('recognition_03');
    expect(Object.keys(face.faceLandmarks)).toHaveLength(27);
    for (const { x, y } of Object.values<{ x: number; y: number }>(face.faceLandmarks)) {
      expect(x).toBeGreaterThanOrEqual(195);
      expect(x).toBeLessThanOrEqual(305);
      expect(y).toBeGreaterThanOrEqual(45);
      expect(y).toBeLessThanOrEqual(155);
    }
    expect(face.faceLandmarks.pupilLeft.x).toBeLessThan(face.faceLandmarks.pupilRight.x);
  });

  test.each([
    ['an unknown attribute', { returnFaceAttributes: 'age,mood' }, 'Invalid argument returnFaceAttributes.'],
    [
      'a blank in the list',
      { returnFaceAttributes: 'age, gender' },
      'Invalid argument returnFaceAttributes.',
    ],
    [
      'attributes of detection_02',
      { returnFaceAttributes: 'age', detectionModel: 'detection_02' },
      "'returnFaceAttributes' is not supported by detection_02.",
    ],
    [
      'landmarks of detection_02',
      { returnFaceLandmarks: 'true', detectionModel: 'detection_02' },
      "'returnLandmarks' is not supported by detection_02.",
    ],
    [
      'too much of detection_03',
      { returnFaceAttributes: 'mask,age', detectionModel: 'detection_03' },
      "Only face attributes 'headpose,mask,qualityforrecognition' are supported by detection_03.",
    ],
    [
      'an unknown recognition model',
      { recognitionModel: 'recognition_09' },
      "'recognitionModel' is invalid.",
    ],
    ['an unknown detection model', { detectionModel: 'detection_00' }, "'detectionModel' is invalid."],
    [
      'a face id that lives too long',
      { faceIdTimeToLive: '86401' },
      'Argument faceIdTimeToLive is invalid. The valid range is [60, 86400].',
    ],
    ['a flag that is none', { returnFaceId: 'yes' }, 'Invalid argument returnFaceId.'],
  ])('refuses %s', async (_case, query, message) => {
    const { album, send } = testFaceApi();
    const picture = album.add(jpeg(1), subject('ann'));
    const answer = await send('POST', '/detect', { picture, query: { ...query } as Record<string, string> });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'BadArgument', message } } });
  });

  test('has the schema of a live answer that was recorded', async (context) => {
    const path = '../shared/conformance/face/net_FaceDetectionWithAttributes_2021.json';
    if (!existsSync(path)) return context.skip('the recorded answer is not on this machine');
    const [recorded] = JSON.parse(readFileSync(path, 'utf8')).body;
    const { album, send } = testFaceApi();
    const picture = album.add(jpeg(1), subject('ann'));
    const query = {
      returnFaceAttributes: `${ALL_OF_2019},qualityForRecognition`,
      returnFaceLandmarks: 'true',
      returnRecognitionModel: 'true',
      recognitionModel: 'recognition_04',
    };
    const { body } = await send('POST', '/detect', { picture, query });
    expect(shapeOf(body[0])).toEqual(shapeOf(recorded));
  });

  test('gives every number a place within its range, whatever is asked for', async () => {
    const { album, send } = testFaceApi();
    const anyone = fc.record({
      personaId: fc.constantFrom(...personas.personas.map(({ id }) => id)),
      reaction: fc.constantFrom(...EMOTIONS),
      box: fc.record({
        left: fc.double({ min: -5, max: 1900, noNaN: true }),
        top: fc.double({ min: -5, max: 1000, noNaN: true }),
        width: fc.double({ min: 0.2, max: 300, noNaN: true }),
        height: fc.double({ min: 0.2, max: 300, noNaN: true }),
      }),
      yawDegrees: fc.double({ min: -45, max: 45, noNaN: true }),
    });
    let mark = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyone, { maxLength: 5 }), async (people) => {
        const picture = album.add(
          jpeg(++mark),
          ...people.map((one, index) => subject(`shopper ${index}`, one)),
        );
        const { body } = await send('POST', '/detect', {
          picture,
          query: { returnFaceAttributes: ALL_OF_2019 },
        });
        expect(body).toHaveLength(people.length);
        for (const { faceRectangle, faceAttributes } of body) {
          for (const side of Object.values<number>(faceRectangle))
            expect(Number.isInteger(side) && side >= 0).toBe(true);
          const sum = Object.values<number>(faceAttributes.emotion).reduce(
            (total, score) => total + score,
            0,
          );
          expect(sum).toBeCloseTo(1, 6);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Names and types only; of a list, those of its first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => [name, shapeOf(part)]),
  );
}
