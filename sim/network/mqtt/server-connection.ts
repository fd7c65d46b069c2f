/**
 * The server's end of one MQTT 3.1.1 connection: packets in and out, keep-alive and the last will. It routes nothing;
 * what a publish or a subscription means is its owner's to say. (A broker would route, retain and queue between
 * clients, which services like IoT Hub do not.)
 */
import type { Duplex } from 'node:stream';
import { generate, type IConnectPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import type { Clock, Timer } from '../../kernel/services.js';

export type QualityOfService = 0 | 1 | 2;

export interface MqttMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QualityOfService;
  readonly isRetained: boolean;
}

export interface MqttConnect {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  readonly isClean: boolean;
}

/** CONNACK codes of MQTT 3.1.1, table 3.1. */
export const CONNACK = { badProtocol: 1, badClientId: 2, unavailable: 3, notAuthorized: 5 } as const;
/** [MQTT-3.9.3-2]: a filter that is refused. */
export const SUBSCRIPTION_REFUSED = 0x80;

export type ConnectReply =
  /** `open` is called once the CONNACK is on its way. */
  | { readonly ok: true; readonly isSessionPresent: boolean; readonly open: () => ConnectionOwner }
  | { readonly ok: false; readonly returnCode: (typeof CONNACK)[keyof typeof CONNACK] };

export interface Subscription {
  readonly filter: string;
  readonly qos: QualityOfService;
}

/** Who decides what packets mean, once the client is connected. */
export interface ConnectionOwner {
  /** `acknowledge` sends the PUBACK of a publish of QoS 1; for others it does nothing. */
  publish(message: MqttMessage, acknowledge: () => void): void;
  /** The client's PUBACK for a message of QoS 1. */
  acknowledged(messageId: number): void;
  /** The granted QoS or `SUBSCRIPTION_REFUSED` for each, and what is to follow the SUBACK. */
  subscribe(subscriptions: readonly Subscription[]): {
    readonly granted: readonly number[];
    readonly afterwards: () => void;
  };
  unsubscribe(filters: readonly string[]): void;
  /** `will` is what the client left for the case that it goes without goodbye; null: it said goodbye, or left none. */
  closed(will: MqttMessage | null): void;
}

export interface ServerConnectionSettings {
  readonly clock: Clock;
  /** Of one packet with its topic. */
  readonly maxPacketBytes: number;
  /** The longest silence that is suffered, whatever keep-alive the client asked for; null: none. */
  readonly maxSilenceMs: number | null;
  readonly connect: (connection: ServerConnection, packet: MqttConnect) => Promise<ConnectReply>;
}

