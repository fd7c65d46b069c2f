/**
 * The HTTP front. `/face/v1.0` is served straight on node:http, the pages that a container shows to people and to
 * its orchestrator by Express.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../../kernel/services.js';
import { exchange, linkOf } from '../../network/index.js';
import { refusal } from '../answer.js';
import type { FaceApi } from '../face-api.js';
import { accessDenied, FaceApiFailure } from '../failure.js';
import type { ReceivedRequest } from '../request.js';
import { containerPages } from './container-pages.js';
import { isApiPath, keyOf, readBody, requestIn } from './read-request.js';
import { sendAnswer } from './send-answer.js';

export interface FaceFrontOptions {
  readonly clock: Clock;
  /** The keys that are let in; null for a container, which asks for none. */
  readonly keys: readonly string[] | null;
}

/** A listener for an HTTP server; the server may be a world's own, which listens nowhere. */
export function faceApiListener(faceApi: FaceApi, options: FaceFrontOptions): RequestListener {
  const pages = containerPages();
  return (request, response) => {
    response.sendDate = false;
    response.setHeader('Date', new Date(options.clock.now()).toUTCString());
    if (!isApiPath(request.url ?? '')) return pages(request, response);
    // An answer that fails is one that a crashed replica owed: the connection breaks.
    serve(faceApi, options, request, response).catch(() => response.destroy());
  };
}

async function serve(
  faceApi: FaceApi,
  { keys }: FaceFrontOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let received: ReceivedRequest;
  try {
    const bytes = await readBody(incoming);
    if (keys !== null && !keys.includes(keyOf(incoming))) throw accessDenied();
    received = requestIn(incoming, bytes);
  } catch (error) {
    if (!(error instanceof FaceApiFailure)) throw error;
    return sendAnswer(response, refusal(error));
  }
  const answer = await exchange(
    linkOf(incoming.socket),
    received.key,
    received.bodyBytes,
    () => faceApi.answer(received),
    ({ text }) => Buffer.byteLength(text),
  );
  sendAnswer(response, answer);
}
