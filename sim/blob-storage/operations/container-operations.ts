import type { AccessPolicy } from '../access/access-policies.js';
import type { ContainerProperties, PublicAccess } from '../account/container.js';
import type { LeaseAction } from '../account/lease.js';
import type { BlobPage, ListOptions } from '../account/listing.js';
import type { Metadata } from '../account/names.js';
import { type Leased, leaseContainer as lease } from './leasing.js';
import { LIST_ENTRY_BYTES, type Operation, operation } from './operation.js';

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

export function containerProperties(
  account: string,
  container: string,
  leaseId?: string,
): Operation<ContainerProperties> {
  const target = { account, container, blob: null };
  return operation('GetContainerProperties', target, 'r', (held) =>
    held.containerProperties(container, leaseId),
  );
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

export function deleteContainer(account: string, container: string, leaseId?: string): Operation<null> {
  const target = { account, container, blob: null };
  return operation('DeleteContainer', target, 'd', (held) => held.deleteContainer(container, leaseId));
}

export function listBlobs(account: string, container: string, options: ListOptions): Operation<BlobPage> {
  const target = { account, container, blob: null };
  return {
    ...operation('ListBlobs', target, 'l', (held) => held.listBlobs(container, options)),
    downBytes: (page) => page.entries.length * LIST_ENTRY_BYTES,
  };
}

/** "Only the account owner may call this operation": no token permits it. */
export function containerAccess(account: string, container: string): Operation<ContainerProperties> {
  const target = { account, container, blob: null };
  return operation('GetContainerACL', target, '', (held) => held.containerProperties(container));
}

export function setContainerAccess(
  account: string,
  container: string,
  publicAccess: PublicAccess,
  policies: readonly AccessPolicy[],
): Operation<ContainerProperties> {
  const target = { account, container, blob: null };
  return operation('SetContainerACL', target, '', (held) =>
    held.setContainerAccess(container, publicAccess, policies),
  );
}

export function leaseContainer(account: string, container: string, action: LeaseAction): Operation<Leased> {
  const target = { account, container, blob: null };
  return operation('LeaseContainer', target, 'w', (held) => lease(held, container, action));
}
