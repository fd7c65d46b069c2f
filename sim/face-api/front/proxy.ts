/**
 * A proxy in front of a real Face API, for clients that are pointed at it. It passes every request on, answers with
 * what the endpoint answered, and tells who listens about the exchange.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FaceAnswer, FaceExchange } from '../../../pipeline/analyze-faces/face-client/exchange.js';
import type { Clock } from '../../kernel/services.js';
import { jsonAnswer, refusal } from '../answer.js';
import { FaceApiFailure } from '../failure.js';
import type { ReceivedRequest } from '../request.js';
import { isApiPath, readBody, requestIn } from './read-request.js';
import { sendAnswer } from './send-answer.js';

export interface PassedOn {
  readonly request: ReceivedRequest;
  readonly answer: FaceAnswer;
  readonly latencyMs: number;
}

export interface ProxyOptions {
  readonly clock: Clock;
  readonly endpoint: FaceExchange;
  /** Resolves before the client has its answer. */
  readonly onPassedOn: (exchange: PassedOn) => Promise<void> | void;
}

export function faceProxyListener(options: ProxyOptions): RequestListener {
  return (request, response) => {
    passOn(options, request, response).catch(() => response.destroy());
  };
}

async function passOn(
  { clock, endpoint, onPassedOn }: ProxyOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = await readBody(incoming);
  try {
    if (!isApiPath(incoming.url ?? '')) throw notTheApi(incoming.url ?? '');
    const request = requestIn(incoming, bytes);
    const startedAtMs = clock.now();
    const answer = await endpoint(request, new AbortController().signal).catch((error: Error) => {
      throw new FaceApiFailure(502, 'FF_FACE_UNREACHABLE', `the endpoint gave no answer: ${error.message}`);
    });
    await onPassedOn({ request, answer, latencyMs: clock.now() - startedAtMs });
    const { body, retryAfterSeconds, status } = answer;
    sendAnswer(response, { ...jsonAnswer(status, body), retryAfterSeconds });
  } catch (error) {
    if (!(error instanceof FaceApiFailure)) throw error;
    sendAnswer(response, refusal(error));
  }
}

function notTheApi(url: string): FaceApiFailure {
  return new FaceApiFailure(404, 'ResourceNotFound', `${url} is not below /face/v1.0`);
}
