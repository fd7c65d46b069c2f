/** Who stands where before the displays: a place has room for one. */

import type { Shopper } from '../visits/shopper.js';
import type { StandingPlace } from './standing-places.js';

export class DisplayPlaces {
  private readonly places: readonly (readonly StandingPlace[])[];
  /** By display. */
  private readonly taken: readonly Set<number>[];

  constructor(places: readonly (readonly StandingPlace[])[]) {
    this.places = places;
    this.taken = places.map(() => new Set());
  }

  /** The place this shopper has taken before the display. */
  of(shopper: Shopper, display: number): StandingPlace | undefined {
    return this.places[display]?.[shopper.place];
  }

  /** Takes one of the free places; none is left when `shopper.place` stays -1. */
  take(shopper: Shopper, display: number): void {
    const taken = this.taken[display];
    const free = (this.places[display] ?? []).flatMap((_, place) =>
      taken?.has(place) === true ? [] : [place],
    );
    if (free.length === 0) return;
    shopper.place = shopper.random.pick(free);
    taken?.add(shopper.place);
  }

  giveUp(shopper: Shopper, display: number): void {
    if (shopper.place !== -1) this.taken[display]?.delete(shopper.place);
    shopper.place = -1;
    shopper.walk = null;
  }
}
