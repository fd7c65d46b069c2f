/** The link on which a back end sends messages to devices. */

import type { Delivery, EventContext, Message, Receiver } from 'rhea';
import type { IotHub } from '../core.js';
import type { FeedbackWanted } from '../messages/cloud-to-device.js';
import { bodyOf, known, textOf } from './message-parts.js';

import type { ServiceRights } from './service-rights.js';

/** Messages that a back end may have under way. */
const CREDIT = 100;
const TO = /^\/devices\/([^/]+)\/messages\/devicebound$/i;
const ACK_PROPERTY = 'iothub-ack';
const ACKS: readonly FeedbackWanted[] = ['none', 'positive', 'negative', 'full'];

type Refusal = { readonly condition: string; readonly description: string };

export function serveCloudToDevice(hub: IotHub, link: Receiver, rights: ServiceRights): void {
  let sent = 0;
  link.add_credit(CREDIT);
  link.on('message', ({ delivery, message }: EventContext) => {
    if (delivery === undefined || message === undefined) return;
    link.add_credit(1);
    void enqueue(message, delivery);
  });

  async function enqueue(message: Message, delivery: Delivery): Promise<void> {
    const key = `${link.name}/${String(++sent).padStart(8, '0')}`;
    const refusal = rights.isGranted
      ? await enqueued(hub, message, key)
      : { condition: 'amqp:unauthorized-access', description: 'the token has expired' };
    if (refusal === null) delivery.accept();
    else delivery.reject(refusal);
  }
}

/** Null when the message waits for its device. */
async function enqueued(hub: IotHub, message: Message, key: string): Promise<Refusal | null> {
  const deviceId = decodeURIComponent(TO.exec(String(message.to ?? ''))?.[1] ?? '');
  if (deviceId === '') {
    return {
      condition: 'amqp:invalid-field',
      description: "'to' must be /devices/{deviceId}/messages/devicebound",
    };
  }
  if (hub.registry.find(deviceId) === undefined) {
    return { condition: 'amqp:not-found', description: `there is no device '${deviceId}'` };
  }
  const properties = (message.application_properties ?? {}) as Readonly<Record<string, unknown>>;
  const feedback = ACKS.find((each) => each === String(properties[ACK_PROPERTY] ?? 'none').toLowerCase());
  if (feedback === undefined) {
    return {
      condition: 'amqp:invalid-field',
      description: `${ACK_PROPERTY} must be one of ${ACKS.join(', ')}`,
    };
  }
  if (!(await hub.throttles.turn('cloud-to-device-sends', key))) {
    return {
      condition: 'com.microsoft:server-busy',
      description: 'more messages a minute than the hub takes',
    };
  }
  const reply = hub.cloudToDevice.enqueue(deviceId, {
    messageId: textOf(message.message_id) ?? '',
    body: bodyOf(message),
    properties: applicationProperties(properties),
    system: systemProperties(message, deviceId),
    expiresAtMs: expiryOf(message),
    feedback,
  });
  if (reply.ok) return null;
  return reply.status === 403
    ? { condition: 'amqp:resource-limit-exceeded', description: reply.reason }
    : { condition: 'amqp:link:message-size-exceeded', description: reply.reason };
}

function applicationProperties(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(properties).filter(([name]) => name !== ACK_PROPERTY);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** Named as the property bag of the device has them. */
function systemProperties(message: Message, deviceId: string): Record<string, string> {
  return known({
    to: `/devices/${deviceId}/messages/devicebound`,
    cid: textOf(message.correlation_id),
    ct: textOf(message.content_type),
    ce: textOf(message.content_encoding),
    uid: textOf(message.user_id),
    exp: message.absolute_expiry_time === undefined ? undefined : isoOf(message.absolute_expiry_time),
  });
}

function isoOf(time: Date | number): string {
  return new Date(time).toISOString();
}

function expiryOf({ absolute_expiry_time: expiry }: Message): number | null {
  return expiry === undefined || expiry === null ? null : new Date(expiry).getTime();
}
