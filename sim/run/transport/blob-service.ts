/** Who serves blobs in a world: our own core, or Azurite behind the same door. */
import http from 'node:http';
import {
  type BlobConnection,
  DEVELOPMENT_ACCOUNT,
  DEVELOPMENT_KEY,
} from '../../blob-storage/access/connection-string.js';
import type { Azurite } from '../../blob-storage/azurite.js';
import type { BlobStorage, BlobWritten } from '../../blob-storage/blob-storage.js';
import type { BlobClient } from '../../blob-storage/client/blob-client.js';
import { openDirectBlobClient } from '../../blob-storage/client/direct-client.js';
import type { Kernel, StageFigures } from '../../kernel/index.js';
import { duplexPair } from '../../network/index.js';
import { BLOB_ENDPOINT } from './blob-url.js';

export interface BlobService {
  /** Takes the connections of the wire fidelity; undefined: the front of our own core. */
  readonly server: http.Server | undefined;
  /** A client from within the service, which no link carries. */
  readonly own: BlobClient;
  onBlobWritten(listener: (written: BlobWritten) => void): () => void;
  figures(): readonly StageFigures[];
}

/** The account's own connection, with its key. */
export const ACCOUNT_CONNECTION: BlobConnection = {
  account: DEVELOPMENT_ACCOUNT,
  endpoint: `${BLOB_ENDPOINT}/${DEVELOPMENT_ACCOUNT}`,
  secret: { kind: 'key', key: DEVELOPMENT_KEY },
};

export async function openBlobService(
  kernel: Kernel,
  storage: BlobStorage,
  azurite: Azurite | null,
): Promise<BlobService> {
  if (azurite === null) {
    return {
      server: undefined,
      own: openDirectBlobClient(storage, ACCOUNT_CONNECTION, undefined),
      onBlobWritten: (listener) => storage.onBlobWritten(listener),
      figures: () => storage.figures(),
    };
  }
  const { createAzuriteFront } = await import('../../blob-storage/front/azurite-front.js');
  const { openSdkBlobClient } = await import('../../blob-storage/client/sdk-client.js');
  const front = createAzuriteFront(kernel, azurite);
  const agent = new http.Agent({ keepAlive: true });
  agent.createConnection = () => {
    const [client, far] = duplexPair();
    front.server.emit('connection', far);
    return client;
  };
  return {
    server: front.server,
    own: openSdkBlobClient(ACCOUNT_CONNECTION, agent),
    onBlobWritten: (listener) => front.onBlobWritten(listener),
    figures: () => front.figures(),
  };
}
