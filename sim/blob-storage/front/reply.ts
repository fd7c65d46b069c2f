import type { OutgoingHttpHeaders } from 'node:http';
import type { BlobSlice } from '../account/account.js';
import { type Blob, blobTypeOf, contentMd5 } from '../account/blob.js';
import type { ContainerProperties } from '../account/container.js';
import { isLocked, type Lease, type LeaseAction, leaseState } from '../account/lease.js';
import type { Metadata } from '../account/names.js';
import { DEFAULT_TIER, tierAt } from '../account/tiers.js';
import type { StorageFailure } from '../failure.js';
import type { Leased } from '../operations/leasing.js';
import { text } from './xml.js';

/** An HTTP answer before the headers that every answer has. */
export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array | string;
}

export function emptyReply(status: number, headers: OutgoingHttpHeaders = {}): Reply {
  return { status, headers: { 'Content-Length': 0, ...headers }, body: '' };
}

export function xmlReply(body: string): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(body) },
    body,
  };
}

/** "Status and error codes": the code as a header, and as XML where the method allows a body. */
export function failureReply(
  failure: StorageFailure,
  method: string,
  requestId: string,
  nowMs: number,
): Reply {
  const headers: OutgoingHttpHeaders = { 'x-ms-error-code': failure.code };
  if (failure.code === 'NotModified') headers['x-ms-error-code'] = 'ConditionNotMet';
  if (failure.status === 401) headers['WWW-Authenticate'] = 'Bearer resource_id=https://storage.azure.com';
  if (method === 'HEAD' || failure.status === 304) return { status: failure.status, headers, body: '' };
  const message = `${failure.message}\nRequestId:${requestId}\nTime:${new Date(nowMs).toISOString()}`;
  const detail =
    failure.detail === null
      ? ''
      : `<AuthenticationErrorDetail>${text(failure.detail)}</AuthenticationErrorDetail>`;
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${failure.code}</Code><Message>${text(message)}</Message>${detail}</Error>`;
  const reply = xmlReply(body);
  return { ...reply, status: failure.status, headers: { ...reply.headers, ...headers } };
}

export function versionHeaders(version: {
  readonly etag: string;
  readonly lastModifiedMs: number;
}): OutgoingHttpHeaders {
  return { ETag: version.etag, 'Last-Modified': new Date(version.lastModifiedMs).toUTCString() };
}

function metadataHeaders(metadata: Metadata): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]));
}

export function containerHeaders(container: ContainerProperties, nowMs: number): OutgoingHttpHeaders {
  const access: OutgoingHttpHeaders =
    container.publicAccess === 'none' ? {} : { 'x-ms-blob-public-access': container.publicAccess };
  return {
    ...versionHeaders(container),
    ...metadataHeaders(container.metadata),
    ...access,
    ...leaseHeaders(container.lease, nowMs),
    'x-ms-has-immutability-policy': 'false',
    'x-ms-has-legal-hold': 'false',
  };
}

function leaseHeaders(lease: Lease | null, nowMs: number): OutgoingHttpHeaders {
  const state = leaseState(lease, nowMs);
  return {
    'x-ms-lease-status': isLocked(lease, nowMs) ? 'locked' : 'unlocked',
    'x-ms-lease-state': state,
    ...(state === 'leased' ? { 'x-ms-lease-duration': lease?.endsMs === null ? 'infinite' : 'fixed' } : {}),
  };
}

function copyHeaders({ copy, body }: Blob): OutgoingHttpHeaders {
  if (copy === null) return {};
  return {
    'x-ms-copy-id': copy.id,
    'x-ms-copy-source': copy.sourceUrl,
    'x-ms-copy-status': 'success',
    'x-ms-copy-progress': `${body.byteLength}/${body.byteLength}`,
    'x-ms-copy-completion-time': new Date(copy.completedMs).toUTCString(),
  };
}

function appendingHeaders({ appending }: Blob): OutgoingHttpHeaders {
  if (appending === null) return {};
  return {
    'x-ms-blob-committed-block-count': appending.blockCount,
    ...(appending.isSealed ? { 'x-ms-blob-sealed': 'true' } : {}),
  };
}

/** Only block blobs have one; a tier that nobody chose is said to be inferred. */
function tierHeaders(blob: Blob, nowMs: number): OutgoingHttpHeaders {
  if (blob.appending !== null) return {};
  const tier = tierAt(blob, nowMs);
  if (tier === null) return { 'x-ms-access-tier': DEFAULT_TIER, 'x-ms-access-tier-inferred': 'true' };
  return {
    'x-ms-access-tier': tier.name,
    'x-ms-access-tier-change-time': new Date(tier.changedMs).toUTCString(),
    ...(tier.rehydration === null
      ? {}
      : { 'x-ms-archive-status': `rehydrate-pending-to-${tier.rehydration.to.toLowerCase()}` }),
  };
}

/** "Lease Blob": each action has a status of its own. */
export function leaseReply({ action }: LeaseAction, leased: Leased): Reply {
  const headers = versionHeaders(leased);
  if (action === 'break')
    return emptyReply(202, { ...headers, 'x-ms-lease-time': leased.remainingSeconds ?? 0 });
  const id = leased.lease === null ? {} : { 'x-ms-lease-id': leased.lease.id };
  return emptyReply(action === 'acquire' ? 201 : 200, { ...headers, ...id });
}

export const ENCRYPTED = { 'x-ms-request-server-encrypted': 'true' } as const;

function definedOnly(headers: Readonly<Record<string, string | undefined>>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/** `nowMs` decides what state its lease is in. */
export function blobHeaders(blob: Blob, nowMs: number): OutgoingHttpHeaders {
  const tagCount = Object.keys(blob.tags).length;
  return {
    ...versionHeaders(blob),
    ...metadataHeaders(blob.metadata),
    'Content-Type': blob.content.contentType,
    ...definedOnly({
      'Content-Encoding': blob.content.contentEncoding,
      'Content-Language': blob.content.contentLanguage,
      'Content-Disposition': blob.content.contentDisposition,
      'Cache-Control': blob.content.cacheControl,
    }),
    'Accept-Ranges': 'bytes',
    'x-ms-blob-type': blobTypeOf(blob),
    'x-ms-creation-time': new Date(blob.createdMs).toUTCString(),
    ...leaseHeaders(blob.lease, nowMs),
    ...copyHeaders(blob),
    ...appendingHeaders(blob),
    ...tierHeaders(blob, nowMs),
    ...(tagCount === 0 ? {} : { 'x-ms-tag-count': tagCount }),
    'x-ms-server-encrypted': 'true',
  };
}

/** "Get Blob": a part answers 206 and says the whole blob's MD5 under another name. */
export function sliceReply({ blob, bytes, range }: BlobSlice, nowMs: number): Reply {
  const headers: OutgoingHttpHeaders = { ...blobHeaders(blob, nowMs), 'Content-Length': bytes.byteLength };
  if (range === null) {
    headers['Content-MD5'] = contentMd5(blob.body);
    return { status: 200, headers, body: bytes };
  }
  headers['Content-Range'] = `bytes ${range.start}-${range.end}/${blob.body.byteLength}`;
  headers['x-ms-blob-content-md5'] = contentMd5(blob.body);
  return { status: 206, headers, body: bytes };
}
