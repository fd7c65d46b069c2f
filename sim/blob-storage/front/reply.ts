import type { OutgoingHttpHeaders } from 'node:http';
import type { BlobSlice } from '../account.js';
import { type Blob, contentMd5 } from '../blob.js';
import type { ContainerProperties } from '../container.js';
import type { StorageFailure } from '../failure.js';
import type { Metadata } from '../names.js';
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

export function containerHeaders(container: ContainerProperties): OutgoingHttpHeaders {
  const access: OutgoingHttpHeaders =
    container.publicAccess === 'none' ? {} : { 'x-ms-blob-public-access': container.publicAccess };
  return {
    ...versionHeaders(container),
    ...metadataHeaders(container.metadata),
    ...access,
    'x-ms-lease-status': 'unlocked',
    'x-ms-lease-state': 'available',
    'x-ms-has-immutability-policy': 'false',
    'x-ms-has-legal-hold': 'false',
  };
}

function definedOnly(headers: Readonly<Record<string, string | undefined>>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

export function blobHeaders(blob: Blob): OutgoingHttpHeaders {
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
    'x-ms-blob-type': 'BlockBlob',
    'x-ms-creation-time': new Date(blob.createdMs).toUTCString(),
    'x-ms-lease-status': 'unlocked',
    'x-ms-lease-state': 'available',
    'x-ms-server-encrypted': 'true',
  };
}

/** "Get Blob": a part answers 206 and says the whole blob's MD5 under another name. */
export function sliceReply({ blob, bytes, range }: BlobSlice): Reply {
  const headers: OutgoingHttpHeaders = { ...blobHeaders(blob), 'Content-Length': bytes.byteLength };
  if (range === null) {
    headers['Content-MD5'] = contentMd5(blob.body);
    return { status: 200, headers, body: bytes };
  }
  headers['Content-Range'] = `bytes ${range.start}-${range.end}/${blob.body.byteLength}`;
  headers['x-ms-blob-content-md5'] = contentMd5(blob.body);
  return { status: 206, headers, body: bytes };
}
