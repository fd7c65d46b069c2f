/**
 * Shared access signatures: "Create a service SAS" and "Create an account SAS" of the Azure Storage REST
 * reference. Given a token and what it is used for, says whether it is genuine and what it permits.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { BlobAccount } from '../account/account.js';
import { fail, type Outcome, type StorageErrorCode, succeed } from '../failure.js';
import type { Operation } from '../operations/operations.js';
import { withStoredPolicy } from './access-policies.js';

/** How a request came in, as far as a token may restrict it. */
export interface Transport {
  readonly protocol: 'http' | 'https';
  /** Null in process. */
  readonly remoteAddress: string | null;
}

/** From this version on, the string to sign has a line for the encryption scope. */
const ENCRYPTION_SCOPE_VERSION = '2020-12-06';
/** From this version on, a service SAS signs its resource kind and the snapshot's time. */
const SIGNED_RESOURCE_VERSION = '2018-11-09';

/** Verifies `token` for `operation` at `nowMs`. */
export function authoriseToken(
  account: BlobAccount,
  token: URLSearchParams,
  operation: Operation<unknown>,
  transport: Transport,
  nowMs: number,
): Outcome<null> {
  if (token.has('skoid'))
    return fail('AuthenticationFailed', 'a user delegation token: this stand-in knows account keys only');
  const isAccountToken = token.has('ss');
  const stringToSign = isAccountToken
    ? accountStringToSign(account.name, token)
    : serviceStringToSign(account.name, token, operation);
  if (stringToSign === null) return fail('AuthenticationFailed', 'the token lacks sr, sp, se or sv');
  if (!isSignedBy(account.signingKeys, stringToSign, token.get('sig') ?? ''))
    return fail('AuthenticationFailed', 'Signature did not match.');
  const container = account.containerProperties(operation.target.container ?? '');
  const whole = isAccountToken
    ? succeed(token)
    : withStoredPolicy(token, container.ok ? container.value.policies : []);
  return whole.ok ? authoriseWhole(account, whole.value, isAccountToken, operation, transport, nowMs) : whole;
}

/** `token` is genuine, and says itself what its stored policy says for it. */
function authoriseWhole(
  account: BlobAccount,
  token: URLSearchParams,
  isAccountToken: boolean,
  operation: Operation<unknown>,
  transport: Transport,
  nowMs: number,
): Outcome<null> {
  const refusal =
    validityProblem(token, nowMs) ??
    transportProblem(token, transport) ??
    (isAccountToken ? accountScopeProblem(token, operation) : serviceScopeProblem(operation));
  if (refusal) return fail(refusal.code, refusal.detail);
  const needed = operation.needs(account);
  const permitted = [...needed].some((letter) => token.get('sp')?.includes(letter));
  if (permitted) return succeed(null);
  return fail(
    'AuthorizationPermissionMismatch',
    `${operation.name} needs one of sp=${needed}, the token has sp=${token.get('sp')}`,
  );
}

interface Refusal {
  readonly code: StorageErrorCode;
  readonly detail: string;
}

function part(token: URLSearchParams, name: string): string {
  return token.get(name) ?? '';
}

function serviceStringToSign(
  account: string,
  token: URLSearchParams,
  { target }: Operation<unknown>,
): string | null {
  const version = part(token, 'sv');
  const resource = part(token, 'sr');
  if (target.container === null || !['b', 'bs', 'c'].includes(resource)) return null;
  const saysWhat = token.has('si') || (token.has('sp') && token.has('se'));
  if (version === '' || !saysWhat) return null;
  const path = resource !== 'c' ? `${target.container}/${target.blob ?? ''}` : target.container;
  const lines = [
    part(token, 'sp'),
    part(token, 'st'),
    part(token, 'se'),
    `/blob/${account}/${path}`,
    part(token, 'si'),
    part(token, 'sip'),
    part(token, 'spr'),
    version,
  ];
  const snapshot = resource === 'bs' ? (target.snapshot ?? '') : '';
  if (version >= SIGNED_RESOURCE_VERSION) lines.push(resource, snapshot);
  if (version >= ENCRYPTION_SCOPE_VERSION) lines.push(part(token, 'ses'));
  for (const overridden of ['rscc', 'rscd', 'rsce', 'rscl', 'rsct']) lines.push(part(token, overridden));
  return lines.join('\n');
}

