/** Identities as the registry's REST API writes them ("Device identity properties"). */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { IotHub } from '../core.js';
import { nameOf } from '../identities/identity.js';
import type { IdentityProof, IdentityRecord, IdentitySettings } from '../identities/registry.js';
import { isObject } from '../twins/twin-document.js';
import { ServiceError } from './service-error.js';

/** The date that the service writes for never. */
const NEVER = '0001-01-01T00:00:00';

export function identityDocument(hub: IotHub, record: IdentityRecord): Properties {
  const { identity, proof } = record;
  const name = nameOf(identity);
  const [primaryThumbprint = null, secondaryThumbprint = null] =
    proof.kind === 'selfSigned' ? proof.thumbprints : [];
  const withKeys = proof.kind === 'sas';
  const common = {
    deviceId: identity.deviceId,
    generationId: record.generationId,
    etag: record.etag,
    connectionState: hub.isConnected(name) ? 'Connected' : 'Disconnected',
    connectionStateUpdatedTime: NEVER,
    lastActivityTime: NEVER,
    cloudToDeviceMessageCount: hub.cloudToDevice.pending(name),
    authentication: {
      type: proof.kind,
      symmetricKey: {
        primaryKey: withKeys ? record.keys.primary : null,
        secondaryKey: withKeys ? record.keys.secondary : null,
      },
      x509Thumbprint: { primaryThumbprint, secondaryThumbprint },
    },
  };
  if (identity.moduleId !== null) return { ...common, moduleId: identity.moduleId, managedBy: null };
  return {
    ...common,
    status: record.status,
    statusReason: record.statusReason,
    statusUpdatedTime: new Date(record.statusChangedAtMs).toISOString(),
    capabilities: { iotEdge: record.isEdge },
  };
}

/** What a document asks for; 400 for what is not valid. */
export function identitySettings(document: Properties): IdentitySettings {
  const { authentication, capabilities, status, statusReason } = document;
  if (status !== undefined && status !== null && status !== 'enabled' && status !== 'disabled') {
    throw new ServiceError(400, 'ArgumentInvalid', "status must be 'enabled' or 'disabled'");
  }
  const proof = isObject(authentication) ? proofOf(authentication) : undefined;
  const keys = isObject(authentication) ? keysOf(authentication.symmetricKey) : undefined;
  return {
    ...(proof === undefined ? {} : { proof }),
    ...(keys === undefined ? {} : { keys }),
    ...(status === 'enabled' || status === 'disabled' ? { status } : {}),
    ...(typeof statusReason === 'string' ? { statusReason } : {}),
    ...(isObject(capabilities) ? { isEdge: capabilities.iotEdge === true } : {}),
  };
}

function proofOf({ type, x509Thumbprint }: Properties): IdentityProof | undefined {
  const thumbprints = thumbprintsOf(x509Thumbprint);
  const kind = type ?? (thumbprints.length > 0 ? 'selfSigned' : undefined);
  switch (kind) {
    case undefined:
      return undefined;
    case 'sas':
    case 'certificateAuthority':
      return { kind };
    case 'selfSigned':
      if (thumbprints.length > 0) return { kind, thumbprints };
      throw new ServiceError(400, 'ArgumentInvalid', 'selfSigned needs an x509Thumbprint');
    default:
      throw new ServiceError(
        400,
        'ArgumentInvalid',
        `authentication cannot be of the type ${JSON.stringify(type)}`,
      );
  }
}

function thumbprintsOf(x509Thumbprint: Json | undefined): readonly string[] {
  if (!isObject(x509Thumbprint)) return [];
  return [x509Thumbprint.primaryThumbprint, x509Thumbprint.secondaryThumbprint].filter(
    (thumbprint) => typeof thumbprint === 'string' && thumbprint !== '',
  ) as readonly string[];
}

const KEY_PATTERN = /^[A-Za-z0-9+/]{20,88}={0,2}$/;

function keysOf(symmetricKey: Json | undefined): IdentitySettings['keys'] {
  if (!isObject(symmetricKey)) return undefined;
  const { primaryKey, secondaryKey } = symmetricKey;
  if (typeof primaryKey !== 'string' || typeof secondaryKey !== 'string') return undefined;
  // Empty ones, as the SDKs send them, ask the hub to make some.
  if (primaryKey === '' && secondaryKey === '') return undefined;
  if (!KEY_PATTERN.test(primaryKey) || !KEY_PATTERN.test(secondaryKey)) {
    throw new ServiceError(400, 'ArgumentInvalid', 'symmetric keys are base64, of 16 to 64 bytes');
  }
  return { primary: primaryKey, secondary: secondaryKey };
}
