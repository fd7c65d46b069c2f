/** What a device asks for over HTTPS: file uploads, telemetry, and messages with all three ways to settle them. */
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import type { ReceivedMessage } from '../messages/cloud-to-device.js';
import type { TelemetryMessage } from '../messages/telemetry.js';
import { isObject } from '../twins/twin-document.js';
import { recordOf } from './registry-routes.js';
import {
  jsonBody,
  objectBody,
  pathPart,
  type ServiceReply,
  type ServiceRequest,
  textHeader,
} from './request.js';
import type { Route } from './route.js';
import { ServiceError } from './service-error.js';

const MESSAGES = '/devices/{deviceId}/messages';

export const DEVICE_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/devices/{deviceId}/files',
    right: 'device',
    operation: 'file-uploads',
    handle: beginUpload,
  },
  { method: 'POST', path: '/devices/{deviceId}/files/notifications', right: 'device', handle: finishUpload },
  {
    method: 'POST',
    path: '/devices/{deviceId}/files/notifications/{correlationId}',
    right: 'device',
    handle: finishUpload,
  },
  { method: 'POST', path: `${MESSAGES}/events`, right: 'device', handle: sendTelemetry },
  {
    method: 'GET',
    path: `${MESSAGES}/devicebound`,
    right: 'device',
    operation: 'cloud-to-device-receives',
    handle: receive,
  },
  {
    method: 'DELETE',
    path: `${MESSAGES}/devicebound/{lockToken}`,
    right: 'device',
    handle: completeOrReject,
  },
  { method: 'POST', path: `${MESSAGES}/devicebound/{lockToken}/abandon`, right: 'device', handle: abandon },
];

function beginUpload(request: ServiceRequest): ServiceReply {
  const { blobName } = objectBody(request);
  const reply = request.hub.fileUploads.begin(pathPart(request, 'deviceId'), String(blobName ?? ''));
  if (reply.ok) return { status: 200, json: reply.ticket };
  throw new ServiceError(
    reply.status,
    reply.status === 403 ? 'ThrottlingException' : 'ArgumentInvalid',
    reply.reason,
  );
}

function finishUpload(request: ServiceRequest): ServiceReply {
  const body = objectBody(request);
  const correlationId = request.path.correlationId ?? String(body.correlationId ?? '');
  const isKnown = request.hub.fileUploads.finish(pathPart(request, 'deviceId'), {
    correlationId,
    isSuccess: body.isSuccess === true,
  });
  if (isKnown) return { status: 204 };
  throw new ServiceError(400, 'ArgumentInvalid', `there is no upload '${correlationId}' of this device`);
}

const PROPERTY_HEADER = 'iothub-app-';
/** Names of system properties as HTTP headers have them. */
const SYSTEM_HEADERS: Readonly<Record<string, string>> = {
  'iothub-messageid': 'mid',
  'iothub-correlationid': 'cid',
  'iothub-contenttype': 'ct',
  'iothub-contentencoding': 'ce',
};

const TELEMETRY_ERRORS = {
  403: 'IotHubQuotaExceeded',
  410: 'DeviceNotOnline',
  413: 'MessageTooLarge',
  429: 'ThrottlingException',
} as const;

/** "Batch": many messages in one request, each with its body in base64. */
const BATCH_TYPE = 'application/vnd.microsoft.iothub.json';

async function sendTelemetry(request: ServiceRequest): Promise<ServiceReply> {
  const { hub } = request;
  const record = recordOf(request);
  const name = record.identity.deviceId;
  const method = { scope: 'device', type: 'sas' } as const;
  const isBatch = textHeader(request, 'content-type')?.startsWith(BATCH_TYPE) ?? false;
  const messages = isBatch ? batchOf(request) : [messageOf(request.body, textHeaders(request))];
  for (const message of messages) {
    const key = `${name}/${String(hub.nextOrdinal(name)).padStart(8, '0')}/telemetry`;
    const reply = await hub.telemetry.accept({ name, record, method, isOpen: true }, message, key);
    if (!reply.accepted) throw new ServiceError(reply.status, TELEMETRY_ERRORS[reply.status], reply.reason);
  }
  return { status: 204 };
}

