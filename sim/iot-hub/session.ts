import type { Json, Properties } from '../../pipeline/camera-module/hub-connection.js';
import type { ReceivedMessage } from './cloud-to-device.js';
import type { IdentityRecord } from './registry.js';

/** Why a session ended. */
export type CloseReason = 'disconnected' | 'taken-over' | 'removed' | 'misbehaved' | 'stopped';

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

/** A connected identity, as the hub sees it. */
export interface HubSession {
  readonly name: string;
  readonly record: IdentityRecord;
  readonly delivery: Delivery;
  isOpen: boolean;
  /** What the device has subscribed to. */
  wantsDesired: boolean;
  wantsMethods: boolean;
  wantsMessages: boolean;
}
