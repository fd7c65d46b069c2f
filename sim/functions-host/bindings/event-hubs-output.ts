/** The Event Hubs output binding: what a function returns becomes events. */
import type core from '@azure/functions-core';

/**
 * A way to one event hub. One call is one batch, and either arrives or rejects; it does not retry. An error
 * whose `retryable` is false (an event too large, no right to send) will not go away by trying again.
 */
export interface EventSender {
  send(events: readonly { readonly body: unknown }[], partitionKey?: string): Promise<void>;
}

export interface EventBatch {
  readonly partitionKey: string | undefined;
  readonly events: readonly { readonly body: unknown }[];
}

/**
 * An array gives an event for each member, anything else gives one. `keyPattern` (`{storeId}`, of the events'
 * own fields) is this host's addition, because Microsoft's binding cannot name a partition key: events are
 * then sent in one batch a key, in the order in which the keys first come.
 */
export function toBatches(value: core.TypedData, keyPattern: string | undefined): readonly EventBatch[] {
  const bodies = readBodies(value);
  const batches = new Map<string | undefined, { body: unknown }[]>();
  for (const body of bodies) {
    const key = keyPattern === undefined ? undefined : partitionKeyOf(keyPattern, body);
    const events = batches.get(key);
    if (events) events.push({ body });
    else batches.set(key, [{ body }]);
  }
  return [...batches].map(([partitionKey, events]) => ({ partitionKey, events }));
}

function readBodies(value: core.TypedData): readonly unknown[] {
  if (value.bytes !== undefined) return [Buffer.from(value.bytes)];
  // A string goes out as it is; as a JSON value the client would put it in quotes.
  if (value.string !== undefined) return [Buffer.from(value.string, 'utf8')];
  if (value.json === undefined) return [value.int ?? value.double];
  const json: unknown = JSON.parse(value.json);
  const members: readonly unknown[] = Array.isArray(json) ? json : [json];
  return members.map((member) => (typeof member === 'string' ? Buffer.from(member, 'utf8') : member));
}

/** A field that an event does not have leaves nothing in its key. */
function partitionKeyOf(pattern: string, body: unknown): string {
  return pattern.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
    return value === undefined || value === null ? '' : String(value);
  });
}
