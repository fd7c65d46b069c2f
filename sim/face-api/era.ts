/**
 * The two eras of the service. Since 30 June 2023 the attributes that infer who or how someone is are gone for
 * everyone, and recognition needs an approved Limited Access application.
 */
import { unsupportedFeature } from './failure.js';

export type Era = '2019' | 'retired';

const RETIRED_ATTRIBUTES: ReadonlySet<string> = new Set([
  'emotion',
  'gender',
  'age',
  'smile',
  'facialHair',
  'hair',
  'makeup',
]);

/** @throws FaceApiFailure 403 `UnsupportedFeature` when `era` no longer offers one of `attributes`. */
export function refuseRetiredAttributes(era: Era, attributes: readonly string[]): void {
  if (era === '2019') return;
  const retired = attributes.filter((attribute) => RETIRED_ATTRIBUTES.has(attribute));
  if (retired.length > 0) throw unsupportedFeature(`face attributes ${retired.join(', ')}`);
}

/** @throws FaceApiFailure 403 `UnsupportedFeature` when `era` asks for an approval that is not there. */
export function refuseRecognition(era: Era, limitedAccessApproved: boolean): void {
  if (era === 'retired' && !limitedAccessApproved) throw unsupportedFeature('Identification, Verification');
}
