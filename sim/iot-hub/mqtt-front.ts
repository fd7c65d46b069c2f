/**
 * IoT Hub's MQTT 3.1.1 front: an aedes broker that routes nothing between clients. Every publish ends here and
 * goes through the device's `Door`; every message to a device is written to its connection alone.
 */
import type { Duplex } from 'node:stream';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import type { Json } from '../../pipeline/camera-module/hub-connection.js';
import { type Link, linkOf } from '../network/index.js';
import type { IotHub } from './core.js';
import { Door } from './door.js';
import type { Identity } from './identity.js';
import {
  type DevicePublish,
  desiredTopic,
  methodTopic,
  parsePublish,
  parseSubscription,
  twinResponseTopic,
} from './mqtt-topics.js';
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

  const broker = await Aedes.createBroker({
    id: 'iot-hub',
    heartbeatInterval: NEVER_MS,
    authenticate(client, username, password, done) {
      const name = nameIn(username, hub.settings.hostName);
      if (name === null || name !== client.id) return done(refusal(NOT_AUTHORIZED, 'bad user name'), false);
      const outcome = hub.authenticate(name, password?.toString() ?? '');
      if (!outcome.ok) return done(refusal(NOT_AUTHORIZED, outcome.problem), false);
      hub.admitConnection(name).then((admitted) => {
        if (client.conn.destroyed) return;
        if (!admitted) return done(refusal(SERVER_UNAVAILABLE, 'too many connections a second'), false);
        const door = new Door(hub, outcome.record, links.get(client.conn), deliveryTo(client));
        connected.set(client, { client, identity: outcome.record.identity, door });
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
    },
    authorizePublish(client, packet, done) {
      const known = client && connected.get(client);
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
    }
  });

  function serve(known: ConnectedClient, publish: DevicePublish, packet: PublishPacket): void {
    const messageId = packet.qos === 1 ? packet.messageId : undefined;
    const body = Buffer.from(packet.payload);
    // The broker would acknowledge before the hub has taken the message; so it sees QoS 0 and this front
    // acknowledges when the time has come.
    packet.qos = 0;
    answer(known, publish, body).then(
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

function deliveryTo(client: Client): Delivery {
  return {
    desired: (patch) => send(client, desiredTopic(Number(patch.$version)), patch),
    method: ({ name, requestId, payload }) => send(client, methodTopic(name, requestId), payload),
    closed: () => client.close(),
  };
}

function send(client: Client, topic: string, body?: Json | object): void {
  const payload = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  client.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => {});
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
  return host.toLowerCase() === hostName.toLowerCase() ? name : null;
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
