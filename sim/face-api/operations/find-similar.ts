import { z } from 'zod';
import { jsonAnswer, type SentAnswer } from '../answer.js';
import { refuseRecognition } from '../era.js';
import type { KnownFace } from '../face-ids.js';
import { checkListId } from '../face-lists.js';
import { badArgument, FaceApiFailure } from '../failure.js';
import { type Gallery, ranked, samePerson } from '../recognition.js';
import type { ReceivedRequest } from '../request.js';
import type { FaceApiState } from '../state.js';
import { jsonOf } from './body.js';

const MOST_CANDIDATES = 1000;
const USUAL_CANDIDATES = 20;
const MOST_FACE_IDS = 1000;

const findSimilarBody = z.object({
  faceId: z.uuid(),
  faceListId: z.string().nullish(),
  largeFaceListId: z.string().nullish(),
  faceIds: z.array(z.uuid()).nullish(),
  maxNumOfCandidatesReturned: z.number().nullish(),
  mode: z.string().nullish(),
});
type FindSimilarBody = z.infer<typeof findSimilarBody>;

/** `Face - Find Similar`: who of a face list, or of some named faces, looks like a face. */
export function findSimilar(state: FaceApiState, request: ReceivedRequest): SentAnswer {
  refuseRecognition(state.era, state.limitedAccessApproved);
  const body = jsonOf(request, findSimilarBody);
  const most = candidatesOf(body);
  const compare = comparisonOf(body);
  const face = knownFace(state, body.faceId);
  const gallery = galleryOf(state, body, face);
  const comparison = { errors: state.recognitionErrors, rng: state.services.rng };
  const candidates = compare(face, gallery, comparison).slice(0, most);
  const idName = body.faceIds ? 'faceId' : 'persistedFaceId';
  return jsonAnswer(
    200,
    candidates.map((candidate) => ({ [idName]: candidate.face.id, confidence: candidate.confidence })),
  );
}

function candidatesOf({ maxNumOfCandidatesReturned }: FindSimilarBody): number {
  const most = maxNumOfCandidatesReturned ?? USUAL_CANDIDATES;
  if (!Number.isInteger(most) || most < 1 || most > MOST_CANDIDATES) {
    throw badArgument(
      'The argument maxNumOfCandidatesReturned is not valid. The valid range is between [1, 1000].',
    );
  }
  return most;
}

function comparisonOf({ mode }: FindSimilarBody): typeof samePerson {
  switch (mode ?? 'matchPerson') {
    case 'matchPerson':
      return samePerson;
    case 'matchFace':
      return ranked;
    default:
      throw badArgument('Mode is invalid.');
  }
}

/** @throws FaceApiFailure 400 `FaceNotFound` when the face was never named, or its time to live has passed. */
export function knownFace(state: FaceApiState, id: string): KnownFace {
  const face = state.faceIds.find(id, state.services.clock.now());
  if (face === undefined) throw new FaceApiFailure(400, 'FaceNotFound', 'Face is not found.');
  return face;
}

function galleryOf(state: FaceApiState, body: FindSimilarBody, face: KnownFace): Gallery<KnownFace> {
  const { faceListId, largeFaceListId, faceIds } = body;
  const given = [faceListId, largeFaceListId, faceIds].filter((one) => one !== undefined && one !== null);
  if (given.length === 0) throw badArgument('LargeFaceListId, faceListId and faceIds are all null.');
  if (given.length > 1)
    throw badArgument('2 or more of largeFaceListId, faceListId and faceIds are not null.');
  if (faceIds) return galleryOfIds(state, faceIds, face);
  if (faceListId) return galleryOfList(state, faceListId, face);
  throw new FaceApiFailure(400, 'LargeFaceListNotFound', 'Large face list is not found.');
}

function galleryOfList(state: FaceApiState, id: string, face: KnownFace): Gallery<KnownFace> {
  checkListId(id);
  const list = state.faceLists.find(id);
  if (list === undefined) throw new FaceApiFailure(400, 'FaceListNotFound', 'Face list is not found.');
  if (list.size === 0) throw new FaceApiFailure(400, 'FaceListNotReady', 'Face list is empty.');
  if (list.recognitionModel !== face.recognitionModel)
    throw badArgument("'recognitionModel' is incompatible.");
  return list;
}

function galleryOfIds(state: FaceApiState, ids: readonly string[], face: KnownFace): Gallery<KnownFace> {
  if (ids.length < 1 || ids.length > MOST_FACE_IDS)
    throw badArgument('The length of faceIds is not in a valid range. The valid range is between [1, 1000].');
  const faces = ids.map((id) => knownFace(state, id));
  if (faces.some((other) => other.recognitionModel !== face.recognitionModel))
    throw badArgument("'recognitionModel' is incompatible.");
  return {
    id: 'faceIds',
    size: faces.length,
    faces,
    facesOf: (identity) => faces.filter((other) => other.identity === identity),
  };
}
