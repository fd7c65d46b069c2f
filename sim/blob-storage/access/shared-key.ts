/**
 * "Authorize with Shared Key": which account key signed an HTTP request.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { fail, type Outcome, succeed } from '../failure.js';

export interface SignedRequest {
  readonly method: string;
  /** As it was sent, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** "The storage services ensure that a request is no older than 15 minutes by the time it reaches the service." */
const MAX_AGE_MS = 15 * 60_000;

const SIGNED_HEADERS = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
] as const;

const AUTHORIZATION = /^SharedKey ([^:\s]+):([A-Za-z0-9+/=]+)$/;

/** Returns the key among `keys` that signed `request`. */
export function verifySharedKey(
  request: SignedRequest,
  account: string,
  keys: readonly string[],
  nowMs: number,
): Outcome<string> {
  const match = AUTHORIZATION.exec(request.headers.authorization ?? '');
  if (!match)
    return fail('InvalidAuthenticationInfo', 'expected Authorization: SharedKey <account>:<signature>');
  const [, signer, signature = ''] = match;
  if (signer !== account) return fail('AuthenticationFailed', `signed by ${signer}, expected ${account}`);
  const dated = header(request.headers, 'x-ms-date') || header(request.headers, 'date');
  if (!(Math.abs(Date.parse(dated) - nowMs) <= MAX_AGE_MS))
    return fail('AuthenticationFailed', `Request date header not specified or too old: ${dated || 'none'}`);
  const stringToSign = canonicalRequest(request, account);
  const given = Buffer.from(signature, 'base64');
  const key = keys.find((candidate) => {
    const expected = createHmac('sha256', Buffer.from(candidate, 'base64'))
      .update(stringToSign, 'utf8')
      .digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (key !== undefined) return succeed(key);
  return fail(
    'AuthenticationFailed',
    `The MAC signature found in the HTTP request '${signature}' is not the same as any computed signature. Server used following string to sign: '${stringToSign}'.`,
  );
}

/** The string to sign. */
export function canonicalRequest(request: SignedRequest, account: string): string {
  const values = SIGNED_HEADERS.map((name) => {
    const value = header(request.headers, name);
    // Since version 2015-02-21 an empty body signs an empty line; a given x-ms-date empties the date's line.
    if (name === 'content-length' && value === '0') return '';
    if (name === 'date' && request.headers['x-ms-date'] !== undefined) return '';
    return value;
  });
  return [
    request.method,
    ...values,
    ...canonicalHeaders(request.headers),
    `/${account}${request.path}`,
    ...canonicalQuery(request.query),
  ].join('\n');
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function canonicalHeaders(headers: IncomingHttpHeaders): readonly string[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-ms-'))
    .sort(compareHeaderNames)
    .map((name) => `${name}:${header(headers, name).trim()}`);
}

/**
 * The service sorts by the word order of its culture, in which a hyphen weighs less than any other character
 * and decides, last of all, between names that are otherwise equal; the underscore sorts before digits.
 */
export function compareHeaderNames(one: string, other: string): number {
  const [a, b] = [weigh(one), weigh(other)];
  if (a !== b) return a < b ? -1 : 1;
  return one < other ? 1 : one > other ? -1 : 0;
}

function weigh(name: string): string {
  return name.replaceAll('-', '').replaceAll('_', '!');
}

function canonicalQuery(query: URLSearchParams): readonly string[] {
  const names = [...new Set([...query.keys()].map((name) => name.toLowerCase()))].sort();
  return names.map((name) => {
    const values = [...query].filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
    return `${name}:${values.sort().join(',')}`;
  });
}