function batchOf(request: ServiceRequest): readonly TelemetryMessage[] {
  const batch = jsonBody(request);
  if (!Array.isArray(batch)) throw new ServiceError(400, 'ArgumentInvalid', 'a batch is a JSON array');
  return (batch as readonly Json[]).map((each) => {
    if (!isObject(each) || typeof each.body !== 'string') {
      throw new ServiceError(400, 'ArgumentInvalid', "each message of a batch has its 'body' in base64");
    }
    const properties = isObject(each.properties) ? Object.entries(each.properties) : [];
    return messageOf(
      Buffer.from(each.body, 'base64'),
      properties.map(([header, value]) => [header.toLowerCase(), String(value)]),
    );
  });
}

/** Headers of a request, or the properties of one message of a batch, which are named alike. */
function messageOf(body: Uint8Array, headers: readonly (readonly [string, string])[]): TelemetryMessage {
  const properties = headers
    .filter(([header]) => header.startsWith(PROPERTY_HEADER))
    .map(([header, value]) => [header.slice(PROPERTY_HEADER.length), value]);
  const system = headers.flatMap(([header, value]) => {
    const property = SYSTEM_HEADERS[header];
    return property === undefined ? [] : [[property, value]];
  });
  return { body, properties: Object.fromEntries(properties), system: Object.fromEntries(system) };
}

function textHeaders({ headers }: ServiceRequest): readonly (readonly [string, string])[] {
  return Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

function receive(request: ServiceRequest): ServiceReply {
  const message = request.hub.cloudToDevice.receive(pathPart(request, 'deviceId'));
  if (message === null) return { status: 204 };
  return { status: 200, bytes: message.body, headers: headersOf(message) };
}

function headersOf(message: ReceivedMessage): Record<string, string> {
  const { expiresAtMs, system } = message;
  const properties = Object.entries(message.properties).map(([name, value]) => [
    `${PROPERTY_HEADER}${name}`,
    value,
  ]);
  return {
    ...Object.fromEntries(properties),
    ETag: `"${message.lockToken}"`,
    'iothub-messageid': message.messageId,
    ...(system.cid === undefined ? {} : { 'iothub-correlationid': system.cid }),
    ...(system.to === undefined ? {} : { 'iothub-to': system.to }),
    ...(expiresAtMs === null ? {} : { 'iothub-expiry': new Date(expiresAtMs).toUTCString() }),
    'iothub-sequencenumber': String(message.sequenceNumber),
    'iothub-enqueuedtime': new Date(message.enqueuedAtMs).toUTCString(),
    'iothub-deliverycount': String(message.deliveryCount),
  };
}

/** DELETE completes; with `?reject` it rejects. */
function completeOrReject(request: ServiceRequest): ServiceReply {
  const { cloudToDevice } = request.hub;
  const { deviceId, lockToken } = lockOf(request);
  const isSettled = request.query.has('reject')
    ? cloudToDevice.reject(deviceId, lockToken)
    : cloudToDevice.complete(deviceId, lockToken);
  return settled(isSettled);
}

function abandon(request: ServiceRequest): ServiceReply {
  const { deviceId, lockToken } = lockOf(request);
  return settled(request.hub.cloudToDevice.abandon(deviceId, lockToken));
}

function lockOf(request: ServiceRequest): { readonly deviceId: string; readonly lockToken: string } {
  return {
    deviceId: pathPart(request, 'deviceId'),
    lockToken: pathPart(request, 'lockToken').replaceAll('"', ''),
  };
}

function settled(isSettled: boolean): ServiceReply {
  if (isSettled) return { status: 204 };
  throw new ServiceError(412, 'PreconditionFailed', 'the lock on the message is lost');
}
