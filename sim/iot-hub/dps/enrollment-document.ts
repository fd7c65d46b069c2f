/** Enrolments and registrations as the service API of DPS writes them. */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { readCertificate } from '../identities/client-certificate.js';
import type { IdentityKeys } from '../identities/registry.js';
import { ServiceError } from '../service/service-error.js';
import { isObject } from '../twins/twin-document.js';
import { twinIn } from './custom-allocation.js';
import type { AllocationPolicy, Attestation, Enrollment, ReprovisionPolicy } from './enrollment.js';
import type { EnrollmentKind, EnrollmentRecord } from './enrollment-store.js';
import type { Registration } from './provisioning.js';

/** Keys are left out: they are asked for by `attestationmechanism`. */
export function enrollmentDocument({
  createdAtMs,
  enrollment,
  etag,
  updatedAtMs,
}: EnrollmentRecord): Properties {
  const { allocation, hubNames, initialTwin, isEdge, isEnabled, reprovision } = enrollment;
  const names =
    enrollment.kind === 'individual'
      ? {
          registrationId: enrollment.registrationId,
          deviceId: enrollment.deviceId ?? enrollment.registrationId,
        }
      : { enrollmentGroupId: enrollment.groupId };
  return {
    ...names,
    attestation: attestationDocument(enrollment.attestation, false),
    capabilities: { iotEdge: isEdge },
    initialTwin: { tags: initialTwin.tags, properties: { desired: initialTwin.desired } },
    provisioningStatus: isEnabled ? 'enabled' : 'disabled',
    reprovisionPolicy: {
      updateHubAssignment: reprovision !== 'never',
      migrateDeviceData: reprovision === 'migrate',
    },
    allocationPolicy: allocation.kind,
    ...(allocation.kind === 'custom'
      ? {
          customAllocationDefinition: {
            webhookUrl: allocation.webhookUrl,
            apiVersion: allocation.apiVersion,
          },
        }
      : {}),
    ...(allocation.kind === 'static' ? { iotHubs: [allocation.hubName] } : {}),
    ...(hubNames === null ? {} : { iotHubs: hubNames }),
    createdDateTimeUtc: new Date(createdAtMs).toISOString(),
    lastUpdatedDateTimeUtc: new Date(updatedAtMs).toISOString(),
    etag,
  };
}

export function attestationDocument(attestation: Attestation, withKeys: boolean): Properties {
  switch (attestation.kind) {
    case 'symmetricKey': {
      const { primary, secondary } = attestation.keys;
      return {
        type: 'symmetricKey',
        symmetricKey: withKeys ? { primaryKey: primary, secondaryKey: secondary } : {},
      };
    }
    case 'x509':
      return {
        type: 'x509',
        x509: {
          clientCertificates: Object.fromEntries(
            (attestation.thumbprints ?? []).map((sha256Thumbprint, index) => [
              index === 0 ? 'primary' : 'secondary',
              { info: { sha256Thumbprint } },
            ]),
          ),
        },
      };
    case 'signers':
      return {
        type: 'x509',
        x509: {
          signingCertificates: Object.fromEntries(
            attestation.certificates.map((certificate, index) => [
              index === 0 ? 'primary' : 'secondary',
              { info: infoOf(certificate) },
            ]),
          ),
        },
      };
  }
}

/** What a document asks for. Throws `ServiceError` 400. `newKeys`: for one that gives none. */
export function enrollmentOf(
  kind: EnrollmentKind,
  id: string,
  document: Properties,
  newKeys: () => IdentityKeys,
): Enrollment {
  const { capabilities, initialTwin, iotHubs, provisioningStatus } = document;
  const hubNames = Array.isArray(iotHubs) && iotHubs.length > 0 ? iotHubs.map(String) : null;
  const common = {
    attestation: attestationOf(kind, document.attestation, newKeys),
    allocation: allocationOf(document, hubNames),
    hubNames,
    reprovision: reprovisionOf(document.reprovisionPolicy),
    initialTwin: twinIn(isObject(initialTwin) ? initialTwin : {}),
    isEdge: isObject(capabilities) && capabilities.iotEdge === true,
    isEnabled: provisioningStatus !== 'disabled',
  };
  if (kind === 'group') return { ...common, kind, groupId: id };
  const { deviceId } = document;
  return { ...common, kind, registrationId: id, deviceId: typeof deviceId === 'string' ? deviceId : null };
}

export function registrationDocument(registration: Registration): Properties {
  const { assignedHub, createdAtMs, deviceId, payload, registrationId, substatus, updatedAtMs } =
    registration;
  return {
    registrationId,
    createdDateTimeUtc: new Date(createdAtMs).toISOString(),
    lastUpdatedDateTimeUtc: new Date(updatedAtMs).toISOString(),
    assignedHub,
    deviceId,
    status: 'assigned',
    substatus,
    ...(payload === undefined ? {} : { payload }),
    etag: registrationEtag(registration),
  };
}

