/** The `direct` fidelity: the services' cores called in process, over the same links. */
import {
  type Picture,
  PictureRefusedError,
  type PictureStore,
} from '../../pipeline/camera-module/picture-store.js';
import { toBlobMetadata } from '../../pipeline/picture-metadata.js';
import { openDirectBlobClient } from '../blob-storage/direct-client.js';
import * as operations from '../blob-storage/operations.js';
import { directProducer, directSource } from '../event-hubs/direct-client.js';
import { directFaceExchange } from '../face-api/direct-exchange.js';
import { DirectHubConnection } from '../iot-hub/direct-client.js';
import { directSink } from '../power-bi/direct-client.js';
import { parseBlobUrl } from './blob-url.js';
import type { WorldServices } from './services-of-a-world.js';
import type { Transport } from './transport.js';

export function directTransport(services: WorldServices): Transport {
  const { eventHubs, faceApi, iotHub, links, powerBi, storage } = services;
  return {
    hubConnection(connectionString) {
      const { identity, key } = readHubConnectionString(connectionString);
      return new DirectHubConnection(iotHub, links.uplink, { identity, key });
    },
    pictureStore: (containerSasUrl) => directPictureStore(services, containerSasUrl),
    async download(url) {
      const { connection, container, name } = parseBlobUrl(url);
      const { body } = await openDirectBlobClient(storage, connection, links.lan).get(container, name);
      return body;
    },
    blobClient: (connection, link) => openDirectBlobClient(storage, connection, link),
    eventProducer: (hub) => directProducer(eventHubs, links.uplink, hub),
    eventSource: () => directSource(eventHubs, links.cloud),
    faceExchange: () => directFaceExchange(faceApi, links.premises),
    rowSink: () => directSink(powerBi, links.cloud),
  };
}

const IN_PROCESS = { protocol: 'https', remoteAddress: null } as const;
const CONFLICT = 409;
const PRECONDITION_FAILED = 412;
const FINAL = [400, 411, 413];

/** What `BlobPictureStore` does through the SDK: create, never overwrite. */
function directPictureStore({ links, storage }: WorldServices, containerSasUrl: string): PictureStore {
  const { connection, container } = parseBlobUrl(containerSasUrl);
  const token = connection.secret.kind === 'token' ? connection.secret.token : '';
  const caller = {
    credential: { kind: 'token', token: new URLSearchParams(token) },
    transport: IN_PROCESS,
    link: links.lan,
  } as const;
  return {
    async put({ name, jpeg, metadata }: Picture) {
      const operation = operations.putBlob(connection.account, container, name, jpeg, {
        content: { contentType: 'image/jpeg' },
        metadata: toBlobMetadata(metadata),
        conditions: { ifNoneMatch: '*' },
      });
      const outcome = await storage.perform(operation, caller);
      if (outcome.ok) return;
      const { code, status } = outcome.failure;
      if (status === CONFLICT || status === PRECONDITION_FAILED) return;
      if (FINAL.includes(status)) throw new PictureRefusedError(`${name}: ${code}`);
      throw new Error(`${name}: ${code}`);
    },
  };
}

/** `HostName=…;DeviceId=…[;ModuleId=…];SharedAccessKey=…`. */
function readHubConnectionString(text: string) {
  const fields = new Map(
    text.split(';').map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  const identity = { deviceId: fields.get('DeviceId') ?? '', moduleId: fields.get('ModuleId') ?? null };
  return { identity, key: fields.get('SharedAccessKey') ?? '' };
}
