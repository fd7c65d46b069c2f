/**
 * The operations of the Blob service as values: what each is called, what it may cost on the way, which
 * permission it needs, and what it does to an account. Both ways in (REST and the direct call) build these.
 */
import type { BlobAccount, BlobSlice, ByteRange, PutOptions } from './account.js';
import type { Blob, ContentProperties } from './blob.js';
import type { Conditions } from './conditions.js';
import type { ContainerProperties, PublicAccess } from './container.js';
import { type Outcome, succeed } from './failure.js';
import type { BlobPage, ListOptions } from './listing.js';
import type { Metadata } from './names.js';

/** The service's own names, as its logs have them. */
export type OperationName =
  | 'ListContainers'
  | 'GetBlobServiceProperties'
  | 'GetAccountInformation'
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
  | 'DeleteBlob';

export interface Target {
  readonly account: string;
  readonly container: string | null;
  readonly blob: string | null;
}

export interface Operation<T> {
  readonly name: OperationName;
  readonly target: Target;
  /** Any one of these letters of a SAS permits it. */
  needs(account: BlobAccount): string;
  /** Payload of the request; headers cost nothing (see `sim/network/link.ts`). */
  readonly upBytes: number;
  run(account: BlobAccount): Outcome<T>;
  /** Payload of a successful answer. */
  downBytes(value: T): number;
}

/** What a listing is charged per entry: names and properties as XML, roughly, but alike for every server. */
export const LIST_ENTRY_BYTES = 512;

const nothing = () => 0;

function operation<T>(
  name: OperationName,
  target: Target,
  needs: string,
  run: (account: BlobAccount) => Outcome<T>,
): Operation<T> {
  return { name, target, needs: () => needs, upBytes: 0, run, downBytes: nothing };
}

export function serviceProperties(account: string): Operation<null> {
  const target = { account, container: null, blob: null };
  return operation('GetBlobServiceProperties', target, 'r', () => succeed(null));
}

export function accountInformation(account: string): Operation<null> {
  const target = { account, container: null, blob: null };
  return operation('GetAccountInformation', target, 'r', () => succeed(null));
}

export function createContainer(
  account: string,
  container: string,
  metadata: Metadata = {},
  publicAccess: PublicAccess = 'none',
): Operation<ContainerProperties> {
  const target = { account, container, blob: null };
  return operation('CreateContainer', target, 'cw', (held) =>
    held.createContainer(container, metadata, publicAccess),
  );
}

export function containerProperties(account: string, container: string): Operation<ContainerProperties> {
  const target = { account, container, blob: null };
  return operation('GetContainerProperties', target, 'r', (held) => held.containerProperties(container));
}

export function setContainerMetadata(
  account: string,
  container: string,
  metadata: Metadata,
): Operation<ContainerProperties> {
  const target = { account, container, blob: null };
  return operation('SetContainerMetadata', target, 'w', (held) =>
    held.setContainerMetadata(container, metadata),
  );
}

export function deleteContainer(account: string, container: string): Operation<null> {
  const target = { account, container, blob: null };
  return operation('DeleteContainer', target, 'd', (held) => held.deleteContainer(container));
}

export function listContainers(account: string, prefix: string): Operation<readonly ContainerProperties[]> {
  const target = { account, container: null, blob: null };
  return {
    ...operation('ListContainers', target, 'l', (held) => held.listContainers(prefix)),
    downBytes: (containers) => containers.length * LIST_ENTRY_BYTES,
  };
}

export function listBlobs(account: string, container: string, options: ListOptions): Operation<BlobPage> {
  const target = { account, container, blob: null };
  return {
    ...operation('ListBlobs', target, 'l', (held) => held.listBlobs(container, options)),
    downBytes: (page) => page.entries.length * LIST_ENTRY_BYTES,
  };
}

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
    // "Create a service SAS": Create writes a new blob, only Write overwrites one.
    needs: (held) => (held.hasBlob(container, blob) ? 'w' : 'cw'),
    upBytes: body.byteLength,
  };
}

export function getBlob(
  account: string,
  container: string,
  blob: string,
  range?: ByteRange,
  conditions?: Conditions,
): Operation<BlobSlice> {
  const target = { account, container, blob };
  return {
    ...operation('GetBlob', target, 'r', (held) => held.getBlob(container, blob, range, conditions)),
    downBytes: (slice) => slice.bytes.byteLength,
  };
}

export function blobProperties(
  account: string,
  container: string,
  blob: string,
  conditions?: Conditions,
): Operation<Blob> {
  const target = { account, container, blob };
  return operation('GetBlobProperties', target, 'r', (held) =>
    held.blobProperties(container, blob, conditions),
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
): Operation<Blob> {
  const target = { account, container, blob };
  return operation('DeleteBlob', target, 'd', (held) => held.deleteBlob(container, blob, conditions));
}
