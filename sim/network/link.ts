/**
 * A link between two tiers: latency, bandwidth, loss, outage, in virtual time.
 *
 * What a link costs is charged once per *message* (a picture, a telemetry message, a Face request, a batch of
 * events) by its payload, at the door of the stand-in that serves it, whether the message came through a real
 * protocol or by a direct call. Protocol bytes themselves (handshakes, headers, acknowledgements) pass a
 * duplex at once. So both fidelities take the same virtual time. An outage severs the duplexes and fails the
 * messages under way in either fidelity.
 */
import type { Duplex } from 'node:stream';

export interface LinkProfile {
  /** One way, for every message. */
  readonly latencyMs: number;
  /** Null: unlimited. Messages of one direction queue for it. */
  readonly bitsPerSecond: number | null;
  /** Share of messages that are lost once and sent again after a retransmission timeout, in [0, 1). */
  readonly lossShare: number;
}

export type Direction = 'up' | 'down';

export interface Link {
  readonly name: string;
  readonly isUp: boolean;
  /**
   * Resolves when a message of `bytes` has crossed; rejects with `LinkDownError` when the link is down or goes
   * down on the way. `key` names the message and orders messages of the same instant.
   */
  transmit(direction: Direction, bytes: number, key: string): Promise<void>;
  /** A fresh connection: [client end, server end]. Throws `LinkDownError` while the link is down. */
  connect(): readonly [Duplex, Duplex];
  /** Starts an outage: severs connections, fails messages under way. */
  cut(): void;
  restore(): void;
  setProfile(profile: LinkProfile): void;
}
