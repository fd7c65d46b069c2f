/** Snapshots and soft delete: what stays of a blob when it is written over or deleted. */

import { fail, type Outcome, succeed } from '../failure.js';
import type { BlobAccount } from './account.js';
import type { Blob, Deletion } from './blob.js';
import type { Conditions } from './conditions.js';
import type { Container } from './container.js';
import { type Metadata, metadataProblem, normaliseMetadata } from './names.js';

export interface DeleteOptions {
  /** Deletes this snapshot and nothing else. */
  readonly snapshot?: string | null;
  /** What becomes of the blob's snapshots: all go with it, or they alone go. */
  readonly snapshots?: 'include' | 'only' | undefined;
}

const MS_PER_DAY = 86_400_000;

/** "Snapshot Blob". Metadata that is given replaces the blob's in the snapshot. */
export function snapshotBlob(
  account: BlobAccount,
  container: string,
  name: string,
  metadata: Metadata,
  conditions: Conditions,
): Outcome<Blob> {
  const problem = metadataProblem(metadata);
  if (problem) return fail(problem);
  const found = account.blobProperties(container, name, conditions);
  if (!found.ok) return found;
  const held = account.container(container);
  if (!held.ok) return held;
  const hasOwn = Object.keys(metadata).length > 0;
  const taken: Blob = {
    ...found.value,
    ...(hasOwn ? { metadata: normaliseMetadata(metadata) } : {}),
    snapshot: nextSnapshotTime(held.value, name, account.now()),
    lease: null,
  };
  addSnapshot(held.value, taken);
  return succeed(taken);
}

/** "Undelete Blob": the blob and all its snapshots that can still be restored. */
export function undeleteBlob(account: BlobAccount, container: string, name: string): Outcome<null> {
  const found = account.container(container);
  if (!found.ok) return found;
  const held = found.value;
  purgeDeleted(held, account.now());
  const deleted = held.deleted.get(name);
  const snapshots = held.snapshots.get(name) ?? [];
  if (deleted === undefined && snapshots.length === 0 && held.blob(name) === undefined)
    return fail('BlobNotFound');
  if (deleted !== undefined) {
    held.deleted.delete(name);
    held.set({ ...deleted, deletion: null });
  }
  held.snapshots.set(
    name,
    snapshots.map((snapshot) => ({ ...snapshot, deletion: null })),
  );
  return succeed(null);
}

/** "Delete Blob". */
export function removeBlob(
  account: BlobAccount,
  held: Container,
  name: string,
  conditions: Conditions,
  { snapshot = null, snapshots }: DeleteOptions,
): Outcome<Blob> {
  const containerName = held.properties.name;
  const found = account.find(containerName, name, snapshot);
  if (!found.ok) return found;
  const refusal = account.writeRefusal(held, name, found.value, conditions);
  if (refusal) return { ok: false, failure: refusal };
  const deletion = deletionOf(account);
  if (snapshot !== null) {
    deleteSnapshots(held, name, deletion, (candidate) => candidate.snapshot === snapshot);
    return succeed({ ...found.value, deletion });
  }
  const hasSnapshots = (held.snapshots.get(name) ?? []).some((candidate) => candidate.deletion === null);
  if (hasSnapshots && snapshots === undefined) return fail('SnapshotsPresent');
  if (hasSnapshots) deleteSnapshots(held, name, deletion, () => true);
  const gone: Blob = { ...found.value, lease: null, deletion };
  if (snapshots === 'only') return succeed(gone);
  held.delete(name);
  held.leases.delete(name);
  if (deletion !== null) held.deleted.set(name, gone);
  return succeed(gone);
}

/** Under soft delete, "a write … preserves the overwritten data in a soft-deleted snapshot". */
export function keepOverwritten(account: BlobAccount, held: Container, before: Blob): void {
  const deletion = deletionOf(account);
  // A blob that was deleted softly is written over for good with the name's next life.
  if (deletion === null) return;
  const snapshot = nextSnapshotTime(held, before.name, account.now());
  addSnapshot(held, { ...before, snapshot, deletion, lease: null });
}

/** Lets go of what can no longer be restored. */
export function purgeDeleted(held: Container, nowMs: number): void {
  const isKept = ({ deletion }: Blob) => deletion === null || deletion.purgeMs > nowMs;
  for (const [name, blob] of held.deleted) if (!isKept(blob)) held.deleted.delete(name);
  for (const [name, snapshots] of held.snapshots) {
    const kept = snapshots.filter(isKept);
    if (kept.length === 0) held.snapshots.delete(name);
    else if (kept.length < snapshots.length) held.snapshots.set(name, kept);
  }
}

function deletionOf(account: BlobAccount): Deletion | null {
  const { deleteRetention } = account;
  if (deleteRetention === null) return null;
  const deletedMs = account.now();
  return { deletedMs, purgeMs: deletedMs + deleteRetention.days * MS_PER_DAY };
}

function addSnapshot(held: Container, snapshot: Blob): void {
  held.snapshots.set(snapshot.name, [...(held.snapshots.get(snapshot.name) ?? []), snapshot]);
}

function deleteSnapshots(
  held: Container,
  name: string,
  deletion: Deletion | null,
  isChosen: (snapshot: Blob) => boolean,
): void {
  const left = (held.snapshots.get(name) ?? []).flatMap((snapshot) => {
    if (!isChosen(snapshot) || snapshot.deletion !== null) return [snapshot];
    return deletion === null ? [] : [{ ...snapshot, deletion }];
  });
  if (left.length === 0) held.snapshots.delete(name);
  else held.snapshots.set(name, left);
}

/** In ticks of 100 ns, as the service writes it; two of one blob and millisecond differ in the last digits. */
function nextSnapshotTime(held: Container, name: string, nowMs: number): string {
  const toMs = new Date(nowMs).toISOString().slice(0, -1);
  const earlier = (held.snapshots.get(name) ?? []).filter(({ snapshot }) => snapshot?.startsWith(toMs));
  return `${toMs}${String(earlier.length).padStart(4, '0')}Z`;
}
