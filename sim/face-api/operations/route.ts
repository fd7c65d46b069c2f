import type { SentAnswer } from '../answer.js';
import type { ReceivedRequest } from '../request.js';
import type { FaceApiState } from '../state.js';

/** One request in hand, and what its operation needs to answer it. */
export interface Call {
  readonly state: FaceApiState;
  readonly request: ReceivedRequest;
  /** What stands in the path for each `{…}`, in their order. */
  readonly ids: readonly [string, string, string];
  /** Names this occurrence of the request, for what is drawn. */
  readonly key: string;
}

/** One operation of the REST specification. */
export interface Route {
  /** As the specification calls it: `FaceList_Create`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/face/v1.0`: `/facelists/{faceListId}`. */
  readonly path: string;
  /** Whether the body is a picture, or says where one is. */
  readonly takesPicture: boolean;
  /** @throws FaceApiFailure for what the service refuses. */
  readonly answer: (call: Call) => SentAnswer;
}

export function route(
  operation: string,
  methodAndPath: string,
  answer: Route['answer'],
  takesPicture = false,
): Route {
  const [method, path = ''] = methodAndPath.split(' ');
  return { operation, method: method as Route['method'], path, takesPicture, answer };
}
