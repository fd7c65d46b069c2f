/** The `direct` fidelity: the services' cores called in process, over the same links. */
import type { PictureStore } from '../../../pipeline/camera-module/picture-store.js';
import { RepeatableUpload } from '../../../pipeline/camera-module/repeatable-upload.js';
import { toBlobMetadata } from '../../../pipeline/picture-metadata.js';
import { openDirectBlobClient } from '../../blob-storage/client/direct-client.js';
import * as operations from '../../blob-storage/operations/operations.js';
import { directProducer, directSource } from '../../event-hubs/direct-client.js';
import { directFaceExchange } from '../../face-api/direct-exchange.js';
import { DirectHubConnection } from '../../iot-hub/direct-client.js';
import { directSink } from '../../power-bi/direct-client.js';
import type { WorldServices } from '../world/services-of-a-world.js';
import { parseBlobUrl } from './blob-url.js';
import type { Transport } from './transport.js';

export function directTransport(services: WorldServices): Transport {
  const { eventHubs, faceApi, iotHub, links, powerBi, storage } = services;
  return {
    hubConnection: (connectionString, deviceTimeMs) =>
      new DirectHubConnection(iotHub, links.uplink, connectionString, deviceTimeMs),
    pictureStore: (containerSasUrl, unanswered) => directPictureStore(services, containerSasUrl, unanswered),
    async download(url) {
      const { connection, container, name } = parseBlobUrl(url);
      const { body } = await openDirectBlobClient(storage, connection, links.lan).get(container, name);
      return body;
    },
    blobClient: (connection, link) => openDirectBlobClient(storage, connection, link),
    eventProducer: (hub) => directProducer(eventHubs, links.uplink, hub),
    eventSource: () => directSource(eventHubs, links.cloud),
    faceExchange: () => directFaceExchange(faceApi, links.face),
    rowSink: () => directSink(powerBi, links.cloud),
  };
}

const IN_PROCESS = { protocol: 'https', remoteAddress: null } as const;
const CREATED = 201;

/** What `BlobPictureStore` does through the SDK: create, never overwrite. */
function directPictureStore(
  { links, storage }: WorldServices,
  containerSasUrl: string,
  unanswered: Set<string>,
): PictureStore {
  const { connection, container } = parseBlobUrl(containerSasUrl);
  const token = connection.secret.kind === 'token' ? connection.secret.token : '';
  const caller = {
    credential: { kind: 'token', token: new URLSearchParams(token) },
    transport: IN_PROCESS,
    link: links.lan,
  } as const;
  return new RepeatableUpload(async ({ name, jpeg, metadata }) => {
    const operation = operations.putBlob(connection.account, container, name, jpeg, {
      content: { contentType: 'image/jpeg' },
      metadata: toBlobMetadata(metadata),
      conditions: { ifNoneMatch: '*' },
    });
    const outcome = await storage.perform(operation, caller);
    if (outcome.ok) return { status: CREATED, code: '', message: '' };
    const { code, status } = outcome.failure;
    return { status, code, message: code };
  }, unanswered);
}
