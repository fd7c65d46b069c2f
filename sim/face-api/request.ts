/** A request as it arrived at the service, whatever carried it. */
import { createHash } from 'node:crypto';
import type { FaceRequest } from '../../pipeline/analyze-faces/face-client/exchange.js';
import { pictureSha256 } from './faces/picture-hash.js';

export interface ReceivedRequest extends FaceRequest {
  readonly bodyBytes: number;
  /** Hex; of an empty body too. */
  readonly bodySha256: string;
  /** Names the request by its contents, so that it has the same name in either fidelity. */
  readonly key: string;
}

export function receive(request: FaceRequest): ReceivedRequest {
  const body = contentOf(request);
  const bodySha256 =
    typeof body === 'string' ? createHash('sha256').update(body).digest('hex') : pictureSha256(body);
  const key = `${request.method} ${request.path}?${canonicalQuery(request.query)} ${bodySha256.slice(0, 16)}`;
  return { ...request, bodyBytes: Buffer.byteLength(body), bodySha256, key };
}

/** `request` with the picture that it named in its body; it keeps its key. */
export function withPicture(request: ReceivedRequest, bytes: Uint8Array): ReceivedRequest {
  const bodySha256 = pictureSha256(bytes);
  return { ...request, body: { kind: 'picture', bytes }, bodyBytes: bytes.length, bodySha256 };
}

/** The query's parameters in the order of their names. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.keys(query)
    .sort()
    .map((name) => `${name}=${query[name]}`)
    .join('&');
}

function contentOf({ body }: FaceRequest): Uint8Array | string {
  switch (body.kind) {
    case 'none':
      return '';
    case 'picture':
      return body.bytes;
    case 'json':
      return body.text;
  }
}
