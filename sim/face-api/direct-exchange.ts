/** The `direct` fidelity: a client's requests reach the core by a call, over the link's time but no protocol. */
import type { FaceExchange } from '../../pipeline/analyze-faces/face-client/exchange.js';
import { exchange, type Link } from '../network/index.js';
import type { FaceApi } from './face-api.js';
import { receive } from './request.js';

export function directFaceExchange(faceApi: FaceApi, link?: Link): FaceExchange {
  return async (request) => {
    const received = receive(request);
    const answer = await exchange(
      link,
      received.key,
      received.bodyBytes,
      () => faceApi.answer(received),
      ({ text }) => Buffer.byteLength(text),
    );
    const body: unknown = answer.text === '' ? undefined : JSON.parse(answer.text);
    return { status: answer.status, retryAfterSeconds: answer.retryAfterSeconds, body };
  };
}
