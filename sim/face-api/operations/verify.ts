import { z } from 'zod';
import { jsonAnswer, type SentAnswer } from '../answer.js';
import { refuseRecognition } from '../era.js';
import type { KnownFace } from '../faces/face-ids.js';
import { LEAST_CONFIDENCE_OF_A_MATCH, likeness } from '../faces/recognition.js';
import { badArgument, FaceApiFailure } from '../failure.js';
import type { PersonGroup } from '../galleries/person-group.js';
import type { FaceApiState } from '../state.js';
import { jsonOf } from './body.js';
import { namedFace, refuseOtherModels } from './named-faces.js';
import { type Call, type Route, route } from './route.js';

const faceId = z.string().nullish();
const verifyBody = z.object({
  faceId1: faceId,
  faceId2: faceId,
  faceId,
  personId: z.string().nullish(),
  personGroupId: z.string().nullish(),
  largePersonGroupId: z.string().nullish(),
});
type VerifyBody = z.infer<typeof verifyBody>;

export const verifyRoutes: readonly Route[] = [route('Face_Verify', 'POST /verify', verify)];

/** `Face - Verify`: whether two faces are of one person, or whether a face is of a person of a group. */
function verify({ request, state }: Call): SentAnswer {
  refuseRecognition(state.era, state.limitedAccessApproved);
  const body = jsonOf(request, verifyBody);
  const [face, others] = body.faceId1 || body.faceId2 ? twoFaces(state, body) : faceAndPerson(state, body);
  refuseOtherModels(others, face.recognitionModel);
  const confidence = likeness(face, others, { errors: state.recognitionErrors, rng: state.services.rng });
  return jsonAnswer(200, { isIdentical: confidence >= LEAST_CONFIDENCE_OF_A_MATCH, confidence });
}

type Compared = readonly [KnownFace, readonly KnownFace[]];

function twoFaces(state: FaceApiState, { faceId1, faceId2 }: VerifyBody): Compared {
  return [
    namedFace(state, checkedId(faceId1, 'Face ID'), 404),
    [namedFace(state, checkedId(faceId2, 'Face ID'), 404)],
  ];
}

function faceAndPerson(state: FaceApiState, body: VerifyBody): Compared {
  const id = checkedId(body.faceId, 'Face ID');
  const personId = checkedId(body.personId, 'Person ID');
  const group = groupOf(state, body);
  const face = namedFace(state, id, 404);
  const faces = [...group.person(personId).faceIds].map((each) => group.faces.get(each));
  if (faces.length === 0)
    throw new FaceApiFailure(404, 'PersistedFaceNotFound', 'No persisted face of the person is found.');
  return [face, faces];
}

function groupOf(state: FaceApiState, { personGroupId, largePersonGroupId }: VerifyBody): PersonGroup {
  if (personGroupId && !largePersonGroupId) return state.personGroups.get(personGroupId, 400);
  if (largePersonGroupId && !personGroupId) return state.largePersonGroups.get(largePersonGroupId, 400);
  throw badArgument(largePersonGroupId ? 'Large person group ID is invalid.' : 'Person group ID is invalid.');
}

function checkedId(id: string | null | undefined, what: 'Face ID' | 'Person ID'): string {
  if (!z.uuid().safeParse(id).success) throw badArgument(`${what} is invalid.`);
  return id ?? '';
}
