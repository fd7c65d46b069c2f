/** Blobs put in blocks: "Put Block", "Put Block List", "Get Block List". */

import { fail, type Outcome, succeed } from '../failure.js';
import type { BlobAccount, PutOptions } from './account.js';
import { type Blob, type CommittedBlock, contentMd5 } from './blob.js';
import { leaseRefusal } from './lease.js';
import { isBlobName } from './names.js';

/** Where a block of the list is to be looked for. */
export interface BlockReference {
  readonly from: 'committed' | 'uncommitted' | 'latest';
  readonly id: string;
}

export interface BlockSize {
  readonly id: string;
  readonly sizeBytes: number;
}

export interface BlockList {
  readonly committed: readonly BlockSize[];
  readonly uncommitted: readonly BlockSize[];
  /** Null when nothing has been committed. */
  readonly blob: Blob | null;
}

const MOST_BLOCKS = 50_000;
const ID_MOST_BYTES = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function stageBlock(
  account: BlobAccount,
  container: string,
  name: string,
  id: string,
  bytes: Uint8Array,
  { conditions = {}, expectedMd5 }: Pick<PutOptions, 'conditions' | 'expectedMd5'>,
): Outcome<string> {
  const found = account.container(container);
  if (!found.ok) return found;
  if (!isBlobName(name)) return fail('InvalidResourceName', `blob ${JSON.stringify(name)}`);
  if (id === '' || !BASE64.test(id) || Buffer.from(id, 'base64').byteLength > ID_MOST_BYTES)
    return fail('InvalidBlockId', `${JSON.stringify(id)}, expected Base64 of 1 to ${ID_MOST_BYTES} bytes`);
  if (expectedMd5 !== undefined && expectedMd5 !== contentMd5(bytes)) return fail('Md5Mismatch');
  const held = found.value;
  if (held.blob(name)?.appending) return fail('InvalidBlobType', 'it is an append blob');
  const lease = held.leases.get(name) ?? null;
  const refusal = leaseRefusal(lease, conditions.leaseId, true, 'Blob', account.now());
  if (refusal) return { ok: false, failure: refusal };
  const staged = held.staged.get(name) ?? new Map<string, Uint8Array>();
  const [one] = staged.keys();
  // "For a given blob, all block IDs must be the same length."
  if (one !== undefined && one.length !== id.length)
    return fail('InvalidBlobOrBlock', `block ids of ${one.length} and ${id.length} characters`);
  staged.set(id, bytes);
  held.staged.set(name, staged);
  return succeed(contentMd5(bytes));
}

/** Makes the blob of the blocks named, in their order; blocks that are not named are let go. */
export function commitBlocks(
  account: BlobAccount,
  container: string,
  name: string,
  references: readonly BlockReference[],
  options: PutOptions,
): Outcome<Blob> {
  const found = account.container(container);
  if (!found.ok) return found;
  if (references.length > MOST_BLOCKS) return fail('BlockCountExceedsLimit', `${references.length} blocks`);
  const before = found.value.blob(name);
  if (before?.appending) return fail('InvalidBlobType', 'it is an append blob');
  const staged = found.value.staged.get(name);
  const committed = new Map(before?.blocks.map(({ id, bytes }) => [id, bytes]));
  const blocks: CommittedBlock[] = [];
  for (const { from, id } of references) {
    const bytes =
      from === 'committed'
        ? committed.get(id)
        : (staged?.get(id) ?? (from === 'latest' ? committed.get(id) : undefined));
    if (bytes === undefined)
      return fail('InvalidBlockList', `there is no ${from} block ${JSON.stringify(id)}`);
    blocks.push({ id, bytes });
  }
  return account.write(container, name, {
    ...options,
    body: Buffer.concat(blocks.map(({ bytes }) => bytes)),
    blocks,
  });
}

export function blockList(
  account: BlobAccount,
  container: string,
  name: string,
  snapshot: string | null,
): Outcome<BlockList> {
  const found = account.container(container);
  if (!found.ok) return found;
  const blob = account.find(container, name, snapshot);
  const staged = snapshot === null ? found.value.staged.get(name) : undefined;
  if (!blob.ok && staged === undefined) return blob;
  if (blob.ok && blob.value.appending !== null) return fail('InvalidBlobType', 'it is an append blob');
  const size = (id: string, bytes: Uint8Array): BlockSize => ({ id, sizeBytes: bytes.byteLength });
  return succeed({
    committed: blob.ok ? blob.value.blocks.map(({ id, bytes }) => size(id, bytes)) : [],
    uncommitted: [...(staged ?? [])].map(([id, bytes]) => size(id, bytes)),
    blob: blob.ok ? blob.value : null,
  });
}