function accountStringToSign(account: string, token: URLSearchParams): string | null {
  if (!token.has('sv') || !token.has('sp') || !token.has('se') || !token.has('srt')) return null;
  const names = ['sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv'];
  const lines = [account, ...names.map((name) => part(token, name))];
  if (part(token, 'sv') >= ENCRYPTION_SCOPE_VERSION) lines.push(part(token, 'ses'));
  return `${lines.join('\n')}\n`;
}

function isSignedBy(keys: readonly string[], stringToSign: string, signature: string): boolean {
  const given = Buffer.from(signature, 'base64');
  return keys.some((key) => {
    const expected = signatureOf(key, stringToSign);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** A camera shows one token with every picture, so its signature need not be reckoned each time. */
const REMEMBERED_SIGNATURES = 64;
const signatures = new Map<string, Buffer>();

/** What `key` makes of `stringToSign`: who holds the right signature is decided anew by every request. */
function signatureOf(key: string, stringToSign: string): Buffer {
  const name = `${key}\n${stringToSign}`;
  let signature = signatures.get(name);
  if (signature === undefined) {
    signature = createHmac('sha256', Buffer.from(key, 'base64')).update(stringToSign, 'utf8').digest();
    if (signatures.size >= REMEMBERED_SIGNATURES) signatures.clear();
    signatures.set(name, signature);
  }
  return signature;
}

function validityProblem(token: URLSearchParams, nowMs: number): Refusal | null {
  const start = token.get('st');
  if (start !== null && !(Date.parse(start) <= nowMs)) return outsideTimeFrame(`Start [${start}]`, nowMs);
  const expiry = part(token, 'se');
  if (!(Date.parse(expiry) > nowMs)) return outsideTimeFrame(`Expiry [${expiry}]`, nowMs);
  return null;
}

function outsideTimeFrame(limit: string, nowMs: number): Refusal {
  const now = new Date(nowMs).toUTCString();
  return {
    code: 'AuthenticationFailed',
    detail: `Signature not valid in the specified time frame: ${limit} - Current [${now}]`,
  };
}

function transportProblem(token: URLSearchParams, transport: Transport): Refusal | null {
  if (token.get('spr') === 'https' && transport.protocol !== 'https')
    return { code: 'AuthorizationProtocolMismatch', detail: 'the token permits https only' };
  const range = token.get('sip');
  const address = transport.remoteAddress;
  if (range !== null && address !== null && !isInRange(address, range))
    return { code: 'AuthorizationSourceIPMismatch', detail: `${address} is not in ${range}` };
  return null;
}

function isInRange(address: string, range: string): boolean {
  const [low = '', high = low] = range.split('-');
  const value = ipv4Value(address);
  return value >= ipv4Value(low) && value <= ipv4Value(high);
}

/** NaN for anything else, which no range holds. */
function ipv4Value(address: string): number {
  const octets = address
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number);
  return octets.length === 4 ? octets.reduce((value, octet) => value * 256 + octet, 0) : Number.NaN;
}

function accountScopeProblem(token: URLSearchParams, { target }: Operation<unknown>): Refusal | null {
  if (!part(token, 'ss').includes('b'))
    return {
      code: 'AuthorizationServiceMismatch',
      detail: `the token is for ss=${part(token, 'ss')}, not for blobs`,
    };
  const type = target.blob !== null ? 'o' : target.container !== null ? 'c' : 's';
  if (!part(token, 'srt').includes(type))
    return { code: 'AuthorizationResourceTypeMismatch', detail: `srt=${part(token, 'srt')} lacks ${type}` };
  return null;
}

const REACHED_BY_SERVICE_SAS: ReadonlySet<string> = new Set([
  'ListBlobs',
  'FindBlobsByTags',
  'SubmitBatch',
  'GetAccountInformation',
]);

/** A service SAS reaches blobs and their listings, never a container itself. */
function serviceScopeProblem({ target, name }: Operation<unknown>): Refusal | null {
  if (target.blob !== null || REACHED_BY_SERVICE_SAS.has(name)) return null;
  return { code: 'AuthorizationPermissionMismatch', detail: `a service SAS cannot permit ${name}` };
}
