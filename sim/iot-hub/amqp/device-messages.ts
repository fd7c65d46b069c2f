/** What devices and the hub say to each other over AMQP, as messages of rhea. */
import rhea, { type Message } from 'rhea';
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { ReceivedMessage } from '../messages/cloud-to-device.js';
import type { TelemetryMessage, TelemetryReply } from '../messages/telemetry.js';
import type { MethodCall } from '../session.js';
import { bodyOf, known, textOf } from './message-parts.js';

/** "Batched message": each of its data sections is a message. */
const BATCH_FORMAT = 0x8001_3700;
/** Where the SDKs of modules put the name of an output. */
const OUTPUT_NAME = 'iothub-outputname';
const DESIRED_RESOURCE = '/notifications/twin/properties/desired';

export interface AmqpProblem {
  readonly condition: string;
  readonly description: string;
}

/** Of one delivery; rhea decodes messages of format 0 and hands over the bytes of any other. */
export function messagesIn(received: Message | Buffer, format: number | undefined): readonly Message[] {
  if (!Buffer.isBuffer(received)) return [received];
  if (format !== BATCH_FORMAT) return [];
  const content: unknown = decoded(received).body?.content;
  const parts = Array.isArray(content) ? content : [content];
  return parts.filter((part) => Buffer.isBuffer(part)).map(decoded);
}

export function telemetryOf(message: Message): TelemetryMessage {
  const annotations: Readonly<Record<string, unknown>> = message.message_annotations ?? {};
  const { [OUTPUT_NAME]: output, ...properties }: Readonly<Record<string, unknown>> =
    message.application_properties ?? {};
  return {
    body: bodyOf(message),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, String(textOf(value) ?? '')]),
    ),
    system: known({
      mid: textOf(message.message_id),
      cid: textOf(message.correlation_id),
      ct: textOf(message.content_type),
      ce: textOf(message.content_encoding),
      uid: textOf(message.user_id),
      on: textOf(output),
      ifid: textOf(annotations['iothub-interface-id']),
      sub: textOf(annotations['dt-subject']),
    }),
  };
}

/** What a device is told that sent a message which the hub does not take. */
export function refusalOf(reply: Extract<TelemetryReply, { readonly accepted: false }>): AmqpProblem {
  const conditions = {
    403: 'com.microsoft:quota-exceeded',
    410: 'amqp:not-allowed',
    413: 'amqp:link:message-size-exceeded',
    429: 'com.microsoft:device-container-throttled',
  } as const;
  return { condition: conditions[reply.status], description: reply.reason };
}

/** A cloud-to-device message. */
export function deviceBound(message: ReceivedMessage): Message {
  const { body, deliveryCount, enqueuedAtMs, expiresAtMs, messageId, sequenceNumber, system } = message;
  return amqpMessage({
    ...(messageId === '' ? {} : { message_id: messageId }),
    ...known({
      to: system.to,
      correlation_id: system.cid,
      content_type: system.ct,
      content_encoding: system.ce,
    }),
    ...(expiresAtMs === null ? {} : { absolute_expiry_time: new Date(expiresAtMs) }),
    delivery_count: deliveryCount,
    application_properties: message.properties,
    message_annotations: {
      'iothub-sequencenumber': rhea.types.wrap_ulong(sequenceNumber),
      'iothub-enqueuedtime': rhea.types.wrap_timestamp(enqueuedAtMs),
      'iothub-deliverycount': rhea.types.wrap_uint(deliveryCount),
    },
    body: data(body),
  });
}

/** A direct method on its way to the device. */
export function methodCall({ name, payload, requestId }: MethodCall): Message {
  return amqpMessage({
    correlation_id: rhea.string_to_uuid(uuidOf(requestId)),
    application_properties: { 'IoThub-methodname': name },
    body: json(payload),
  });
}

/** The device's answer; null when it names no call. */
export function methodAnswer(
  message: Message,
): { readonly requestId: string; readonly status: number; readonly payload: Json } | null {
  const requestId = requestIdOf(textOf(message.correlation_id) ?? '');
  const status = Number(message.application_properties?.['IoThub-status']);
  if (requestId === null || !Number.isInteger(status)) return null;
  return { requestId, status, payload: jsonOf(message) };
}

export function desiredPatch(patch: Properties): Message {
  return amqpMessage({
    message_annotations: {
      resource: DESIRED_RESOURCE,
      version: rhea.types.wrap_long(Number(patch.$version)),
    },
    body: json(patch),
  });
}

export type TwinRequest = 'get' | 'report' | 'subscribe' | 'unsubscribe';

const TWIN_REQUESTS: Readonly<Record<string, TwinRequest>> = {
  GET: 'get',
  'PATCH /properties/reported': 'report',
  [`PUT ${DESIRED_RESOURCE}`]: 'subscribe',
  [`DELETE ${DESIRED_RESOURCE}`]: 'unsubscribe',
};

/** Null for what no twin link takes. */
export function twinRequest({ message_annotations: annotations }: Message): TwinRequest | null {
  const { operation, resource }: Readonly<Record<string, unknown>> = annotations ?? {};
  return TWIN_REQUESTS[[operation, resource].filter((part) => part !== undefined).join(' ')] ?? null;
}

export interface TwinAnswer {
  readonly status: number;
  readonly version?: number;
  readonly body?: Json;
}

export function twinAnswer(request: Message, { body, status, version }: TwinAnswer): Message {
  return amqpMessage({
    correlation_id: request.correlation_id,
    message_annotations: {
      status: rhea.types.wrap_int(status),
      ...(version === undefined ? {} : { version: rhea.types.wrap_long(version) }),
    },
    body: body === undefined ? data(new Uint8Array()) : json(body),
  });
}

/** Null, which no operation takes, for what is not JSON. */
export function jsonOf(message: Message): Json {
  try {
    return JSON.parse(Buffer.from(bodyOf(message)).toString()) as Json;
  } catch {
    return null;
  }
}

function decoded(bytes: Buffer): Message {
  return rhea.message.decode(bytes) as unknown as Message;
}

/** rhea's types want every field. */
function amqpMessage(fields: object): Message {
  return fields as Message;
}

function json(value: Json | Properties): unknown {
  return data(Buffer.from(JSON.stringify(value)));
}

function data(bytes: Uint8Array): unknown {
  return rhea.message.data_section(Buffer.from(bytes));
}

const UUID_START = '00000000-0000-4000-8000-';

/** Devices take the number of a call for a UUID, and some insist. `requestId` is a number in hexadecimal. */
function uuidOf(requestId: string): string {
  return UUID_START + requestId.padStart(12, '0');
}

function requestIdOf(uuid: string): string | null {
  return uuid.startsWith(UUID_START) ? uuid.slice(UUID_START.length).replace(/^0+(?=.)/, '') : null;
}
