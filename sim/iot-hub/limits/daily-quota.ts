import { METER_BYTES } from './limits.js';

const MS_PER_DAY = 86_400_000;

/** Messages a UTC day, metered in chunks of 4 KB ("IoT Hub quotas and throttling"). */
export class DailyQuota {
  private readonly messagesPerDay: number;
  private day = Number.NaN;
  private usedToday = 0;

  constructor(messagesPerDay: number) {
    this.messagesPerDay = messagesPerDay;
  }

  /** False when the day's quota has no room for a message of `bytes`. */
  take(bytes: number, nowMs: number): boolean {
    const day = Math.floor(nowMs / MS_PER_DAY);
    if (day !== this.day) {
      this.day = day;
      this.usedToday = 0;
    }
    const metered = Math.max(1, Math.ceil(bytes / METER_BYTES));
    if (this.usedToday + metered > this.messagesPerDay) return false;
    this.usedToday += metered;
    return true;
  }

  get used(): number {
    return this.usedToday;
  }
}
