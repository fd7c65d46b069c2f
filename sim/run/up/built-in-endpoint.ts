/**
 * IoT Hub's built-in endpoint ("Read device-to-cloud messages from the built-in endpoint"): device-to-cloud messages in
 * an Event Hubs namespace of its own, with the `iothub-*` annotations that tell where each came from.
 */
import rhea from 'rhea';
import { AmqpFront } from '../../event-hubs/amqp/front.js';
import { loopbackConnectionString } from '../../event-hubs/connection-string.js';
import { EventHubsCore, namespaceConfiguration } from '../../event-hubs/index.js';
import type { IotHub, TelemetryRecord } from '../../iot-hub/index.js';
import type { Closers } from './closers.js';
import { LOOPBACK, portError, portOf } from './ports.js';

export interface BuiltInEndpoint {
  readonly connectionString: string;
  readonly hub: string;
  readonly partitions: number;
}

const HUB = 'iothub-footfall';
const PARTITIONS = 4;

export async function openBuiltInEndpoint(
  iotHub: IotHub,
  portBase: number,
  warn: (message: string) => void,
  closers: Closers,
): Promise<BuiltInEndpoint> {
  const configuration = namespaceConfiguration({
    name: HUB,
    hubs: [{ name: HUB, partitionCount: PARTITIONS }],
  });
  const core = new EventHubsCore(iotHub.services, configuration);
  iotHub.telemetry.onRecord((record) => {
    const publication = { events: [encoded(iotHub, record)], partitionKey: record.identity.deviceId };
    const key = String(record.sequenceNumber);
    try {
      core.publish({ hub: HUB, partitionId: null, publication, key });
    } catch (error) {
      warn(`the built-in endpoint: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  const front = new AmqpFront(core);
  closers.push(() => front.close());
  const wanted = portOf('builtIn', portBase);
  const port = await front.listen(wanted, LOOPBACK).catch((error: NodeJS.ErrnoException) => {
    throw portError(error, 'builtIn', wanted);
  });
  return { connectionString: loopbackConnectionString(core, port), hub: HUB, partitions: PARTITIONS };
}

/** "System properties of D2C IoT Hub messages", and the application properties as they are. */
function encoded(iotHub: IotHub, record: TelemetryRecord) {
  const { body, enqueuedAtMs, identity, properties, system } = record;
  const generation = iotHub.registry.find(identity.deviceId)?.generationId ?? '';
  const message = rhea.message.encode({
    // Typed as a section of its own, so that the body's bytes stay as they are.
    body: rhea.message.data_section(Buffer.from(body)),
    ...(system.mid === undefined ? {} : { message_id: system.mid }),
    ...(system.cid === undefined ? {} : { correlation_id: system.cid }),
    ...(system.ct === undefined ? {} : { content_type: system.ct }),
    ...(system.ce === undefined ? {} : { content_encoding: system.ce }),
    application_properties: { ...properties },
    message_annotations: {
      'iothub-connection-device-id': identity.deviceId,
      ...(identity.moduleId === null ? {} : { 'iothub-connection-module-id': identity.moduleId }),
      'iothub-connection-auth-generation-id': generation,
      'iothub-connection-auth-method': JSON.stringify({ scope: 'device', type: 'sas', issuer: 'iothub' }),
      'iothub-enqueuedtime': rhea.types.wrap_timestamp(enqueuedAtMs),
      'iothub-message-source': 'Telemetry',
    },
  });
  return { message, payloadBytes: body.length };
}
