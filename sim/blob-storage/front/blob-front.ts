/**
 * The REST front of the Blob service, on plain node:http because pictures come this way. It serves sockets of
 * the real network (`listen`) and connections of a world (`server.emit('connection', end)`) alike.
 */
import type http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { RandomStream } from '../../kernel/services.js';
import { LinkDownError, linkOf, worldHttpServer } from '../../network/index.js';
import type { BlobStorage } from '../blob-storage.js';
import type { Outcome, StorageFailure } from '../failure.js';
import { restExchange } from './exchanges.js';
import { identify } from './identify.js';
import { readCredential } from './read-credential.js';
import { failureReply, type Reply } from './reply.js';
import { readHead } from './rest-request.js';

/** Answered when a request names no version. */
const DEFAULT_SERVICE_VERSION = '2025-11-05';

export function createBlobFront(storage: BlobStorage, requestIds: RandomStream): http.Server {
  return worldHttpServer((incoming, response) => {
    handle(storage, requestIds.uuid(), incoming, response).catch((error: unknown) => {
      // A severed connection has nobody left to answer.
      if (error instanceof LinkDownError || incoming.destroyed) incoming.socket.destroy();
      else incoming.socket.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

const NO_BODY = new Uint8Array();

async function handle(
  storage: BlobStorage,
  requestId: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = incoming.method ?? 'GET';
  const refuse = (failure: StorageFailure) =>
    send(storage, requestId, incoming, response, failureReply(failure, method, requestId, storage.nowMs()));
  const head = readHead(incoming, storage.nowMs());
  const body = await readBody(incoming);
  if (!head.ok) return refuse(head.failure);
  const name = identify(head.value);
  if (!name.ok) return refuse(name.failure);
  const exchange = restExchange(name.value, head.value, body);
  if (!exchange.ok) return refuse(exchange.failure);
  const outcome: Outcome<Reply> = await exchange.value(storage, {
    credential: readCredential(storage, head.value),
    transport: {
      protocol: (incoming.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http',
      remoteAddress: incoming.socket.remoteAddress ?? null,
    },
    link: linkOf(incoming.socket),
  });
  if (!outcome.ok) return refuse(outcome.failure);
  send(storage, requestId, incoming, response, outcome.value);
}

/** A copy of its own, so that a blob never shares memory with what a client goes on using. */
async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers;
  if (length === undefined && encoding === undefined) return NO_BODY;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(
  storage: BlobStorage,
  requestId: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): void {
  const clientRequestId = incoming.headers['x-ms-client-request-id'];
  response.writeHead(reply.status, {
    ...reply.headers,
    'x-ms-request-id': requestId,
    ...(clientRequestId === undefined ? {} : { 'x-ms-client-request-id': clientRequestId }),
    'x-ms-version': incoming.headers['x-ms-version'] ?? DEFAULT_SERVICE_VERSION,
    Server: 'Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0',
    Date: new Date(storage.nowMs()).toUTCString(),
  });
  response.end(incoming.method === 'HEAD' ? undefined : reply.body);
}
