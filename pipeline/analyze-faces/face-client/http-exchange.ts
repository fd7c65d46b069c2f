/** Carries requests to the Face API over HTTP with node:http, the cheapest client on a path this hot. */
import http from 'node:http';
import https from 'node:https';
import type { FaceAnswer, FaceExchange, FaceRequest } from './exchange.js';

export interface HttpExchangeOptions {
  /** `http://face.store.local:5000`, with or without `/face/v1.0/` at its end. */
  readonly endpoint: string;
  /** Null where none is asked for, as a container's. */
  readonly key: string | null;
  /** Keeps connections alive; a world gives one that goes over its links. */
  readonly agent?: http.Agent;
}

const API_ROOT = '/face/v1.0';

/** @throws TypeError when `endpoint` is no HTTP URL. */
export function httpFaceExchange({ endpoint, key, agent }: HttpExchangeOptions): FaceExchange {
  const base = new URL(endpoint);
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw new TypeError(`the Face endpoint must begin with http:// or https://, not ${endpoint}`);
  const { request: open } = base.protocol === 'https:' ? https : http;
  const root = rootOf(base);
  return (request, signal) =>
    new Promise((resolve, reject) => {
      const { bytes, contentType } = contentOf(request);
      const query = new URLSearchParams(request.query).toString();
      const path = request.path.split('/').map(encodeURIComponent).join('/');
      const outgoing = open({
        protocol: base.protocol,
        hostname: base.hostname,
        port: base.port,
        method: request.method,
        path: `${root}${path}${query === '' ? '' : `?${query}`}`,
        headers: {
          'Content-Length': bytes.length,
          ...(contentType === null ? {} : { 'Content-Type': contentType }),
          ...(key === null ? {} : { 'Ocp-Apim-Subscription-Key': key }),
        },
        ...(agent === undefined ? {} : { agent }),
        signal,
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        readAnswer(response).then(resolve, reject);
      });
      outgoing.end(bytes);
    });
}

function rootOf({ pathname }: URL): string {
  const path = pathname.replace(/\/+$/, '');
  return path.endsWith(API_ROOT) ? path : `${path}${API_ROOT}`;
}

const NOTHING = Buffer.alloc(0);

function contentOf({ body }: FaceRequest): { bytes: Uint8Array; contentType: string | null } {
  switch (body.kind) {
    case 'none':
      return { bytes: NOTHING, contentType: null };
    case 'picture':
      return { bytes: body.bytes, contentType: 'application/octet-stream' };
    case 'json':
      return { bytes: Buffer.from(body.text), contentType: 'application/json' };
  }
}

function readAnswer(response: http.IncomingMessage): Promise<FaceAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({
        status: response.statusCode ?? 0,
        retryAfterSeconds: retryAfterOf(response.headers['retry-after']),
        body: parse(text),
      });
    });
  });
}

/** RFC 9110 section 10.2.3, in seconds; the service never sends a date. */
function retryAfterOf(header: string | undefined): number | null {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

/** A proxy on the way may answer with a page of HTML: then there is no JSON, and the status says enough. */
function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
