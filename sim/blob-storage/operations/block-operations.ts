import type { BlobSlice, PutOptions } from '../account/account.js';
import type { Blob } from '../account/blob.js';
import {
  type BlockList,
  type BlockReference,
  commitBlocks,
  blockList as list,
  stageBlock,
} from '../account/blocks.js';
import type { Outcome } from '../failure.js';
import { type Operation, operation, writeNeeds } from './operation.js';

type StageOptions = Pick<PutOptions, 'conditions' | 'expectedMd5'>;

/** Answers the block's MD5 in Base64. */
export function putBlock(
  account: string,
  container: string,
  blob: string,
  id: string,
  bytes: Uint8Array,
  options: StageOptions,
): Operation<string> {
  const target = { account, container, blob };
  return {
    ...operation('PutBlock', target, 'w', (held) => stageBlock(held, container, blob, id, bytes, options)),
    needs: writeNeeds(container, blob),
    upBytes: bytes.byteLength,
  };
}

export function putBlockFromUrl(
  account: string,
  container: string,
  blob: string,
  id: string,
  readSource: () => Outcome<BlobSlice>,
  options: StageOptions,
): Operation<string> {
  const target = { account, container, blob };
  const run: Operation<string>['run'] = (held) => {
    const source = readSource();
    return source.ok ? stageBlock(held, container, blob, id, source.value.bytes, options) : source;
  };
  return { ...operation('PutBlockFromURL', target, 'w', run), needs: writeNeeds(container, blob) };
}

export function putBlockList(
  account: string,
  container: string,
  blob: string,
  references: readonly BlockReference[],
  options: PutOptions,
): Operation<Blob> {
  const target = { account, container, blob };
  return {
    ...operation('PutBlockList', target, 'w', (held) =>
      commitBlocks(held, container, blob, references, options),
    ),
    needs: writeNeeds(container, blob),
  };
}

export function blockList(
  account: string,
  container: string,
  blob: string,
  snapshot: string | null,
): Operation<BlockList> {
  const target = { account, container, blob, snapshot };
  return operation('GetBlockList', target, 'r', (held) => list(held, container, blob, snapshot));
}
