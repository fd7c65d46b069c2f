/**
 * IoT Hub's built-in endpoint ("Read device-to-cloud messages from the built-in endpoint"): device-to-cloud messages in
 * an Event Hubs namespace of its own, with the `iothub-*` annotations that tell where each came from.
 */
import { AmqpFront } from '../../event-hubs/amqp/front.js';
import { loopbackConnectionString } from '../../event-hubs/connection-string.js';
import { type DiskJournal, EventHubsCore, namespaceConfiguration } from '../../event-hubs/index.js';
import type { BuiltInAddress } from '../../iot-hub/amqp/connection.js';
import type { IotHub } from '../../iot-hub/index.js';
import { BUILT_IN_ENDPOINT } from '../../iot-hub/routing/settings.js';
import type { ServerCertificate } from './certificates.js';
import type { Closers } from './closers.js';
import { eitherServer } from './either-port.js';
import { listenAt } from './ports.js';
import { publicationOf } from './routed-event.js';

export interface BuiltInEndpoint {
  readonly connectionString: string;
  readonly hub: string;
  readonly partitions: number;
  readonly address: BuiltInAddress;
}

const HUB = 'iothub-footfall';
const PARTITIONS = 4;
/** The hub's own policies open its endpoint, too. */
const BUILT_IN_POLICIES = ['service', 'iothubowner'] as const;

export async function openBuiltInEndpoint(
  iotHub: IotHub,
  certificate: ServerCertificate,
  portBase: number,
  warn: (message: string) => void,
  closers: Closers,
  journal: DiskJournal | null,
): Promise<BuiltInEndpoint> {
  const policies = BUILT_IN_POLICIES.map((name) => ({
    name,
    key: iotHub.policies.find(name)?.key ?? '',
    rights: ['Listen'] as const,
  }));
  const configuration = namespaceConfiguration({
    name: HUB,
    hubs: [{ name: HUB, partitionCount: PARTITIONS }],
    policies,
  });
  const core = new EventHubsCore(iotHub.services, configuration, journal);
  let count = 0;
  iotHub.routing.addEndpoint(BUILT_IN_ENDPOINT, (message) => {
    try {
      core.publish({
        hub: HUB,
        partitionId: null,
        publication: publicationOf(message),
        key: String(++count),
      });
    } catch (error) {
      warn(`the built-in endpoint: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  const front = new AmqpFront(core);
  closers.push(() => front.close());
  const door = eitherServer(certificate, (socket) => front.acceptSocket(socket));
  closers.push(() => door.close());
  const port = await listenAt(door, 'builtIn', portBase);
  return {
    connectionString: `${loopbackConnectionString(core, port)};EntityPath=${HUB}`,
    hub: HUB,
    partitions: PARTITIONS,
    address: { scheme: 'amqp', hostName: 'localhost', port, hub: HUB },
  };
}
