/** Append blobs: "Append Block" and "Append Blob Seal". */

import { fail, type Outcome, succeed } from '../failure.js';
import type { BlobAccount } from './account.js';
import { type Appending, type Blob, contentMd5 } from './blob.js';
import type { Conditions } from './conditions.js';
import type { Container } from './container.js';

export interface AppendOptions {
  readonly conditions: Conditions;
  /** Base64 of the block. */
  readonly expectedMd5?: string | undefined;
  /** Where the block must come to lie. */
  readonly position?: number | undefined;
  /** How long the blob may be with the block. */
  readonly mostBytes?: number | undefined;
}

export interface Appended {
  readonly blob: Blob;
  readonly offset: number;
  readonly blockCount: number;
  readonly md5: string;
}

/** "Each block can be a different size, up to a maximum of 100 MiB." */
const BLOCK_MOST_BYTES = 100 * 1024 * 1024;
const MOST_BLOCKS = 50_000;

export function appendBlock(
  account: BlobAccount,
  container: string,
  name: string,
  bytes: Uint8Array,
  { conditions, expectedMd5, mostBytes, position }: AppendOptions,
): Outcome<Appended> {
  if (bytes.byteLength > BLOCK_MOST_BYTES) return fail('RequestBodyTooLarge');
  if (bytes.byteLength === 0) return fail('InvalidHeaderValue', 'Content-Length is 0, expected 1 or more');
  const found = appendable(account, container, name, conditions);
  if (!found.ok) return found;
  const { appending, before, held } = found.value;
  if (appending.isSealed) return fail('BlobIsSealed');
  const md5 = contentMd5(bytes);
  if (expectedMd5 !== undefined && expectedMd5 !== md5) return fail('Md5Mismatch');
  const offset = before.body.byteLength;
  if (position !== undefined && position !== offset)
    return fail('AppendPositionConditionNotMet', `the blob has ${offset} bytes, expected ${position}`);
  if (mostBytes !== undefined && offset + bytes.byteLength > mostBytes)
    return fail('MaxBlobSizeConditionNotMet');
  const blockCount = appending.blockCount + 1;
  if (blockCount > MOST_BLOCKS) return fail('BlockCountExceedsLimit');
  const body = Buffer.concat([before.body, bytes]);
  const changes = { body, appending: { ...appending, blockCount } };
  const blob = { ...before, ...changes, ...account.nextVersion(`${container}/${name}`) };
  held.set(blob);
  return succeed({ blob, offset, blockCount, md5 });
}

/** Once sealed, a blob stays so: sealing again is no error. */
export function sealAppendBlob(
  account: BlobAccount,
  container: string,
  name: string,
  conditions: Conditions,
  position: number | undefined,
): Outcome<Blob> {
  const found = appendable(account, container, name, conditions);
  if (!found.ok) return found;
  const { appending, before, held } = found.value;
  if (position !== undefined && position !== before.body.byteLength)
    return fail('AppendPositionConditionNotMet');
  if (appending.isSealed) return succeed(before);
  const sealed = { ...before, appending: { ...appending, isSealed: true } };
  const blob = { ...sealed, ...account.nextVersion(`${container}/${name}`) };
  held.set(blob);
  return succeed(blob);
}

function appendable(
  account: BlobAccount,
  container: string,
  name: string,
  conditions: Conditions,
): Outcome<{ readonly held: Container; readonly before: Blob; readonly appending: Appending }> {
  const found = account.container(container);
  if (!found.ok) return found;
  const held = found.value;
  const before = held.blob(name);
  if (before === undefined) return fail('BlobNotFound');
  if (before.appending === null) return fail('InvalidBlobType', 'it is a block blob');
  const refusal = account.writeRefusal(held, name, before, conditions);
  if (refusal) return { ok: false, failure: refusal };
  return succeed({ held, before, appending: before.appending });
}
