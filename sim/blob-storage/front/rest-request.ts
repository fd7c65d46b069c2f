import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ByteRange, PutOptions } from '../account/account.js';
import type { ContentProperties } from '../account/blob.js';
import type { Conditions } from '../account/conditions.js';
import type { Metadata } from '../account/names.js';
import { readTagsHeader } from '../account/tags.js';
import { type AccessTier, isAccessTier } from '../account/tiers.js';
import { fail, type Outcome, succeed } from '../failure.js';
import type { Target } from '../operations/operations.js';

/** A request's head, taken apart but not yet understood. */
export interface RestRequest {
  readonly method: string;
  /** As it was sent, still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly target: Target;
  /** When it came, by the service's clock. */
  readonly nowMs: number;
}

export function readHead(incoming: IncomingMessage, nowMs: number): Outcome<RestRequest> {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const target = readTarget(path, incoming.headers.host ?? '', query);
  if (target === null) return fail('InvalidUri', `${JSON.stringify(path)} is not a valid path`);
  return succeed({ method: incoming.method ?? 'GET', path, query, headers: incoming.headers, target, nowMs });
}

/** `account.blob.…/container/blob`, or, on any other host, `host/account/container/blob`. */
const ACCOUNT_IN_HOST = /^([a-z0-9]{3,24})\.blob\./;

/** Null when the path cannot be decoded. */
export function readTarget(path: string, host: string, query: URLSearchParams): Target | null {
  const segments = path.slice(1).split('/');
  const account = ACCOUNT_IN_HOST.exec(host)?.[1] ?? segments.shift() ?? '';
  const [container = '', ...rest] = segments;
  try {
    const blob = decodeURIComponent(rest.join('/'));
    return {
      account,
      container: decodeURIComponent(container) || null,
      blob: blob || null,
      snapshot: query.get('snapshot'),
    };
  } catch {
    return null;
  }
}

export function header(request: RestRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

const METADATA_PREFIX = 'x-ms-meta-';

export function readMetadata({ headers }: RestRequest): Metadata {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(METADATA_PREFIX) && typeof value === 'string')
      metadata[name.slice(METADATA_PREFIX.length)] = value;
  }
  return metadata;
}

export function readConditions(request: RestRequest): Conditions {
  return {
    ifMatch: header(request, 'if-match'),
    ifNoneMatch: header(request, 'if-none-match'),
    ifModifiedSinceMs: readDate(header(request, 'if-modified-since')),
    ifUnmodifiedSinceMs: readDate(header(request, 'if-unmodified-since')),
    leaseId: header(request, 'x-ms-lease-id'),
  };
}

/** RFC 9110, section 13.1.3: a date that cannot be read asks for nothing. */
function readDate(text: string | undefined): number | undefined {
  const epochMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** "Set Blob Properties" and "Put Blob": the `x-ms-blob-*` headers; a plain Content-Type counts for the latter. */
export function readContent(request: RestRequest): Partial<ContentProperties> {
  const contentType = header(request, 'x-ms-blob-content-type') ?? header(request, 'content-type');
  return {
    ...(contentType === undefined ? {} : { contentType }),
    contentEncoding: header(request, 'x-ms-blob-content-encoding'),
    contentLanguage: header(request, 'x-ms-blob-content-language'),
    contentDisposition: header(request, 'x-ms-blob-content-disposition'),
    cacheControl: header(request, 'x-ms-blob-cache-control'),
  };
}

/** Only what `x-ms-blob-*` headers say, for requests whose own body is not the blob's. */
export function readGivenContent(request: RestRequest): Partial<ContentProperties> {
  const { contentType: _, ...others } = readContent(request);
  const contentType = header(request, 'x-ms-blob-content-type');
  const given = { ...others, ...(contentType === undefined ? {} : { contentType }) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** What every way of writing a blob may say about it. */
export function readPutOptions(request: RestRequest): PutOptions {
  return {
    content: readGivenContent(request),
    metadata: readMetadata(request),
    tags: readTagsHeader(header(request, 'x-ms-tags')),
    conditions: readConditions(request),
  };
}

/** Where a blob is to be kept; undefined leaves it to the account. */
export function readTier(request: RestRequest): Outcome<AccessTier | undefined> {
  const text = header(request, 'x-ms-access-tier');
  if (text === undefined || isAccessTier(text)) return succeed(text);
  return fail('InvalidHeaderValue', `x-ms-access-tier is ${text}, expected Hot, Cool, Cold or Archive`);
}

/** Whether a listing is asked to include `what`. */
export function includes(request: RestRequest, what: string): boolean {
  return (request.query.get('include') ?? '').split(',').includes(what);
}

export function endpointOf(request: RestRequest): string {
  return `http://${request.headers.host ?? ''}/${request.target.account}`;
}

const RANGE = /^bytes=(\d+)-(\d*)$/;

/** "Specifying the Range header": `x-ms-range` wins; a form that the service does not know is ignored. */
export function readRange(request: RestRequest): ByteRange | undefined {
  return parseRange(header(request, 'x-ms-range') ?? header(request, 'range'));
}

export function parseRange(text: string | undefined): ByteRange | undefined {
  const match = RANGE.exec(text ?? '');
  if (!match) return undefined;
  const [, start, end] = match;
  return { start: Number(start), end: end ? Number(end) : undefined };
}
