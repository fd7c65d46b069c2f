import type { BlobSlice, ByteRange, PutOptions } from '../account/account.js';
import type { Blob, ContentProperties } from '../account/blob.js';
import type { Conditions } from '../account/conditions.js';
import type { LeaseAction } from '../account/lease.js';
import type { Metadata } from '../account/names.js';
import {
  type DeleteOptions,
  snapshotBlob as takeSnapshot,
  undeleteBlob as undelete,
} from '../account/snapshots.js';
import type { Tags } from '../account/tags.js';
import { type AccessTier, type RehydratePriority, setTier } from '../account/tiers.js';
import { type Outcome, succeed } from '../failure.js';
import { type Leased, leaseBlob as lease } from './leasing.js';
import { type Operation, operation, writeNeeds } from './operation.js';
import { setBlobTags as setTags } from './tagging.js';

export function putBlob(
  account: string,
  container: string,
  blob: string,
  body: Uint8Array,
  options: PutOptions,
): Operation<Blob> {
  const target = { account, container, blob };
  return {
    ...operation('PutBlob', target, 'w', (held) => held.putBlob(container, blob, body, options)),
    needs: writeNeeds(container, blob),
    upBytes: body.byteLength,
  };
}

export function getBlob(
  account: string,
  container: string,
  blob: string,
  range?: ByteRange,
  conditions?: Conditions,
  snapshot: string | null = null,
): Operation<BlobSlice> {
  const target = { account, container, blob, snapshot };
  return {
    ...operation('GetBlob', target, 'r', (held) =>
      held.getBlob(container, blob, range, conditions, snapshot),
    ),
    downBytes: (slice) => slice.bytes.byteLength,
  };
}

export function blobProperties(
  account: string,
  container: string,
  blob: string,
  conditions?: Conditions,
  snapshot: string | null = null,
): Operation<Blob> {
  const target = { account, container, blob, snapshot };
  return operation('GetBlobProperties', target, 'r', (held) =>
    held.blobProperties(container, blob, conditions, snapshot),
  );
}

export function setBlobMetadata(
  account: string,
  container: string,
  blob: string,
  metadata: Metadata,
  conditions?: Conditions,
): Operation<Blob> {
  const target = { account, container, blob };
  return operation('SetBlobMetadata', target, 'w', (held) =>
    held.setBlobMetadata(container, blob, metadata, conditions),
  );
}

export function setBlobContentProperties(
  account: string,
  container: string,
  blob: string,
  content: Partial<ContentProperties>,
  conditions?: Conditions,
): Operation<Blob> {
  const target = { account, container, blob };
  return operation('SetBlobProperties', target, 'w', (held) =>
    held.setBlobContentProperties(container, blob, content, conditions),
  );
}

export function deleteBlob(
  account: string,
  container: string,
  blob: string,
  conditions?: Conditions,
  options: DeleteOptions = {},
): Operation<Blob> {
  const { snapshot = null, snapshots } = options;
  const target = { account, container, blob, snapshot };
  const isOfBlob = snapshot === null && snapshots !== 'only';
  return {
    ...operation('DeleteBlob', target, 'd', (held) => held.deleteBlob(container, blob, conditions, options)),
    ...(isOfBlob ? { deletes: (deleted: Blob) => deleted } : {}),
  };
}

/** What a copy is made of: where the bytes come from, and what the copy does not take over. */
export interface CopyRequest {
  readonly id: string;
  readonly sourceUrl: string;
  /** Asked when the copy is made. */
  readonly readSource: () => Outcome<BlobSlice>;
  readonly options: PutOptions;
}

/** "Copy Blob", "Copy Blob From URL" and "Put Blob From URL": done at once, as within one region. */
export function copyBlob(
  account: string,
  container: string,
  blob: string,
  { id, sourceUrl, readSource, options }: CopyRequest,
): Operation<Blob> {
  const target = { account, container, blob };
  const run: Operation<Blob>['run'] = (held) => {
    const source = readSource();
    if (!source.ok) return source;
    const { bytes, blob: original } = source.value;
    const hasMetadata = Object.keys(options.metadata ?? {}).length > 0;
    return held.write(container, blob, {
      ...options,
      body: bytes,
      content: { ...original.content, ...options.content },
      metadata: hasMetadata ? (options.metadata ?? {}) : original.metadata,
      copy: { id, sourceUrl, completedMs: held.now() },
    });
  };
  return { ...operation('CopyBlob', target, 'w', run), needs: writeNeeds(container, blob) };
}

export function snapshotBlob(
  account: string,
  container: string,
  blob: string,
  metadata: Metadata,
  conditions: Conditions,
): Operation<Blob> {
  const target = { account, container, blob };
  return operation('SnapshotBlob', target, 'cw', (held) =>
    takeSnapshot(held, container, blob, metadata, conditions),
  );
}

export function undeleteBlob(account: string, container: string, blob: string): Operation<null> {
  const target = { account, container, blob };
  return operation('UndeleteBlob', target, 'w', (held) => undelete(held, container, blob));
}

export function leaseBlob(
  account: string,
  container: string,
  blob: string,
  action: LeaseAction,
  conditions: Conditions,
): Operation<Leased> {
  const target = { account, container, blob };
  return operation('LeaseBlob', target, 'w', (held) => lease(held, container, blob, action, conditions));
}

export function blobTags(
  account: string,
  container: string,
  blob: string,
  conditions: Conditions,
  snapshot: string | null = null,
): Operation<Tags> {
  const target = { account, container, blob, snapshot };
  return operation('GetBlobTags', target, 't', (held) => {
    const found = held.blobProperties(container, blob, conditions, snapshot);
    return found.ok ? succeed(found.value.tags) : found;
  });
}

export function setBlobTags(
  account: string,
  container: string,
  blob: string,
  tags: Tags,
  conditions: Conditions,
): Operation<null> {
  const target = { account, container, blob };
  return operation('SetBlobTags', target, 't', (held) => setTags(held, container, blob, tags, conditions));
}

export function setBlobTier(
  account: string,
  container: string,
  blob: string,
  tier: AccessTier,
  priority: RehydratePriority,
  conditions: Conditions,
): Operation<{ readonly isPending: boolean }> {
  const target = { account, container, blob };
  return operation('SetBlobTier', target, 'w', (held) =>
    setTier(held, container, blob, tier, priority, conditions),
  );
}
