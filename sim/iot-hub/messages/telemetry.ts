import type { KernelServices } from '../../kernel/services.js';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import type { Identity } from '../identities/identity.js';
import { DailyQuota } from '../limits/daily-quota.js';
import { type HubLimits, MAX_TELEMETRY_BYTES } from '../limits/limits.js';
import { Throttle } from '../limits/throttle.js';
import type { AuthenticationMethod, HubSession } from '../session.js';

/** A device-to-cloud message as the device sends it. */
export interface TelemetryMessage {
  readonly body: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  /** Named as the property bag does: `$.mid`, `$.cid`, `$.ct`, `$.ce`, `$.on`, …; without the prefix. */
  readonly system: Readonly<Record<string, string>>;
}

/** One entry of the built-in endpoint's ordered log. */
export interface TelemetryRecord extends TelemetryMessage {
  readonly sequenceNumber: number;
  readonly enqueuedAtMs: number;
  readonly identity: Identity;
  readonly method: AuthenticationMethod;
}

export type TelemetryReply =
  | { readonly accepted: true; readonly sequenceNumber: number }
  | { readonly accepted: false; readonly status: 403 | 410 | 413 | 429; readonly reason: string };

/** Who sends: a session, or one that just ended and left a will. */
export type TelemetrySource = Pick<HubSession, 'name' | 'record' | 'method' | 'isOpen'>;

/** How long a message may wait for its turn before the hub refuses it: shaping, then 429. */
const MAX_THROTTLE_WAIT_MS = 10_000;

/** Takes device-to-cloud messages in: size, daily quota, rate, then a place in the log. */
export class TelemetryIntake {
  private readonly services: KernelServices;
  private readonly throttle: Throttle;
  private readonly quota: DailyQuota;
  private readonly counters = new StageCounters('iot-hub');
  private readonly listeners: ((record: TelemetryRecord) => void)[] = [];
  private sequenceNumber = 0;

  constructor(services: KernelServices, limits: HubLimits) {
    this.services = services;
    this.throttle = new Throttle(limits.telemetryPerSecond, MAX_THROTTLE_WAIT_MS);
    this.quota = new DailyQuota(limits.messagesPerDay);
  }

  /** `listener` hears every accepted message, in the order of the log. */
  onRecord(listener: (record: TelemetryRecord) => void): void {
    this.listeners.push(listener);
  }

  figures(): StageFigures {
    return this.counters.figures();
  }

  /** `key` orders messages that arrive in the same instant. */
  accept(session: TelemetrySource, message: TelemetryMessage, key: string): Promise<TelemetryReply> {
    this.counters.in++;
    const bytes = sizeOf(message);
    if (bytes > MAX_TELEMETRY_BYTES) {
      return Promise.resolve(
        this.refuse(
          413,
          `a message may have ${MAX_TELEMETRY_BYTES} bytes with its properties, this one has ${bytes}`,
        ),
      );
    }
    return new Promise((resolve) => {
      this.services.arbiter.submit('iot-hub/telemetry', key, () => {
        const nowMs = this.services.clock.now();
        if (!session.isOpen) return resolve(this.refuse(410, 'the connection ended'));
        if (!this.quota.take(bytes, nowMs))
          return resolve(this.refuse(403, "the hub's daily quota is used up"));
        const waitMs = this.throttle.take(nowMs);
        if (waitMs === null) return resolve(this.refuse(429, 'more messages a second than the hub takes'));
        if (waitMs === 0) return resolve(this.append(session, message));
        this.counters.enqueue();
        this.services.clock.after(waitMs, () => {
          this.counters.dequeue();
          resolve(session.isOpen ? this.append(session, message) : this.refuse(410, 'the connection ended'));
        });
      });
    });
  }

  private append(session: TelemetrySource, message: TelemetryMessage): TelemetryReply {
    this.counters.out++;
    const record: TelemetryRecord = {
      ...message,
      sequenceNumber: this.sequenceNumber++,
      enqueuedAtMs: this.services.clock.now(),
      identity: session.record.identity,
      method: session.method,
    };
    const key = `${session.name}/${message.system.mid ?? record.sequenceNumber}`;
    this.services.trace.record('iot-hub', key, 'telemetry', { bytes: message.body.length });
    for (const listener of this.listeners) listener(record);
    return { accepted: true, sequenceNumber: record.sequenceNumber };
  }

  private refuse(status: 403 | 410 | 413 | 429, reason: string): TelemetryReply {
    this.counters.dropped++;
    return { accepted: false, status, reason };
  }
}

/** What counts towards the size limit and the quota: the body and all properties. */
export function sizeOf({ body, properties, system }: TelemetryMessage): number {
  let bytes = body.length;
  for (const [name, value] of [...Object.entries(properties), ...Object.entries(system)]) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  return bytes;
}
