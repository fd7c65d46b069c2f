/** Enrolments of the Device Provisioning Service ("DPS: Enrollment concepts"). */
import { createHmac } from 'node:crypto';
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { type ClientCertificate, isSignedBy } from '../identities/client-certificate.js';
import type { IdentityKeys, IdentityProof } from '../identities/registry.js';
import { checkSasToken, parseSasToken } from '../identities/sas-token.js';

export type Attestation =
  | { readonly kind: 'symmetricKey'; readonly keys: IdentityKeys }
  /** Of an individual: fingerprints in hexadecimal. Of a group: null, any certificate of a trusted authority. */
  | { readonly kind: 'x509'; readonly thumbprints: readonly string[] | null }
  /** Of a group: any certificate that one of these signed, PEM or DER in base64. */
  | { readonly kind: 'signers'; readonly certificates: readonly string[] };

export type AllocationPolicy =
  | { readonly kind: 'hashed' }
  | { readonly kind: 'geoLatency' }
  | { readonly kind: 'static'; readonly hubName: string }
  /** A program elsewhere decides ("Understand custom allocation policies"). */
  | { readonly kind: 'custom'; readonly webhookUrl: string; readonly apiVersion: string };

/** What becomes of a device that registers again ("DPS: Reprovisioning concepts"). */
export type ReprovisionPolicy = 'migrate' | 'reset' | 'never';

interface EnrollmentSettings {
  readonly attestation: Attestation;
  readonly allocation: AllocationPolicy;
  /** Host names of hubs that come into question; null: all that are linked. */
  readonly hubNames: readonly string[] | null;
  readonly reprovision: ReprovisionPolicy;
  readonly initialTwin: { readonly tags: Properties; readonly desired: Properties };
  readonly isEdge: boolean;
  readonly isEnabled: boolean;
}

export interface IndividualEnrollment extends EnrollmentSettings {
  readonly kind: 'individual';
  readonly registrationId: string;
  /** Null: the registration id. */
  readonly deviceId: string | null;
}

export interface GroupEnrollment extends EnrollmentSettings {
  readonly kind: 'group';
  readonly groupId: string;
}

export type Enrollment = IndividualEnrollment | GroupEnrollment;

export const DEFAULT_SETTINGS = {
  allocation: { kind: 'hashed' },
  hubNames: null,
  reprovision: 'migrate',
  initialTwin: { tags: {}, desired: {} },
  isEdge: false,
  isEnabled: true,
} as const satisfies Partial<EnrollmentSettings>;

/** What a device shows: the password of its connection, or its certificate. */
export interface Credential {
  readonly password: string;
  readonly certificate: ClientCertificate | null;
}

/** "Group symmetric key: derived device keys": base64 of HMAC-SHA256 of the registration id with the group's key. */
export function deriveDeviceKey(groupKey: string, registrationId: string): string {
  return createHmac('sha256', Buffer.from(groupKey, 'base64')).update(registrationId).digest('base64');
}

/** How the device proves itself to its hub later; null when the credential does not fit the enrolment. */
export function attest(
  enrollment: Enrollment,
  idScope: string,
  registrationId: string,
  credential: Credential,
  nowMs: number,
): { readonly proof: IdentityProof; readonly keys?: IdentityKeys } | null {
  const { attestation } = enrollment;
  if (attestation.kind !== 'symmetricKey') return attestCertificate(attestation, registrationId, credential);
  const keys = keysFor(enrollment.kind, attestation.keys, registrationId);
  const token = parseSasToken(credential.password);
  // "The skn value for SAS tokens used with DPS is always registration."
  if (token?.policyName !== 'registration') return null;
  const resource = `${idScope}/registrations/${registrationId}`;
  const problem = checkSasToken(token, resource, [keys.primary, keys.secondary], nowMs);
  return problem === null ? { proof: { kind: 'sas' }, keys } : null;
}

function keysFor(kind: Enrollment['kind'], keys: IdentityKeys, registrationId: string): IdentityKeys {
  if (kind === 'individual') return keys;
  const { primary, secondary } = keys;
  return {
    primary: deriveDeviceKey(primary, registrationId),
    secondary: deriveDeviceKey(secondary, registrationId),
  };
}

function attestCertificate(
  attestation: Exclude<Attestation, { readonly kind: 'symmetricKey' }>,
  registrationId: string,
  { certificate }: Credential,
): { readonly proof: IdentityProof } | null {
  // "The registration ID must match the common name of the certificate."
  if (certificate === null || certificate.commonName !== registrationId) return null;
  if (attestation.kind === 'signers') {
    const isSigned = attestation.certificates.some((signer) => isSignedBy(certificate, signer));
    return isSigned ? { proof: { kind: 'certificateAuthority' } } : null;
  }
  const { thumbprints } = attestation;
  if (thumbprints === null) {
    return certificate.isTrusted ? { proof: { kind: 'certificateAuthority' } } : null;
  }
  const own = [certificate.sha1, certificate.sha256];
  const isKnown = thumbprints.some((thumbprint) =>
    own.includes(thumbprint.replaceAll(':', '').toUpperCase()),
  );
  return isKnown ? { proof: { kind: 'selfSigned', thumbprints } } : null;
}
