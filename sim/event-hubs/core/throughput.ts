/**
 * Throughput units, namespace-wide. One takes in 1 MB or 1,000 events a second, whichever comes first, and gives
 * out 2 MB or 4,096 events. Too much in is refused (ServerBusy); too much out is slowed down, without an error.
 */

const IN_BYTES_PER_SECOND = 1_000_000;
const IN_EVENTS_PER_SECOND = 1_000;
const OUT_BYTES_PER_SECOND = 2_000_000;
const OUT_EVENTS_PER_SECOND = 4_096;
const MS_PER_SECOND = 1000;

/** Fills at `perSecond` up to one second's worth; may be overdrawn by the last thing taken from it. */
class Allowance {
  private readonly perSecond: number;
  private left: number;
  private updatedAtMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.perSecond = perSecond;
    this.left = perSecond;
    this.updatedAtMs = nowMs;
  }

  leftAt(nowMs: number): number {
    const gained = ((nowMs - this.updatedAtMs) * this.perSecond) / MS_PER_SECOND;
    this.left = Math.min(this.perSecond, this.left + gained);
    this.updatedAtMs = nowMs;
    return this.left;
  }

  take(amount: number): void {
    this.left -= amount;
  }

  /** How long until nothing is overdrawn. */
  debtMs(nowMs: number): number {
    return Math.max(0, Math.ceil((-this.leftAt(nowMs) * MS_PER_SECOND) / this.perSecond));
  }
}

export class Throughput {
  private readonly inBytes: Allowance;
  private readonly inEvents: Allowance;
  private readonly outBytes: Allowance;
  private readonly outEvents: Allowance;

  constructor(units: number, nowMs: number) {
    this.inBytes = new Allowance(units * IN_BYTES_PER_SECOND, nowMs);
    this.inEvents = new Allowance(units * IN_EVENTS_PER_SECOND, nowMs);
    this.outBytes = new Allowance(units * OUT_BYTES_PER_SECOND, nowMs);
    this.outEvents = new Allowance(units * OUT_EVENTS_PER_SECOND, nowMs);
  }

  /** Whether a publication is taken in now; counts it when it is. */
  admits(bytes: number, events: number, nowMs: number): boolean {
    if (this.inBytes.leftAt(nowMs) <= 0 || this.inEvents.leftAt(nowMs) <= 0) return false;
    this.inBytes.take(bytes);
    this.inEvents.take(events);
    return true;
  }

  /** Counts a delivery and says how many milliseconds it has to wait. */
  delayOfDeliveryMs(bytes: number, events: number, nowMs: number): number {
    const delayMs = Math.max(this.outBytes.debtMs(nowMs), this.outEvents.debtMs(nowMs));
    this.outBytes.take(bytes);
    this.outEvents.take(events);
    return delayMs;
  }
}
