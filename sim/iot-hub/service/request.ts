import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { IotHub } from '../core.js';
import { isObject } from '../twins/twin-document.js';
import { ServiceError } from './service-error.js';

/** A request, read and authorised. */
export interface RestRequest {
  /** What stood in the places of the route's path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Of the hub's service or a device's side. */
export interface ServiceRequest extends RestRequest {
  readonly hub: IotHub;
}

export interface ServiceReply {
  readonly status: number;
  readonly json?: Json | object;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A part of the path; the route has it, or is wrong. */
export function pathPart({ path }: RestRequest, name: string): string {
  const part = path[name];
  if (part === undefined) throw new RangeError(`the route has no {${name}}`);
  return part;
}

/** The body as JSON; 400 when it is none. */
export function jsonBody({ body }: RestRequest): Json {
  try {
    return JSON.parse(Buffer.from(body).toString() || 'null') as Json;
  } catch {
    throw new ServiceError(400, 'ArgumentInvalid', 'the body is not JSON');
  }
}

/** The body as a JSON object; 400 when it is none. */
export function objectBody(request: RestRequest): Properties {
  const body = jsonBody(request);
  if (isObject(body)) return body;
  throw new ServiceError(400, 'ArgumentInvalid', 'the body must be a JSON object');
}

export function textHeader({ headers }: RestRequest, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

/** 412 unless `If-Match` is absent, `*`, or the current ETag, with or without quotes. */
export function checkIfMatch(request: RestRequest, etag: string): void {
  const wanted = textHeader(request, 'if-match')?.replace(/^W\//, '').replaceAll('"', '');
  if (wanted === undefined || wanted === '*' || wanted === etag) return;
  throw new ServiceError(412, 'PreconditionFailed', `the ETag is "${etag}" now, not "${wanted}"`);
}
