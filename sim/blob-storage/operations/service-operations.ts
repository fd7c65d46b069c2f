import type { BlobAccount, DeleteRetention } from '../account/account.js';
import type { ContainerProperties } from '../account/container.js';
import { succeed } from '../failure.js';
import { LIST_ENTRY_BYTES, type Operation, operation, type Target } from './operation.js';
import { findBlobsByTags as find, type TaggedBlob } from './tagging.js';

/** What "Get Blob Service Properties" tells of an account. */
export interface ServiceProperties {
  readonly deleteRetention: DeleteRetention;
}

const propertiesOf = ({ deleteRetention }: BlobAccount): ServiceProperties => ({ deleteRetention });

export function serviceProperties(account: string): Operation<ServiceProperties> {
  const target = { account, container: null, blob: null };
  return operation('GetBlobServiceProperties', target, 'r', (held) => succeed(propertiesOf(held)));
}

/** Undefined leaves the retention as it is. */
export function setServiceProperties(
  account: string,
  deleteRetention: DeleteRetention | undefined,
): Operation<null> {
  const target = { account, container: null, blob: null };
  return operation('SetBlobServiceProperties', target, 'w', (held) => {
    if (deleteRetention !== undefined) held.deleteRetention = deleteRetention;
    return succeed(null);
  });
}

/** Any permission will do. */
export function accountInformation(target: Target): Operation<null> {
  return operation('GetAccountInformation', target, 'racwdltf', () => succeed(null));
}

export function listContainers(account: string, prefix: string): Operation<readonly ContainerProperties[]> {
  const target = { account, container: null, blob: null };
  return {
    ...operation('ListContainers', target, 'l', (held) => held.listContainers(prefix)),
    downBytes: (containers) => containers.length * LIST_ENTRY_BYTES,
  };
}

/** In the whole account, or (by its name) in one container. */
export function findBlobsByTags(
  account: string,
  container: string | null,
  where: string,
): Operation<readonly TaggedBlob[]> {
  const target = { account, container, blob: null };
  return {
    ...operation('FindBlobsByTags', target, 'f', (held) => find(held, where, container)),
    downBytes: (found) => found.length * LIST_ENTRY_BYTES,
  };
}

/** Whoever may do anything to blobs may send several things at once: each of them is judged by itself. */
export function submitBatch(account: string, container: string | null): Operation<null> {
  const target = { account, container, blob: null };
  return operation('SubmitBatch', target, 'racwdltf', () => succeed(null));
}