export function registrationEtag({ updatedAtMs }: Registration): string {
  return Buffer.from(String(updatedAtMs)).toString('base64');
}

function attestationOf(
  kind: EnrollmentKind,
  attestation: Json | undefined,
  newKeys: () => IdentityKeys,
): Attestation {
  if (!isObject(attestation)) throw invalid('an enrolment needs an attestation');
  const { symmetricKey, type, x509 } = attestation;
  if (type === 'symmetricKey') return { kind: type, keys: keysOf(symmetricKey, newKeys) };
  if (type !== 'x509' || !isObject(x509)) {
    throw invalid('attestation.type must be symmetricKey or x509; there is no TPM here to ask');
  }
  const { caReferences, clientCertificates, signingCertificates } = x509;
  if (kind === 'individual' && isObject(clientCertificates)) {
    const thumbprints = certificatesIn(clientCertificates).map((text) => infoOf(text).sha256Thumbprint);
    return { kind: 'x509', thumbprints };
  }
  if (kind === 'group' && isObject(signingCertificates)) {
    return { kind: 'signers', certificates: certificatesIn(signingCertificates) };
  }
  // Certificates that are uploaded to the service: here, the authorities that the front trusts.
  if (kind === 'group' && isObject(caReferences)) return { kind: 'x509', thumbprints: null };
  throw invalid(
    kind === 'group'
      ? 'attestation.x509 of a group needs signingCertificates or caReferences'
      : 'attestation.x509 of an individual needs clientCertificates',
  );
}

function keysOf(symmetricKey: Json | undefined, newKeys: () => IdentityKeys): IdentityKeys {
  const { primaryKey, secondaryKey } = isObject(symmetricKey) ? symmetricKey : {};
  const isGiven = typeof primaryKey === 'string' && typeof secondaryKey === 'string';
  return isGiven && primaryKey !== '' ? { primary: primaryKey, secondary: secondaryKey } : newKeys();
}

function certificatesIn({ primary, secondary }: Properties): readonly string[] {
  return [primary, secondary].flatMap((each) => {
    const text = isObject(each) ? each.certificate : undefined;
    if (typeof text !== 'string' || text === '') return [];
    if (readCertificate(text) === null) throw invalid('a certificate is neither PEM nor DER in base64');
    return [text];
  });
}

function infoOf(certificate: string): { readonly sha256Thumbprint: string } & Properties {
  const read = readCertificate(certificate);
  return {
    subjectName: read?.subject ?? '',
    issuerName: read?.issuer ?? '',
    sha1Thumbprint: read?.fingerprint.replaceAll(':', '') ?? '',
    sha256Thumbprint: read?.fingerprint256.replaceAll(':', '') ?? '',
    serialNumber: read?.serialNumber ?? '',
    notBeforeUtc: read === null ? '' : new Date(read.validFrom).toISOString(),
    notAfterUtc: read === null ? '' : new Date(read.validTo).toISOString(),
  };
}

function allocationOf(
  { allocationPolicy = 'hashed', customAllocationDefinition: custom, iotHubHostName }: Properties,
  hubNames: readonly string[] | null,
): AllocationPolicy {
  switch (allocationPolicy) {
    case 'hashed':
    case 'geoLatency':
      // An enrolment that names one hub alone, as the API of earlier years did, means it.
      if (typeof iotHubHostName === 'string' && iotHubHostName !== '') {
        return { kind: 'static', hubName: iotHubHostName };
      }
      return { kind: allocationPolicy };
    case 'static': {
      const hubName = hubNames?.[0] ?? iotHubHostName;
      if (typeof hubName === 'string') return { kind: 'static', hubName };
      throw invalid('a static allocation needs a hub in iotHubs');
    }
    case 'custom': {
      const { apiVersion = '2021-10-01', webhookUrl } = isObject(custom) ? custom : {};
      if (typeof webhookUrl === 'string' && URL.canParse(webhookUrl)) {
        return { kind: 'custom', webhookUrl, apiVersion: String(apiVersion) };
      }
      throw invalid('a custom allocation needs a URL in customAllocationDefinition.webhookUrl');
    }
    default:
      throw invalid('allocationPolicy must be hashed, geoLatency, static or custom');
  }
}

function reprovisionOf(policy: Json | undefined): ReprovisionPolicy {
  if (!isObject(policy)) return 'migrate';
  if (policy.updateHubAssignment === false) return 'never';
  return policy.migrateDeviceData === false ? 'reset' : 'migrate';
}

function invalid(why: string): ServiceError {
  return new ServiceError(400, 'ArgumentInvalid', why);
}
