/** Leases on the blobs and containers of an account. */
import type { BlobAccount } from '../account/account.js';
import { type Conditions, writeCondition } from '../account/conditions.js';
import { changeLease, type LeaseAction, type LeaseChange } from '../account/lease.js';
import { type Outcome, succeed } from '../failure.js';

export interface Leased extends LeaseChange {
  readonly etag: string;
  readonly lastModifiedMs: number;
}

export function leaseBlob(
  account: BlobAccount,
  container: string,
  name: string,
  action: LeaseAction,
  conditions: Conditions,
): Outcome<Leased> {
  const found = account.find(container, name);
  if (!found.ok) return found;
  const { etag, lastModifiedMs, lease } = found.value;
  const refusal = writeCondition(conditions, found.value);
  if (refusal) return { ok: false, failure: refusal };
  const changed = changeLease(lease, action, account.now());
  if (!changed.ok) return changed;
  const held = account.container(container);
  if (!held.ok) return held;
  if (changed.value.lease === null) held.value.leases.delete(name);
  else held.value.leases.set(name, changed.value.lease);
  return succeed({ ...changed.value, etag, lastModifiedMs });
}

export function leaseContainer(account: BlobAccount, name: string, action: LeaseAction): Outcome<Leased> {
  const found = account.container(name);
  if (!found.ok) return found;
  const { properties } = found.value;
  const changed = changeLease(properties.lease, action, account.now());
  if (!changed.ok) return changed;
  const { lease } = changed.value;
  found.value.properties = { ...properties, lease };
  const { etag, lastModifiedMs } = properties;
  return succeed({ ...changed.value, etag, lastModifiedMs });
}
