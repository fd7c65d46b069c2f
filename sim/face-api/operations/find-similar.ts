import { z } from 'zod';
import { jsonAnswer, type SentAnswer } from '../answer.js';
import { refuseRecognition } from '../era.js';
import type { KnownFace } from '../faces/face-ids.js';
import { type Gallery, ranked, samePerson } from '../faces/recognition.js';
import { badArgument, FaceApiFailure } from '../failure.js';
import type { FaceApiState } from '../state.js';
import { jsonOf } from './body.js';
import { namedFace, namedFaces, refuseOtherModels } from './named-faces.js';
import { type Call, type Route, route } from './route.js';

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

export const findSimilarRoutes: readonly Route[] = [
  route('Face_FindSimilar', 'POST /findsimilars', findSimilar),
];

/** `Face - Find Similar`: who of a face list, or of some named faces, looks like a face. */
function findSimilar({ request, state }: Call): SentAnswer {
  refuseRecognition(state.era, state.limitedAccessApproved);
  const body = jsonOf(request, findSimilarBody);
  const most = candidatesOf(body);
  const compare = comparisonOf(body);
  const face = namedFace(state, body.faceId);
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

function galleryOf(state: FaceApiState, body: FindSimilarBody, face: KnownFace): Gallery<KnownFace> {
  const { faceListId, largeFaceListId, faceIds } = body;
  const given = [faceListId, largeFaceListId, faceIds].filter((one) => one !== undefined && one !== null);
  if (given.length === 0) throw badArgument('LargeFaceListId, faceListId and faceIds are all null.');
  if (given.length > 1)
    throw badArgument('2 or more of largeFaceListId, faceListId and faceIds are not null.');
  if (faceIds) return galleryOfIds(state, faceIds, face);
  if (faceListId) return galleryOfList(state, faceListId, face);
  return galleryOfLargeList(state, largeFaceListId ?? '', face);
}

function galleryOfList(state: FaceApiState, id: string, face: KnownFace): Gallery<KnownFace> {
  const list = state.faceLists.get(id, 400);
  if (list.faces.size === 0) throw new FaceApiFailure(400, 'FaceListNotReady', 'Face list is empty.');
  refuseOtherModels([list], face.recognitionModel);
  return list.faces.gallery(id);
}

function galleryOfLargeList(state: FaceApiState, id: string, face: KnownFace): Gallery<KnownFace> {
  const list = state.largeFaceLists.get(id, 400);
  const lastOrdinal = list.training.trainedThrough(state.services.clock.now());
  refuseOtherModels([list], face.recognitionModel);
  return list.faces.gallery(id, lastOrdinal);
}

function galleryOfIds(state: FaceApiState, ids: readonly string[], face: KnownFace): Gallery<KnownFace> {
  const faces = namedFaces(state, ids, 1, MOST_FACE_IDS);
  refuseOtherModels(faces, face.recognitionModel);
  return {
    id: 'faceIds',
    size: faces.length,
    faces,
    facesOf: (identity) => faces.filter((other) => other.identity === identity),
  };
}
