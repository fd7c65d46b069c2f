/** The storage account that pictures go to: the stand-in's, or a real one, which is asked again and again what has come. */
import { openBlobServiceClient, openSdkBlobClient } from '../../../blob-storage/client/sdk-client.js';
import { type BlobClient, type BlobConnection, openDirectBlobClient } from '../../../blob-storage/index.js';
import type { Clock, Timer } from '../../../kernel/services.js';
import { PICTURES_CONTAINER, type WorldServices } from '../../world/services-of-a-world.js';
import type { Closers } from '../closers.js';
import { OWN_CONNECTION } from '../own-access.js';

export interface WrittenBlob {
  readonly container: string;
  readonly name: string;
  readonly etag: string;
}

export interface PictureAccount {
  readonly blobs: BlobClient;
  /** Calls `listener` with every blob that comes; the result ends it. */
  onBlobWritten(listener: (written: WrittenBlob) => void): () => void;
}

export function standInAccount({ storage }: WorldServices): PictureAccount {
  return {
    blobs: openDirectBlobClient(storage, OWN_CONNECTION, undefined),
    onBlobWritten: (listener) => storage.onBlobWritten(listener),
  };
}

/** "The runtime polls": far more often than the host does in Azure, since someone may be looking. */
const POLL_MS = 1_000;

export function realAccount(
  connection: BlobConnection,
  clock: Clock,
  warn: (message: string) => void,
  closers: Closers,
): PictureAccount {
  const container = openBlobServiceClient(connection, undefined).getContainerClient(PICTURES_CONTAINER);
  const listeners = new Set<(written: WrittenBlob) => void>();
  let seen: ReadonlySet<string> = new Set();
  let problem: string | null = null;
  let timer: Timer = clock.after(POLL_MS, poll);
  let isClosed = false;

  function poll(): void {
    look()
      .then(() => {
        problem = null;
      })
      .catch((error: Error) => {
        if (error.message !== problem) warn(`pictures cannot be listed: ${error.message}`);
        problem = error.message;
      })
      .finally(() => {
        if (!isClosed) timer = clock.after(POLL_MS, poll);
      });
  }

  /** Remembers what is there now and no more, so that memory does not grow with what has come and gone. */
  async function look(): Promise<void> {
    const there = new Set<string>();
    for await (const { name, properties } of container.listBlobsFlat()) {
      const etag = properties.etag;
      const key = `${name} ${etag}`;
      there.add(key);
      if (!seen.has(key))
        for (const listener of listeners) listener({ container: PICTURES_CONTAINER, name, etag });
    }
    seen = there;
  }

  closers.push(() => {
    isClosed = true;
    timer.cancel();
  });
  return {
    blobs: openSdkBlobClient(connection, undefined),
    onBlobWritten(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
