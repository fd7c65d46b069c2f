/** A device or module at the other end of links of an AMQP connection. */
import type { Delivery, EventContext, Message, Receiver, Sender } from 'rhea';
import type { Timer } from '../../kernel/services.js';
import type { IotHub } from '../core.js';
import { Door } from '../door.js';
import { nameOf } from '../identities/identity.js';
import type { Settlement } from '../messages/cloud-to-device.js';
import type { CloseReason } from '../session.js';
import {
  type AmqpProblem,
  desiredPatch,
  deviceBound,
  jsonOf,
  messagesIn,
  methodAnswer,
  methodCall,
  refusalOf,
  type TwinAnswer,
  telemetryOf,
  twinAnswer,
  twinRequest,
} from './device-messages.js';
import type { DeviceLinkKind } from './device-paths.js';
import type { DeviceRights, Proven } from './device-rights.js';
import { Outbox } from './outbox.js';

/** Messages that a device may have under way. */
const CREDIT = 100;
/** A timer can hold no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const NOT_ADMITTED: AmqpProblem = {
  condition: 'com.microsoft:device-container-throttled',
  description: 'more connections a second than the hub takes',
};
const PROBLEMS: Readonly<Record<CloseReason, AmqpProblem>> = {
  disconnected: { condition: 'amqp:link:detach-forced', description: 'the connection ended' },
  'taken-over': { condition: 'amqp:link:stolen', description: 'the device has connected anew' },
  removed: { condition: 'amqp:not-found', description: 'the device is disabled, or no more' },
  misbehaved: { condition: 'amqp:not-allowed', description: 'the hub does not take this' },
  'token-expired': { condition: 'amqp:unauthorized-access', description: 'the token has expired' },
  stopped: { condition: 'amqp:link:detach-forced', description: 'the hub goes down' },
};

export class AmqpDevice {
  readonly name: string;
  private readonly hub: IotHub;
  private readonly rights: DeviceRights;
  private readonly onEnd: (problem: AmqpProblem) => void;
  /** Null when there was no room for it. */
  private readonly opening: Promise<Door | null>;
  private readonly down = new Map<DeviceLinkKind, Outbox>();
  private readonly links = new Set<Sender | Receiver>();
  /** Locks of messages to the device by the deliveries that it has not settled. */
  private readonly unsettled = new Map<number, string>();
  private tokenTimer: Timer | null = null;

  /** `onEnd`: the hub has ended it; its links are closed. */
  constructor(hub: IotHub, rights: DeviceRights, proven: Proven, onEnd: (problem: AmqpProblem) => void) {
    this.hub = hub;
    this.rights = rights;
    this.name = nameOf(proven.record.identity);
    this.onEnd = onEnd;
    this.opening = this.open(proven);
  }

  /** Serves a link on which the device sends. */
  attachUp(kind: DeviceLinkKind, link: Receiver): void {
    this.links.add(link);
    link.on('message', ({ delivery, message }: EventContext) => {
      link.add_credit(1);
      if (delivery === undefined || message === undefined) return;
      void this.take(kind, message, delivery).catch(() => this.end('misbehaved'));
    });
    link.on('receiver_close', () => this.detach(link));
    link.add_credit(CREDIT);
  }

  /** Serves a link on which the device receives. */
  attachDown(kind: DeviceLinkKind, link: Sender): void {
    this.links.add(link);
    const outbox = new Outbox(link);
    this.down.set(kind, outbox);
    link.on('sender_close', () => {
      if (this.down.get(kind) === outbox) this.down.delete(kind);
      this.want(kind, false);
      this.detach(link);
    });
    if (kind === 'messages') this.settleBy(link);
    this.want(kind, true);
  }

  /** Its links are gone, or its connection is. */
  end(reason: CloseReason): void {
    void this.opening.then((door) => door?.close(reason));
  }

  private async open({ method, record }: Proven): Promise<Door | null> {
    const isAdmitted = await this.hub.admitConnection(this.name);
    if (!isAdmitted || this.links.size === 0) {
      this.closed(isAdmitted ? PROBLEMS.disconnected : NOT_ADMITTED);
      return null;
    }
    const door = new Door(this.hub, { record, method, isPersistent: false }, undefined, {
      message: (message) => {
        const remember = ({ id }: Delivery) => this.unsettled.set(id, message.lockToken);
        this.down.get('messages')?.send(deviceBound(message), remember);
      },
      method: (call) => this.down.get('methods')?.send(methodCall(call)),
      desired: (patch) => this.down.get('twin')?.send(desiredPatch(patch)),
      closed: (reason) => this.closed(PROBLEMS[reason]),
    });
    this.watchToken(door);
    return door;
  }

  /** A session lasts no longer than its token; another token may have come meanwhile. */
  private watchToken(door: Door): void {
    if (!door.isOpen) return;
    const proven = this.rights.of(this.name);
    if (proven === null) door.close('token-expired');
    if (proven === null || proven.expiresAtMs === null) return;
    const { clock } = this.hub.services;
    const leftMs = Math.min(proven.expiresAtMs - clock.now(), MAX_TIMER_MS);
    this.tokenTimer = clock.after(leftMs, () => this.watchToken(door));
  }

  private closed(problem: AmqpProblem): void {
    this.tokenTimer?.cancel();
    const links = [...this.links];
    this.links.clear();
    for (const link of links) if (link.is_open()) link.close({ ...problem });
    this.onEnd(problem);
  }

  private detach(link: Sender | Receiver): void {
    this.links.delete(link);
    if (link.is_open()) link.close();
    if (this.links.size === 0) this.end('disconnected');
  }

  private want(kind: DeviceLinkKind, isWanted: boolean): void {
    void this.opening.then((door) => {
      if (!door?.isOpen) return;
      if (kind === 'messages') door.subscribeMessages(isWanted);
      if (kind === 'methods') door.subscribeMethods(isWanted);
      // Desired properties are asked for by a request; they end with the link.
      if (kind === 'twin' && !isWanted) door.subscribeDesired(false);
    });
  }

  private settleBy(link: Sender): void {
    const by =
      (how: Settlement) =>
      ({ delivery }: EventContext) => {
        const lock = delivery === undefined ? undefined : this.unsettled.get(delivery.id);
        if (delivery === undefined || lock === undefined) return;
        this.unsettled.delete(delivery.id);
        void this.opening.then((door) => door?.settleMessage(lock, how));
      };
    link.on('accepted', by('complete'));
    link.on('rejected', by('reject'));
    link.on('released', by('abandon'));
    link.on('modified', by('abandon'));
  }

  private async take(kind: DeviceLinkKind, message: Message, delivery: Delivery): Promise<void> {
    const door = await this.opening;
    if (!door?.isOpen) return;
    const problem = await this.serve(kind, door, message, delivery);
    if (problem === null) delivery.accept();
    else delivery.reject({ ...problem });
  }

  /** Null when the message is taken. */
  private async serve(
    kind: DeviceLinkKind,
    door: Door,
    message: Message,
    { format }: Delivery,
  ): Promise<AmqpProblem | null> {
    switch (kind) {
      case 'events':
        return this.sendAll(door, messagesIn(message, format));
      case 'twin':
        this.down.get('twin')?.send(twinAnswer(message, await this.twin(door, message)));
        return null;
      case 'methods': {
        const answer = methodAnswer(message);
        if (answer === null) return { condition: 'amqp:invalid-field', description: 'no call has that id' };
        const { payload, requestId, status } = answer;
        await door.answerMethod(requestId, { status, payload });
        return null;
      }
      case 'messages':
      case 'inputs':
        return { condition: 'amqp:not-allowed', description: 'a device does not send to its own inbox' };
    }
  }

  private async sendAll(door: Door, messages: readonly Message[]): Promise<AmqpProblem | null> {
    for (const message of messages) {
      const reply = await door.offer(telemetryOf(message));
      if (!reply.accepted) return refusalOf(reply);
    }
    return null;
  }

  private async twin(door: Door, message: Message): Promise<TwinAnswer> {
    switch (twinRequest(message)) {
      case 'get': {
        const reply = await door.readTwin();
        return reply.ok ? { status: 200, body: reply.twin } : { status: reply.status, body: reply.reason };
      }
      case 'report': {
        const reply = await door.report(jsonOf(message));
        if (reply.ok) return { status: 204, version: reply.version };
        return { status: reply.status, body: reply.reason };
      }
      case 'subscribe':
        door.subscribeDesired(true);
        return { status: 200 };
      case 'unsubscribe':
        door.subscribeDesired(false);
        return { status: 204 };
      case null:
        return { status: 400, body: 'a twin takes GET, PATCH, PUT and DELETE of its documented resources' };
    }
  }
}
