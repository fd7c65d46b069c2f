/**
 * Leases: "Lease Blob" and "Lease Container" of the REST reference, whose table "outcomes of lease operations"
 * this is. Values only; who keeps them for what is a container's matter.
 */
import { fail, type Outcome, type StorageFailure, succeed } from '../failure.js';

export interface Lease {
  readonly id: string;
  /** -1: until it is released or broken. */
  readonly durationSeconds: number;
  /** Null for one that does not end by itself. */
  readonly endsMs: number | null;
  /** When a broken lease is over; null when nobody has broken it. */
  readonly brokenMs: number | null;
}

export type LeaseState = 'available' | 'leased' | 'breaking' | 'broken' | 'expired';

export type LeaseAction =
  | { readonly action: 'acquire'; readonly durationSeconds: number; readonly proposedId: string }
  | { readonly action: 'renew'; readonly id: string }
  | { readonly action: 'change'; readonly id: string; readonly proposedId: string }
  | { readonly action: 'release'; readonly id: string }
  | { readonly action: 'break'; readonly periodSeconds: number | undefined };

/** What a lease action leaves: the lease, null for none, and for a break the seconds until it is over. */
export interface LeaseChange {
  readonly lease: Lease | null;
  readonly remainingSeconds: number | null;
}

const INFINITE_SECONDS = -1;
const MS_PER_SECOND = 1000;
/** "x-ms-lease-duration … between 15 and 60 seconds". */
const DURATION_SECONDS = { least: 15, most: 60 } as const;
const BREAK_PERIOD_MOST_SECONDS = 60;

export function leaseState(lease: Lease | null, nowMs: number): LeaseState {
  if (lease === null) return 'available';
  if (lease.brokenMs !== null) return nowMs < lease.brokenMs ? 'breaking' : 'broken';
  return lease.endsMs === null || nowMs < lease.endsMs ? 'leased' : 'expired';
}

/** "x-ms-lease-status" is locked while a lease is active or being broken. */
export function isLocked(lease: Lease | null, nowMs: number): boolean {
  return ['leased', 'breaking'].includes(leaseState(lease, nowMs));
}

export function changeLease(lease: Lease | null, asked: LeaseAction, nowMs: number): Outcome<LeaseChange> {
  switch (asked.action) {
    case 'acquire':
      return acquire(lease, asked.durationSeconds, asked.proposedId, nowMs);
    case 'renew':
      return renew(lease, asked.id, nowMs);
    case 'change':
      return change(lease, asked.id, asked.proposedId, nowMs);
    case 'release':
      return isOf(lease, asked.id) ? left(null) : fail('LeaseIdMismatchWithLeaseOperation');
    case 'break':
      return breakLease(lease, asked.periodSeconds, nowMs);
  }
}

/** Why an operation may not go on under `lease`; `isWrite` operations need the id of an active one. */
export function leaseRefusal(
  lease: Lease | null,
  givenId: string | undefined,
  isWrite: boolean,
  of: 'Blob' | 'Container',
  nowMs: number,
): StorageFailure | null {
  const isActive = isLocked(lease, nowMs);
  if (givenId === undefined) return isWrite && isActive ? fail('LeaseIdMissing').failure : null;
  if (lease === null) return fail(`LeaseNotPresentWith${of}Operation`).failure;
  if (!isOf(lease, givenId)) return fail(`LeaseIdMismatchWith${of}Operation`).failure;
  return isActive ? null : fail('LeaseLost').failure;
}

function left(lease: Lease | null, remainingSeconds: number | null = null): Outcome<LeaseChange> {
  return succeed({ lease, remainingSeconds });
}

function isOf(lease: Lease | null, id: string): lease is Lease {
  return lease !== null && lease.id.toLowerCase() === id.toLowerCase();
}

function newLease(id: string, durationSeconds: number, nowMs: number): Lease {
  const endsMs = durationSeconds === INFINITE_SECONDS ? null : nowMs + durationSeconds * MS_PER_SECOND;
  return { id, durationSeconds, endsMs, brokenMs: null };
}

function acquire(
  lease: Lease | null,
  durationSeconds: number,
  proposedId: string,
  nowMs: number,
): Outcome<LeaseChange> {
  const { least, most } = DURATION_SECONDS;
  const isInRange = durationSeconds >= least && durationSeconds <= most;
  if (durationSeconds !== INFINITE_SECONDS && !isInRange)
    return fail(
      'InvalidHeaderValue',
      `x-ms-lease-duration is ${durationSeconds}, expected -1 or ${least} to ${most}`,
    );
  const state = leaseState(lease, nowMs);
  const isSame = isOf(lease, proposedId);
  if (state === 'breaking')
    return fail(isSame ? 'LeaseIsBreakingAndCannotBeAcquired' : 'LeaseAlreadyPresent');
  if (state === 'leased' && !isSame) return fail('LeaseAlreadyPresent');
  return left(newLease(proposedId, durationSeconds, nowMs));
}

function renew(lease: Lease | null, id: string, nowMs: number): Outcome<LeaseChange> {
  if (!isOf(lease, id)) return fail('LeaseIdMismatchWithLeaseOperation');
  if (lease.brokenMs !== null) return fail('LeaseIsBrokenAndCannotBeRenewed');
  return left(newLease(lease.id, lease.durationSeconds, nowMs));
}

function change(lease: Lease | null, id: string, proposedId: string, nowMs: number): Outcome<LeaseChange> {
  const state = leaseState(lease, nowMs);
  if (lease === null || state === 'broken' || state === 'expired')
    return fail('LeaseNotPresentWithLeaseOperation');
  if (state === 'breaking') return fail('LeaseIsBreakingAndCannotBeChanged');
  if (!isOf(lease, id) && !isOf(lease, proposedId)) return fail('LeaseIdMismatchWithLeaseOperation');
  return left({ ...lease, id: proposedId });
}

function breakLease(
  lease: Lease | null,
  periodSeconds: number | undefined,
  nowMs: number,
): Outcome<LeaseChange> {
  if (lease === null) return fail('LeaseNotPresentWithLeaseOperation');
  if (periodSeconds !== undefined && !(periodSeconds >= 0 && periodSeconds <= BREAK_PERIOD_MOST_SECONDS))
    return fail(
      'InvalidHeaderValue',
      `x-ms-lease-break-period is ${periodSeconds}, expected 0 to ${BREAK_PERIOD_MOST_SECONDS}`,
    );
  // A fixed lease breaks when it would have ended anyway, an infinite one at once, unless a shorter or any
  // period is asked for; breaking again can only bring the end nearer.
  const naturalEndMs = lease.brokenMs ?? lease.endsMs;
  const askedMs = periodSeconds === undefined ? null : nowMs + periodSeconds * MS_PER_SECOND;
  const endMs = Math.max(nowMs, Math.min(naturalEndMs ?? askedMs ?? nowMs, askedMs ?? naturalEndMs ?? nowMs));
  return left({ ...lease, brokenMs: endMs }, Math.ceil((endMs - nowMs) / MS_PER_SECOND));
}
