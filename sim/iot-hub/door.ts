import type { Json, MethodAnswer, Properties } from '../../pipeline/camera-module/hub-connection.js';
import type { Direction, Link } from '../network/link.js';
import type { SessionSettings } from './connections.js';
import type { IotHub, ReportReply, TwinReply } from './core.js';
import { nameOf } from './identities/identity.js';
import type { Settlement } from './messages/cloud-to-device.js';
import { sizeOf, type TelemetryMessage, type TelemetryReply } from './messages/telemetry.js';
import type { CloseReason, Delivery, HubSession, MethodCall } from './session.js';

export type DoorSettings = Omit<SessionSettings, 'name'>;

/**
 * Where a device's messages enter and leave the hub, whatever protocol they came by: here, and only here, they
 * pay for the link that carries them. Messages of one direction arrive in the order they were sent, as TCP has
 * it, even when one of them had to be sent again.
 *
 * A crossing rejects with `LinkDownError` when the link fails; the connection is gone then, too.
 */
export class Door {
  private readonly hub: IotHub;
  private readonly session: HubSession;
  private readonly link: Link | undefined;
  private readonly lastArrival: Record<Direction, Promise<void>> = {
    up: Promise.resolve(),
    down: Promise.resolve(),
  };

  constructor(hub: IotHub, settings: DoorSettings, link: Link | undefined, delivery: Delivery) {
    this.hub = hub;
    this.link = link;
    const { record, method, isPersistent } = settings;
    const name = nameOf(record.identity);
    this.session = hub.open({ name, record, method, isPersistent }, this.across(delivery));
  }

  get isOpen(): boolean {
    return this.session.isOpen;
  }

  /** What waits for the device's persistent subscriptions comes now. */
  resume(): void {
    this.hub.connections.deliverMessages(this.session.name);
  }

  subscribeDesired(wanted: boolean): void {
    this.session.subscriptions.desired = wanted;
  }

  subscribeMethods(wanted: boolean): void {
    this.session.subscriptions.methods = wanted;
  }

  subscribeMessages(wanted: boolean): void {
    this.hub.connections.subscribeMessages(this.session, wanted);
  }

  /** The device has taken a cloud-to-device message over, or will not have it, or not now. */
  settleMessage(lockToken: string, how: Settlement): void {
    this.hub.connections.settleMessage(this.session, lockToken, how);
  }

  async readTwin(): Promise<TwinReply> {
    const key = this.nextKey('twin-read');
    await this.cross('up', 0, key);
    const reply = await this.hub.readTwin(this.session, key);
    await this.cross('down', reply.ok ? bytesOf(reply.twin) : 0, key);
    return reply;
  }

  async report(patch: Json): Promise<ReportReply> {
    const key = this.nextKey('twin-report');
    await this.cross('up', bytesOf(patch), key);
    const reply = await this.hub.report(this.session, patch, key);
    await this.cross('down', 0, key);
    return reply;
  }

  /** MQTT 3.1.1 has no refusal to send back, so a message that is refused ends the connection. */
  async send(message: TelemetryMessage): Promise<TelemetryReply> {
    const reply = await this.offer(message);
    if (!reply.accepted) this.close('misbehaved');
    return reply;
  }

  /** For protocols that can refuse a message. Its acknowledgement is a protocol's own and costs nothing. */
  async offer(message: TelemetryMessage): Promise<TelemetryReply> {
    const key = this.nextKey(`telemetry/${message.system.mid ?? ''}`);
    await this.cross('up', sizeOf(message), key);
    return this.hub.telemetry.accept(this.session, message, key);
  }

  async answerMethod(requestId: string, answer: MethodAnswer): Promise<void> {
    await this.cross('up', bytesOf(answer.payload), this.nextKey('method-answer'));
    this.hub.methods.answer(this.session, requestId, answer);
  }

  close(reason: CloseReason): void {
    this.hub.close(this.session, reason);
  }

  /** `delivery` at the far end of the link. */
  private across(delivery: Delivery): Delivery {
    const later = (bytes: number, what: string, deliver: () => void) => {
      const deliverIfOpen = () => {
        if (this.session.isOpen) deliver();
      };
      // A delivery that fails with the link is lost with the connection: the device reads its twin anew.
      this.cross('down', bytes, this.nextKey(what)).then(deliverIfOpen, () => {});
    };
    return {
      desired: (patch: Properties) => later(bytesOf(patch), 'desired', () => delivery.desired(patch)),
      method: (call: MethodCall) => later(bytesOf(call.payload), 'method', () => delivery.method(call)),
      message: (message) => later(message.body.length, 'message', () => delivery.message(message)),
      closed: (reason) => delivery.closed(reason),
    };
  }

  private cross(direction: Direction, bytes: number, key: string): Promise<void> {
    if (this.link === undefined) return Promise.resolve();
    const crossing = this.link.transmit(direction, bytes, key);
    const arrival = this.lastArrival[direction].then(() => crossing);
    this.lastArrival[direction] = arrival.catch(() => {});
    crossing.catch(() => {});
    return arrival;
  }

  private nextKey(what: string): string {
    const { name } = this.session;
    return `${name}/${String(this.hub.nextOrdinal(name)).padStart(8, '0')}/${what}`;
  }
}

function bytesOf(value: Json | Properties | { readonly desired: Json; readonly reported: Json }): number {
  return Buffer.byteLength(JSON.stringify(value));
}
