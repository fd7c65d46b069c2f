/** The faces that a body names by their ids. */

import type { KnownFace } from '../faces/face-ids.js';
import { badArgument, FaceApiFailure } from '../failure.js';
import type { FaceApiState } from '../state.js';

/** @throws FaceApiFailure `FaceNotFound` when the face was never named, or its time to live has passed. */
export function namedFace(state: FaceApiState, id: string, status: 400 | 404 = 400): KnownFace {
  const face = state.faceIds.find(id, state.services.clock.now());
  if (face === undefined) throw new FaceApiFailure(status, 'FaceNotFound', 'Face is not found.');
  return face;
}

/**
 * @param least, most how many ids the operation takes.
 * @throws FaceApiFailure 400 `BadArgument` or `FaceNotFound`.
 */
export function namedFaces(
  state: FaceApiState,
  ids: readonly string[],
  least: number,
  most: number,
): readonly KnownFace[] {
  if (ids.length < least || ids.length > most)
    throw badArgument(
      `The length of faceIds is not in a valid range. The valid range is between [${least}, ${most}].`,
    );
  return ids.map((id) => namedFace(state, id));
}

/** Faces of two recognition models cannot be compared. */
export function refuseOtherModels(
  faces: readonly Pick<KnownFace, 'recognitionModel'>[],
  recognitionModel: string | undefined,
): void {
  if (faces.some((face) => face.recognitionModel !== recognitionModel))
    throw badArgument("'recognitionModel' is incompatible.");
}
