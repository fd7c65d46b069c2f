/** Import and export jobs of the identity registry: lines of JSON in a blob `devices.txt`. */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { IotHub } from '../core.js';
import type { BlobContainers, RegistryJob, RegistryJobSettings } from '../identities/registry-jobs.js';
import { isObject } from '../twins/twin-document.js';
import { etagOf } from '../twins/twin-view.js';
import { identityDocument } from './identity-document.js';
import { importOne } from './import-identity.js';
import { objectBody, pathPart, type ServiceReply, type ServiceRequest } from './request.js';
import type { Route } from './route.js';
import { ServiceError } from './service-error.js';

export const REGISTRY_JOB_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/jobs/create', right: 'RegistryWrite', handle: create },
  {
    method: 'GET',
    path: '/jobs',
    right: 'RegistryRead',
    handle: ({ hub }) => ({ status: 200, json: hub.registryJobs.list().map(jobDocument) }),
  },
  { method: 'GET', path: '/jobs/{jobId}', right: 'RegistryRead', handle: read },
  { method: 'DELETE', path: '/jobs/{jobId}', right: 'RegistryWrite', handle: cancel },
];

const DEVICES = 'devices.txt';
const ERRORS = 'importErrors.log';

function create(request: ServiceRequest): ServiceReply {
  const { hub } = request;
  const { containers } = hub.registryJobs;
  if (containers === null) {
    throw new ServiceError(501, 'NotSupported', 'this hub has no way to containers of blobs');
  }
  const settings = settingsOf(objectBody(request));
  const work = () =>
    settings.type === 'export' ? exportAll(hub, containers, settings) : importAll(hub, containers, settings);
  const job = hub.registryJobs.start(settings, work);
  if (job !== null) return { status: 200, json: jobDocument(job) };
  throw new ServiceError(429, 'ThrottlingException', 'one import or export job at a time');
}

function read(request: ServiceRequest): ServiceReply {
  const job = request.hub.registryJobs.get(pathPart(request, 'jobId'));
  if (job !== undefined) return { status: 200, json: jobDocument(job) };
  throw new ServiceError(404, 'JobNotFound', `there is no job '${pathPart(request, 'jobId')}'`);
}

function cancel(request: ServiceRequest): ServiceReply {
  const job = request.hub.registryJobs.cancel(pathPart(request, 'jobId'));
  if (job !== undefined) return { status: 200, json: jobDocument(job) };
  throw new ServiceError(404, 'JobNotFound', `there is no job '${pathPart(request, 'jobId')}'`);
}

function settingsOf(body: Properties): RegistryJobSettings {
  const { excludeKeysInExport, inputBlobContainerUri, outputBlobContainerUri, type } = body;
  const output = uriIn(outputBlobContainerUri, 'outputBlobContainerUri');
  if (type === 'export') {
    return {
      type,
      inputBlobContainerUri: null,
      outputBlobContainerUri: output,
      excludeKeysInExport: excludeKeysInExport === true,
    };
  }
  if (type !== 'import') throw new ServiceError(400, 'ArgumentInvalid', 'type must be import or export');
  return {
    type,
    inputBlobContainerUri: uriIn(inputBlobContainerUri, 'inputBlobContainerUri'),
    outputBlobContainerUri: output,
    excludeKeysInExport: false,
  };
}

function uriIn(value: Json | undefined, name: string): string {
  if (typeof value === 'string' && URL.canParse(value)) return value;
  throw new ServiceError(400, 'ArgumentInvalid', `${name} must be the URI of a container with its signature`);
}

/** "A list of serialized device objects, one on each line", with what twins hold. */
async function exportAll(
  hub: IotHub,
  containers: BlobContainers,
  { excludeKeysInExport, outputBlobContainerUri }: RegistryJobSettings,
): Promise<void> {
  const lines = hub.registry.devices.map((record) => {
    const { deviceId } = record.identity;
    const { authentication, capabilities, etag, status, statusReason } = identityDocument(hub, record);
    const twin = hub.twins.get(deviceId);
    return JSON.stringify({
      id: deviceId,
      eTag: etag,
      status,
      statusReason,
      authentication: excludeKeysInExport ? withoutKeys(authentication) : authentication,
      capabilities,
      twinETag: etagOf(twin),
      tags: twin.tags,
      properties: { desired: twin.desired.properties, reported: twin.reported.properties },
    });
  });
  await containers.write(outputBlobContainerUri, DEVICES, Buffer.from(lines.join('\r\n')));
}

function withoutKeys(authentication: Json | undefined): Json {
  return isObject(authentication)
    ? { ...authentication, symmetricKey: { primaryKey: null, secondaryKey: null } }
    : null;
}

/** What fails is written to `importErrors.log`, and the rest is done. */
async function importAll(
  hub: IotHub,
  containers: BlobContainers,
  { inputBlobContainerUri, outputBlobContainerUri }: RegistryJobSettings,
): Promise<void> {
  const file = await containers.read(inputBlobContainerUri ?? '', DEVICES);
  if (file === null) throw new Error(`there is no ${DEVICES} in the container`);
  const errors = Buffer.from(file)
    .toString()
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .flatMap((line) => importLine(hub, line));
  if (errors.length === 0) return;
  const text = errors.map((each) => JSON.stringify(each)).join('\r\n');
  await containers.write(outputBlobContainerUri, ERRORS, Buffer.from(text));
}

function importLine(hub: IotHub, line: string): readonly Properties[] {
  const entry = entryIn(line);
  const id = String(entry?.id ?? '');
  if (entry === null)
    return [{ errorCode: 400_000, errorStatus: 'a line is no JSON object', id: line.slice(0, 80) }];
  try {
    importOne(hub, id, entry, 'createOrUpdate');
    if (hub.registry.find(id) !== undefined) importTwin(hub, id, entry);
    return [];
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return [{ errorCode: error.status * 1000, errorStatus: error.message, id }];
  }
}

function entryIn(line: string): Properties | null {
  try {
    const entry = JSON.parse(line) as Json;
    return isObject(entry) ? entry : null;
  } catch {
    return null;
  }
}

function importTwin({ twins }: IotHub, id: string, { properties, tags }: Properties): void {
  if (isObject(tags)) twins.changeTags(id, tags, 'replace');
  const desired = isObject(properties) ? properties.desired : undefined;
  if (isObject(desired)) twins.replaceDesired(id, desired);
}

function jobDocument(job: RegistryJob): Properties {
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    jobId: job.jobId,
    type: job.type,
    status: job.status,
    progress: job.status === 'completed' ? 100 : 0,
    startTimeUtc: at(job.startedAtMs),
    ...(job.endedAtMs === null ? {} : { endTimeUtc: at(job.endedAtMs) }),
    ...(job.inputBlobContainerUri === null ? {} : { inputBlobContainerUri: job.inputBlobContainerUri }),
    outputBlobContainerUri: job.outputBlobContainerUri,
    excludeKeysInExport: job.excludeKeysInExport,
    failureReason: job.failureReason,
  };
}
