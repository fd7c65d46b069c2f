/**
 * The HTTP front. `/face/v1.0` is served straight on node:http, the pages that a container shows to people and to
 * its orchestrator by Express.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express from 'express';
import type { FaceRequest, FaceRequestBody } from '../../pipeline/analyze-faces/face-client/exchange.js';
import type { Clock } from '../kernel/services.js';
import { exchange, linkOf } from '../network/index.js';
import { refusal, type SentAnswer } from './answer.js';
import type { FaceApi } from './face-api.js';
import { accessDenied, FaceApiFailure, invalidImageSize, noSuchResource } from './failure.js';
import { type ReceivedRequest, receive } from './request.js';

export interface FaceFrontOptions {
  readonly clock: Clock;
  /** The keys that are let in; null for a container, which asks for none. */
  readonly keys: readonly string[] | null;
}

const API_ROOT = '/face/v1.0';
/** Larger than any picture the service takes, so that the refusal comes from the service's own rule. */
const MOST_BODY_BYTES = 8 * 1024 * 1024;

/** A listener for an HTTP server; the server may be a world's own, which listens nowhere. */
export function faceApiListener(faceApi: FaceApi, options: FaceFrontOptions): RequestListener {
  const pages = containerPages();
  return (request, response) => {
    response.sendDate = false;
    response.setHeader('Date', new Date(options.clock.now()).toUTCString());
    if (!(request.url ?? '').startsWith(API_ROOT)) return pages(request, response);
    serve(faceApi, options, request, response).catch(() => response.destroy());
  };
}

/** What the container answers beside its API (`GET /ready` for the orchestrator, `/status` for its key). */
function containerPages(): express.Express {
  const pages = express();
  pages.disable('x-powered-by');
  pages.get('/', (_request, response) => {
    response.type('html').send('<!doctype html><title>Face</title><h1>Face: your container is running</h1>');
  });
  pages.get('/ready', (_request, response) => {
    response.json({ service: 'face', ready: 'ready' });
  });
  pages.get('/status', (_request, response) => {
    response.json({ service: 'face', apiStatus: 'Valid', apiStatusMessage: 'Api Key is valid.' });
  });
  return pages;
}

async function serve(
  faceApi: FaceApi,
  { keys }: FaceFrontOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = await readBody(incoming);
  let received: ReceivedRequest;
  try {
    if (keys !== null && !keys.includes(keyOf(incoming))) throw accessDenied();
    received = receive(requestOf(incoming, bytes));
  } catch (error) {
    if (!(error instanceof FaceApiFailure)) throw error;
    return send(response, refusal(error));
  }
  const answer = await exchange(
    linkOf(incoming.socket),
    received.key,
    received.bodyBytes,
    () => faceApi.answer(received),
    ({ text }) => Buffer.byteLength(text),
  );
  send(response, answer);
}

function keyOf({ headers }: IncomingMessage): string {
  const key = headers['ocp-apim-subscription-key'];
  return typeof key === 'string' ? key : '';
}

/** @throws FaceApiFailure for what is no request to the service. */
function requestOf(incoming: IncomingMessage, bytes: Buffer | 'too large'): FaceRequest {
  const url = new URL(incoming.url ?? '/', 'http://face');
  const method = methodOf(incoming.method);
  if (method === undefined) throw new FaceApiFailure(405, 'MethodNotAllowed', 'The method is not allowed.');
  if (bytes === 'too large') {
    throw invalidImageSize('Image size is too big. The valid image file size should be no larger than 6 MB.');
  }
  const body = bodyOf(bytes, incoming.headers['content-type'] ?? '');
  const path = decoded(url.pathname.slice(API_ROOT.length));
  return { method, path, query: Object.fromEntries(url.searchParams), body };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw noSuchResource(path);
  }
}

function methodOf(name: string | undefined): FaceRequest['method'] | undefined {
  return (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find((method) => method === name);
}

function bodyOf(bytes: Buffer, contentType: string): FaceRequestBody {
  if (bytes.length === 0) return { kind: 'none' };
  if (contentType.startsWith('application/octet-stream')) return { kind: 'picture', bytes };
  if (contentType.startsWith('application/json')) return { kind: 'json', text: bytes.toString('utf8') };
  throw new FaceApiFailure(
    415,
    'UnsupportedMediaType',
    'Supported content types are application/octet-stream and application/json.',
  );
}

/** Reads to the end even what is too large, so that the client gets the answer and not a broken connection. */
function readBody(incoming: IncomingMessage): Promise<Buffer | 'too large'> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MOST_BODY_BYTES) chunks.push(chunk);
    });
    incoming.on('end', () => resolve(length <= MOST_BODY_BYTES ? Buffer.concat(chunks) : 'too large'));
    incoming.on('error', reject);
  });
}

function send(response: ServerResponse, { status, retryAfterSeconds, text }: SentAnswer): void {
  const retryAfter = retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) };
  response.writeHead(status, {
    ...(text === '' ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    'Content-Length': Buffer.byteLength(text),
    ...retryAfter,
  });
  response.end(text);
}
