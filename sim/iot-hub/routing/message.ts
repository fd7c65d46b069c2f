/** What a hub routes ("Use IoT Hub message routing"): telemetry, and events of the hub itself. */
import type { Identity } from '../identities/identity.js';
import type { AuthenticationMethod } from '../session.js';

/** Named as in the `source` of a route. */
export type MessageSource =
  | 'DeviceMessages'
  | 'TwinChangeEvents'
  | 'DeviceLifecycleEvents'
  | 'DeviceConnectionStateEvents';

export const MESSAGE_SOURCES: readonly MessageSource[] = [
  'DeviceMessages',
  'TwinChangeEvents',
  'DeviceLifecycleEvents',
  'DeviceConnectionStateEvents',
];

/** The value of `iothub-message-source`. */
export const MESSAGE_SOURCE_ANNOTATION: Readonly<Record<MessageSource, string>> = {
  DeviceMessages: 'Telemetry',
  TwinChangeEvents: 'twinChangeEvents',
  DeviceLifecycleEvents: 'deviceLifecycleEvents',
  DeviceConnectionStateEvents: 'deviceConnectionStateEvents',
};

export interface RoutableMessage {
  readonly source: MessageSource;
  readonly identity: Identity;
  readonly generationId: string;
  /** Null: the hub itself says it. */
  readonly method: AuthenticationMethod | null;
  readonly body: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  /** Named as in a property bag, without `$.`: `mid`, `cid`, `ct`, `ce`, `uid`. */
  readonly system: Readonly<Record<string, string>>;
  readonly enqueuedAtMs: number;
}

/** `{"scope":"device","type":"sas","issuer":"iothub"}`, an anti-spoofing property; null for the hub's own events. */
export function authMethodText({ method }: RoutableMessage): string | null {
  return method === null ? null : JSON.stringify({ ...method, issuer: 'iothub' });
}
