/**
 * IoT Hub's MQTT 3.1.1 front: an aedes broker that routes nothing between clients. Every publish ends here and
 * goes through the device's `Door`; every message to a device is written to its connection alone.
 */
import type { Duplex } from 'node:stream';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import type { Json } from '../../pipeline/camera-module/hub-connection.js';
import { type Link, linkOf } from '../network/index.js';
import { certificateOf } from './client-certificate.js';
import type { ReceivedMessage } from './cloud-to-device.js';
import type { Authentication, IotHub } from './core.js';
import { Door } from './door.js';
import { type Identity, withoutPort } from './identity.js';
import {
  type DevicePublish,
  desiredTopic,
  deviceBoundTopic,
  methodTopic,
  type PropertyBag,
  parsePublish,
  parseSubscription,
  twinResponseTopic,
} from './mqtt-topics.js';
import type { IdentityRecord } from './registry.js';
import type { Delivery } from './session.js';

export interface MqttFront {
  /** Serves one connection: an end of an in-memory link, or a TCP, TLS or WebSocket stream. */
  handle(connection: Duplex, link?: Link): void;
  close(): Promise<void>;
}

/** The packet types this front deals in, as aedes types them. */
type PublishPacket = Parameters<NonNullable<AedesOptions['authorizePublish']>>[1];

interface ConnectedClient {
  readonly client: Client;
  readonly identity: Identity;
  readonly door: Door;
  /** Lock tokens of the cloud-to-device messages that the device has not acknowledged, oldest first. */
  readonly unacknowledged: string[];
}

/** CONNACK codes of MQTT 3.1.1, table 3.1. */
const SERVER_UNAVAILABLE = 3;
const NOT_AUTHORIZED = 5;
/**
 * aedes announces itself to other brokers at this interval, and looks for their wills at four times as long; there
 * are none. A timer can hold 2^31 - 1 ms.
 */
const NEVER_MS = Math.floor((2 ** 31 - 1) / 4);

export async function openMqttFront(hub: IotHub): Promise<MqttFront> {
  const connected = new Map<Client, ConnectedClient>();
  const links = new WeakMap<object, Link>();
  /** Whose connection ended: the broker publishes their wills now, if they left any. */
  const departed = new WeakMap<Client, IdentityRecord>();

  const broker = await Aedes.createBroker({
    id: 'iot-hub',
    heartbeatInterval: NEVER_MS,
    preConnect(_client, packet, done) {
      // What a device has to get while it is away is the hub's to keep, with its locks and delivery counts.
      packet.clean = true;
      done(null, true);
    },
    authenticate(client, username, password, done) {
      const name = nameIn(username, hub.settings.hostName);
      if (name === null || name !== client.id) return done(refusal(NOT_AUTHORIZED, 'bad user name'), false);
      const outcome = authenticate(name, password?.toString() ?? '', client.conn);
      if (!outcome.ok) return done(refusal(NOT_AUTHORIZED, outcome.problem), false);
      hub.admitConnection(name).then((admitted) => {
        if (client.conn.destroyed) return;
        if (!admitted) return done(refusal(SERVER_UNAVAILABLE, 'too many connections a second'), false);
        const { identity } = outcome.record;
        const unacknowledged: string[] = [];
        const delivery = deliveryTo(client, identity, unacknowledged);
        const door = new Door(hub, outcome.record, links.get(client.conn), delivery);
        connected.set(client, { client, identity, door, unacknowledged });
        departed.set(client, outcome.record);
        client.conn.once('close', () => {
          connected.delete(client);
          door.close('disconnected');
        });
        done(null, true);
      });
    },
    authorizeSubscribe(client, subscription, done) {
      const known = connected.get(client);
      const wanted = known && parseSubscription(subscription.topic, known.identity);
      // A null subscription is answered with SUBACK 0x80, failure.
      if (!known || !wanted) return done(null, null);
      if (wanted === 'desired') known.door.subscribeDesired(true);
      if (wanted === 'methods') known.door.subscribeMethods(true);
      done(null, subscription);
      // After its SUBACK: what waits for the device comes at once.
      if (wanted === 'cloud-to-device') setImmediate(() => known.door.subscribeMessages(true));
    },
    authorizePublish(client, packet, done) {
      const known = client && connected.get(client);
      const record = client && departed.get(client);
      if (client?.closed && record) {
        leaveWill(record, packet);
        return done(null);
      }
      // "IoT Hub doesn't support QoS 2 messages. If a device app publishes one, IoT Hub closes the connection."
      if (!known || packet.qos === 2) return done(new Error('not a publish of IoT Hub'));
      const publish = parsePublish(packet.topic, known.identity);
      if (publish === null)
        return done(new Error(`${known.identity.deviceId} may not publish to ${packet.topic}`));
      serve(known, publish, packet);
      done(null);
    },
  });
  broker.on('unsubscribe', (filters, client) => {
    const known = connected.get(client);
    if (known === undefined) return;
    for (const filter of filters) {
      const unwanted = parseSubscription(filter, known.identity);
      if (unwanted === 'desired') known.door.subscribeDesired(false);
      if (unwanted === 'methods') known.door.subscribeMethods(false);
      if (unwanted === 'cloud-to-device') known.door.subscribeMessages(false);
    }
  });
  // [MQTT-4.6.0-2]: acknowledgements come in the order of the messages.
  broker.on('ack', (_packet, client) => {
    const known = connected.get(client);
    const lockToken = known?.unacknowledged.shift();
    if (lockToken !== undefined) known?.door.completeMessage(lockToken);
  });

  function authenticate(name: string, password: string, connection: Duplex): Authentication {
    const certificate = password === '' ? certificateOf(connection) : null;
    return certificate === null
      ? hub.authenticate(name, password)
      : hub.authenticateCertificate(name, certificate);
  }

  function leaveWill(record: IdentityRecord, packet: PublishPacket): void {
    const publish = parsePublish(packet.topic, record.identity);
    if (publish?.kind !== 'telemetry') return;
    void hub.acceptWill(record, { body: Buffer.from(packet.payload), ...withRetain(publish.bag, packet) });
  }

  function serve(known: ConnectedClient, publish: DevicePublish, packet: PublishPacket): void {
    const messageId = packet.qos === 1 ? packet.messageId : undefined;
    const body = Buffer.from(packet.payload);
    const kept =
      publish.kind === 'telemetry' ? { ...publish, bag: withRetain(publish.bag, packet) } : publish;
    // The broker would acknowledge before the hub has taken the message; so it sees QoS 0 and this front
    // acknowledges when the time has come.
    packet.qos = 0;
    packet.retain = false;
    answer(known, kept, body).then(
      (accepted) => {
        if (accepted && messageId !== undefined && known.door.isOpen) acknowledge(known.client, messageId);
      },
      // The link failed under the message: the connection is going down with it.
      () => {},
    );
  }

  return {
    handle(connection, link = linkOf(connection)) {
      if (link !== undefined) links.set(connection, link);
      broker.handle(connection);
    },
    close: () => new Promise((resolve) => broker.close(() => resolve())),
  };
}

