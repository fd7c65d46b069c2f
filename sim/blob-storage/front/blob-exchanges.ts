import { contentMd5 } from '../account/blob.js';
import { idOf } from '../account/ids.js';
import { fail, type Outcome } from '../failure.js';
import * as operations from '../operations/operations.js';
import { readSource } from './copy-source.js';
import { exchangeOf, exchangeWith, type RestExchange } from './exchange.js';
import { readLeaseAction } from './lease-request.js';
import {
  blobHeaders,
  ENCRYPTED,
  emptyReply,
  leaseReply,
  sliceReply,
  versionHeaders,
  xmlReply,
} from './reply.js';
import {
  header,
  type RestRequest,
  readConditions,
  readContent,
  readGivenContent,
  readMetadata,
  readPutOptions,
  readRange,
  readTier,
} from './rest-request.js';
import { tagsXml } from './xml.js';
import { readTags } from './xml-body.js';

const CREATED = 201;
const ACCEPTED = 202;
const NO_CONTENT = 204;

/** Null for an operation on something else. */
export function blobExchange(
  name: operations.OperationName,
  request: RestRequest,
  container: string,
  blob: string,
  body: Uint8Array,
): Outcome<RestExchange> | null {
  const { account, snapshot = null } = request.target;
  const conditions = readConditions(request);
  switch (name) {
    case 'PutBlob':
      return putExchange(request, container, blob, body);
    case 'CopyBlob':
      return copyExchange(request, container, blob);
    case 'GetBlob':
      return exchangeOf(
        operations.getBlob(account, container, blob, readRange(request), conditions, snapshot),
        (slice) => sliceReply(slice, request.nowMs),
      );
    case 'GetBlobProperties':
      return exchangeOf(
        operations.blobProperties(account, container, blob, conditions, snapshot),
        (found) => ({
          status: 200,
          headers: {
            ...blobHeaders(found, request.nowMs),
            'Content-Length': found.body.byteLength,
            'Content-MD5': contentMd5(found.body),
          },
          body: '',
        }),
      );
    case 'SetBlobMetadata':
      return exchangeOf(
        operations.setBlobMetadata(account, container, blob, readMetadata(request), conditions),
        (changed) => emptyReply(200, { ...versionHeaders(changed), ...ENCRYPTED }),
      );
    case 'SetBlobProperties':
      return exchangeOf(
        operations.setBlobContentProperties(account, container, blob, readContent(request), conditions),
        (changed) => emptyReply(200, versionHeaders(changed)),
      );
    case 'GetBlobTags':
      return exchangeOf(operations.blobTags(account, container, blob, conditions, snapshot), (tags) =>
        xmlReply(tagsXml(tags)),
      );
    case 'SetBlobTags': {
      const tags = readTags(body);
      if (!tags.ok) return tags;
      const operation = operations.setBlobTags(account, container, blob, tags.value, conditions);
      return exchangeOf(operation, () => emptyReply(NO_CONTENT));
    }
    case 'LeaseBlob': {
      const action = readLeaseAction(request, idOf(request.path, request.nowMs));
      if (!action.ok) return action;
      const { leaseId: _, ...others } = conditions;
      const operation = operations.leaseBlob(account, container, blob, action.value, others);
      return exchangeOf(operation, (leased) => leaseReply(action.value, leased));
    }
    case 'SnapshotBlob':
      return exchangeOf(
        operations.snapshotBlob(account, container, blob, readMetadata(request), conditions),
        (taken) =>
          emptyReply(CREATED, {
            ...versionHeaders(taken),
            'x-ms-snapshot': taken.snapshot ?? '',
            ...ENCRYPTED,
          }),
      );
    case 'UndeleteBlob':
      return exchangeOf(operations.undeleteBlob(account, container, blob), () => emptyReply(200));
    case 'SetBlobTier':
      return tierExchange(request, container, blob);
    case 'DeleteBlob':
      return deleteExchange(request, container, blob);
    default:
      return null;
  }
}

