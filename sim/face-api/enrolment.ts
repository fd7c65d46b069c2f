import type { RandomSource } from '../kernel/services.js';
import { FaceList, type FaceLists } from './face-lists.js';

/** A face list that exists before the first request, each of its faces from one good picture. */
export interface EnrolledList {
  readonly faceListId: string;
  readonly identities: readonly string[];
}

const RECOGNITION_MODEL = 'recognition_02';
/** People who enrol look into the lens. */
const ENROLMENT_QUALITY = 1;

export function enrol(lists: FaceLists, enrolled: readonly EnrolledList[], rng: RandomSource): void {
  for (const { faceListId, identities } of enrolled) {
    const list = new FaceList(faceListId, RECOGNITION_MODEL, faceListId, null);
    const ids = rng(`face-api/enrolled/${faceListId}`);
    for (const identity of identities) {
      list.add({
        id: ids.uuid(),
        identity,
        quality: ENROLMENT_QUALITY,
        recognitionModel: RECOGNITION_MODEL,
        userData: null,
      });
    }
    lists.create(list);
  }
}
