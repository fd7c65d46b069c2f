/** Access tiers of block blobs: "Set Blob Tier" and "Rehydrate an archived blob to an online tier". */

import { fail, type Outcome, type StorageFailure, succeed } from '../failure.js';
import type { BlobAccount } from './account.js';
import type { Blob } from './blob.js';
import { type Conditions, readCondition } from './conditions.js';
import { leaseRefusal } from './lease.js';

const TIERS = ['Hot', 'Cool', 'Cold', 'Archive'] as const;
export type AccessTier = (typeof TIERS)[number];

export interface Tier {
  readonly name: AccessTier;
  readonly changedMs: number;
  /** On its way out of the archive. */
  readonly rehydration: { readonly to: AccessTier; readonly readyMs: number } | null;
}

export type RehydratePriority = 'Standard' | 'High';

/** What an account gives to blobs of which nobody said where they go. */
export const DEFAULT_TIER = 'Hot';

const MS_PER_HOUR = 3_600_000;
/** "May take up to 15 hours", "may complete in less than one hour": the longest that is promised. */
const REHYDRATION_MS = { Standard: 15 * MS_PER_HOUR, High: MS_PER_HOUR } as const;

export function isAccessTier(text: string): text is AccessTier {
  return (TIERS as readonly string[]).includes(text);
}

/** The tier at `nowMs`, when a way out of the archive may have ended; null: the account's own. */
export function tierAt({ tier }: Pick<Blob, 'tier'>, nowMs: number): Tier | null {
  const rehydration = tier?.rehydration ?? null;
  if (rehydration === null || rehydration.readyMs > nowMs) return tier;
  return { name: rehydration.to, changedMs: rehydration.readyMs, rehydration: null };
}

/** Why the bytes of `blob` cannot be read; null: they can. */
export function archiveRefusal(blob: Blob, nowMs: number): StorageFailure | null {
  return tierAt(blob, nowMs)?.name === 'Archive' ? fail('BlobArchived').failure : null;
}

/** "Set Blob Tier": changes neither entity tag nor time of modification. */
export function setTier(
  account: BlobAccount,
  container: string,
  name: string,
  to: AccessTier,
  priority: RehydratePriority,
  conditions: Conditions,
): Outcome<{ readonly isPending: boolean }> {
  const found = account.find(container, name);
  if (!found.ok) return found;
  const blob = found.value;
  const nowMs = account.now();
  if (blob.appending !== null) return fail('AccessTierNotSupportedForBlobType');
  const refusal =
    readCondition(conditions, blob) ?? leaseRefusal(blob.lease, conditions.leaseId, true, 'Blob', nowMs);
  if (refusal) return { ok: false, failure: refusal };
  const held = account.container(container);
  if (!held.ok) return held;
  const before = tierAt(blob, nowMs);
  const isPending = before?.name === 'Archive' && to !== 'Archive';
  const tier: Tier = isPending
    ? { ...before, rehydration: { to, readyMs: nowMs + REHYDRATION_MS[priority] } }
    : { name: to, changedMs: nowMs, rehydration: null };
  held.value.set({ ...blob, lease: null, tier });
  return succeed({ isPending });
}
