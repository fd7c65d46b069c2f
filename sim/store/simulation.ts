/**
 * A store's day: shoppers come, walk, look, pay and leave. It depends on nothing but its input, so it can run
 * ahead of the rest of the world, in this thread or in another (`store-feed.ts`).
 */
import { randomSource } from '../kernel/random.js';
import { ChunkRecorder, SAMPLE_PERIOD_MS, type StoreChunk } from './feed/chunk.js';
import type { FloorPlan } from './plan/floor-plan.js';
import { premisesOf } from './plan/premises.js';
import { Admission } from './visits/admission.js';
import { partyArrivals } from './visits/arrivals.js';
import type { Party, Shopper } from './visits/shopper.js';
import type { Traffic } from './visits/traffic.js';
import { Visits } from './visits/visits.js';
import { Crowd } from './walking/crowd.js';
import { NeighbourGrid } from './walking/neighbour-grid.js';
import { Steering } from './walking/steering.js';
import { Walking } from './walking/walking.js';

export interface StoreInput {
  readonly plan: FloorPlan;
  readonly traffic: Traffic;
  readonly seed: number | string;
  readonly startMs: number;
  readonly durationMs: number;
  /** IANA name; the arrival profile is in its time of day. */
  readonly timeZone: string;
}

/** The model is of first order and stable at this step; halving it changes no band of the walking tests. */
export const STEP_MS = 250;
export const STEP_SECONDS = STEP_MS / 1000;
/** Length of a chunk. */
const CHUNK_MS = 15_000;

/** The store's time in chunks of 15 s, in order, without gaps. The last one may be shorter. */
export function* simulateStore(input: StoreInput): Generator<StoreChunk, void, undefined> {
  if (input.startMs % SAMPLE_PERIOD_MS !== 0) {
    throw new RangeError(
      `a store's day begins on a multiple of ${SAMPLE_PERIOD_MS} ms, not at ${input.startMs}`,
    );
  }
  const store = new StoreSimulation(input);
  const endMs = input.startMs + input.durationMs;
  for (let nowMs = input.startMs; nowMs < endMs; ) {
    nowMs += STEP_MS;
    store.step(nowMs);
    if ((nowMs - input.startMs) % SAMPLE_PERIOD_MS === 0) store.sample();
    // Chunks end where windows end, on whole multiples of 15 s of the epoch.
    if (nowMs % CHUNK_MS === 0 || nowMs >= endMs) yield store.recorder.take(nowMs);
  }
}

class StoreSimulation {
  readonly recorder: ChunkRecorder;
  private readonly crowd = new Crowd();
  private readonly arrivals: ReturnType<typeof partyArrivals>;
  private readonly admission: Admission;
  private readonly visits: Visits;
  private readonly steering: Steering;
  private readonly parties: Party[] = [];
  private nextArrival: ReturnType<ReturnType<typeof partyArrivals>['next']>;
  private steps = 0;

  constructor({ plan, traffic, seed, startMs, durationMs, timeZone }: StoreInput) {
    const rng = randomSource(seed);
    const premises = premisesOf(plan);
    this.recorder = new ChunkRecorder(startMs, premises.sectionAt);
    this.admission = new Admission(premises, traffic, rng, this.crowd);
    const walking = new Walking(premises, this.crowd);
    this.visits = new Visits(premises, traffic, walking, (dwell) => this.recorder.dwelt(dwell));
    const grid = new NeighbourGrid(plan.widthMetres, plan.depthMetres);
    this.steering = new Steering(this.crowd, grid, premises.field);
    this.arrivals = partyArrivals(traffic, rng, { startMs, endMs: startMs + durationMs, timeZone });
    this.nextArrival = this.arrivals.next();
  }

  /** The step that ends at `nowMs`. */
  step(nowMs: number): void {
    while (this.nextArrival.done !== true && this.nextArrival.value.atMs <= nowMs) {
      this.admission.announce(this.nextArrival.value);
      this.nextArrival = this.arrivals.next();
    }
    for (const { shopper, party, entrance } of this.admission.admit(nowMs)) {
      if (!this.parties.includes(party)) this.parties.push(party);
      this.visits.welcome(shopper, party);
      this.recorder.arrived({ atMs: nowMs, entrance, profile: shopper.profile });
    }
    for (const party of this.parties) {
      for (const shopper of this.visits.advance(party, nowMs, this.steps)) this.depart(shopper, party, nowMs);
    }
    this.forgetEmptyParties();
    this.steering.step(STEP_SECONDS);
    this.steps++;
  }

  sample(): void {
    this.recorder.sample(this.shoppers(), this.crowd);
  }

  private *shoppers(): Generator<Shopper> {
    for (const { members } of this.parties) yield* members;
  }

  private depart(shopper: Shopper, party: Party, nowMs: number): void {
    this.admission.dismiss(shopper);
    this.recorder.departed({ atMs: nowMs, entrance: party.door, shopper: shopper.profile.shopper });
  }

  private forgetEmptyParties(): void {
    for (let index = this.parties.length - 1; index >= 0; index--) {
      if (this.parties[index]?.members.length === 0) this.parties.splice(index, 1);
    }
  }
}
