/** Who is connected, and what each session is subscribed to: one session an identity. */
import type { KernelServices } from '../kernel/services.js';
import type { IdentityRecord } from './identities/registry.js';
import type { CloudToDevice, Settlement } from './messages/cloud-to-device.js';
import type { AuthenticationMethod, CloseReason, Delivery, HubSession, Subscriptions } from './session.js';

export interface SessionSettings {
  readonly record: IdentityRecord;
  readonly name: string;
  readonly method: AuthenticationMethod;
  /** False for MQTT's CleanSession 1: what was kept is dropped, and nothing will be kept. */
  readonly isPersistent: boolean;
}

export type ConnectionListener = (
  session: HubSession,
  what: 'deviceConnected' | 'deviceDisconnected',
) => void;

const NOTHING: Readonly<Subscriptions> = { desired: false, methods: false, messages: false };

export class Connections {
  private readonly services: KernelServices;
  private readonly cloudToDevice: CloudToDevice;
  private readonly sessions = new Map<string, HubSession>();
  /** Of persistent sessions, also while the device is away. */
  private readonly kept = new Map<string, Subscriptions>();
  private readonly listeners: ConnectionListener[] = [];

  constructor(services: KernelServices, cloudToDevice: CloudToDevice) {
    this.services = services;
    this.cloudToDevice = cloudToDevice;
  }

  onChanged(listener: ConnectionListener): void {
    this.listeners.push(listener);
  }

  get count(): number {
    return this.sessions.size;
  }

  find(name: string): HubSession | undefined {
    return this.sessions.get(name);
  }

  /** Subscriptions of persistent sessions. */
  get keptSubscriptions(): readonly (readonly [name: string, Subscriptions])[] {
    return [...this.kept];
  }

  /** Puts subscriptions back as they were saved. */
  restore(kept: readonly (readonly [name: string, Subscriptions])[]): void {
    for (const [name, subscriptions] of kept) this.kept.set(name, { ...subscriptions });
  }

  /** Whether subscriptions of an earlier persistent session wait for the identity. */
  hasKept(name: string): boolean {
    return this.kept.has(name);
  }

  /** Opens a session; one that the identity has already is closed first ("a second connection drops the first"). */
  open(settings: SessionSettings, delivery: Delivery): HubSession {
    const { name, record, method, isPersistent } = settings;
    const before = this.sessions.get(name);
    if (before !== undefined) this.close(before, 'taken-over');
    const session: HubSession = {
      name,
      record,
      method,
      delivery,
      subscriptions: this.subscriptionsOf(name, isPersistent),
      isOpen: true,
      locks: new Set(),
    };
    this.sessions.set(name, session);
    this.services.trace.record('iot-hub', name, 'connected');
    for (const listener of this.listeners) listener(session, 'deviceConnected');
    return session;
  }

  close(session: HubSession, reason: CloseReason): void {
    if (!session.isOpen) return;
    session.isOpen = false;
    if (this.sessions.get(session.name) === session) this.sessions.delete(session.name);
    this.releaseLocks(session);
    this.services.trace.record('iot-hub', session.name, 'disconnected', { reason });
    for (const listener of this.listeners) listener(session, 'deviceDisconnected');
    session.delivery.closed(reason);
  }

  /** The identity is gone: its session ends, and nothing is kept for it. */
  forget(name: string): void {
    const session = this.sessions.get(name);
    if (session !== undefined) this.close(session, 'removed');
    this.kept.delete(name);
  }

  /** Cloud-to-device messages go to the session from now on; those that wait go at once. */
  subscribeMessages(session: HubSession, wanted: boolean): void {
    session.subscriptions.messages = wanted;
    if (wanted) this.deliverMessages(session.name);
    else this.releaseLocks(session);
  }

  /** Brings what waits for an identity to its session, if it is there and wants it. */
  deliverMessages(name: string): void {
    const session = this.sessions.get(name);
    if (session === undefined || !session.subscriptions.messages) return;
    for (;;) {
      const message = this.cloudToDevice.receive(name);
      if (message === null) return;
      session.locks.add(message.lockToken);
      session.delivery.message(message);
    }
  }

  /** The device says what becomes of a message that it holds. */
  settleMessage(session: HubSession, lockToken: string, how: Settlement): void {
    session.locks.delete(lockToken);
    this.cloudToDevice[how](session.name, lockToken);
  }

  private subscriptionsOf(name: string, isPersistent: boolean): Subscriptions {
    if (!isPersistent) {
      this.kept.delete(name);
      return { ...NOTHING };
    }
    const subscriptions = this.kept.get(name) ?? { ...NOTHING };
    this.kept.set(name, subscriptions);
    return subscriptions;
  }

  private releaseLocks(session: HubSession): void {
    const locks = [...session.locks];
    session.locks.clear();
    for (const lock of locks) this.cloudToDevice.release(session.name, lock);
  }
}
