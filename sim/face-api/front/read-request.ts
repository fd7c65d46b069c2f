/** Reads an HTTP request as one to the Face API. */
import type { IncomingMessage } from 'node:http';
import type { FaceRequest, FaceRequestBody } from '../../../pipeline/analyze-faces/face-client/exchange.js';
import { FaceApiFailure, invalidImageSize, noSuchResource } from '../failure.js';
import { type ReceivedRequest, receive } from '../request.js';

/** The versions under which these operations are there; later ones add others, which are not here. */
const API_ROOT = /^\/face\/v1\.(?:0|0-preview|1-preview\.1|2)(?=[/?]|$)/i;
/** Larger than any picture the service takes, so that the refusal comes from the service's own rule. */
const MOST_BODY_BYTES = 8 * 1024 * 1024;

export function isApiPath(url: string): boolean {
  return API_ROOT.test(url);
}

/** @throws FaceApiFailure for what is no request to the service. */
export function requestIn(incoming: IncomingMessage, body: Buffer | 'too large'): ReceivedRequest {
  return receive(requestOf(incoming, body));
}

export function keyOf({ headers }: IncomingMessage): string {
  const key = headers['ocp-apim-subscription-key'];
  return typeof key === 'string' ? key : '';
}

function requestOf(incoming: IncomingMessage, bytes: Buffer | 'too large'): FaceRequest {
  const url = new URL(incoming.url ?? '/', 'http://face');
  const method = methodOf(incoming.method);
  if (method === undefined) throw new FaceApiFailure(405, 'MethodNotAllowed', 'The method is not allowed.');
  if (bytes === 'too large') {
    throw invalidImageSize('Image size is too big. The valid image file size should be no larger than 6 MB.');
  }
  const body = bodyOf(bytes, incoming.headers['content-type'] ?? '');
  const path = decoded(url.pathname.replace(API_ROOT, ''));
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
export function readBody(incoming: IncomingMessage): Promise<Buffer | 'too large'> {
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
