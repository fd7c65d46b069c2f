import type { Json, Properties } from '../../pipeline/camera-module/hub-connection.js';
import type { IdentityRecord } from './identities/registry.js';
import type { ReceivedMessage } from './messages/cloud-to-device.js';

/** Why a session ended. */
export type CloseReason =
  | 'disconnected'
  | 'taken-over'
  | 'removed'
  | 'misbehaved'
  | 'token-expired'
  | 'stopped';

/** A direct method on its way to the device. */
export interface MethodCall {
  readonly requestId: string;
  readonly name: string;
  readonly payload: Json;
}

/** What a session brings to its device; the door carries it there. */
export interface Delivery {
  /** A patch of the desired properties with its `$version`. */
  desired(patch: Properties): void;
  method(call: MethodCall): void;
  /** A cloud-to-device message, locked for this session. */
  message(message: ReceivedMessage): void;
  /** The hub ends the connection. */
  closed(reason: CloseReason): void;
}

/** How an identity proved who it is, as `iothub-connection-auth-method` tells it. */
export interface AuthenticationMethod {
  readonly scope: 'hub' | 'device' | 'module';
  readonly type: 'sas' | 'x509';
}

/** What a device is subscribed to; a persistent session keeps it while the device is away. */
export interface Subscriptions {
  desired: boolean;
  methods: boolean;
  /** Messages to the device. */
  messages: boolean;
}

/** A connected identity, as the hub sees it. */
export interface HubSession {
  readonly name: string;
  readonly record: IdentityRecord;
  readonly method: AuthenticationMethod;
  readonly delivery: Delivery;
  readonly subscriptions: Subscriptions;
  isOpen: boolean;
  /** Locks of the messages that the device has not acknowledged. */
  readonly locks: Set<string>;
}
