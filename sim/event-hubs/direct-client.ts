/**
 * The `direct` fidelity: producers and sources in process, through the same door and core as the AMQP front, so
 * that a run has the same results at the same virtual times.
 */
import type { Link } from '../network/link.js';
import { LinkDownError } from '../network/link.js';
import { bodyOf, jsonEvent } from './codec/event-message.js';
import type { EventReceiver } from './core/consumer-group.js';
import type { EventHubsCore } from './core/core.js';
import { type Door, deliverThroughDoor, publicationKey, publishThroughDoor } from './core/door.js';
import { EventHubsError, type RefusalReason } from './core/errors.js';
import type { StoredEvent } from './core/partition-log.js';
import {
  type EventHandler,
  type EventProducer,
  EventSendError,
  type EventSource,
  OPERATION_TIMEOUT_MS,
  RECONNECT_AFTER_MS,
  type ReceivedEvent,
  type SendFailure,
} from './ports.js';

const MAX_EVENTS_A_TURN = 1000;

const FAILURE_BY_REASON: Readonly<Partial<Record<RefusalReason, SendFailure>>> = {
  'server-busy': 'server-busy',
  'too-large': 'too-large',
  unauthorized: 'unauthorized',
  'not-found': 'not-found',
};

export function directProducer(core: EventHubsCore, link: Link | undefined, hub: string): EventProducer {
  const door: Door = { link, admission: 'canonical' };
  return {
    async send(bodies, partitionKey) {
      const events = bodies.map(({ body }) => jsonEvent(body));
      if (events.length === 0) return;
      const publication = { events, partitionKey: partitionKey ?? null };
      const key = publicationKey(events);
      const sentAtMs = core.services.clock.now();
      const wasUp = link === undefined || link.isUp;
      try {
        await publishThroughDoor(core, door, { hub, partitionId: null, publication, key });
      } catch (error) {
        if (wasUp && error instanceof LinkDownError) await answerOverdue(core, sentAtMs);
        throw sendErrorOf(error);
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Cut off under way: the sender only learns of it by waiting in vain. */
function answerOverdue({ services: { clock } }: EventHubsCore, sentAtMs: number): Promise<void> {
  return clock.sleep(sentAtMs + OPERATION_TIMEOUT_MS - clock.now());
}

export function directSource(core: EventHubsCore, link: Link | undefined): EventSource {
  const door: Door = { link, admission: 'canonical' };
  return {
    subscribe(hub, consumerGroup, onEvents) {
      const readers = core
        .hub(hub)
        .partitionIds.map((partitionId) =>
          readPartition(core, door, { hub, consumerGroup, partitionId }, onEvents),
        );
      return {
        async close() {
          for (const close of readers) close();
        },
      };
    },
  };
}

interface PartitionOfGroup {
  readonly hub: string;
  readonly consumerGroup: string;
  readonly partitionId: string;
}

/** Reads a partition from the beginning, through outages; returns what ends it. */
function readPartition(
  core: EventHubsCore,
  door: Door,
  source: PartitionOfGroup,
  onEvents: EventHandler,
): () => void {
  const address = `${source.hub}/${source.consumerGroup}/${source.partitionId}`;
  let lastSequenceNumber = -1;
  let receiver: EventReceiver | null = null;
  let pumping = false;
  let closed = false;
  attach();
  return () => {
    closed = true;
    receiver?.close();
  };

  function attach(): void {
    if (closed) return;
    const position =
      lastSequenceNumber < 0
        ? ({ from: 'earliest' } as const)
        : ({ from: 'sequence-number', value: lastSequenceNumber, inclusive: false } as const);
    receiver = core.openReceiver({ ...source, position, name: address, epoch: null });
    receiver.onAvailable = pump;
    pump();
  }

  function pump(): void {
    if (pumping || !receiver) return;
    pumping = true;
    void run(receiver).finally(() => {
      pumping = false;
      if (receiver && !receiver.isOpen) core.services.clock.after(RECONNECT_AFTER_MS, attach);
    });
  }

  async function run(from: EventReceiver): Promise<void> {
    for (;;) {
      const events = from.read(MAX_EVENTS_A_TURN);
      const last = events.at(-1);
      if (!last) return;
      try {
        await deliverThroughDoor(core, door, address, events);
      } catch {
        return from.close();
      }
      if (closed) return;
      lastSequenceNumber = last.sequenceNumber;
      onEvents(source.partitionId, events.map(receivedEvent));
    }
  }
}

function receivedEvent(event: StoredEvent): ReceivedEvent {
  const { enqueuedAtMs, message, offset, partitionKey, sequenceNumber } = event;
  return { body: bodyOf(message), enqueuedAtMs, sequenceNumber, offset: String(offset), partitionKey };
}

function sendErrorOf(error: unknown): unknown {
  if (error instanceof LinkDownError) return new EventSendError('connection', error.message);
  if (!(error instanceof EventHubsError)) return error;
  return new EventSendError(FAILURE_BY_REASON[error.reason] ?? 'refused', error.message);
}
