/** Requests and answers as `node:http` has them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceReply } from './request.js';
import { ServiceError } from './service-error.js';

/** Of a request: a deployment manifest may be large, a picture does not come this way. */
const MOST_BODY_BYTES = 1024 * 1024;

export async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) {
      throw new ServiceError(413, 'MessageTooLarge', `a request may have ${MOST_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `nowMs` is the date of the answer. */
export function writeReply(response: ServerResponse, nowMs: number, reply: ServiceReply): void {
  const { bytes, headers, json, status } = reply;
  response.sendDate = false;
  response.statusCode = status;
  response.setHeader('Date', new Date(nowMs).toUTCString());
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (bytes !== undefined) response.end(bytes);
  else if (json === undefined) response.end();
  else {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(json));
  }
}
