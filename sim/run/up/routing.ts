/** Leads what a hub routes to event hubs and containers of the other stand-ins. */
import { openDirectBlobClient } from '../../blob-storage/client/direct-client.js';
import { partitionOfKey } from '../../event-hubs/index.js';
import { RoutingError } from '../../iot-hub/routing/settings.js';
import { BadInputError, fileProblem } from '../../scenario/input-problem.js';
import type { WorldServices } from '../world/services-of-a-world.js';
import type { Closers } from './closers.js';
import { OWN_CONNECTION } from './own-access.js';
import { publicationOf } from './routed-event.js';
import type { EventHubEndpoint, HubRouting, StorageEndpoint } from './routing-file.js';
import { StorageSink } from './storage-endpoint.js';

/** The partitions of a hub; files are named after them. */
const PARTITIONS = 4;

/** The event hubs that routes lead to. */
export function eventHubsOf(routing: HubRouting | null): readonly string[] {
  const hubs = (routing?.endpoints ?? []).flatMap((each) => (each.kind === 'eventHub' ? [each.hub] : []));
  return [...new Set(hubs)];
}

/** Throws `BadInputError` for routes that the service would not save. */
export async function openRouting(
  world: WorldServices,
  routing: HubRouting,
  warn: (message: string) => void,
  closers: Closers,
): Promise<void> {
  for (const endpoint of routing.endpoints) {
    if (endpoint.kind === 'eventHub') addEventHub(world, endpoint, warn);
    else await addStorage(world, endpoint, warn, closers);
  }
  try {
    world.iotHub.routing.configure(routing.settings);
  } catch (error) {
    if (!(error instanceof RoutingError)) throw error;
    throw new BadInputError([fileProblem(error.code, routing.file, error.message, null)]);
  }
}

function addEventHub(
  { eventHubs, iotHub }: WorldServices,
  { hub, name }: EventHubEndpoint,
  warn: (message: string) => void,
): void {
  let count = 0;
  iotHub.routing.addEndpoint(name, (message) => {
    try {
      const key = `${name}/${++count}`;
      eventHubs.publish({ hub, partitionId: null, publication: publicationOf(message), key });
    } catch (error) {
      warn(`endpoint '${name}': ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

async function addStorage(
  { iotHub, storage }: WorldServices,
  endpoint: StorageEndpoint,
  warn: (message: string) => void,
  closers: Closers,
): Promise<void> {
  const blobs = openDirectBlobClient(storage, OWN_CONNECTION, undefined);
  await blobs.createContainer(endpoint.containerName);
  const sink = new StorageSink(endpoint, {
    clock: iotHub.services.clock,
    hubName: iotHub.name,
    partitionOf: (deviceId) => String(partitionOfKey(deviceId, PARTITIONS)),
    put: ({ body, container, contentType, name }) => blobs.put(container, name, body, { contentType }),
    warn,
  });
  closers.push(() => sink.flush());
  iotHub.routing.addEndpoint(endpoint.name, (message) => sink.take(message));
}
