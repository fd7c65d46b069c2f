/** `$management`: READ of an event hub and of its partitions. */
import rhea, { type Message } from 'rhea';
import type { Answer } from '../../network/amqp/request-node.js';
import type { EventHubsCore } from '../core/core.js';
import { EventHubsError } from '../core/errors.js';

const { types } = rhea;
const HUB_TYPE = 'com.microsoft:eventhub';
const PARTITION_TYPE = 'com.microsoft:partition';
const STRING8 = 0xa1;
const STATUS_BY_REASON: Readonly<Record<string, number>> = {
  'not-found': 404,
  unauthorized: 401,
  'out-of-range': 400,
};

/** Answers a request about the hub that it names. `assertAllowed` throws `EventHubsError`. */
export function readProperties(
  core: EventHubsCore,
  request: Message,
  assertAllowed: (hub: string) => void,
): Answer {
  const properties: Readonly<Record<string, unknown>> = request.application_properties ?? {};
  const { operation, type, name, partition } = properties;
  if (operation !== 'READ') return notSupported(`operation "${String(operation)}"`);
  try {
    const hub = String(name);
    assertAllowed(hub);
    if (type === HUB_TYPE) return found(hubProperties(core, hub));
    if (type === PARTITION_TYPE) return found(partitionProperties(core, hub, String(partition)));
    return notSupported(`type "${String(type)}"`);
  } catch (error) {
    if (!(error instanceof EventHubsError)) throw error;
    const { reason, message: description, condition } = error;
    return { status: STATUS_BY_REASON[reason] ?? 500, description, condition };
  }
}

function found(body: unknown): Answer {
  return { status: 200, description: 'OK', body };
}

function notSupported(what: string): Answer {
  return { status: 400, description: `${what} is not supported`, condition: 'amqp:not-implemented' };
}

function hubProperties(core: EventHubsCore, name: string): unknown {
  const hub = core.hub(name);
  return types.wrap_map({
    type: HUB_TYPE,
    name: hub.name,
    created_at: types.wrap_timestamp(hub.createdAtMs),
    partition_count: types.wrap_int(hub.partitionIds.length),
    // rhea's types ask for descriptors, which an array of plain strings has none of.
    partition_ids: types.wrap_array(hub.partitionIds, STRING8, undefined),
    georeplication_factor: types.wrap_int(1),
  });
}

function partitionProperties(core: EventHubsCore, hub: string, partitionId: string): unknown {
  const properties = core.partitionProperties(hub, partitionId);
  return types.wrap_map({
    type: PARTITION_TYPE,
    name: properties.hub,
    partition: properties.partitionId,
    begin_sequence_number: types.wrap_long(properties.beginSequenceNumber),
    last_enqueued_sequence_number: types.wrap_long(properties.lastSequenceNumber),
    last_enqueued_offset: properties.lastOffset,
    last_enqueued_time_utc: types.wrap_timestamp(properties.lastEnqueuedAtMs),
    is_partition_empty: types.wrap_boolean(properties.isEmpty),
  });
}
