/** The `wire` fidelity: the official SDK, against our AMQP front or any Event Hubs namespace. */
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  MessagingError,
  type WebSocketImpl,
} from '@azure/event-hubs';
import {
  type EventProducer,
  EventSendError,
  type EventSource,
  OPERATION_TIMEOUT_MS,
  RECONNECT_AFTER_MS,
  type SendFailure,
} from './ports.js';

export interface WireEndpoint {
  /** Of the namespace, without `EntityPath`. */
  readonly connectionString: string;
  /** A WebSocket class over a link; without it the SDK dials by itself. */
  readonly webSocket?: WebSocketImpl;
}

/** The SDK's default of one event at a time is ten times slower. */
const MAX_BATCH_SIZE = 1000;
const MAX_WAIT_SECONDS = 60;

/** By the SDK's names of the service's refusals; every other failure is one of the connection. */
const FAILURE_BY_CODE: ReadonlyMap<string, SendFailure> = new Map([
  ['ServerBusyError', 'server-busy'],
  ['MessageTooLargeError', 'too-large'],
  ['UnauthorizedError', 'unauthorized'],
  ['MessagingEntityNotFoundError', 'not-found'],
  ['ServiceCommunicationError', 'not-found'],
  ['ArgumentError', 'refused'],
  ['ArgumentOutOfRangeError', 'refused'],
  ['DecodeError', 'refused'],
]);

export function wireProducer(endpoint: WireEndpoint, hub: string): EventProducer {
  const client = new EventHubProducerClient(endpoint.connectionString, hub, {
    ...transportOf(endpoint),
    // Retrying is the caller's policy.
    retryOptions: { maxRetries: 0, timeoutInMs: OPERATION_TIMEOUT_MS },
  });
  return {
    async send(events, partitionKey) {
      if (events.length === 0) return;
      const data = events.map(({ body }) => ({ body }));
      try {
        await client.sendBatch(data, partitionKey === undefined ? {} : { partitionKey });
      } catch (error) {
        throw sendErrorOf(error);
      }
    },
    close: () => client.close(),
  };
}

export function wireSource(endpoint: WireEndpoint): EventSource {
  return {
    subscribe(hub, consumerGroup, onEvents) {
      const client = new EventHubConsumerClient(consumerGroup, endpoint.connectionString, hub, {
        ...transportOf(endpoint),
        retryOptions: {
          maxRetries: 0,
          retryDelayInMs: RECONNECT_AFTER_MS,
          timeoutInMs: OPERATION_TIMEOUT_MS,
        },
      });
      const subscription = client.subscribe(
        {
          async processEvents(events, { partitionId }) {
            if (events.length === 0) return;
            onEvents(
              partitionId,
              events.map(({ body, enqueuedTimeUtc, offset, partitionKey, sequenceNumber }) => ({
                body: body as unknown,
                enqueuedAtMs: enqueuedTimeUtc.getTime(),
                sequenceNumber,
                offset,
                partitionKey: partitionKey ?? null,
              })),
            );
          },
          // The SDK attaches again by itself.
          async processError() {},
        },
        {
          startPosition: earliestEventPosition,
          maxBatchSize: MAX_BATCH_SIZE,
          maxWaitTimeInSeconds: MAX_WAIT_SECONDS,
        },
      );
      return {
        async close() {
          await subscription.close();
          await client.close();
        },
      };
    },
  };
}

function transportOf({ webSocket }: WireEndpoint) {
  return webSocket ? { webSocketOptions: { webSocket } } : {};
}

function sendErrorOf(error: unknown): EventSendError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof MessagingError ? error.code : undefined;
  return new EventSendError(FAILURE_BY_CODE.get(code ?? '') ?? 'connection', message);
}
