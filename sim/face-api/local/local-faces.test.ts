import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMOTIONS } from '../../../pipeline/boundaries.js';
import { renderBackground } from '../../camera/background.js';
import { FrameRenderer } from '../../camera/frame.js';
import { encodeJpeg } from '../../camera/jpeg.js';
import type { SceneCamera, ScenePlan } from '../../camera/scene.js';
import { realTimeServices } from '../../kernel/index.js';
import { pictureSha256 } from '../faces/picture-hash.js';
import { openLocalFaceApi } from './local-exchange.js';
import { LocalFaces } from './local-faces.js';

const plan: ScenePlan = {
  name: 'booth',
  widthMetres: 6,
  depthMetres: 6,
  ceilingMetres: 3,
  walls: [],
  entrances: [],
  displays: [],
};

/** At the height of a face, so near that a head has a hundred pixels. */
const camera: SceneCamera = {
  id: 'booth',
  at: { x: 3, y: 1 },
  heightMetres: 1.65,
  headingDegrees: 0,
  tiltDegrees: 0,
  fieldOfViewDegrees: 60,
  widthPixels: 640,
  heightPixels: 480,
};

/** A drawn person in front of the camera who faces it (0) or turns away (180). */
function portrait(turnedDegrees: number) {
  const renderer = new FrameRenderer(renderBackground(plan, camera));
  const headingRadians = Math.PI + (turnedDegrees * Math.PI) / 180;
  const frame = renderer.render(
    [
      {
        state: { shopper: 1, x: 3, y: 2.4, headingRadians, speedMetresPerSecond: 0, activity: 'dwelling' },
        profile: { appearanceSeed: 5, ageYears: 40, gender: 'female', heightMetres: 1.72 },
      },
    ],
    0,
    1,
  );
  const [person] = frame.people;
  if (person === undefined) throw new Error('nobody is in view');
  return { jpeg: encodeJpeg(frame), person };
}

describe('faces read by local models', () => {
  let faces: LocalFaces;
  beforeAll(async () => {
    faces = await LocalFaces.open();
  }, 60_000);
  afterAll(() => faces.close());

  const read = async (turnedDegrees: number) => {
    const { jpeg, person } = portrait(turnedDegrees);
    await faces.read({ jpeg, people: [person.fullBox] });
    return { person, subjects: faces.subjects(pictureSha256(jpeg)) };
  };

  test('are where the heads are, with attributes as the service gives them', async () => {
    const { person, subjects } = await read(0);
    expect(subjects).toHaveLength(1);
    const [subject] = subjects ?? [];
    const { headBox } = person.face;
    const centre = (subject?.box.left ?? 0) + (subject?.box.width ?? 0) / 2;
    expect(Math.abs(centre - headBox.left - headBox.width / 2)).toBeLessThan(headBox.width / 3);
    const attributes = subject?.persona?.recordings.neutral.faceAttributes;
    const sum = EMOTIONS.reduce((total, emotion) => total + (attributes?.emotion[emotion] ?? 0), 0);
    expect(sum).toBeCloseTo(1, 6);
    expect(attributes?.age).toBeGreaterThanOrEqual(0);
  }, 60_000);

  test('of the same picture are the same person, and the back of a head is no face', async () => {
    const [first, second] = [await read(0), await read(0)];
    expect(second.subjects?.[0]?.identity).toBe(first.subjects?.[0]?.identity);
    expect((await read(180)).subjects).toEqual([]);
  }, 60_000);

  test('of a picture that was not read are not known', () => {
    expect(faces.subjects('0'.repeat(64))).toBeUndefined();
  });
});

test('the stand-in answers by local models, and refuses what is no picture', async () => {
  const local = await openLocalFaceApi(realTimeServices(1));
  const ask = (bytes: Uint8Array) =>
    local.exchange(
      {
        method: 'POST',
        path: '/detect',
        query: { returnFaceAttributes: 'age,emotion' },
        body: { kind: 'picture', bytes },
      },
      new AbortController().signal,
    );
  const { jpeg, person } = portrait(0);
  const { body, status } = await ask(jpeg);
  expect(status).toBe(200);
  expect(body).toHaveLength(1);
  const [{ faceAttributes, faceRectangle }] = body as [Record<string, Record<string, number>>];
  expect(faceAttributes).toMatchObject({ age: expect.any(Number), emotion: expect.anything() });
  const { headBox } = person.face;
  const centre = (faceRectangle?.left ?? 0) + (faceRectangle?.width ?? 0) / 2;
  expect(Math.abs(centre - headBox.left - headBox.width / 2)).toBeLessThan(headBox.width / 3);
  expect((await ask(Buffer.alloc(2_000, 7))).status).toBe(400);
  await local.close();
}, 60_000);
