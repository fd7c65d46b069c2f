/** The tags of an account's blobs. Setting them changes no version: "does not update the blob's ETag". */
import type { BlobAccount } from '../account/account.js';
import type { Blob } from '../account/blob.js';
import { type Conditions, readCondition } from '../account/conditions.js';
import { leaseRefusal } from '../account/lease.js';
import { parseTagQuery, type Tags, tagsProblem } from '../account/tags.js';
import { fail, type Outcome, succeed } from '../failure.js';

export interface TaggedBlob {
  readonly container: string;
  readonly blob: Blob;
}

export function setBlobTags(
  account: BlobAccount,
  container: string,
  name: string,
  tags: Tags,
  conditions: Conditions,
): Outcome<null> {
  const problem = tagsProblem(tags);
  if (problem !== null) return fail('InvalidTag', problem);
  const found = account.find(container, name);
  if (!found.ok) return found;
  const refusal =
    readCondition(conditions, found.value) ??
    leaseRefusal(found.value.lease, conditions.leaseId, true, 'Blob', account.now());
  if (refusal) return { ok: false, failure: refusal };
  const held = account.container(container);
  if (!held.ok) return held;
  held.value.set({ ...found.value, lease: null, tags });
  return succeed(null);
}

/** All that match, by container and name. `container` limits the search to one. */
export function findBlobsByTags(
  account: BlobAccount,
  where: string,
  container: string | null,
): Outcome<readonly TaggedBlob[]> {
  const query = parseTagQuery(where);
  if (!query.ok) return query;
  if (container !== null && !account.container(container).ok) return fail('ContainerNotFound');
  const only = container ?? query.value.container;
  const names = account.containerNames().filter((name) => only === null || name === only);
  return succeed(
    names.flatMap((name) => {
      const held = account.container(name);
      if (!held.ok) return [];
      return held.value
        .names()
        .flatMap((blobName) => held.value.blob(blobName) ?? [])
        .filter((blob) => query.value.matches(blob.tags))
        .map((blob) => ({ container: name, blob }));
    }),
  );
}