/** True when the publish may be acknowledged. */
async function answer(
  { client, door }: ConnectedClient,
  publish: DevicePublish,
  body: Buffer,
): Promise<boolean> {
  switch (publish.kind) {
    case 'telemetry':
      return (await door.send({ body, ...publish.bag })).accepted;
    case 'twin-get': {
      const reply = await door.readTwin();
      const status = reply.ok ? 200 : reply.status;
      send(client, twinResponseTopic(status, publish.requestId), reply.ok ? reply.twin : errorBody(reply));
      return true;
    }
    case 'twin-report': {
      const reply = await door.report(parseJson(body));
      if (reply.ok) send(client, twinResponseTopic(204, publish.requestId, reply.version));
      else send(client, twinResponseTopic(reply.status, publish.requestId), errorBody(reply));
      return true;
    }
    case 'method-answer':
      await door.answerMethod(publish.requestId, { status: publish.status, payload: parseJson(body) });
      return true;
  }
}

/** "If a device sends a message with the RETAIN flag set, IoT Hub adds the `mqtt-retain` application property." */
function withRetain(bag: PropertyBag, { retain }: { readonly retain: boolean }): PropertyBag {
  return retain ? { ...bag, properties: { ...bag.properties, 'mqtt-retain': 'true' } } : bag;
}

function deliveryTo(client: Client, identity: Identity, unacknowledged: string[]): Delivery {
  return {
    message: (message) => {
      unacknowledged.push(message.lockToken);
      sendMessage(client, identity, message);
    },
    desired: (patch) => send(client, desiredTopic(Number(patch.$version)), patch),
    method: ({ name, requestId, payload }) => send(client, methodTopic(name, requestId), payload),
    closed: () => client.close(),
  };
}

function send(client: Client, topic: string, body?: Json | object): void {
  const payload = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  client.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => {});
}

function sendMessage(client: Client, identity: Identity, message: ReceivedMessage): void {
  const { body, messageId, properties, system } = message;
  const topic = deviceBoundTopic(identity, { properties, system: { ...system, mid: messageId } });
  const payload = Buffer.from(body);
  client.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => {});
}

const PUBACK = 0x40;
const PUBACK_REMAINING_LENGTH = 2;

/** [MQTT-3.4.2-1]: a PUBACK carries the packet identifier of the PUBLISH. */
function acknowledge(client: Client, messageId: number): void {
  const packet = Buffer.from([PUBACK, PUBACK_REMAINING_LENGTH, 0, 0]);
  packet.writeUInt16BE(messageId, 2);
  client.conn.write(packet);
}

/** The identity in a user name of the form `{host}/{device}[/{module}]/?api-version=…`; null when it is none. */
function nameIn(username: string | undefined, hostName: string): string | null {
  const match = /^([^/]+)\/([^/]+(?:\/[^/?]+)?)\/\?.*api-version=/.exec(username ?? '');
  if (match === null) return null;
  const [, host = '', name = ''] = match;
  return withoutPort(host.toLowerCase()) === withoutPort(hostName.toLowerCase()) ? name : null;
}

function refusal(returnCode: number, reason: string): Error & { returnCode: number } {
  return Object.assign(new Error(reason), { returnCode });
}

/** IoT Hub's error codes are the HTTP status followed by three digits. */
function errorBody({ status, reason }: { readonly status: number; readonly reason: string }): object {
  return { errorCode: status * 1000, trackingId: '', message: reason };
}

/** Null, which no operation takes, for what is not JSON. */
function parseJson(body: Buffer): Json {
  try {
    return JSON.parse(body.toString()) as Json;
  } catch {
    return null;
  }
}
