/**
 * What a device or module asks of its IoT Hub. `sdk-hub-connection.ts` implements it with the official device
 * SDK; a simulation may implement it by calling a hub in process.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Twin properties; a null in a patch deletes the property. */
export type Properties = Readonly<Record<string, Json>>;

export interface Twin {
  /** With `$version`. */
  readonly desired: Properties;
  readonly reported: Properties;
}

/**
 * How long a device's token is good for: 20 days, close to what a timer can hold, leaves a connection alone for as
 * long as connections last.
 */
export const TOKEN_VALID_SECONDS = 20 * 24 * 3600;

export interface OutgoingMessage {
  readonly messageId: string;
  /** JSON, UTF-8. */
  readonly body: string;
  /** Application properties. */
  readonly properties: Readonly<Record<string, string>>;
  /** The module output that routes name; undefined for a message of the device itself. */
  readonly output?: string;
}

export interface MethodAnswer {
  /** As HTTP: 200 is success. */
  readonly status: number;
  readonly payload: Json;
}

export type MethodHandler = (payload: Json) => Promise<MethodAnswer>;

export type HubErrorCode =
  /** The hub cannot be reached. */
  | 'FF_HUB_UNREACHABLE'
  /** The hub does not accept the identity or its key. */
  | 'FF_HUB_REFUSED'
  /** The connection ended while something was under way, or there is none. */
  | 'FF_HUB_DISCONNECTED'
  /** The hub refused the request itself: malformed, too large, too many. */
  | 'FF_HUB_REJECTED';

export class HubError extends Error {
  readonly code: HubErrorCode;

  constructor(code: HubErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HubError';
    this.code = code;
  }
}

/**
 * One connection, opened once and used until it ends; whoever wants to stay connected opens another (see
 * `reconnecting.ts`). Nothing is retried here. Every promise rejects with a `HubError`.
 */
export interface HubConnection {
  /** Connects and subscribes to desired properties and to the methods registered so far. */
  open(): Promise<void>;
  close(): Promise<void>;
  getTwin(): Promise<Twin>;
  /** `handler` hears every patch of the desired properties, with its `$version`. Call before `open`. */
  onDesired(handler: (patch: Properties) => void): void;
  /** Patches the reported properties. */
  report(patch: Properties): Promise<void>;
  /** Resolves when the hub has taken the message over. */
  send(message: OutgoingMessage): Promise<void>;
  /** Call before `open`. */
  onMethod(name: string, handler: MethodHandler): void;
  /** Called once when the connection ends, unless by `close`. Call before `open`. */
  onDisconnect(handler: (reason: HubError) => void): void;
}
