/** Columns and properties that an event has beside its body (GetMetadataPropertyValue and input pages). */
import { createHash } from 'node:crypto';
import { fieldOf } from '../../functions/record-functions.js';
import type { InputEvent } from '../event.js';
import { DateTime } from './date-time.js';
import type { Value, ValueRecord } from './values.js';

/** The columns that Stream Analytics adds to events of Event Hubs. */
export function metadataColumn(name: string, event: InputEvent | null): Value {
  if (event === null) return null;
  switch (name.toLowerCase()) {
    case 'eventenqueuedutctime':
      return new DateTime(event.enqueuedAtMs);
    case 'eventprocessedutctime':
      return new DateTime(event.processedAtMs ?? event.enqueuedAtMs);
    case 'partitionid':
      return event.partitionId;
    default:
      return fieldOf((event.metadata ?? null) as Value, name);
  }
}

/** `GetMetadataPropertyValue(input, property)`: `EventId`, `[User].[x]`, `EventHub`, `IoTHub.x`, … */
export function metadataProperty(event: InputEvent | null, property: Value): Value {
  if (event === null || typeof property !== 'string') return null;
  const path = property.match(/\[[^\]]*\]|[^.[\]]+/g)?.map((part) => part.replace(/^\[|\]$/g, '')) ?? [];
  const [group = '', ...rest] = path;
  return rest.reduce<Value>((value, name) => fieldOf(value, name), metadataGroup(group, event));
}

function metadataGroup(group: string, event: InputEvent): Value {
  switch (group.toLowerCase()) {
    case 'eventid':
      return eventId(event);
    case 'user':
      return (event.properties ?? null) as Value;
    case 'eventhub': {
      const given = fieldOf((event.metadata ?? null) as Value, group);
      const own: ValueRecord = {
        EventEnqueuedUtcTime: new DateTime(event.enqueuedAtMs),
        EventProcessedUtcTime: new DateTime(event.processedAtMs ?? event.enqueuedAtMs),
        PartitionId: event.partitionId,
      };
      return { ...own, ...(given as ValueRecord | null) };
    }
    default: {
      const given = fieldOf((event.metadata ?? null) as Value, group);
      return given ?? metadataColumn(group, event);
    }
  }
}

/** "Consistent (not random)": the same event read again has the same id. */
function eventId(event: InputEvent): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([event.partitionId, event.enqueuedAtMs, event.body]))
    .digest('hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}-${digest.slice(16, 20)}-${digest.slice(20, 32)}`;
}
