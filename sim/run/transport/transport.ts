/**
 * How the parts of a world reach each other. The two fidelities are two implementations of this one interface:
 * `wire-transport.ts` (official SDKs and real protocols over links in memory) and `direct-transport.ts` (the
 * same cores called in process over the same links).
 */
import type { FaceExchange } from '../../../pipeline/analyze-faces/index.js';
import type { HubConnection } from '../../../pipeline/camera-module/hub-connection.js';
import type { PictureStore } from '../../../pipeline/camera-module/picture-store.js';
import type { BlobConnection } from '../../blob-storage/access/connection-string.js';
import type { BlobClient } from '../../blob-storage/client/blob-client.js';
import type { EventProducer, EventSource } from '../../event-hubs/ports.js';
import type { Link } from '../../network/index.js';
import type { RowSink } from '../../power-bi/ports.js';

export interface Transport {
  /** An unopened connection of a device or module to IoT Hub, whose tokens are dated by the device's own time. */
  hubConnection(connectionString: string, deviceTimeMs: () => number): HubConnection;
  /**
   * The container of a create-only SAS URL, as a camera reaches it; `unanswered` are the names of pictures that may be
   * there already.
   */
  pictureStore(containerSasUrl: string, unanswered: Set<string>): PictureStore;
  /** Fetches a URL as a camera does. */
  download(url: string): Promise<Uint8Array>;
  blobClient(connection: BlobConnection, link: Link | undefined): BlobClient;
  eventProducer(hub: string): EventProducer;
  eventSource(): EventSource;
  faceExchange(): FaceExchange;
  rowSink(): RowSink;
}
