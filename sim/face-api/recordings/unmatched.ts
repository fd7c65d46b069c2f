import { FaceApiFailure } from '../failure.js';
import type { ReceivedRequest } from '../request.js';
import type { Nearest } from './nearest.js';

/** The stand-in has no answer: an error of the set-up, never of the service, so its code is the project's own. */
export const UNMATCHED_CODE = 'FF_FACE_UNMATCHED';

/** 422, which the service itself never answers: the request is well-formed, but nothing is known about it. */
export function unmatched(request: ReceivedRequest, nearest: Nearest | null): FaceApiFailure {
  const asked = `${request.method} ${request.path} with ${request.bodyBytes} bytes of SHA-256 ${request.bodySha256}`;
  const why = 'the picture belongs to no camera of this run, and no recording matches';
  return new FaceApiFailure(422, UNMATCHED_CODE, `${asked}: ${why}. ${hint(nearest)}`);
}

function hint(nearest: Nearest | null): string {
  if (nearest === null)
    return 'There are no recordings: record some, or let the run say who is in its pictures.';
  return `The nearest recording is ${nearest.recording.id}; it differs in ${nearest.differences.join('; ')}.`;
}

/** A picture shows someone who wears a persona that the library has not. */
export function unknownPersona(id: string): FaceApiFailure {
  return new FaceApiFailure(500, 'FF_FACE_UNKNOWN_PERSONA', `the library has no persona ${id}`);
}
