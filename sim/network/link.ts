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
import type { KernelServices, Timer } from '../kernel/services.js';
import { duplexPair } from './duplex-pair.js';

export interface LinkProfile {
  /** One way, for every message. */
  readonly latencyMs: number;
  /** Null: unlimited. Messages of one direction queue for it. */
  readonly bitsPerSecond: number | null;
  /** Share of messages that are lost once and sent again after a retransmission timeout, in [0, 1). */
  readonly lossShare: number;
}

export type Direction = 'up' | 'down';

export interface LinkFigures {
  readonly link: string;
  readonly messages: number;
  readonly bytes: number;
  readonly retransmitted: number;
  /** Under way when the link went down; who finds it down already sends nothing. */
  readonly failed: number;
}

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
  figures(): LinkFigures;
}

export class LinkDownError extends Error {
  /** What Node's sockets call it, so that SDKs recognise it. */
  readonly code = 'ECONNRESET';

  constructor(linkName: string) {
    super(`the link ${linkName} is down`);
  }
}

/** RFC 6298 section 2.4: the shortest retransmission timeout of TCP. */
const RETRANSMISSION_TIMEOUT_MS = 1000;
const MS_PER_SECOND = 1000;
const BITS_PER_BYTE = 8;

export function openLink(services: KernelServices, name: string, profile: LinkProfile): Link {
  return new VirtualLink(services, name, profile);
}

interface UnderWay {
  timer: Timer | null;
  readonly fail: (error: Error) => void;
}

class VirtualLink implements Link {
  readonly name: string;
  private readonly services: KernelServices;
  private profile: LinkProfile;
  private up = true;
  /** When the last message of each direction will have left the sender, in fractional epoch milliseconds. */
  private readonly freeAtMs: Record<Direction, number> = { up: 0, down: 0 };
  private readonly underWay = new Set<UnderWay>();
  private readonly connections = new Set<Duplex>();
  private messages = 0;
  private bytes = 0;
  private retransmitted = 0;
  private failed = 0;

  constructor(services: KernelServices, name: string, profile: LinkProfile) {
    this.services = services;
    this.name = name;
    this.profile = profile;
  }

  get isUp(): boolean {
    return this.up;
  }

  transmit(direction: Direction, bytes: number, key: string): Promise<void> {
    if (!this.up) return Promise.reject(new LinkDownError(this.name));
    return new Promise((resolve, reject) => {
      const message: UnderWay = { timer: null, fail: reject };
      this.underWay.add(message);
      const deliverAfter = (delayMs: number) => {
        message.timer = this.services.clock.after(delayMs, () => {
          this.underWay.delete(message);
          this.messages++;
          this.bytes += bytes;
          resolve();
        });
      };
      const { latencyMs, bitsPerSecond } = this.profile;
      const penaltyMs = this.retransmissionMs(direction, key);
      if (bitsPerSecond === null) return deliverAfter(latencyMs + penaltyMs);
      // Which of two messages of one instant takes the line first must not depend on the protocol's order.
      this.services.arbiter.submit(`link/${this.name}/${direction}`, key, () => {
        if (!this.underWay.has(message)) return;
        const now = this.services.clock.now();
        const sendingMs = (bytes * BITS_PER_BYTE * MS_PER_SECOND) / bitsPerSecond;
        const sentAtMs = Math.max(now, this.freeAtMs[direction]) + sendingMs;
        this.freeAtMs[direction] = sentAtMs;
        deliverAfter(Math.ceil(sentAtMs - now) + latencyMs + penaltyMs);
      });
    });
  }

  private retransmissionMs(direction: Direction, key: string): number {
    const { lossShare } = this.profile;
    if (lossShare === 0) return 0;
    const lost = this.services.rng(`link/${this.name}/${direction}/${key}`).chance(lossShare);
    if (!lost) return 0;
    this.retransmitted++;
    return RETRANSMISSION_TIMEOUT_MS;
  }

  connect(): readonly [Duplex, Duplex] {
    if (!this.up) throw new LinkDownError(this.name);
    const [client, server] = duplexPair();
    for (const end of [client, server]) {
      this.connections.add(end);
      linkUnder.set(end, this);
      end.once('close', () => this.connections.delete(end));
    }
    return [client, server];
  }

  cut(): void {
    if (!this.up) return;
    this.up = false;
    const error = new LinkDownError(this.name);
    const lost = [...this.underWay];
    this.underWay.clear();
    this.failed += lost.length;
    for (const { timer, fail } of lost) {
      timer?.cancel();
      fail(error);
    }
    for (const end of [...this.connections]) end.destroy(error);
    this.freeAtMs.up = 0;
    this.freeAtMs.down = 0;
  }

  restore(): void {
    this.up = true;
  }

  setProfile(profile: LinkProfile): void {
    this.profile = profile;
  }

  figures(): LinkFigures {
    const { name: link, messages, bytes, retransmitted, failed } = this;
    return { link, messages, bytes, retransmitted, failed };
  }
}

const linkUnder = new WeakMap<object, Link>();

/** The link that carries `connection`; undefined for a socket of the real network, which costs real time. */
export function linkOf(connection: object | null | undefined): Link | undefined {
  return connection ? linkUnder.get(connection) : undefined;
}

/** Marks `connection` (a WebSocket, a TLS wrapper) as carried by `link`. */
export function carriedBy(connection: object, link: Link): void {
  linkUnder.set(connection, link);
}

/**
 * A request and its answer over `link` without a protocol: the `direct` fidelity of what a front does with
 * `transmit` at its door. Without a link the call costs nothing.
 */
export async function exchange<Answer>(
  link: Link | undefined,
  key: string,
  requestBytes: number,
  serve: () => Answer | Promise<Answer>,
  answerBytes: (answer: Answer) => number = () => 0,
): Promise<Answer> {
  await link?.transmit('up', requestBytes, key);
  const answer = await serve();
  await link?.transmit('down', answerBytes(answer), key);
  return answer;
}
