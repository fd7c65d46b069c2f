/**
 * The host names of a world. A Function app of a user's own makes its own clients; in a run the names that it is
 * given lead to the world's services, over the links that lie between, and no other name leads anywhere.
 */

import { formatConnectionString } from '../../blob-storage/access/connection-string.js';
import { connectionString } from '../../event-hubs/connection-string.js';
import { httpRoute, type Routes, routeHosts } from '../../network/index.js';
import { ACCOUNT_CONNECTION } from '../transport/blob-service.js';
import { BLOB_ENDPOINT } from '../transport/blob-url.js';
import type { WorldFronts } from '../transport/fronts.js';
import type { Connections } from './premises.js';
import { STORAGE_ACCOUNT, type WorldServices } from './services-of-a-world.js';

const FACE_HOST = 'face.local';
const POWER_BI_HOST = 'api.powerbi.com';

/** What a Function app is told of the world, for its app settings. */
export function worldConnections({ eventHubs }: WorldServices): Connections {
  return {
    storage: formatConnectionString(
      STORAGE_ACCOUNT.name,
      STORAGE_ACCOUNT.keys[0],
      ACCOUNT_CONNECTION.endpoint,
    ),
    eventHubs: connectionString(eventHubs),
    faceEndpoint: `http://${FACE_HOST}:5000/face/v1.0/`,
  };
}

/** From here on what this thread dials leads into the world; returns how to undo it. */
export function enterWorld(services: WorldServices, fronts: WorldFronts): () => void {
  const { links, eventHubs } = services;
  const blobs = httpRoute(links.premises, fronts.blobServer);
  const routes: Routes = {
    [new URL(BLOB_ENDPOINT).hostname]: blobs,
    [`${STORAGE_ACCOUNT.name}.blob.core.windows.net`]: blobs,
    [FACE_HOST]: httpRoute(links.face, fronts.faceServer),
    [`${eventHubs.configuration.name}.servicebus.windows.net`]: {
      link: links.uplink,
      accept: (serverEnd) => fronts.amqp.acceptSocket(serverEnd),
    },
    [POWER_BI_HOST]: httpRoute(links.uplink, fronts.powerBiServer),
  };
  return routeHosts(routes);
}
