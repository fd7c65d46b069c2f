/** Shared access signatures: who may do what, on which entity, until when. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessRight, NamespaceConfiguration, SharedAccessPolicy } from './configuration.js';
import { sameName } from './configuration.js';
import { EventHubsError } from './errors.js';

const MS_PER_SECOND = 1000;

/** What a token that was put grants on its connection. */
export interface Claim {
  /** Below the namespace, in lower case; empty for the whole namespace. */
  readonly path: string;
  readonly rights: readonly AccessRight[];
  readonly expiresAtMs: number;
}

interface TokenParts {
  readonly resource: string;
  readonly signedResource: string;
  readonly signature: string;
  readonly expiry: string;
  readonly policyName: string;
}

/** Which of a policy's two keys: one is in use while the other is rotated. */
export type KeyName = 'primary' | 'secondary';

export class AccessControl {
  private readonly configuration: NamespaceConfiguration;
  /** Keys that were changed since the start, by policy. */
  private readonly rotated = new Map<SharedAccessPolicy, SharedAccessPolicy>();

  constructor(configuration: NamespaceConfiguration) {
    this.configuration = configuration;
  }

  /**
   * Gives a policy of the namespace, or of `hub`, another key while everything runs. As in Azure, tokens signed
   * with the old key are refused from now on, and what was granted before lasts until it expires. Throws
   * `EventHubsError` when there is no such policy.
   */
  rotateKey(policyName: string, which: KeyName, key: string, hub: string | null = null): void {
    const original = this.original(policyName, hub);
    const change = which === 'primary' ? { key } : { secondaryKey: key };
    this.rotated.set(original, { ...this.current(original), ...change });
  }

  /** The policy of the namespace, or of `hub`, with the keys it has now. Throws `EventHubsError`. */
  policyNamed(name: string, hub: string | null = null): SharedAccessPolicy {
    return this.current(this.original(name, hub));
  }

  /** Checks a `SharedAccessSignature` for `audience`. Throws `EventHubsError` (`unauthorized`). */
  claimOf(token: string, audience: string, nowMs: number): Claim {
    const parts = partsOf(token);
    const path = pathOf(parts.resource);
    const audiencePath = pathOf(audience);
    if (!covers(path, audiencePath)) {
      throw unauthorized(`the token is for "${parts.resource}" and does not cover "${audience}"`);
    }
    const policy = this.policy(parts.policyName, path);
    if (!keysOf(policy).some((key) => isSignedBy(parts, key)))
      throw unauthorized('the signature of the token is wrong');
    const expiresAtMs = Number(parts.expiry) * MS_PER_SECOND;
    if (!(expiresAtMs > nowMs)) throw unauthorized('ExpiredToken: the token has expired');
    return { path: audiencePath, rights: policy.rights, expiresAtMs };
  }

  /** Of the namespace, for the first policy that has all of `rights`. */
  policyWith(...rights: readonly AccessRight[]): SharedAccessPolicy {
    const policy = this.configuration.policies.find((each) =>
      rights.every((right) => allows(each.rights, right)),
    );
    if (policy) return this.current(policy);
    throw unauthorized(`no shared access policy of the namespace has the rights ${rights.join(', ')}`);
  }

  private original(policyName: string, hub: string | null): SharedAccessPolicy {
    const policies = hub === null ? this.configuration.policies : this.hubPolicies(hub);
    const original = policies.find(({ name }) => name === policyName);
    if (original) return original;
    throw unauthorized(`there is no shared access policy "${policyName}"`);
  }

  private policy(name: string, path: string): SharedAccessPolicy {
    const hubPolicies = this.hubPolicies(path.split('/')[0] ?? '');
    const policy = [...hubPolicies, ...this.configuration.policies].find((each) => each.name === name);
    if (policy) return this.current(policy);
    throw unauthorized(`there is no shared access policy "${name}"`);
  }

  private hubPolicies(hubName: string): readonly SharedAccessPolicy[] {
    return this.configuration.hubs.find(({ name }) => sameName(name, hubName))?.policies ?? [];
  }

  private current(policy: SharedAccessPolicy): SharedAccessPolicy {
    return this.rotated.get(policy) ?? policy;
  }
}

/** Whether any of `claims` that has not expired gives `right` on the entity at `path`. */
export function isAllowed(claims: Iterable<Claim>, path: string, right: AccessRight, nowMs: number): boolean {
  return allowedUntilMs(claims, path, right) > nowMs;
}

/** Until when `claims` give `right` on the entity at `path`; −Infinity when they never did. */
export function allowedUntilMs(claims: Iterable<Claim>, path: string, right: AccessRight): number {
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const claim of claims) {
    const applies = covers(claim.path, path.toLowerCase()) && allows(claim.rights, right);
    if (applies) untilMs = Math.max(untilMs, claim.expiresAtMs);
  }
  return untilMs;
}

/** `sb://host:port/hub/Partitions/0` → `hub/partitions/0`. */
export function pathOf(resource: string): string {
  return resource
    .toLowerCase()
    .replace(/^[a-z]+:\/\/[^/]*\/?/, '')
    .replace(/\/+$/, '');
}

function keysOf({ key, secondaryKey }: SharedAccessPolicy): readonly string[] {
  return secondaryKey === undefined ? [key] : [key, secondaryKey];
}

function covers(outer: string, inner: string): boolean {
  return outer === '' || inner === outer || inner.startsWith(`${outer}/`);
}

/** Manage includes the two others. */
function allows(rights: readonly AccessRight[], right: AccessRight): boolean {
  return rights.includes(right) || rights.includes('Manage');
}

function partsOf(token: string): TokenParts {
  const [scheme, query] = token.split(' ', 2);
  const fields = new Map((query ?? '').split('&').map((field) => splitOnce(field)));
  const signedResource = fields.get('sr');
  const [signature, expiry, policyName] = [fields.get('sig'), fields.get('se'), fields.get('skn')];
  if (scheme !== 'SharedAccessSignature' || !signedResource || !signature || !expiry || !policyName) {
    throw unauthorized('expected a token "SharedAccessSignature sr=…&sig=…&se=…&skn=…"');
  }
  try {
    return {
      resource: decodeURIComponent(signedResource),
      signedResource,
      signature: decodeURIComponent(signature),
      expiry,
      policyName: decodeURIComponent(policyName),
    };
  } catch {
    throw unauthorized('a field of the token is not percent-encoded properly');
  }
}

function splitOnce(field: string): readonly [string, string] {
  const equals = field.indexOf('=');
  return equals < 0 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
}

function isSignedBy({ signedResource, signature, expiry }: TokenParts, key: string): boolean {
  const expected = createHmac('sha256', key).update(`${signedResource}\n${expiry}`, 'utf8').digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function unauthorized(why: string): EventHubsError {
  return new EventHubsError('unauthorized', `Unauthorized access: ${why}.`);
}
