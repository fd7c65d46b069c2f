/** What the bench and the process of its devices say to one another. */
import type { Credentials, ServerAddress } from './lean-client.js';

export interface Load {
  readonly address: ServerAddress;
  readonly devices: readonly (Credentials & { readonly topic: string })[];
  readonly takesTwin: boolean;
  readonly messagesEach: number;
  /** Devices that connect at the same time. */
  readonly connecting: number;
}

export type ToDevices =
  | { readonly what: 'connect'; readonly load: Load }
  | { readonly what: 'send' }
  /** All connections are cut at once. */
  | { readonly what: 'hang-up' };

export interface Phase {
  readonly seconds: number;
  readonly count: number;
  /** Of single connects, or of single messages, in ms. */
  readonly p50: number;
  readonly p99: number;
}

export type FromDevices = Phase | { readonly failed: string };
