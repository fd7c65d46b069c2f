/**
 * Shared access signatures as Azure IoT Hub defines them ("Control access to IoT Hub by using shared access
 * signatures", Security token structure):
 * `SharedAccessSignature sr={encoded resource}&sig={encoded HMAC}&se={expiry, epoch seconds}[&skn={policy}]`
 * where the HMAC-SHA256, keyed with the base64-decoded key, is over `{encoded resource}\n{expiry}`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { withoutPort } from './identity.js';

export interface SasToken {
  /** The resource as it was signed, still URL-encoded. */
  readonly encodedResource: string;
  readonly signature: string;
  readonly expirySeconds: number;
  readonly policyName: string | null;
}

export type TokenProblem = 'malformed' | 'wrong-resource' | 'wrong-signature' | 'expired';

const PREFIX = 'SharedAccessSignature ';
const MS_PER_SECOND = 1000;

/** Null when `text` is not a shared access signature. */
export function parseSasToken(text: string): SasToken | null {
  if (!text.startsWith(PREFIX)) return null;
  const fields = new Map<string, string>();
  for (const pair of text.slice(PREFIX.length).split('&')) {
    const split = pair.indexOf('=');
    if (split > 0) fields.set(pair.slice(0, split), pair.slice(split + 1));
  }
  const resource = fields.get('sr');
  const signature = decoded(fields.get('sig'));
  const expiry = fields.get('se');
  if (!resource || signature === null || expiry === undefined || !/^\d{1,12}$/.test(expiry)) return null;
  return {
    encodedResource: resource,
    signature,
    expirySeconds: Number(expiry),
    policyName: decoded(fields.get('skn')) || null,
  };
}

/** A token for `resource`, e.g. `hub.azure-devices.net/devices/camera-1`, signed with a base64 key. */
export function signSasToken(
  resource: string,
  key: string,
  expirySeconds: number,
  policyName?: string,
): string {
  const encodedResource = encodeURIComponent(resource);
  const signature = encodeURIComponent(signatureOf(encodedResource, expirySeconds, key));
  const policy = policyName === undefined ? '' : `&skn=${encodeURIComponent(policyName)}`;
  return `${PREFIX}sr=${encodedResource}&sig=${signature}&se=${expirySeconds}${policy}`;
}

/**
 * Null when `token` was signed with one of `keys` (two, so that keys rotate), is not expired at `nowMs` and is
 * for `resource` or for a resource above it.
 */
export function checkSasToken(
  token: SasToken,
  resource: string,
  keys: readonly string[],
  nowMs: number,
): TokenProblem | null {
  const encoded = decoded(token.encodedResource);
  if (encoded === null) return 'malformed';
  const granted = withoutPort(encoded.toLowerCase());
  const asked = withoutPort(resource.toLowerCase());
  if (asked !== granted && !asked.startsWith(`${granted}/`)) return 'wrong-resource';
  const signed = keys.some((key) =>
    sameText(token.signature, signatureOf(token.encodedResource, token.expirySeconds, key)),
  );
  if (!signed) return 'wrong-signature';
  return token.expirySeconds * MS_PER_SECOND <= nowMs ? 'expired' : null;
}

function signatureOf(encodedResource: string, expirySeconds: number, key: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`${encodedResource}\n${expirySeconds}`)
    .digest('base64');
}

function sameText(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}

function decoded(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
