/** The transport of a world in real time: the official SDKs over TCP and TLS on loopback. */
import { httpFaceExchange } from '../../../pipeline/analyze-faces/face-client/http-exchange.js';
import { openBlobPictureStore } from '../../../pipeline/camera-module/blob-picture-store.js';
import { SdkHubConnection } from '../../../pipeline/camera-module/sdk-hub-connection.js';
import { openSdkBlobClient } from '../../blob-storage/client/sdk-client.js';
import { wireProducer, wireSource } from '../../event-hubs/wire-client.js';
import { wireSink } from '../../power-bi/wire-client.js';
import { parseBlobUrl } from '../transport/blob-url.js';
import type { Transport } from '../transport/transport.js';

export interface TcpEndpoints {
  /** Certificate authorities that the cameras trust, PEM; null: those that Node trusts. */
  readonly caPem: string | null;
  readonly eventHubsConnectionString: string;
  readonly face: { readonly endpoint: string; readonly key: string };
  readonly powerBi: { readonly url: string; readonly token: string };
}

export function tcpTransport(endpoints: TcpEndpoints): Transport {
  const { caPem, eventHubsConnectionString: connectionString, face, powerBi } = endpoints;
  return {
    hubConnection: (text, deviceTimeMs) =>
      new SdkHubConnection({
        connectionString: text,
        deviceTimeMs,
        ...(caPem === null ? {} : { caPem }),
      }),
    pictureStore: (containerSasUrl, unanswered) => openBlobPictureStore({ containerSasUrl, unanswered }),
    async download(url) {
      const { connection, container, name } = parseBlobUrl(url);
      const { body } = await openSdkBlobClient(connection, undefined).get(container, name);
      return body;
    },
    blobClient: (connection) => openSdkBlobClient(connection, undefined),
    eventProducer: (hub) => wireProducer({ connectionString }, hub),
    eventSource: () => wireSource({ connectionString }),
    faceExchange: () => httpFaceExchange(face),
    rowSink: () => wireSink(powerBi),
  };
}
