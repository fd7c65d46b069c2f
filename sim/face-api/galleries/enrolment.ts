import type { RandomSource } from '../../kernel/services.js';
import { FaceList } from './face-list.js';
import type { Galleries } from './galleries.js';
import { FACE_LIST } from './kinds.js';

/** A face list that exists before the first request, each of its faces from one good picture. */
export interface EnrolledList {
  readonly faceListId: string;
  readonly identities: readonly string[];
}

const RECOGNITION_MODEL = 'recognition_02';
/** People who enrol look into the lens. */
const ENROLMENT_QUALITY = 1;

export function enrol(
  lists: Galleries<FaceList>,
  enrolled: readonly EnrolledList[],
  rng: RandomSource,
): void {
  for (const { faceListId, identities } of enrolled) {
    const recognitionModel = RECOGNITION_MODEL;
    const list = new FaceList(FACE_LIST, {
      id: faceListId,
      recognitionModel,
      name: faceListId,
      userData: null,
    });
    const ids = rng(`face-api/enrolled/${faceListId}`);
    for (const identity of identities)
      list.add({ id: ids.uuid(), identity, quality: ENROLMENT_QUALITY, recognitionModel, userData: null });
    lists.create(list);
  }
}
