/** The protocol fronts of a world's services, as official SDKs reach them over links in memory. */
import type http from 'node:http';
import { createBlobFront } from '../../blob-storage/front/blob-front.js';
import { AmqpFront } from '../../event-hubs/amqp/front.js';
import { faceApiListener } from '../../face-api/front/front.js';
import type { Kernel } from '../../kernel/index.js';
import { worldHttpServer } from '../../network/index.js';
import { PowerBiFront } from '../../power-bi/rest/front.js';
import type { WorldServices } from '../world/services-of-a-world.js';

export interface WorldFronts {
  readonly blobServer: http.Server;
  readonly faceServer: http.Server;
  readonly powerBiServer: http.Server;
  readonly amqp: AmqpFront;
}

/** The token that the streaming job pushes its rows with. */
export const PUBLISHER = { token: 'footfall-job', role: 'publisher', storeIds: null } as const;

/** `blobServer` serves blobs in place of our own front. */
export function openFronts(kernel: Kernel, services: WorldServices, blobServer?: http.Server): WorldFronts {
  const { eventHubs, faceApi, powerBi, storage } = services;
  const powerBiFront = new PowerBiFront(powerBi, {
    grants: [PUBLISHER],
    feed: { dataset: 'footfall', table: 'footfall' },
  });
  return {
    blobServer: blobServer ?? createBlobFront(storage, kernel.rng('blob-storage/request-ids')),
    faceServer: worldHttpServer(faceApiListener(faceApi, { clock: kernel.clock, keys: null })),
    powerBiServer: powerBiFront.worldServer(),
    amqp: new AmqpFront(eventHubs),
  };
}
