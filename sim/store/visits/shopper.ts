/** A shopper and the party they came with, as the simulation keeps them. */
import type { Emotion } from '../../../pipeline/boundaries.js';
import type { RandomStream } from '../../kernel/services.js';
import type { Point } from '../plan/floor-plan.js';
import type { WaysTo } from '../plan/roadmap.js';

export const ACTIVITIES = ['walking', 'dwelling', 'queueing', 'entering', 'leaving'] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** What stays the same for the length of a visit. */
export interface ShopperProfile {
  /** Numbered from 0 in the order of entering; one number a visit. */
  readonly shopper: number;
  /** Stable across visits; returning shoppers have been here under the same id. */
  readonly personId: string;
  readonly party: number;
  readonly ageYears: number;
  readonly gender: 'female' | 'male';
  readonly heightMetres: number;
  readonly returning: boolean;
  readonly appearanceSeed: number;
}

/** On the way somewhere: corner by corner, the destination last. */
export interface Walk {
  readonly ways: WaysTo;
  readonly route: readonly Point[];
  readonly leg: number;
}

export interface Shopper {
  readonly profile: ShopperProfile;
  /** In the crowd. */
  readonly slot: number;
  readonly enteredMs: number;
  readonly desiredMetresPerSecond: number;
  /** In [0, 1): how far out this shopper takes corners. */
  readonly swing: number;
  /** Beside the party's leader: on the right (1) or the left (-1), and in which row. */
  readonly side: 1 | -1;
  readonly row: number;
  readonly random: RandomStream;
  activity: Activity;
  walk: Walk | null;
  /** Where this one is to stand before the party's display; -1 for nowhere. */
  place: number;
  /** The display dwelt at, since when, and the reaction; while dwelling only. */
  dwell: { readonly display: number; readonly fromMs: number; readonly reaction: Emotion } | null;
}

/** What a party is doing, all together. */
export type Stage =
  | {
      readonly kind: 'visiting';
      readonly display: number;
      readonly sinceMs: number;
      readonly untilMs: number | null;
    }
  | { readonly kind: 'joining'; readonly till: number; readonly position: number; readonly sinceMs: number }
  | { readonly kind: 'queueing'; readonly till: number; readonly position: number }
  | { readonly kind: 'paying'; readonly till: number; readonly untilMs: number }
  | { readonly kind: 'leaving'; readonly door: number };

export interface Party {
  readonly party: number;
  /** Those inside the store, the leader first. */
  readonly members: Shopper[];
  readonly random: RandomStream;
  /** Displays still to visit. */
  readonly errand: number[];
  readonly pays: boolean;
  readonly door: number;
  stage: Stage | null;
}
