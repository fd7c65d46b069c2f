import { z } from 'zod';
import { jsonAnswer, type SentAnswer } from '../answer.js';
import { refuseRecognition } from '../era.js';
import type { KnownFace } from '../faces/face-ids.js';
import {
  type Comparison,
  type Gallery,
  LEAST_CONFIDENCE_OF_A_MATCH,
  ranked,
  samePerson,
} from '../faces/recognition.js';
import { badArgument, FaceApiFailure } from '../failure.js';
import type { FaceOfPerson, PersonGroup } from '../galleries/person-group.js';
import type { FaceApiState } from '../state.js';
import { jsonOf } from './body.js';
import { namedFaces, refuseOtherModels } from './named-faces.js';
import { type Call, type Route, route } from './route.js';

const MOST_FACES = 10;
const MOST_CANDIDATES = 100;
const USUAL_CANDIDATES = 1;

const identifyBody = z.object({
  faceIds: z.array(z.uuid()),
  personGroupId: z.string().nullish(),
  largePersonGroupId: z.string().nullish(),
  maxNumOfCandidatesReturned: z.number().nullish(),
  confidenceThreshold: z.number().nullish(),
});
type IdentifyBody = z.infer<typeof identifyBody>;

export const identifyRoutes: readonly Route[] = [route('Face_Identify', 'POST /identify', identify)];

/** `Face - Identify`: for each face, the persons of a group that it looks like. */
function identify({ request, state }: Call): SentAnswer {
  refuseRecognition(state.era, state.limitedAccessApproved);
  const body = jsonOf(request, identifyBody);
  const most = candidatesOf(body);
  const threshold = thresholdOf(body);
  const faces = namedFaces(state, body.faceIds, 1, MOST_FACES);
  const group = groupOf(state, body);
  refuseOtherModels(faces, group.recognitionModel);
  const trained = group.faces.gallery(group.id, group.training.trainedThrough(state.services.clock.now()));
  const comparison = { errors: state.recognitionErrors, rng: state.services.rng };
  return jsonAnswer(
    200,
    faces.map((face) => ({
      faceId: face.id,
      candidates: personsLike(face, trained, threshold, comparison).slice(0, most),
    })),
  );
}

function candidatesOf({ maxNumOfCandidatesReturned }: IdentifyBody): number {
  const most = maxNumOfCandidatesReturned ?? USUAL_CANDIDATES;
  if (!Number.isInteger(most) || most < 1 || most > MOST_CANDIDATES)
    throw badArgument(
      'The argument maxNumOfCandidatesReturned is not valid. The valid range is between [1, 100].',
    );
  return most;
}

function thresholdOf({ confidenceThreshold }: IdentifyBody): number {
  const threshold = confidenceThreshold ?? LEAST_CONFIDENCE_OF_A_MATCH;
  if (threshold < 0 || threshold > 1)
    throw badArgument('The argument confidenceThreshold is not valid. The valid range is between [0, 1].');
  return threshold;
}

function groupOf(state: FaceApiState, { personGroupId, largePersonGroupId }: IdentifyBody): PersonGroup {
  if (personGroupId && largePersonGroupId)
    throw new FaceApiFailure(
      400,
      'PersonGroupIdAndLargePersonGroupIdBothNotNull',
      'Large person group ID and person group ID are both not null.',
    );
  if (personGroupId) return state.personGroups.get(personGroupId, 400);
  if (largePersonGroupId) return state.largePersonGroups.get(largePersonGroupId, 400);
  throw new FaceApiFailure(
    400,
    'PersonGroupIdAndLargePersonGroupIdBothNull',
    'Large person group ID and person group ID are both null.',
  );
}

/** A person is as like as the most alike of his faces. */
function personsLike(
  face: KnownFace,
  gallery: Gallery<FaceOfPerson>,
  threshold: number,
  comparison: Comparison,
): readonly { readonly personId: string; readonly confidence: number }[] {
  const compare = threshold < LEAST_CONFIDENCE_OF_A_MATCH ? ranked : samePerson;
  const best = new Map<string, number>();
  for (const candidate of compare(face, gallery, comparison)) {
    const { personId } = candidate.face;
    best.set(personId, Math.max(best.get(personId) ?? 0, candidate.confidence));
  }
  return [...best]
    .map(([personId, confidence]) => ({ personId, confidence }))
    .filter(({ confidence }) => confidence >= threshold)
    .sort((one, other) => other.confidence - one.confidence || (one.personId < other.personId ? -1 : 1));
}
