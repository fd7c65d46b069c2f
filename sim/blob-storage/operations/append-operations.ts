import type { BlobSlice, PutOptions } from '../account/account.js';
import {
  type Appended,
  type AppendOptions,
  appendBlock as append,
  sealAppendBlob as seal,
} from '../account/append-blobs.js';
import type { Blob } from '../account/blob.js';
import type { Conditions } from '../account/conditions.js';
import { fail, type Outcome } from '../failure.js';
import { type Operation, operation, writeNeeds } from './operation.js';

export function createAppendBlob(
  account: string,
  container: string,
  blob: string,
  options: PutOptions,
): Operation<Blob> {
  const target = { account, container, blob };
  const run: Operation<Blob>['run'] = (held) => held.createAppendBlob(container, blob, options);
  return { ...operation('PutBlob', target, 'w', run), needs: writeNeeds(container, blob) };
}

export function appendBlock(
  account: string,
  container: string,
  blob: string,
  bytes: Uint8Array,
  options: AppendOptions,
): Operation<Appended> {
  const target = { account, container, blob };
  const run: Operation<Appended>['run'] = (held) => append(held, container, blob, bytes, options);
  return { ...operation('AppendBlock', target, 'aw', run), upBytes: bytes.byteLength };
}

export function appendBlockFromUrl(
  account: string,
  container: string,
  blob: string,
  readSource: () => Outcome<BlobSlice>,
  options: AppendOptions,
): Operation<Appended> {
  const target = { account, container, blob };
  return operation('AppendBlockFromURL', target, 'aw', (held) => {
    const source = readSource();
    return source.ok ? append(held, container, blob, source.value.bytes, options) : source;
  });
}

/** `position`: how long the blob must be. */
export function sealBlob(
  account: string,
  container: string,
  blob: string,
  conditions: Conditions,
  position: number | undefined,
): Operation<Blob> {
  const target = { account, container, blob };
  return operation('SealBlob', target, 'w', (held) => seal(held, container, blob, conditions, position));
}

/** Copies end at once here, so that there is never one to be stopped. */
export function abortCopyBlob(account: string, container: string, blob: string): Operation<never> {
  const target = { account, container, blob };
  return operation('AbortCopyBlob', target, 'w', (held) => {
    const found = held.find(container, blob);
    return found.ok ? fail('NoPendingCopyOperation') : found;
  });
}
