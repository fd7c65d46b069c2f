import { type EventHubClientOptions, EventHubProducerClient } from '@azure/event-hubs';
import type { EventSender } from './event-hubs-output.js';

export interface SdkEventSender extends EventSender {
  close(): Promise<void>;
}

/**
 * Sends through the official SDK. It does not retry; the host does, on its clock. `isReachable` is asked
 * before each batch: while the way is cut off, the SDK would wait in its own time before it says so.
 */
export function openSdkEventSender(
  connectionString: string,
  eventHubName: string,
  options: Pick<EventHubClientOptions, 'webSocketOptions'>,
  isReachable: () => boolean,
): SdkEventSender {
  const producer = new EventHubProducerClient(connectionString, eventHubName, {
    ...options,
    retryOptions: { maxRetries: 0 },
  });
  return {
    async send(events, partitionKey) {
      if (!isReachable()) throw new Error(`event hub ${eventHubName} cannot be reached`);
      const batchOptions = partitionKey === undefined ? {} : { partitionKey };
      let batch = await producer.createBatch(batchOptions);
      for (const event of events) {
        if (batch.tryAdd(event)) continue;
        // The batch is as large as the hub takes: it goes, and the event opens the next.
        await producer.sendBatch(batch);
        batch = await producer.createBatch(batchOptions);
        if (!batch.tryAdd(event)) throw new Error(`an event is larger than event hub ${eventHubName} takes`);
      }
      if (batch.count > 0) await producer.sendBatch(batch);
    },
    close: () => producer.close(),
  };
}
