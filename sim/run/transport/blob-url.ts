import type { BlobConnection } from '../../blob-storage/access/connection-string.js';

/** The storage account's endpoint inside a world. */
export const BLOB_ENDPOINT = 'http://blob.local';

export interface BlobUrl {
  readonly connection: BlobConnection;
  readonly container: string;
  /** Empty for the URL of a container. */
  readonly name: string;
}

/** The account's own host, as in Azure: `https://account.blob.core.windows.net`. */
const HOST_OF_ACCOUNT = /^([^.]+)\.blob\./;

/** Reads `http://host/account/container[/name]?sas`, or `https://account.blob.…/container[/name]?sas`. */
export function parseBlobUrl(url: string): BlobUrl {
  const { hostname, origin, pathname, search } = new URL(url);
  const path = pathname.slice(1).split('/').map(decodeURIComponent);
  const ownHost = HOST_OF_ACCOUNT.exec(hostname)?.[1];
  const account = ownHost ?? path.shift() ?? '';
  const [container = '', ...name] = path;
  return {
    connection: {
      account,
      endpoint: ownHost === undefined ? `${origin}/${account}` : origin,
      secret: { kind: 'token', token: search.slice(1) },
    },
    container,
    name: name.join('/'),
  };
}
