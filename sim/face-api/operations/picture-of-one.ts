/** A picture that shows the one face that is to be kept. */
import type { PixelBox } from '../../../pipeline/boundaries.js';
import { detectionModelOf, type RecognitionModel } from '../faces/detect-parameters.js';
import { type PictureSize, readPictureSize } from '../faces/picture.js';
import type { FaceSubject } from '../faces/subject.js';
import { badArgument, invalidImage } from '../failure.js';
import type { NewFace, PersistedFace } from '../galleries/persisted-faces.js';
import { pictureOf } from './body.js';
import { facesInPicture } from './faces-in-picture.js';
import type { Call } from './route.js';
import { faceUserData } from './texts.js';

/** The face of the request's picture, under a new id. */
export function faceToKeep(call: Call, recognitionModel: RecognitionModel): NewFace<PersistedFace> {
  const { key, request, state } = call;
  const userData = faceUserData(request);
  const model = detectionModelOf(request.query.detectionModel);
  const target = targetFaceOf(request.query.targetFace);
  if (target !== null) refuseOutside(target, readPictureSize(pictureOf(request)));
  const { identity, quality } = theFace(facesInPicture(state, request, model), target);
  const id = state.services.rng(`face-api/persisted/${key}`).uuid();
  return { id, identity, quality, recognitionModel, userData };
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

/** A face at the picture's edge may reach beyond it; one that begins outside is none of it. */
function refuseOutside({ left, top }: PixelBox, { widthPixels, heightPixels }: PictureSize): void {
  if (left >= widthPixels || top >= heightPixels) throw badArgument('Argument targetFace out of range.');
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
