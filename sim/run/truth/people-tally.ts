import { ageBandOf } from '../../../pipeline/anonymization/index.js';
import type { AgeBand } from '../../../pipeline/boundaries.js';
import type { StoreChunk } from '../../store/feed/chunk.js';

/** Who truly came, summed over visits. */
export class PeopleTally {
  females = 0;
  males = 0;
  readonly byAgeBand = new Map<AgeBand, number>();
  private readonly enteredAtMs = new Map<number, number>();
  private readonly counted = new Set<string>();
  private visitsEnded = 0;
  private visitMs = 0;

  append({ arrivals, departures }: StoreChunk): void {
    for (const { atMs, profile } of arrivals) {
      this.enteredAtMs.set(profile.shopper, atMs);
      // A person who comes twice on a day is one visitor.
      if (this.counted.has(profile.personId)) continue;
      this.counted.add(profile.personId);
      if (profile.gender === 'female') this.females++;
      else this.males++;
      const band = ageBandOf(profile.ageYears);
      this.byAgeBand.set(band, (this.byAgeBand.get(band) ?? 0) + 1);
    }
    for (const { atMs, shopper } of departures) {
      const enteredAtMs = this.enteredAtMs.get(shopper);
      if (enteredAtMs === undefined) continue;
      this.enteredAtMs.delete(shopper);
      this.visitsEnded++;
      this.visitMs += atMs - enteredAtMs;
    }
  }

  /** Over visits that have ended; 0 when none has. */
  meanVisitSeconds(): number {
    return this.visitsEnded === 0 ? 0 : Math.round(this.visitMs / this.visitsEnded / 100) / 10;
  }
}
