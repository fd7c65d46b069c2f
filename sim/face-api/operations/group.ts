import { z } from 'zod';
import { jsonAnswer, type SentAnswer } from '../answer.js';
import { refuseRecognition } from '../era.js';
import type { KnownFace } from '../faces/face-ids.js';
import { type Comparison, LEAST_CONFIDENCE_OF_A_MATCH, likeness } from '../faces/recognition.js';
import { jsonOf } from './body.js';
import { namedFaces, refuseOtherModels } from './named-faces.js';
import { type Call, type Route, route } from './route.js';

const LEAST_FACES = 2;
const MOST_FACES = 1000;

const groupBody = z.object({ faceIds: z.array(z.uuid()) });

export const groupRoutes: readonly Route[] = [route('Face_Group', 'POST /group', group)];

/** `Face - Group`: the faces that look alike together, the largest group first; `messyGroup` holds the rest. */
function group({ request, state }: Call): SentAnswer {
  refuseRecognition(state.era, state.limitedAccessApproved);
  const { faceIds } = jsonOf(request, groupBody);
  const faces = namedFaces(state, [...new Set(faceIds)], LEAST_FACES, MOST_FACES);
  refuseOtherModels(faces, faces[0]?.recognitionModel);
  const groups = groupsOf(faces, { errors: state.recognitionErrors, rng: state.services.rng });
  const idsOf = (members: readonly KnownFace[]) => members.map(({ id }) => id);
  const alone = groups.filter((members) => members.length === 1).flat();
  return jsonAnswer(200, {
    groups: groups.filter((members) => members.length > 1).map(idsOf),
    // The specification: it does not appear when every face found its like.
    ...(alone.length > 0 ? { messyGroup: idsOf(alone) } : {}),
  });
}

/** Each face joins the first group with a member it looks like. Strangers are rarely alike, so they are not compared. */
function groupsOf(faces: readonly KnownFace[], comparison: Comparison): readonly (readonly KnownFace[])[] {
  const groups: KnownFace[][] = [];
  const byIdentity = new Map<string, KnownFace[][]>();
  for (const face of faces) {
    const ofIdentity = byIdentity.get(face.identity) ?? [];
    const alike = ofIdentity.find(
      (members) => likeness(face, members, comparison) >= LEAST_CONFIDENCE_OF_A_MATCH,
    );
    if (alike !== undefined) {
      alike.push(face);
      continue;
    }
    const fresh = [face];
    groups.push(fresh);
    byIdentity.set(face.identity, [...ofIdentity, fresh]);
  }
  return groups.sort((one, other) => other.length - one.length);
}
