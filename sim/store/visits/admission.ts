/** The door: parties come in one by one, as there is room on the threshold. */
import type { RandomSource } from '../../kernel/services.js';
import { distance } from '../plan/geometry.js';
import type { Premises } from '../plan/premises.js';
import type { Crowd } from '../walking/crowd.js';
import type { PartyArrival } from './arrivals.js';
import { type Person, personNamed, weightedIndex } from './people.js';
import type { Party, Shopper } from './shopper.js';
import type { Traffic } from './traffic.js';

/** A newcomer needs this much room. */
const ROOM_METRES = 0.5;
/** Tries to find a regular who is not in the store already. */
const REGULAR_TRIES = 20;

interface Waiting {
  readonly party: Party;
  readonly walkers: readonly { readonly person: Person; readonly returning: boolean }[];
  /** How many of them are inside. */
  entered: number;
}

export interface Newcomer {
  readonly shopper: Shopper;
  readonly party: Party;
  readonly entrance: number;
}

export class Admission {
  private readonly premises: Premises;
  private readonly traffic: Traffic;
  private readonly rng: RandomSource;
  private readonly crowd: Crowd;
  /** By entrance, first come first served. */
  private readonly waiting: readonly Waiting[][];
  private readonly doorWeights: readonly number[];
  private readonly displayWeights: readonly number[];
  /** Regulars who are in the store or before its door. */
  private readonly present = new Set<string>();
  private nextShopper = 0;
  private nextStranger = 0;

  constructor(premises: Premises, traffic: Traffic, rng: RandomSource, crowd: Crowd) {
    this.premises = premises;
    this.traffic = traffic;
    this.rng = rng;
    this.crowd = crowd;
    this.waiting = premises.doors.map(() => []);
    this.doorWeights = premises.doors.map(({ entrance }) => entrance.widthMetres);
    this.displayWeights = premises.plan.displays.map(({ attraction }, index) =>
      (premises.places[index]?.length ?? 0) > 0 ? attraction : 0,
    );
  }

  /** A party comes to a door. */
  announce({ party: number, size }: PartyArrival): void {
    const random = this.rng(`party/${number}`);
    const door = weightedIndex(this.doorWeights, random);
    const party: Party = {
      party: number,
      members: [],
      random,
      errand: this.drawErrand(random),
      pays: random.chance(this.traffic.buyingShare),
      door: random.chance(0.7) ? door : weightedIndex(this.doorWeights, random),
      stage: null,
    };
    const walkers = Array.from({ length: size }, () => this.drawWalker(random));
    this.waiting[door]?.push({ party, walkers, entered: 0 });
  }

  /** Lets in who has room. */
  admit(nowMs: number): readonly Newcomer[] {
    return this.waiting.flatMap((line, entrance) => {
      const newcomers: Newcomer[] = [];
      for (const lane of this.premises.doors[entrance]?.wayIn ?? []) {
        const [first] = line;
        if (first === undefined) break;
        if (!this.hasRoom(lane.x, lane.y)) continue;
        newcomers.push({
          shopper: this.enter(first, lane.x, lane.y, entrance, nowMs),
          party: first.party,
          entrance,
        });
        if (first.entered === first.walkers.length) line.shift();
      }
      return newcomers;
    });
  }

  /** A shopper has left the store and may come again. */
  dismiss({ profile, slot }: Shopper): void {
    this.present.delete(profile.personId);
    this.crowd.remove(slot);
  }

  private enter(waiting: Waiting, x: number, y: number, entrance: number, nowMs: number): Shopper {
    const { party, walkers, entered } = waiting;
    const walker = walkers[entered];
    const inward = this.premises.doors[entrance]?.inward;
    if (walker === undefined || inward === undefined) throw new RangeError('nobody waits at this door');
    waiting.entered++;
    const number = this.nextShopper++;
    const random = this.rng(`shopper/${number}`);
    const { freeMetresPerSecond, ...person } = walker.person;
    // A party walks at the pace of its slowest.
    const slowest = Math.min(...walkers.map((member) => member.person.freeMetresPerSecond));
    const desiredMetresPerSecond = slowest * this.traffic.pace;
    const slot = this.crowd.add({
      x,
      y,
      directionX: inward.x,
      directionY: inward.y,
      desiredMetresPerSecond,
      party: party.party,
    });
    const shopper: Shopper = {
      profile: { ...person, shopper: number, party: party.party, returning: walker.returning },
      slot,
      enteredMs: nowMs,
      desiredMetresPerSecond,
      swing: random.next(),
      side: entered % 2 === 1 ? 1 : -1,
      row: Math.max(1, Math.ceil(entered / 2)),
      random,
      activity: 'entering',
      walk: null,
      place: -1,
      dwell: null,
    };
    party.members.push(shopper);
    return shopper;
  }

  private drawWalker(random: ReturnType<RandomSource>): { person: Person; returning: boolean } {
    const { demographics, returningShare, regulars } = this.traffic;
    if (random.chance(returningShare)) {
      for (let tries = 0; tries < REGULAR_TRIES; tries++) {
        const personId = `regular-${random.integer(1, regulars)}`;
        if (this.present.has(personId)) continue;
        this.present.add(personId);
        return { person: personNamed(personId, this.rng, demographics), returning: true };
      }
    }
    const personId = `visitor-${++this.nextStranger}`;
    return { person: personNamed(personId, this.rng, demographics), returning: false };
  }

  /** Different displays, the more attractive ones more often; at least one, Poisson beyond that. */
  private drawErrand(random: ReturnType<RandomSource>): number[] {
    const weights = [...this.displayWeights];
    const errand: number[] = [];
    const wanted = 1 + poisson(this.traffic.errandDisplaysMean - 1, random);
    while (errand.length < wanted && weights.some((weight) => weight > 0)) {
      const display = weightedIndex(weights, random);
      weights[display] = 0;
      errand.push(display);
    }
    return errand;
  }

  private hasRoom(x: number, y: number): boolean {
    const { crowd } = this;
    for (let slot = 0; slot < crowd.extent; slot++) {
      if (crowd.alive[slot] === 1 && distance(crowd.x[slot] ?? 0, crowd.y[slot] ?? 0, x, y) < ROOM_METRES)
        return false;
    }
    return true;
  }
}

/** Events of a unit-rate Poisson process within `mean`. */
function poisson(mean: number, random: ReturnType<RandomSource>): number {
  let count = 0;
  for (let at = random.exponential(1); at < mean; at += random.exponential(1)) count++;
  return count;
}
