/** The store in a world: its shoppers walk in a thread of their own, a little ahead of the world's time. */
import type { Scenario } from '../../scenario/load-scenario.js';
import type { StoreChunk } from '../../store/feed/chunk.js';
import { type StoreFeed, simulateStoreInWorker } from '../../store/feed/store-feed.js';
import { StoreTally, type StoreTotals } from '../../store/store-totals.js';
import { type Present, type ShopperState, StoreTimeline } from '../../store/timeline.js';
import { StoreTruth, type TruthWindow } from '../../store/truth.js';
import type { ShopperProfile } from '../../store/visits/shopper.js';
import type { SeenChunk } from '../sight/foresight.js';
import type { ForeseenLook } from '../sight/look-columns.js';
import { foreseeStore, LooksAhead } from '../sight/looks-ahead.js';
import { PeopleTally } from '../truth/people-tally.js';
import { shortestLookInterval } from './cameras.js';

/** How long the past is kept: looks lie at most some seconds back. */
const KEPT_MS = 60_000;

export interface StoreInWorldOptions {
  /** Whether cameras look by truth, at the usual frames: their looks are then taken ahead of time. */
  readonly foresee: boolean;
  readonly onWindow: (window: TruthWindow) => void;
}

export class StoreInWorld {
  readonly people = new PeopleTally();
  private readonly feed: StoreFeed<StoreChunk | SeenChunk>;
  private readonly looks: LooksAhead;
  private readonly timeline: StoreTimeline;
  private readonly truth: StoreTruth;
  private readonly tally: StoreTally;
  private readonly onWindow: (window: TruthWindow) => void;
  private readonly fromMs: number;
  private readonly untilMs: number;
  private ended = false;

  constructor(scenario: Scenario, { foresee, onWindow }: StoreInWorldOptions) {
    const { plan, traffic, seed, startMs, durationMs, timeZone } = scenario;
    const input = { plan, traffic, seed, startMs, durationMs, timeZone };
    const { lookInterval, messageDelay } = scenario.document.solution;
    this.feed = foresee
      ? foreseeStore(input, {
          lookIntervalMs: shortestLookInterval(lookInterval),
          messageDelayMs: messageDelay,
        })
      : simulateStoreInWorker(input);
    this.looks = new LooksAhead(plan.cameras.map(({ id }) => id));
    this.timeline = new StoreTimeline(plan);
    this.truth = new StoreTruth(plan);
    this.tally = new StoreTally(plan);
    this.onWindow = onWindow;
    this.fromMs = startMs;
    this.untilMs = startMs + durationMs;
  }

  /** Before and after, the store is dark: its cameras see nothing. */
  isOpen(timeMs: number): boolean {
    return timeMs >= this.fromMs && timeMs <= this.untilMs;
  }

  /**
   * Everybody in the store, or with `matters` those who stand where it says so; nobody outside opening hours.
   */
  at(timeMs: number, matters?: (x: number, y: number) => boolean): readonly Present[] {
    if (!this.isOpen(timeMs)) return [];
    this.reach(timeMs);
    return this.timeline.present(timeMs, matters);
  }

  /** What a camera sees at an instant, if that was foreseen. */
  foreseen(cameraId: string, atMs: number): ForeseenLook | null {
    this.reach(atMs);
    return this.looks.take(cameraId, atMs);
  }

  /** The empty store as a camera sees it, if it was drawn already. */
  emptyStore(cameraId: string): Uint8Array | undefined {
    return this.looks.emptyStore(cameraId);
  }

  /** Of a shopper who is in the store, or left it within the time that is kept. */
  profile(shopper: number): ShopperProfile | undefined {
    return this.timeline.profile(shopper);
  }

  /** One shopper, now or within the time that is kept; null when they are not in the store. */
  find(shopper: number, timeMs: number): Present | null {
    if (!this.isOpen(timeMs)) return null;
    const state = this.timeline.find(shopper, timeMs);
    return state === null ? null : this.withProfile(state);
  }

  /** Takes in all that remains up to `timeMs`, so that its truth is known. */
  reach(timeMs: number): void {
    while (!this.ended && this.timeline.untilMs < timeMs) {
      const chunk = this.feed.takeNow();
      if (chunk === null) {
        this.ended = true;
        for (const window of this.truth.end()) this.onWindow(window);
        return;
      }
      this.timeline.append(chunk);
      this.timeline.forget(timeMs - KEPT_MS);
      if (isSeen(chunk)) this.looks.append(chunk);
      this.tally.append(chunk);
      this.people.append(chunk);
      for (const window of this.truth.append(chunk)) this.onWindow(window);
    }
  }

  totals(): StoreTotals {
    return this.tally.totals();
  }

  close(): Promise<void> {
    return this.feed.close();
  }

  private withProfile(state: ShopperState): Present | null {
    const profile = this.timeline.profile(state.shopper);
    return profile === undefined ? null : { state, profile };
  }
}

function isSeen(chunk: StoreChunk | SeenChunk): chunk is SeenChunk {
  return 'looks' in chunk;
}
