/**
 * Lifecycle rules: the policy document of "Optimize costs by automatically managing the data lifecycle", as
 * `az storage account management-policy` takes it. Of its actions the deletions; tiers are a matter of price.
 */
import { z } from 'zod';
import type { Clock, Timer } from '../../kernel/services.js';
import type { BlobAccount } from '../account/account.js';
import type { Blob } from '../account/blob.js';
import type { BlobStorage } from '../blob-storage.js';
import { deleteBlob } from '../operations/operations.js';

const days = z.number().min(0);
const deletion = z
  .object({
    daysAfterModificationGreaterThan: days.optional(),
    daysAfterCreationGreaterThan: days.optional(),
  })
  .refine((rule) => Object.values(rule).some((value) => value !== undefined), 'names no number of days');

const schema = z.object({
  rules: z.array(
    z.object({
      name: z.string(),
      enabled: z.boolean().default(true),
      type: z.literal('Lifecycle'),
      definition: z.object({
        filters: z
          .object({
            blobTypes: z.array(z.string()).default(['blockBlob']),
            /** Begins with the container's name. */
            prefixMatch: z.array(z.string()).default([]),
            blobIndexMatch: z
              .array(z.object({ name: z.string(), op: z.literal('=='), value: z.string() }))
              .default([]),
          })
          .prefault({}),
        actions: z.object({
          baseBlob: z.object({ delete: deletion.optional() }).prefault({}),
          snapshot: z.object({ delete: deletion.optional() }).prefault({}),
        }),
      }),
    }),
  ),
});

export type LifecyclePolicy = z.output<typeof schema>;
type Rule = LifecyclePolicy['rules'][number];
type Deletion = z.output<typeof deletion>;

export class LifecyclePolicyError extends Error {
  readonly code = 'FF_BLOB_LIFECYCLE';
}

/** Throws `LifecyclePolicyError` naming the key that is wrong. */
export function parseLifecyclePolicy(json: unknown): LifecyclePolicy {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LifecyclePolicyError(
    `lifecycle policy: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
  );
}

const MS_PER_DAY = 86_400_000;
const IN_PROCESS = { protocol: 'https', remoteAddress: null } as const;

/** "The platform runs the lifecycle policy once a day". Returns how to stop. */
export function startLifecycle(
  clock: Clock,
  storage: BlobStorage,
  accountName: string,
  policy: LifecyclePolicy,
): () => void {
  let timer: Timer;
  const wait = () => {
    timer = clock.after(MS_PER_DAY, () => {
      applyLifecycle(storage, accountName, policy, clock.now()).finally(wait);
    });
  };
  wait();
  return () => timer.cancel();
}

/** One pass over the account. Returns how many blobs and snapshots were deleted. */
export async function applyLifecycle(
  storage: BlobStorage,
  accountName: string,
  policy: LifecyclePolicy,
  nowMs: number,
): Promise<number> {
  const account = storage.account(accountName);
  if (account === undefined) return 0;
  const caller = {
    credential: { kind: 'key', key: account.keys[0] },
    transport: IN_PROCESS,
    link: undefined,
  } as const;
  let deleted = 0;
  for (const { container, blob } of expired(account, policy, nowMs)) {
    const { name, snapshot } = blob;
    const outcome = await storage.perform(
      deleteBlob(accountName, container, name, undefined, { snapshot }),
      caller,
    );
    // One that is leased, or has snapshots that are to stay, is left for another day.
    if (outcome.ok) deleted++;
  }
  return deleted;
}

function expired(
  account: BlobAccount,
  { rules }: LifecyclePolicy,
  nowMs: number,
): readonly { readonly container: string; readonly blob: Blob }[] {
  const isExpired = (container: string, blob: Blob) =>
    rules.some(
      (rule) => rule.enabled && selects(rule, container, blob) && isDue(actionFor(rule, blob), blob, nowMs),
    );
  return account.containerNames().flatMap((container) => {
    const held = account.container(container);
    if (!held.ok) return [];
    const { value } = held;
    const blobs = value.names().flatMap((name) => value.blob(name) ?? []);
    // Snapshots first, because a blob cannot go before them.
    const snapshots = [...value.snapshots.values()].flat().filter((taken) => taken.deletion === null);
    return [...snapshots, ...blobs]
      .filter((blob) => isExpired(container, blob))
      .map((blob) => ({ container, blob }));
  });
}

function selects({ definition: { filters } }: Rule, container: string, { name, tags }: Blob): boolean {
  const path = `${container}/${name}`;
  const { blobTypes, prefixMatch, blobIndexMatch } = filters;
  return (
    blobTypes.includes('blockBlob') &&
    (prefixMatch.length === 0 || prefixMatch.some((prefix) => path.startsWith(prefix))) &&
    blobIndexMatch.every((tag) => tags[tag.name] === tag.value)
  );
}

function actionFor({ definition: { actions } }: Rule, { snapshot }: Blob): Deletion | undefined {
  return snapshot === null ? actions.baseBlob.delete : actions.snapshot.delete;
}

function isDue(action: Deletion | undefined, blob: Blob, nowMs: number): boolean {
  if (action === undefined) return false;
  const ageDays = (fromMs: number) => (nowMs - fromMs) / MS_PER_DAY;
  const { daysAfterModificationGreaterThan: modified, daysAfterCreationGreaterThan: created } = action;
  const bornMs = blob.snapshot === null ? blob.createdMs : Date.parse(blob.snapshot);
  return (
    (modified === undefined || ageDays(blob.lastModifiedMs) > modified) &&
    (created === undefined || ageDays(bornMs) > created)
  );
}
