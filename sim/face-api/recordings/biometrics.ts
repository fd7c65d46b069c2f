/**
 * What of an exchange is biometric: a picture of a face, or numbers by which a face can be known again. A fixture
 * lies in a repository for years; such data does not belong there unless somebody has decided so.
 */
import type { FaceRequestBody } from '../../../pipeline/analyze-faces/face-client/exchange.js';

/** Names under which services give descriptors of faces. */
const DESCRIPTOR_NAMES =
  /^(?:descriptor|embedding|encoding|features?|featureVector|template|faceLandmarks)s?$/i;
/** A list of so many numbers describes something; the service's own answers have none. */
const DESCRIPTOR_LENGTH = 16;

/** Where in an answer there are biometric data, such as `0.faceLandmarks`; empty when there are none. */
export function biometricsIn(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && value.length >= DESCRIPTOR_LENGTH && value.every(isNumber)) return [path];
  return Object.entries(value).flatMap(([name, part]) => {
    const place = path === '' ? name : `${path}.${name}`;
    return DESCRIPTOR_NAMES.test(name) ? [place] : biometricsIn(part, place);
  });
}

/** Whether the request itself shows a face. */
export function isPicture(body: FaceRequestBody): body is Extract<FaceRequestBody, { kind: 'picture' }> {
  return body.kind === 'picture';
}

const isNumber = (value: unknown) => typeof value === 'number';
