/** Requests and answers of the REST front. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PowerBiError } from '../core/errors.js';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Of a request's body; 10,000 rows of a wide table stay well below. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The body of a request. Rejects with `PowerBiError` (413) beyond the limit. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new PowerBiError('RequestEntityTooLarge', `the body is larger than ${MAX_BODY_BYTES} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Throws `PowerBiError` (`BadRequest`). */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new PowerBiError('BadRequest', `the body is not JSON: ${(error as Error).message}`);
  }
}

export function answerOf(error: unknown): Answer {
  if (!(error instanceof PowerBiError)) throw error;
  const { status, refusal: code, message, retryAfterSeconds } = error;
  return {
    status,
    body: { error: { code, message } },
    headers: {
      ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
  };
}

export function sendAnswer(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

/** A part of a path. Throws `PowerBiError` (`BadRequest`). */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new PowerBiError('BadRequest', `"${text}" is not percent-encoded properly`);
  }
}

export function notAllowed({
  method,
  path,
}: {
  readonly method: string;
  readonly path: string;
}): PowerBiError {
  return new PowerBiError('MethodNotAllowed', `${method} is not supported at ${path}`);
}
