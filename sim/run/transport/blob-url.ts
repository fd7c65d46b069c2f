import type { BlobConnection } from '../../blob-storage/access/connection-string.js';

/** The storage account's endpoint inside a world. */
export const BLOB_ENDPOINT = 'http://blob.local';

export interface BlobUrl {
  readonly connection: BlobConnection;
  readonly container: string;
  /** Empty for the URL of a container. */
  readonly name: string;
}

/** Reads `http://host/account/container[/name]?sas`. */
export function parseBlobUrl(url: string): BlobUrl {
  const { origin, pathname, search } = new URL(url);
  const [account = '', container = '', ...name] = pathname.slice(1).split('/').map(decodeURIComponent);
  return {
    connection: {
      account,
      endpoint: `${origin}/${account}`,
      secret: { kind: 'token', token: search.slice(1) },
    },
    container,
    name: name.join('/'),
  };
}
