import {
  BlobSASPermissions,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { BlobConnection } from '../blob-storage/access/connection-string.js';

/** `r` reads, `c` creates, `w` overwrites. */
export interface SignedPlace {
  readonly container: string;
  /** Null: the whole container. */
  readonly name: string | null;
  readonly permissions: string;
  readonly expiresAtMs: number;
}

/** The query of a shared access signature, without its `?`. Throws for a connection without a key. */
export function signedQuery({ account, secret }: BlobConnection, place: SignedPlace): string {
  if (secret.kind !== 'key') throw new RangeError('only an account key can sign');
  const { container, expiresAtMs, name, permissions } = place;
  return generateBlobSASQueryParameters(
    {
      containerName: container,
      ...(name === null
        ? { permissions: ContainerSASPermissions.parse(permissions) }
        : { blobName: name, permissions: BlobSASPermissions.parse(permissions) }),
      expiresOn: new Date(expiresAtMs),
    },
    new StorageSharedKeyCredential(account, secret.key),
  ).toString();
}

export function signedUrl(connection: BlobConnection, place: SignedPlace): string {
  const path = place.name === null ? place.container : `${place.container}/${place.name}`;
  return `${connection.endpoint}/${path}?${signedQuery(connection, place)}`;
}
