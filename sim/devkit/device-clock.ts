import type { Clock } from '../kernel/services.js';

/** How wrong a device's clock is. */
export interface ClockError {
  /** Ahead of the true time where positive. */
  readonly offsetMs: number;
  /** Gained in an hour, from the moment that the error began; lost where negative. */
  readonly driftMsPerHour: number;
}

const MS_PER_HOUR = 3_600_000;
const RIGHT: ClockError = { offsetMs: 0, driftMsPerHour: 0 };

/** What a device takes the time to be. Its timers run true: crystals are good for that, batteries of clocks are not. */
export class DeviceClock {
  private readonly clock: Clock;
  private error = RIGHT;
  private sinceMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** From now on. */
  goWrong(error: ClockError): void {
    this.error = error;
    this.sinceMs = this.clock.now();
  }

  /** As a time server does it. */
  setRight(): void {
    this.error = RIGHT;
  }

  now(): number {
    return this.at(this.clock.now());
  }

  /** What it shows at the true time `trueMs`, while the present error lasts. */
  at(trueMs: number): number {
    const { driftMsPerHour, offsetMs } = this.error;
    return Math.round(trueMs + offsetMs + ((trueMs - this.sinceMs) * driftMsPerHour) / MS_PER_HOUR);
  }
}
