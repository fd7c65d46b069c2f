/** "Blob Batch": several deletions, or changes of tier, in one request; each is authorised and answered by itself. */

import { idOf } from '../account/ids.js';
import type { BlobStorage, Caller } from '../blob-storage.js';
import { fail, type Outcome, succeed } from '../failure.js';
import { type OperationName, submitBatch } from '../operations/operations.js';
import type { RestExchange } from './exchange.js';
import { identify } from './identify.js';
import { boundaryOf, type InnerReply, type InnerRequest, readRequests, writeReplies } from './multipart.js';
import { readCredential } from './read-credential.js';
import { failureReply, type Reply } from './reply.js';
import { header, type RestRequest, readTarget } from './rest-request.js';

/** "The batch request supports a maximum of 256 subrequests." */
const MOST_REQUESTS = 256;
const BATCHED: ReadonlySet<string> = new Set(['DeleteBlob', 'SetBlobTier']);
const ACCEPTED = 202;
const NO_BODY = new Uint8Array();

/** How one part is taken for an exchange of its own. */
type BuildExchange = (name: OperationName, request: RestRequest, body: Uint8Array) => Outcome<RestExchange>;

export function batchExchange(
  request: RestRequest,
  body: Uint8Array,
  build: BuildExchange,
): Outcome<RestExchange> {
  const boundary = boundaryOf(header(request, 'content-type'));
  if (boundary === null)
    return fail('InvalidHeaderValue', 'Content-Type, expected multipart/mixed with a boundary');
  const inner = readRequests(body, boundary);
  if (inner === null || inner.length === 0)
    return fail('InvalidInput', 'the body, expected parts of application/http');
  if (inner.length > MOST_REQUESTS)
    return fail('ExceedsMaxBatchRequestCount', `${inner.length} of at most ${MOST_REQUESTS}`);
  return succeed(async (storage, caller) => {
    const { account, container } = request.target;
    const permitted = await storage.perform(submitBatch(account, container), caller);
    if (!permitted.ok) return permitted;
    const replies: InnerReply[] = [];
    for (const each of inner) replies.push(await answer(storage, caller, request, each, build));
    const reply = `batchresponse_${idOf(request.path, request.nowMs)}`;
    const text = writeReplies(replies, reply);
    return succeed({
      status: ACCEPTED,
      headers: {
        'Content-Type': `multipart/mixed; boundary=${reply}`,
        'Content-Length': Buffer.byteLength(text),
      },
      body: text,
    });
  });
}

async function answer(
  storage: BlobStorage,
  caller: Caller,
  outer: RestRequest,
  inner: InnerRequest,
  build: BuildExchange,
): Promise<InnerReply> {
  const { contentId, method } = inner;
  const requestId = idOf('batch', contentId, inner.url, outer.nowMs);
  const outcome = await perform(storage, caller, outer, inner, build);
  const { body, headers, status } = outcome.ok
    ? outcome.value
    : failureReply(outcome.failure, method, requestId, outer.nowMs);
  return { contentId, status, headers: { 'x-ms-request-id': requestId, ...headers }, body };
}

async function perform(
  storage: BlobStorage,
  caller: Caller,
  outer: RestRequest,
  { headers, method, url }: InnerRequest,
  build: BuildExchange,
): Promise<Outcome<Reply>> {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const target = readTarget(path, header(outer, 'host') ?? '', query);
  if (target === null) return fail('InvalidUri', path);
  const isOutside = target.account !== outer.target.account;
  const isElsewhere = outer.target.container !== null && target.container !== outer.target.container;
  if (isOutside || isElsewhere) return fail('InvalidInput', `${path} is not below ${outer.path}`);
  const request: RestRequest = { method, path, query, headers, target, nowMs: outer.nowMs };
  const name = identify(request);
  if (!name.ok) return name;
  if (!BATCHED.has(name.value)) return fail('InvalidInput', `${name.value} cannot be part of a batch`);
  const exchange = build(name.value, request, NO_BODY);
  if (!exchange.ok) return exchange;
  // The batch has paid for the way of all its parts.
  return exchange.value(storage, {
    ...caller,
    credential: readCredential(storage, request),
    link: undefined,
  });
}
