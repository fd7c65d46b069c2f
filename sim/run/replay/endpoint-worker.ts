/** The thread that speaks to a real Face API: there the clock is the wall's, and sockets are real. */
import type { FaceAnswer, FaceRequest } from '../../../pipeline/analyze-faces/face-client/exchange.js';
import { httpFaceExchange } from '../../../pipeline/analyze-faces/face-client/http-exchange.js';
import { answerRequests } from '../../kernel/answering-worker.js';

interface Endpoint {
  readonly endpoint: string;
  readonly key: string | null;
}

await answerRequests<Endpoint, FaceRequest, FaceAnswer, null>(async ({ endpoint, key }) => {
  const exchange = httpFaceExchange({ endpoint, key });
  return {
    ready: null,
    answer: async (request) => ({ answer: await exchange(request, new AbortController().signal) }),
  };
});
