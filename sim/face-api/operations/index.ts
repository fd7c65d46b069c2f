/** Which operation answers a request. One file an operation, or a family of them. */
import type { SentAnswer } from '../answer.js';
import { noSuchResource } from '../failure.js';
import type { ReceivedRequest } from '../request.js';
import type { FaceApiState } from '../state.js';
import { detect } from './detect.js';
import {
  addFace,
  createFaceList,
  deleteFace,
  deleteFaceList,
  getFaceList,
  listFaceLists,
  updateFaceList,
} from './face-lists.js';
import { findSimilar } from './find-similar.js';

/**
 * Answers `request`; `key` names this occurrence of it, for what is drawn.
 * @throws FaceApiFailure for what the service refuses.
 */
export function operate(state: FaceApiState, request: ReceivedRequest, key: string): SentAnswer {
  // Names of resources come in any case; ids do not.
  const [resource = '', id, child = '', childId, ...more] = request.path.slice(1).split('/');
  const shape = [
    request.method,
    resource.toLowerCase(),
    ...(id === undefined ? [] : ['{id}']),
    ...(child === '' ? [] : [child.toLowerCase()]),
    ...(childId === undefined ? [] : ['{id}']),
    ...more,
  ].join(' ');
  switch (shape) {
    case 'POST detect':
      return detect(state, request, key);
    case 'POST findsimilars':
      return findSimilar(state, request);
    case 'GET facelists':
      return listFaceLists(state, request);
    case 'PUT facelists {id}':
      return createFaceList(state, request, id ?? '');
    case 'GET facelists {id}':
      return getFaceList(state, request, id ?? '');
    case 'PATCH facelists {id}':
      return updateFaceList(state, request, id ?? '');
    case 'DELETE facelists {id}':
      return deleteFaceList(state, id ?? '');
    case 'POST facelists {id} persistedfaces':
      return addFace(state, request, id ?? '', key);
    case 'DELETE facelists {id} persistedfaces {id}':
      return deleteFace(state, id ?? '', childId ?? '');
    default:
      throw noSuchResource(`${request.method} ${request.path}`);
  }
}
