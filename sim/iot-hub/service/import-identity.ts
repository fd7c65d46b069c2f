/** One identity of many: created, changed or deleted as its entry says. */
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { IotHub } from '../core.js';
import { type Identity, nameOf, parseName } from '../identities/identity.js';
import { identitySettings } from './identity-document.js';
import { ServiceError } from './service-error.js';

/**
 * Does what an entry of a bulk operation asks for `deviceId`. Throws `ServiceError`. `fallback`: the mode of an entry
 * without one.
 */
export function importOne(
  hub: IotHub,
  deviceId: string,
  entry: Properties,
  fallback: 'create' | 'createOrUpdate' = 'create',
): void {
  const identity = parseName(deviceId);
  if (identity === null) throw new ServiceError(400, 'ArgumentInvalid', `'${deviceId}' is no valid identity`);
  const known = hub.registry.find(deviceId);
  // The SDKs write the modes with and without capitals, and a device's ETag in either way.
  const mode = String(entry.importMode ?? fallback).toLowerCase();
  if (mode === 'create' || (mode.startsWith('createorupdate') && known === undefined)) {
    if (known !== undefined) throw alreadyThere(identity);
    hub.registry.create(identity, identitySettings(entry));
    return;
  }
  if (known === undefined) throw new ServiceError(404, 'DeviceNotFound', `there is no device '${deviceId}'`);
  if (mode.endsWith('ifmatchetag') && (entry.eTag ?? entry.etag) !== known.etag) {
    throw new ServiceError(412, 'PreconditionFailed', `the ETag is "${known.etag}" now`);
  }
  switch (mode) {
    case 'update':
    case 'updateifmatchetag':
    case 'createorupdate':
    case 'createorupdateifmatchetag':
      hub.updateIdentity(deviceId, identitySettings(entry));
      return;
    case 'delete':
    case 'deleteifmatchetag':
      hub.removeIdentity(deviceId);
      return;
    default:
      throw new ServiceError(400, 'ArgumentInvalid', `there is no importMode '${String(entry.importMode)}'`);
  }
}

export function alreadyThere(identity: Identity): ServiceError {
  const code = identity.moduleId === null ? 'DeviceAlreadyExists' : 'ModuleAlreadyExistsOnDevice';
  return new ServiceError(409, code, `'${nameOf(identity)}' is registered already`);
}