function putExchange(
  request: RestRequest,
  container: string,
  blob: string,
  body: Uint8Array,
): Outcome<RestExchange> {
  const type = header(request, 'x-ms-blob-type');
  if (type === undefined) return fail('MissingRequiredHeader', 'x-ms-blob-type');
  if (type === 'AppendBlob') return createAppendExchange(request, container, blob, body);
  if (type !== 'BlockBlob')
    return fail('UnsupportedOperation', `x-ms-blob-type ${type}, expected BlockBlob or AppendBlob`);
  const tier = readTier(request);
  if (!tier.ok) return tier;
  const operation = operations.putBlob(request.target.account, container, blob, body, {
    ...readPutOptions(request),
    content: readContent(request),
    tier: tier.value,
    expectedMd5: header(request, 'content-md5'),
  });
  return exchangeOf(operation, (written) =>
    emptyReply(CREATED, {
      ...versionHeaders(written),
      'Content-MD5': contentMd5(written.body),
      ...ENCRYPTED,
    }),
  );
}

function createAppendExchange(
  request: RestRequest,
  container: string,
  blob: string,
  body: Uint8Array,
): Outcome<RestExchange> {
  if (body.byteLength > 0) return fail('InvalidHeaderValue', 'Content-Length, expected 0 for an append blob');
  const operation = operations.createAppendBlob(
    request.target.account,
    container,
    blob,
    readPutOptions(request),
  );
  return exchangeOf(operation, (created) =>
    emptyReply(CREATED, { ...versionHeaders(created), ...ENCRYPTED }),
  );
}

/** "Set Blob Tier" answers 202 when a blob has yet to come out of the archive. */
function tierExchange(request: RestRequest, container: string, blob: string): Outcome<RestExchange> {
  const tier = readTier(request);
  if (!tier.ok) return tier;
  if (tier.value === undefined) return fail('MissingRequiredHeader', 'x-ms-access-tier');
  const priority = header(request, 'x-ms-rehydrate-priority') === 'High' ? 'High' : 'Standard';
  const operation = operations.setBlobTier(
    request.target.account,
    container,
    blob,
    tier.value,
    priority,
    readConditions(request),
  );
  return exchangeOf(operation, ({ isPending }) => emptyReply(isPending ? ACCEPTED : 200));
}

/** "Copy Blob" answers at once that it has begun; here it has then also ended. */
function copyExchange(request: RestRequest, container: string, blob: string): Outcome<RestExchange> {
  const { account } = request.target;
  const id = idOf('copy', request.path, request.nowMs, header(request, 'x-ms-copy-source') ?? '');
  const isPut = header(request, 'x-ms-blob-type') !== undefined;
  return exchangeWith(
    (storage, caller) => {
      const source = readSource(storage, caller, request);
      return operations.copyBlob(account, container, blob, {
        id,
        sourceUrl: source.url,
        readSource: source.read,
        options: {
          ...readPutOptions(request),
          content: isPut ? readContent(request) : readGivenContent(request),
        },
      });
    },
    (written) =>
      emptyReply(isPut ? CREATED : ACCEPTED, {
        ...versionHeaders(written),
        ...(isPut
          ? { 'Content-MD5': contentMd5(written.body), ...ENCRYPTED }
          : { 'x-ms-copy-id': id, 'x-ms-copy-status': 'success' }),
      }),
  );
}

function deleteExchange(request: RestRequest, container: string, blob: string): Outcome<RestExchange> {
  const { account, snapshot = null } = request.target;
  const snapshots = header(request, 'x-ms-delete-snapshots');
  if (snapshots !== undefined && snapshots !== 'include' && snapshots !== 'only')
    return fail('InvalidHeaderValue', `x-ms-delete-snapshots is ${snapshots}, expected include or only`);
  const operation = operations.deleteBlob(account, container, blob, readConditions(request), {
    snapshot,
    snapshots,
  });
  return exchangeOf(operation, ({ deletion }) =>
    emptyReply(ACCEPTED, { 'x-ms-delete-type-permanent': String(deletion === null) }),
  );
}
