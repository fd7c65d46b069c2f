/** How the rest of a world sends events and reads them, alike in both fidelities. */

/**
 * How long a sender waits for the service's answer. The official SDK does not give up earlier when the connection
 * is cut under a send, so neither does the direct producer.
 */
export const OPERATION_TIMEOUT_MS = 60_000;
/** How soon a source tries again after an outage. */
export const RECONNECT_AFTER_MS = 1000;

/** The sending side, as the functions host uses it. */
export interface EventProducer {
  /**
   * Resolves when the namespace has accepted all of `events`, or rejects and has taken none. It tries once:
   * retrying is the caller's policy. Rejects with `EventSendError`.
   */
  send(events: readonly { readonly body: unknown }[], partitionKey?: string): Promise<void>;
  close(): Promise<void>;
}

export type SendFailure =
  | 'server-busy'
  | 'too-large'
  | 'unauthorized'
  | 'not-found'
  | 'connection'
  | 'refused';

/** Why a send failed, alike in both fidelities. */
export class EventSendError extends Error {
  readonly code = 'FF_EVENT_HUBS_SEND';
  readonly reason: SendFailure;
  /** Whether the same send may succeed later. */
  readonly retryable: boolean;

  constructor(reason: SendFailure, message: string) {
    super(message);
    this.reason = reason;
    this.retryable = reason === 'server-busy' || reason === 'connection';
  }
}

export interface ReceivedEvent {
  /** JSON parsed; a `Buffer` where the event holds none. */
  readonly body: unknown;
  readonly enqueuedAtMs: number;
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly partitionKey: string | null;
}

/** In the order of their sequence numbers, each once as long as the subscription lives. */
export type EventHandler = (partitionId: string, events: readonly ReceivedEvent[]) => void;

export interface EventSubscription {
  close(): Promise<void>;
}

/** The receiving side, as a Stream Analytics input uses it. */
export interface EventSource {
  /** Reads all partitions of `hub` from the beginning. Survives outages of the link on the way. */
  subscribe(hub: string, consumerGroup: string, onEvents: EventHandler): EventSubscription;
}
