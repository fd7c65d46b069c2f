/**
 * Stands in front of Azurite and does there what our own service does at its door: charges the link, traces,
 * counts, and tells triggers of new blobs. Requests and answers themselves pass unchanged.
 */
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { KernelServices } from '../../kernel/services.js';
import type { StageFigures } from '../../kernel/stage-counters.js';
import { duplexPair, exchange, linkOf, worldHttpServer } from '../../network/index.js';
import type { Azurite } from '../azurite.js';
import type { BlobWritten } from '../blob-storage.js';
import { exchangeKey, OperationLog } from '../operations/operation-log.js';
import { LIST_ENTRY_BYTES, type Target, writesBlob } from '../operations/operations.js';
import { identify } from './identify.js';
import { type RestRequest, readHead, readMetadata } from './rest-request.js';

export interface AzuriteFront {
  readonly server: http.Server;
  onBlobWritten(listener: (written: BlobWritten) => void): () => void;
  figures(): readonly StageFigures[];
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export function createAzuriteFront(services: KernelServices, azurite: Azurite): AzuriteFront {
  const log = new OperationLog(services);
  const listeners = new Set<(written: BlobWritten) => void>();
  const agent = new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  agent.createConnection = () => {
    const [client, far] = duplexPair();
    azurite.server.emit('connection', far);
    return client;
  };

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    const head = readHead(incoming, services.clock.now());
    const name = head.ok ? identify(head.value) : head;
    const known = name.ok ? name.value : 'Other';
    const target = head.ok ? head.value.target : NO_TARGET;
    const answer = await exchange(
      linkOf(incoming.socket),
      exchangeKey(known, target),
      known === 'PutBlob' || known === 'PutBlock' ? body.byteLength : 0,
      async () => {
        const served = await forward(agent, incoming, body);
        log.record(known, target, served.status < FIRST_ERROR_STATUS ? null : served.status);
        if (writesBlob(known) && served.status < FIRST_ERROR_STATUS && head.ok)
          announce(listeners, head.value, served, body.byteLength);
        return served;
      },
      (served) => answerBytes(known, served),
    );
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  return {
    server: worldHttpServer((incoming, response) => {
      handle(incoming, response).catch(() => incoming.socket.destroy());
    }),
    onBlobWritten(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    figures: () => log.figures(),
  };
}

const NO_TARGET: Target = { account: '', container: null, blob: null };

async function readBody(incoming: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(agent: http.Agent, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { method, url, headers } = incoming;
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, method, path: url, headers, setHost: false }, (answer) => {
      readBody(answer).then(
        (received) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: received }),
        reject,
      );
    });
    request.once('error', reject);
    request.end(body);
  });
}

const FIRST_ERROR_STATUS = 400;

/** What our own service would be charged for the same answer. */
function answerBytes(name: string, { status, body }: Answer): number {
  if (status >= FIRST_ERROR_STATUS) return 0;
  if (name === 'GetBlob') return body.byteLength;
  if (name !== 'ListBlobs' && name !== 'ListContainers') return 0;
  const entries = body.toString('utf8').match(/<(?:Blob|BlobPrefix|Container)>/g) ?? [];
  return entries.length * LIST_ENTRY_BYTES;
}

function announce(
  listeners: ReadonlySet<(written: BlobWritten) => void>,
  request: RestRequest,
  { headers }: Answer,
  lengthBytes: number,
): void {
  const { account, container, blob } = request.target;
  if (container === null || blob === null) return;
  const metadata = readMetadata(request);
  for (const listener of listeners)
    listener({ account, container, name: blob, etag: headers.etag ?? '', lengthBytes, metadata });
}
