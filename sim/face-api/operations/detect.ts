import { jsonAnswer, type SentAnswer } from '../answer.js';
import { refuseRecognition, refuseRetiredAttributes } from '../era.js';
import { readDetectParameters } from '../faces/detect-parameters.js';
import { toDetectedFace } from '../faces/detected-face.js';
import { unknownPersona } from '../recordings/unmatched.js';
import { facesInPicture } from './faces-in-picture.js';
import { type Call, type Route, route } from './route.js';

export const detectRoutes: readonly Route[] = [route('Face_Detect', 'POST /detect', detect, true)];

/** `Face - Detect`: the faces of a picture, each named for a while when asked. */
function detect({ key, request, state }: Call): SentAnswer {
  const parameters = readDetectParameters(request.query);
  refuseRetiredAttributes(state.era, parameters.attributes);
  if (parameters.returnFaceId) refuseRecognition(state.era, state.limitedAccessApproved);
  const now = state.services.clock.now();
  const ids = state.services.rng(`face-api/detected/${key}`);
  const faces = facesInPicture(state, request, parameters.detectionModel).map((subject) => {
    const persona = subject.persona ?? state.persona(subject.personaId);
    if (persona === undefined) throw unknownPersona(subject.personaId);
    const id = ids.uuid();
    if (parameters.returnFaceId) {
      const { identity, quality } = subject;
      const known = { id, identity, quality, recognitionModel: parameters.recognitionModel };
      state.faceIds.remember(known, now, parameters.faceIdTimeToLiveSeconds);
    }
    return toDetectedFace(subject, persona, parameters, id);
  });
  return jsonAnswer(200, faces);
}
