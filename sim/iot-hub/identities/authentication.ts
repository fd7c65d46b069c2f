/** Whether an identity is who it says: by a shared access signature, or by a certificate. */
import type { Clock } from '../../kernel/services.js';
import type { AuthenticationMethod } from '../session.js';
import type { AccessPolicies } from './access-policies.js';
import { type ClientCertificate, provesIdentity } from './client-certificate.js';
import { parseName, resourceOf } from './identity.js';
import type { IdentityRecord, Registry } from './registry.js';
import { checkSasToken, parseSasToken, type TokenProblem } from './sas-token.js';

export type Authentication =
  | {
      readonly ok: true;
      readonly record: IdentityRecord;
      readonly method: AuthenticationMethod;
      /** Of the token; null: a certificate does not expire under a connection. */
      readonly expiresAtMs: number | null;
    }
  | { readonly ok: false; readonly problem: AuthenticationProblem };

export type AuthenticationProblem = TokenProblem | 'unknown-identity' | 'disabled' | 'wrong-certificate';

export interface Proofs {
  readonly hostName: string;
  readonly registry: Registry;
  readonly policies: AccessPolicies;
  readonly clock: Clock;
}

const MS_PER_SECOND = 1000;

/**
 * Checks the shared access signature that `name` presents: signed with one of its own keys, or with the key of a
 * policy that grants DeviceConnect ("Control access to IoT Hub", Use a token service).
 */
export function authenticateToken(proofs: Proofs, name: string, password: string): Authentication {
  const { clock, hostName, policies } = proofs;
  const known = enabledIdentity(proofs, name);
  if (!known.ok) return known;
  const { record } = known;
  const token = parseSasToken(password);
  if (token === null) return { ok: false, problem: 'malformed' };
  const resource = resourceOf(hostName, record.identity);
  const policy = token.policyName === null ? undefined : policies.find(token.policyName);
  if (token.policyName !== null && !policy?.rights.includes('DeviceConnect')) {
    return { ok: false, problem: 'wrong-signature' };
  }
  const keys = policy === undefined ? [record.keys.primary, record.keys.secondary] : [policy.key];
  const problem = checkSasToken(token, resource, keys, clock.now());
  if (problem !== null) return { ok: false, problem };
  const ownScope = record.identity.moduleId === null ? 'device' : 'module';
  const scope = policy === undefined ? ownScope : 'hub';
  return {
    ok: true,
    record,
    method: { scope, type: 'sas' },
    expiresAtMs: token.expirySeconds * MS_PER_SECOND,
  };
}

/** Checks the certificate that `name` presented; whether a CA of the hub's signed it, the TLS front has found out. */
export function authenticateCertificate(
  proofs: Proofs,
  name: string,
  certificate: ClientCertificate,
): Authentication {
  const known = enabledIdentity(proofs, name);
  if (!known.ok) return known;
  const { record } = known;
  if (!provesIdentity(certificate, record)) return { ok: false, problem: 'wrong-certificate' };
  const scope = record.identity.moduleId === null ? 'device' : 'module';
  return { ok: true, record, method: { scope, type: 'x509' }, expiresAtMs: null };
}

function enabledIdentity(
  { registry }: Proofs,
  name: string,
):
  | { readonly ok: true; readonly record: IdentityRecord }
  | { readonly ok: false; readonly problem: AuthenticationProblem } {
  const record = parseName(name) === null ? undefined : registry.find(name);
  if (record === undefined) return { ok: false, problem: 'unknown-identity' };
  if (record.status === 'disabled') return { ok: false, problem: 'disabled' };
  // "When a device is disabled, its modules cannot connect either."
  const device = registry.find(record.identity.deviceId);
  return device?.status === 'disabled' ? { ok: false, problem: 'disabled' } : { ok: true, record };
}
