/** A device or module at the other end of an MQTT connection. */
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import type { Timer } from '../../kernel/services.js';
import type { Link } from '../../network/index.js';
import {
  type ConnectionOwner,
  type MqttMessage,
  type ServerConnection,
  SUBSCRIPTION_REFUSED,
  type Subscription,
} from '../../network/mqtt/server-connection.js';
import type { IotHub } from '../core.js';
import { Door, type DoorSettings } from '../door.js';
import type { ReceivedMessage } from '../messages/cloud-to-device.js';
import type { Delivery } from '../session.js';
import {
  type DevicePublish,
  type DeviceSubscription,
  desiredTopic,
  deviceBoundTopic,
  methodTopic,
  type PropertyBag,
  parsePublish,
  parseSubscription,
  twinResponseTopic,
} from './mqtt-topics.js';

/** "A device can only subscribe to five topics at a time." */
const MAX_SUBSCRIPTIONS = 5;

export class MqttDevice implements ConnectionOwner {
  private readonly hub: IotHub;
  private readonly connection: ServerConnection;
  private readonly settings: DoorSettings;
  private readonly door: Door;
  private readonly filters = new Set<string>();
  /** Locks of messages to the device by the packet identifiers that await a PUBACK. */
  private readonly unacknowledged = new Map<number, string>();
  private messagesQos: 0 | 1 = 1;
  private tokenTimer: Timer | null = null;

  constructor(hub: IotHub, connection: ServerConnection, settings: DoorSettings, link: Link | undefined) {
    this.hub = hub;
    this.connection = connection;
    this.settings = settings;
    this.door = new Door(hub, settings, link, this.delivery());
  }

  /** The timer that ends this connection with its token. */
  watchToken(timer: Timer | null): void {
    if (this.door.isOpen) this.tokenTimer = timer;
    else timer?.cancel();
  }

  /** The token has expired. */
  expire(): void {
    this.door.close('token-expired');
  }

  /** What a persistent session subscribed to before counts on: what waits for it comes now. */
  resume(): void {
    this.door.resume();
  }

  publish(message: MqttMessage, acknowledge: () => void): void {
    // "IoT Hub doesn't support QoS 2 messages. If a device app publishes one, IoT Hub closes the connection."
    const publish = message.qos === 2 ? null : parsePublish(message.topic, this.identity);
    if (publish === null) {
      this.door.close('misbehaved');
      return;
    }
    this.serve(publish, message).then(
      (isAccepted) => {
        if (isAccepted) acknowledge();
      },
      // The link failed under the message: the connection is going down with it.
      () => {},
    );
  }

  acknowledged(messageId: number): void {
    const lockToken = this.unacknowledged.get(messageId);
    this.unacknowledged.delete(messageId);
    if (lockToken !== undefined) this.door.settleMessage(lockToken, 'complete');
  }

  subscribe(subscriptions: readonly Subscription[]): {
    readonly granted: readonly number[];
    readonly afterwards: () => void;
  } {
    const accepted: DeviceSubscription[] = [];
    const granted = subscriptions.map(({ filter, qos }) => {
      const wanted = parseSubscription(filter, this.identity);
      if (wanted === null || !this.hasRoomFor(filter)) return SUBSCRIPTION_REFUSED;
      this.filters.add(filter);
      accepted.push(wanted);
      // "When a device app subscribes to a topic with QoS 2, IoT Hub grants maximum QoS level 1."
      const granted = qos === 0 ? 0 : 1;
      if (wanted === 'cloud-to-device') this.messagesQos = granted;
      return granted;
    });
    return {
      granted,
      afterwards: () => {
        for (const wanted of accepted) this.want(wanted, true);
      },
    };
  }

  unsubscribe(filters: readonly string[]): void {
    for (const filter of filters) {
      this.filters.delete(filter);
      const unwanted = parseSubscription(filter, this.identity);
      if (unwanted !== null) this.want(unwanted, false);
    }
  }

  closed(will: MqttMessage | null): void {
    this.tokenTimer?.cancel();
    this.door.close('disconnected');
    const publish = will === null ? null : parsePublish(will.topic, this.identity);
    if (will === null || publish?.kind !== 'telemetry') return;
    const { method, record } = this.settings;
    void this.hub.acceptWill(record, method, { body: will.payload, ...withRetain(publish.bag, will) });
  }

  private get identity() {
    return this.settings.record.identity;
  }

  private hasRoomFor(filter: string): boolean {
    return this.filters.has(filter) || this.filters.size < MAX_SUBSCRIPTIONS;
  }

  private want(what: DeviceSubscription, isWanted: boolean): void {
    if (what === 'desired') this.door.subscribeDesired(isWanted);
    if (what === 'methods') this.door.subscribeMethods(isWanted);
    if (what === 'cloud-to-device') this.door.subscribeMessages(isWanted);
  }

  /** True when the publish may be acknowledged. */
  private async serve(publish: DevicePublish, message: MqttMessage): Promise<boolean> {
    const { door } = this;
    switch (publish.kind) {
      case 'telemetry':
        return (await door.send({ body: message.payload, ...withRetain(publish.bag, message) })).accepted;
      case 'twin-get': {
        const reply = await door.readTwin();
        const status = reply.ok ? 200 : reply.status;
        this.send(twinResponseTopic(status, publish.requestId), reply.ok ? reply.twin : errorBody(reply));
        return true;
      }
      case 'twin-report': {
        const reply = await door.report(parseJson(message.payload));
        if (reply.ok) this.send(twinResponseTopic(204, publish.requestId, reply.version));
        else this.send(twinResponseTopic(reply.status, publish.requestId), errorBody(reply));
        return true;
      }
      case 'method-answer':
        await door.answerMethod(publish.requestId, {
          status: publish.status,
          payload: parseJson(message.payload),
        });
        return true;
    }
  }

  private delivery(): Delivery {
    return {
      message: (message) => this.sendMessage(message),
      desired: (patch) => this.send(desiredTopic(Number(patch.$version)), patch),
      method: ({ name, requestId, payload }) => this.send(methodTopic(name, requestId), payload),
      closed: () => this.connection.end(),
    };
  }

  private send(topic: string, body?: Json | object): void {
    const payload = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
    this.connection.publish(topic, payload, 0);
  }

  private sendMessage({ body, lockToken, messageId, properties, system }: ReceivedMessage): void {
    const bag = { properties, system: messageId === '' ? system : { ...system, mid: messageId } };
    const topic = deviceBoundTopic(this.identity, bag);
    const packetId = this.connection.publish(topic, Buffer.from(body), this.messagesQos);
    // At QoS 0 nobody says that it arrived.
    if (packetId === null) this.door.settleMessage(lockToken, 'complete');
    else this.unacknowledged.set(packetId, lockToken);
  }
}

/** "If a device sends a message with the RETAIN flag set, IoT Hub adds the `mqtt-retain` application property." */
function withRetain(bag: PropertyBag, { isRetained }: MqttMessage): PropertyBag {
  return isRetained ? { ...bag, properties: { ...bag.properties, 'mqtt-retain': 'true' } } : bag;
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
