import type { DetectionModel } from '../faces/detect-parameters.js';
import { detectableFaces } from '../faces/detectability.js';
import { readPictureSize } from '../faces/picture.js';
import type { FaceSubject } from '../faces/subject.js';
import { unmatched } from '../recordings/unmatched.js';
import type { ReceivedRequest } from '../request.js';
import type { FaceApiState } from '../state.js';
import { pictureOf } from './body.js';

/**
 * The faces that the service finds in the request's picture, the largest first.
 * @throws FaceApiFailure when the body is no picture the service takes, or one that nobody knows.
 */
export function facesInPicture(
  state: FaceApiState,
  request: ReceivedRequest,
  model: DetectionModel,
): readonly FaceSubject[] {
  const size = readPictureSize(pictureOf(request));
  const subjects = state.subjects(request.bodySha256);
  if (subjects === undefined) throw unmatched(request, state.replay.nearest(request));
  return detectableFaces(subjects, model, size);
}
