/** Face lists and the faces in them. */
import { z } from 'zod';
import type { PixelBox } from '../../../pipeline/boundaries.js';
import { DONE, jsonAnswer, type SentAnswer } from '../answer.js';
import { detectionModelOf, recognitionModelOf } from '../detect-parameters.js';
import { refuseRecognition } from '../era.js';
import { checkListId, FaceList } from '../face-lists.js';
import { badArgument, invalidImage } from '../failure.js';
import type { ReceivedRequest } from '../request.js';
import type { FaceApiState } from '../state.js';
import type { FaceSubject } from '../subject.js';
import { jsonOf } from './body.js';
import { facesInPicture } from './faces-in-picture.js';

const LONGEST_NAME = 128;
const LONGEST_LIST_USER_DATA_BYTES = 16 * 1024;
const LONGEST_FACE_USER_DATA_BYTES = 1024;

const listBody = z.object({
  name: z.string().nullish(),
  userData: z.string().nullish(),
  recognitionModel: z.string().nullish(),
});

/** `FaceList - Create`. */
export function createFaceList(state: FaceApiState, request: ReceivedRequest, id: string): SentAnswer {
  refuseRecognition(state.era, state.limitedAccessApproved);
  checkListId(id);
  const { name, userData, recognitionModel } = jsonOf(request, listBody);
  if (!name) throw badArgument("'name' is empty.");
  checkTexts(name, userData);
  state.faceLists.create(
    new FaceList(id, recognitionModelOf(recognitionModel ?? undefined), name, userData ?? null),
  );
  return DONE;
}

/** `FaceList - Update`: what is not given stays. */
export function updateFaceList(state: FaceApiState, request: ReceivedRequest, id: string): SentAnswer {
  const list = state.faceLists.get(id);
  const { name, userData } = jsonOf(request, listBody);
  checkTexts(name, userData);
  list.name = name ?? list.name;
  list.userData = userData ?? list.userData;
  return DONE;
}

/** `FaceList - List`. */
export function listFaceLists(state: FaceApiState, request: ReceivedRequest): SentAnswer {
  return jsonAnswer(
    200,
    state.faceLists.all.map((list) => describe(list, request)),
  );
}

/** `FaceList - Get`. */
export function getFaceList(state: FaceApiState, request: ReceivedRequest, id: string): SentAnswer {
  const list = state.faceLists.get(id);
  const persistedFaces = list.faces.map((face) => ({
    persistedFaceId: face.id,
    ...(face.userData === null ? {} : { userData: face.userData }),
  }));
  return jsonAnswer(200, { persistedFaces, ...describe(list, request) });
}

/** `FaceList - Delete`. */
export function deleteFaceList(state: FaceApiState, id: string): SentAnswer {
  state.faceLists.remove(id);
  return DONE;
}

/** `FaceList - Add Face`. */
export function addFace(state: FaceApiState, request: ReceivedRequest, id: string, key: string): SentAnswer {
  refuseRecognition(state.era, state.limitedAccessApproved);
  const list = state.faceLists.get(id);
  const userData = request.query.userData ?? null;
  if (userData !== null && Buffer.byteLength(userData) > LONGEST_FACE_USER_DATA_BYTES)
    throw badArgument("'userData' is too long.");
  const model = detectionModelOf(request.query.detectionModel);
  const target = targetFaceOf(request.query.targetFace);
  const { identity, quality } = theFace(facesInPicture(state, request, model), target);
  const persistedFaceId = state.services.rng(`face-api/persisted/${key}`).uuid();
  const { recognitionModel } = list;
  list.add({ id: persistedFaceId, identity, quality, recognitionModel, userData });
  return jsonAnswer(200, { persistedFaceId });
}

/** `FaceList - Delete Face`. */
export function deleteFace(state: FaceApiState, id: string, persistedFaceId: string): SentAnswer {
  state.faceLists.get(id).remove(persistedFaceId);
  return DONE;
}

function describe(list: FaceList, { query }: ReceivedRequest): Readonly<Record<string, string | null>> {
  const { id: faceListId, name, userData, recognitionModel } = list;
  const withModel = query.returnRecognitionModel?.toLowerCase() === 'true';
  return { faceListId, name, userData, ...(withModel ? { recognitionModel } : {}) };
}

function checkTexts(name: string | null | undefined, userData: string | null | undefined): void {
  if (name && name.length > LONGEST_NAME) throw badArgument("'name' is too long.");
  if (userData && Buffer.byteLength(userData) > LONGEST_LIST_USER_DATA_BYTES)
    throw badArgument("'userData' is too long.");
}

/** `left,top,width,height`, in pixels. */
function targetFaceOf(text: string | undefined): PixelBox | null {
  if (text === undefined || text === '') return null;
  const [left = -1, top = -1, width = 0, height = 0, ...more] = text.split(',').map(Number);
  const isBox = [left, top, width, height].every(Number.isInteger) && more.length === 0;
  if (!isBox || left < 0 || top < 0 || width < 1 || height < 1)
    throw badArgument(
      'Invalid argument targetFace. Caused by invalid string format or invalid left/top/height/width value.',
    );
  return { left, top, width, height };
}

function theFace(faces: readonly FaceSubject[], target: PixelBox | null): FaceSubject {
  const meant = target === null ? faces : faces.filter(({ box }) => overlapPixels(box, target) > 0);
  const [first] = [...meant].sort((one, other) =>
    target === null ? 0 : overlapPixels(other.box, target) - overlapPixels(one.box, target),
  );
  if (first === undefined) throw invalidImage('No face detected in the image.');
  if (target === null && meant.length > 1) throw invalidImage('There is more than 1 face in the image.');
  return first;
}

function overlapPixels(one: PixelBox, other: PixelBox): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return Math.max(0, width) * Math.max(0, height);
}
