/** The identity registry: devices, modules, and many at once. */
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { type Identity, nameOf, parseName } from '../identities/identity.js';
import type { IdentityRecord } from '../identities/registry.js';
import { isObject } from '../twins/twin-document.js';
import { identityDocument, identitySettings } from './identity-document.js';
import { alreadyThere, importOne } from './import-identity.js';
import {
  checkIfMatch,
  jsonBody,
  objectBody,
  pathPart,
  type ServiceReply,
  type ServiceRequest,
  textHeader,
} from './request.js';
import type { Route } from './route.js';
import { ServiceError } from './service-error.js';

/** "Get up to 1000 device identities", and as many in one bulk request as the service takes. */
const MOST_LISTED = 1000;
const MOST_IN_BULK = 100;

export const REGISTRY_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/devices', right: 'RegistryRead', handle: list },
  { method: 'POST', path: '/devices', right: 'RegistryWrite', handle: bulk },
  { method: 'GET', path: '/devices/{deviceId}', right: 'RegistryRead', handle: read },
  { method: 'PUT', path: '/devices/{deviceId}', right: 'RegistryWrite', handle: put },
  { method: 'DELETE', path: '/devices/{deviceId}', right: 'RegistryWrite', handle: remove },
  { method: 'GET', path: '/devices/{deviceId}/modules', right: 'RegistryRead', handle: listModules },
  { method: 'GET', path: '/devices/{deviceId}/modules/{moduleId}', right: 'RegistryRead', handle: read },
  { method: 'PUT', path: '/devices/{deviceId}/modules/{moduleId}', right: 'RegistryWrite', handle: put },
  {
    method: 'DELETE',
    path: '/devices/{deviceId}/modules/{moduleId}',
    right: 'RegistryWrite',
    handle: remove,
  },
  { method: 'DELETE', path: '/devices/{deviceId}/commands', right: 'ServiceConnect', handle: purge },
  { method: 'GET', path: '/statistics/devices', right: 'RegistryRead', handle: statistics },
  { method: 'GET', path: '/statistics/service', right: 'RegistryRead', handle: serviceStatistics },
];

/** Drops the messages that wait for a device. */
function purge(request: ServiceRequest): ServiceReply {
  const { deviceId } = recordOf(request).identity;
  const totalMessagesPurged = request.hub.cloudToDevice.purge(deviceId);
  return { status: 200, json: { deviceId, moduleId: null, totalMessagesPurged } };
}

/** The record that a request names; 404 when there is none. */
export function recordOf(request: ServiceRequest): IdentityRecord {
  const identity = identityOf(request);
  const { registry } = request.hub;
  if (registry.find(identity.deviceId) === undefined) {
    throw new ServiceError(404, 'DeviceNotFound', `there is no device '${identity.deviceId}'`);
  }
  const record = registry.find(nameOf(identity));
  if (record !== undefined) return record;
  throw new ServiceError(404, 'ModuleNotFound', `there is no module '${nameOf(identity)}'`);
}

function identityOf(request: ServiceRequest): Identity {
  const { moduleId } = request.path;
  const deviceId = pathPart(request, 'deviceId');
  const identity = parseName(moduleId === undefined ? deviceId : `${deviceId}/${moduleId}`);
  if (identity !== null) return identity;
  throw new ServiceError(400, 'ArgumentInvalid', `'${deviceId}' is no valid identity`);
}

function read(request: ServiceRequest): ServiceReply {
  const record = recordOf(request);
  return { status: 200, json: identityDocument(request.hub, record), headers: { ETag: `"${record.etag}"` } };
}

function list({ hub, query }: ServiceRequest): ServiceReply {
  const top = Math.min(MOST_LISTED, Number(query.get('top') ?? MOST_LISTED) || MOST_LISTED);
  return { status: 200, json: hub.registry.devices.slice(0, top).map((each) => identityDocument(hub, each)) };
}

function listModules(request: ServiceRequest): ServiceReply {
  const { hub } = request;
  const { deviceId } = recordOf(request).identity;
  const modules = hub.registry.modulesOf(deviceId).map((module) => hub.registry.get(`${deviceId}/${module}`));
  return { status: 200, json: modules.map((module) => identityDocument(hub, module)) };
}

/** Creates without `If-Match`, updates with it. */
function put(request: ServiceRequest): ServiceReply {
  const { hub } = request;
  const identity = identityOf(request);
  const settings = identitySettings(objectBody(request));
  if (textHeader(request, 'if-match') === null) {
    const name = nameOf(identity);
    if (hub.registry.find(name) !== undefined) throw alreadyThere(identity);
    if (identity.moduleId !== null) recordOf({ ...request, path: { deviceId: identity.deviceId } });
    return { status: 200, json: identityDocument(hub, hub.registry.create(identity, settings)) };
  }
  const before = recordOf(request);
  checkIfMatch(request, before.etag);
  return { status: 200, json: identityDocument(hub, hub.updateIdentity(nameOf(identity), settings)) };
}

function remove(request: ServiceRequest): ServiceReply {
  const record = recordOf(request);
  checkIfMatch(request, record.etag);
  request.hub.removeIdentity(nameOf(record.identity));
  return { status: 204 };
}

function statistics({ hub }: ServiceRequest): ServiceReply {
  const { devices } = hub.registry;
  const enabled = devices.filter(({ status }) => status === 'enabled').length;
  return {
    status: 200,
    json: {
      totalDeviceCount: devices.length,
      enabledDeviceCount: enabled,
      disabledDeviceCount: devices.length - enabled,
    },
  };
}

function serviceStatistics({ hub }: ServiceRequest): ServiceReply {
  const connected = hub.registry.devices.filter(({ identity }) => hub.isConnected(identity.deviceId));
  return { status: 200, json: { connectedDeviceCount: connected.length } };
}

interface BulkError {
  readonly deviceId: string;
  readonly errorCode: string;
  readonly errorStatus: string;
}

/** "Bulk operations": each entry is an identity of its own; one that fails does not hinder the others. */
function bulk(request: ServiceRequest): ServiceReply {
  const entries = jsonBody(request);
  if (!Array.isArray(entries) || entries.length > MOST_IN_BULK) {
    throw new ServiceError(400, 'ArgumentInvalid', `expected an array of at most ${MOST_IN_BULK} identities`);
  }
  const errors: BulkError[] = [];
  for (const entry of entries as readonly Properties[]) {
    const deviceId = isObject(entry) ? String(entry.id ?? '') : '';
    try {
      importOne(request.hub, deviceId, entry);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors.push({ deviceId, errorCode: error.errorCode, errorStatus: error.message });
    }
  }
  return { status: 200, json: { isSuccessful: errors.length === 0, errors, warnings: [] } };
}
