/** An operation of the Blob service as a value, whichever way it was asked for. */
import type { BlobAccount } from '../account/account.js';
import type { Blob } from '../account/blob.js';
import type { Outcome } from '../failure.js';

/** The service's own names, as its logs have them. */
export type OperationName =
  | 'ListContainers'
  | 'GetBlobServiceProperties'
  | 'GetAccountInformation'
  | 'GetBlobServiceStats'
  | 'CreateContainer'
  | 'GetContainerProperties'
  | 'SetContainerMetadata'
  | 'DeleteContainer'
  | 'ListBlobs'
  | 'PutBlob'
  | 'GetBlob'
  | 'GetBlobProperties'
  | 'SetBlobMetadata'
  | 'SetBlobProperties'
  | 'DeleteBlob'
  | 'SetBlobServiceProperties'
  | 'FindBlobsByTags'
  | 'GetContainerACL'
  | 'SetContainerACL'
  | 'LeaseContainer'
  | 'PutBlock'
  | 'PutBlockFromURL'
  | 'PutBlockList'
  | 'GetBlockList'
  | 'CopyBlob'
  | 'SnapshotBlob'
  | 'UndeleteBlob'
  | 'LeaseBlob'
  | 'AppendBlock'
  | 'AppendBlockFromURL'
  | 'SealBlob'
  | 'SetBlobTier'
  | 'AbortCopyBlob'
  | 'SubmitBatch'
  | 'GetBlobTags'
  | 'SetBlobTags';

/** Operations after which a blob has new bytes. */
const BLOB_WRITES: ReadonlySet<string> = new Set(['PutBlob', 'PutBlockList', 'CopyBlob']);

export function writesBlob(name: string): boolean {
  return BLOB_WRITES.has(name);
}

export interface Target {
  readonly account: string;
  readonly container: string | null;
  readonly blob: string | null;
  /** A snapshot of the blob in place of the blob itself. */
  readonly snapshot?: string | null;
}

export interface Operation<T> {
  readonly name: OperationName;
  readonly target: Target;
  /** Any one of these letters of a SAS permits it; none: no token does. */
  needs(account: BlobAccount): string;
  /** Payload of the request; headers cost nothing (see `sim/network/link.ts`). */
  readonly upBytes: number;
  run(account: BlobAccount): Outcome<T>;
  /** Payload of a successful answer. */
  downBytes(value: T): number;
  /** The blob that is gone afterwards. */
  deletes?(value: T): Blob;
}

/** What a listing is charged per entry: names and properties as XML, roughly, but alike for every server. */
export const LIST_ENTRY_BYTES = 512;

const nothing = () => 0;

/** One that carries no payload. */
export function operation<T>(
  name: OperationName,
  target: Target,
  needs: string,
  run: (account: BlobAccount) => Outcome<T>,
): Operation<T> {
  return { name, target, needs: () => needs, upBytes: 0, run, downBytes: nothing };
}

/** "Create a service SAS": Create writes a new blob, only Write overwrites one. */
export function writeNeeds(container: string, blob: string): (account: BlobAccount) => string {
  return (account) => (account.hasBlob(container, blob) ? 'w' : 'cw');
}
