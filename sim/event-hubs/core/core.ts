/** The rules and state of an Event Hubs namespace, without any protocol: both fidelities come here. */
import type { KernelServices } from '../../kernel/services.js';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import type { Publication } from '../codec/event-message.js';
import { AccessControl } from './access.js';
import type { NamespaceConfiguration } from './configuration.js';
import type { EventReceiver, ReceiverRequest } from './consumer-group.js';
import { EventHubsError } from './errors.js';
import { findHub, Hub, type PartitionProperties } from './hub.js';
import type { LogJournal, StoredEvent } from './partition-log.js';
import type { StartPosition } from './position.js';
import type { ProducerRequest, ProducerState } from './producers.js';
import { Throughput } from './throughput.js';

export interface PublishRequest {
  readonly hub: string;
  /** Null: by partition key, or in turn. */
  readonly partitionId: string | null;
  readonly publication: Publication;
  /** Names the publication in the trace. */
  readonly key: string;
}

export interface PublishReceipt {
  readonly partitionId: string;
  /** Null when the events were kept before (idempotent publishing). */
  readonly firstSequenceNumber: number | null;
}

export interface OpenReceiverRequest extends ReceiverRequest {
  readonly hub: string;
  readonly consumerGroup: string;
  readonly partitionId: string;
  readonly position: StartPosition;
}

/** Where a namespace keeps its events on disk. */
export interface NamespaceJournal {
  partition(hub: string, partitionId: string): LogJournal;
  /** Resolves when everything appended so far is safe. */
  flushed(): Promise<void>;
}

export class EventHubsCore {
  readonly services: KernelServices;
  readonly configuration: NamespaceConfiguration;
  readonly access: AccessControl;
  private readonly hubs: readonly Hub[];
  /** Null: events live as long as the process. */
  readonly journal: NamespaceJournal | null;
  private readonly throughput: Throughput | null;
  private readonly incoming = new StageCounters('event-hubs in');
  private readonly outgoing = new StageCounters('event-hubs out');

  /** With a `journal`, what was acknowledged outlives the process. */
  constructor(
    services: KernelServices,
    configuration: NamespaceConfiguration,
    journal: NamespaceJournal | null = null,
  ) {
    const nowMs = services.clock.now();
    this.services = services;
    this.configuration = configuration;
    this.access = new AccessControl(configuration);
    this.journal = journal;
    this.hubs = configuration.hubs.map(
      (hub) => new Hub(hub, nowMs, (partitionId) => journal?.partition(hub.name, partitionId) ?? null),
    );
    this.throughput =
      configuration.throughputUnits === null ? null : new Throughput(configuration.throughputUnits, nowMs);
  }

  /** The hub of that name. Throws `EventHubsError` (`not-found`). */
  hub(name: string): Hub {
    return findHub(this.hubs, name);
  }

  partitionProperties(hub: string, partitionId: string): PartitionProperties {
    return this.hub(hub).partitionProperties(partitionId, this.services.clock.now());
  }

  /** Appends all events of a publication to one partition, or none. Throws `EventHubsError`. */
  publish({ hub: hubName, partitionId, publication, key }: PublishRequest): PublishReceipt {
    const { events, partitionKey, producer } = publication;
    this.incoming.in += events.length;
    try {
      const hub = this.hub(hubName);
      const nowMs = this.services.clock.now();
      this.admit(publication, nowMs);
      const log = hub.partitionFor(partitionId, partitionKey);
      const producers = hub.producers(log.id);
      if (producer && !producers.isNew(producer, events.length)) {
        this.incoming.dropped += events.length;
        this.services.trace.record('event-hubs', key, 'repeated', { hub: hub.name, partition: log.id });
        return { partitionId: log.id, firstSequenceNumber: null };
      }
      const firstSequenceNumber = log.append(events[0] ?? noEvents(), partitionKey, nowMs).sequenceNumber;
      for (const event of events.slice(1)) log.append(event, partitionKey, nowMs);
      if (producer) producers.published(producer, events.length);
      this.incoming.out += events.length;
      this.services.trace.record('event-hubs', key, 'append', {
        hub: hub.name,
        partition: log.id,
        sequenceNumber: firstSequenceNumber,
        events: events.length,
      });
      hub.notify(log.id);
      return { partitionId: log.id, firstSequenceNumber };
    } catch (error) {
      this.incoming.dropped += events.length;
      if (error instanceof EventHubsError) {
        this.services.trace.record('event-hubs', key, 'refuse', { condition: error.condition });
      }
      throw error;
    }
  }

  /** Admits an idempotent producer to a partition. Throws `EventHubsError`. */
  openProducer(hub: string, partitionId: string, request: ProducerRequest): ProducerState {
    const found = this.hub(hub);
    found.assertPartition(partitionId);
    return found.producers(partitionId).open(request);
  }

  /** Throws `EventHubsError` when the receiver may not attach. */
  openReceiver(request: OpenReceiverRequest): EventReceiver {
    const { hub, consumerGroup, partitionId, position, name, epoch } = request;
    return this.hub(hub).openReceiver(consumerGroup, partitionId, position, { name, epoch });
  }

  /** Counts events on their way to a receiver; resolves when throughput units let them go. */
  async passOut(events: readonly StoredEvent[]): Promise<void> {
    this.outgoing.in += events.length;
    const { clock } = this.services;
    const bytes = events.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
    const delayMs = this.throughput?.delayOfDeliveryMs(bytes, events.length, clock.now()) ?? 0;
    if (delayMs > 0) {
      this.outgoing.enqueue();
      await clock.sleep(delayMs);
      this.outgoing.dequeue();
    }
    this.outgoing.out += events.length;
  }

  figures(): readonly StageFigures[] {
    return [this.incoming.figures(), this.outgoing.figures()];
  }

  private admit({ events }: Publication, nowMs: number): void {
    const bytes = events.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
    const { maxPublicationBytes, name } = this.configuration;
    if (bytes > maxPublicationBytes) {
      throw new EventHubsError(
        'too-large',
        `The received message (${bytes} bytes) exceeds the limit (${maxPublicationBytes} bytes currently allowed on the link).`,
      );
    }
    if (this.throughput && !this.throughput.admits(bytes, events.length, nowMs)) {
      throw new EventHubsError(
        'server-busy',
        `The request was terminated because the namespace ${name} is being throttled. Error code : 50002. Please wait 10 seconds and try again.`,
      );
    }
  }
}

function noEvents(): never {
  throw new EventHubsError('invalid-argument', 'a publication holds no events');
}