/** A client that connects must say so within this time. */
const CONNECT_PATIENCE_MS = 30_000;
/** [MQTT-3.1.2-24]: one and a half times the keep-alive. */
const KEEP_ALIVE_FACTOR = 1.5;
const MS_PER_SECOND = 1000;
/** What may wait for a client that does not read. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;
const MAX_MESSAGE_ID = 0xffff;
const PROTOCOL_3_1_1 = 4;

type State = 'new' | 'connecting' | 'open' | 'closed';

export class ServerConnection {
  readonly socket: Duplex;
  private readonly settings: ServerConnectionSettings;
  private state: State = 'new';
  private owner: ConnectionOwner | null = null;
  private will: MqttMessage | null = null;
  /** Packets that came before the CONNACK. */
  private early: Packet[] = [];
  private lastMessageId = 0;
  private lastHeardAtMs: number;
  private watch: Timer;

  constructor(socket: Duplex, settings: ServerConnectionSettings) {
    this.socket = socket;
    this.settings = settings;
    this.lastHeardAtMs = settings.clock.now();
    this.watch = settings.clock.after(CONNECT_PATIENCE_MS, () => this.end());
    const packets = parser({ protocolVersion: PROTOCOL_3_1_1 });
    packets.on('packet', (packet) => this.take(packet));
    packets.on('error', () => this.end());
    socket.on('data', (chunk: Buffer) => {
      if (this.state === 'closed') return;
      this.lastHeardAtMs = settings.clock.now();
      if (packets.parse(chunk) > settings.maxPacketBytes) this.end();
    });
    socket.on('error', () => {});
    socket.once('end', () => this.end());
    socket.once('close', () => this.end());
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Sends a message; the id that its PUBACK will carry, or null for QoS 0. */
  publish(topic: string, payload: Buffer, qos: 0 | 1): number | null {
    const messageId = qos === 0 ? null : this.nextMessageId();
    this.send({
      cmd: 'publish',
      topic,
      payload,
      qos,
      dup: false,
      retain: false,
      ...(messageId === null ? {} : { messageId }),
    });
    return messageId;
  }

  /** Hangs up. What the client left as its will is due. */
  end(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.watch.cancel();
    this.socket.destroy();
    this.owner?.closed(this.will);
  }

  private take(packet: Packet): void {
    if ((packet.length ?? 0) > this.settings.maxPacketBytes) this.end();
    switch (this.state) {
      case 'new':
        // [MQTT-3.1.0-1]: the first packet must be a CONNECT.
        if (packet.cmd === 'connect') void this.connect(packet);
        else this.end();
        return;
      case 'connecting':
        this.early.push(packet);
        return;
      case 'open':
        this.serve(packet);
    }
  }

  private async connect(packet: IConnectPacket): Promise<void> {
    this.state = 'connecting';
    this.watch.cancel();
    const reply = await this.answerTo(packet);
    if (!this.isConnecting()) return;
    if (!reply.ok) {
      this.send({ cmd: 'connack', returnCode: reply.returnCode, sessionPresent: false });
      this.state = 'closed';
      this.socket.end();
      return;
    }
    this.will = willOf(packet);
    this.state = 'open';
    this.send({ cmd: 'connack', returnCode: 0, sessionPresent: reply.isSessionPresent });
    this.watchSilence(packet.keepalive ?? 0);
    this.owner = reply.open();
    for (const early of this.early.splice(0)) this.take(early);
  }

  private answerTo(packet: IConnectPacket): Promise<ConnectReply> {
    const { clean, clientId, password, protocolVersion, username } = packet;
    if (protocolVersion !== PROTOCOL_3_1_1) {
      return Promise.resolve({ ok: false, returnCode: CONNACK.badProtocol });
    }
    return this.settings.connect(this, {
      clientId,
      username: username ?? '',
      password: password?.toString() ?? '',
      isClean: clean ?? true,
    });
  }

  private isConnecting(): boolean {
    return this.state === 'connecting';
  }

  private serve(packet: Packet): void {
    const { owner } = this;
    if (owner === null) return;
    switch (packet.cmd) {
      case 'publish':
        owner.publish(messageOf(packet), () => this.acknowledge(packet));
        break;
      case 'puback':
        owner.acknowledged(packet.messageId ?? 0);
        break;
      case 'subscribe': {
        const asked = packet.subscriptions.map(({ topic, qos }) => ({ filter: topic, qos }));
        const { afterwards, granted } = owner.subscribe(asked);
        this.send({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: [...granted] });
        afterwards();
        break;
      }
      case 'unsubscribe':
        owner.unsubscribe(packet.unsubscriptions);
        this.send({ cmd: 'unsuback', messageId: packet.messageId ?? 0, granted: [] });
        break;
      case 'pingreq':
        this.send({ cmd: 'pingresp' });
        break;
      case 'disconnect':
        // [MQTT-3.14.4-3]: the will is discarded.
        this.will = null;
        this.end();
        break;
      default:
        // A second CONNECT [MQTT-3.1.0-2], or what only servers send, or QoS 2.
        this.end();
    }
  }

  private acknowledge({ messageId, qos }: IPublishPacket): void {
    if (qos === 1 && messageId !== undefined && this.isOpen) this.send({ cmd: 'puback', messageId });
  }

  private send(packet: Packet): void {
    if (this.state === 'closed') return;
    this.socket.write(generate(packet));
    if (this.socket.writableLength > MAX_UNSENT_BYTES) this.end();
  }

  private watchSilence(keepAliveSeconds: number): void {
    const { clock, maxSilenceMs } = this.settings;
    const asked = keepAliveSeconds * KEEP_ALIVE_FACTOR * MS_PER_SECOND;
    const limitMs = Math.min(asked || Number.POSITIVE_INFINITY, maxSilenceMs ?? Number.POSITIVE_INFINITY);
    if (limitMs === Number.POSITIVE_INFINITY) return;
    const check = () => {
      const silentMs = clock.now() - this.lastHeardAtMs;
      if (silentMs >= limitMs) this.end();
      else this.watch = clock.after(limitMs - silentMs, check);
    };
    this.watch = clock.after(limitMs, check);
  }

  private nextMessageId(): number {
    this.lastMessageId = (this.lastMessageId % MAX_MESSAGE_ID) + 1;
    return this.lastMessageId;
  }
}

function messageOf({ payload, qos, retain, topic }: IPublishPacket): MqttMessage {
  return { topic, payload: Buffer.from(payload), qos, isRetained: retain };
}

function willOf({ will }: IConnectPacket): MqttMessage | null {
  if (will === undefined) return null;
  const { payload, qos = 0, retain = false, topic } = will;
  return { topic, payload: Buffer.from(payload), qos, isRetained: retain };
}
