import { type HubConfiguration, sameName } from './configuration.js';
import { ConsumerGroup, type EventReceiver, type ReceiverRequest } from './consumer-group.js';
import { EventHubsError } from './errors.js';
import { partitionOfKey } from './partition-key.js';
import { type LogJournal, PartitionLog } from './partition-log.js';
import type { StartPosition } from './position.js';
import { Producers } from './producers.js';

export interface PartitionProperties {
  readonly hub: string;
  readonly partitionId: string;
  readonly beginSequenceNumber: number;
  /** -1 before the first event, like the offset. */
  readonly lastSequenceNumber: number;
  readonly lastOffset: string;
  readonly lastEnqueuedAtMs: number;
  readonly isEmpty: boolean;
}

interface Partition {
  readonly log: PartitionLog;
  readonly producers: Producers;
  readonly groups: ReadonlyMap<string, ConsumerGroup>;
}

/** One event hub: its partitions and who reads them. */
export class Hub {
  readonly configuration: HubConfiguration;
  readonly createdAtMs: number;
  private readonly partitions: readonly Partition[];
  private nextInTurn = 0;

  constructor(
    configuration: HubConfiguration,
    createdAtMs: number,
    journalOf: (partitionId: string) => LogJournal | null,
  ) {
    this.configuration = configuration;
    this.createdAtMs = createdAtMs;
    this.partitions = Array.from({ length: configuration.partitionCount }, (_, index) => {
      const id = String(index);
      const log = new PartitionLog(id, configuration, journalOf(id));
      const groups = new Map(
        configuration.consumerGroups.map((group) => [group.toLowerCase(), new ConsumerGroup(log)]),
      );
      return { log, producers: new Producers(), groups };
    });
  }

  get name(): string {
    return this.configuration.name;
  }

  get partitionIds(): readonly string[] {
    return this.partitions.map(({ log }) => log.id);
  }

  /** The partition that takes a publication: the one it names, that of its key, or the next in turn. */
  partitionFor(partitionId: string | null, partitionKey: string | null): PartitionLog {
    if (partitionId !== null) return this.partition(partitionId).log;
    const { partitionCount } = this.configuration;
    const index =
      partitionKey !== null
        ? partitionOfKey(partitionKey, partitionCount)
        : this.nextInTurn++ % partitionCount;
    return this.partition(String(index)).log;
  }

  /** Who publishes idempotently to that partition. */
  producers(partitionId: string): Producers {
    return this.partition(partitionId).producers;
  }

  /** Tells the receivers of a partition that it has grown. */
  notify(partitionId: string): void {
    for (const group of this.partition(partitionId).groups.values()) group.notify();
  }

  openReceiver(
    consumerGroup: string,
    partitionId: string,
    position: StartPosition,
    request: ReceiverRequest,
  ): EventReceiver {
    const group = this.consumerGroup(consumerGroup, partitionId);
    const { log } = this.partition(partitionId);
    checkPosition(position, log);
    return group.attach(request, log.sequenceNumberAt(position));
  }

  partitionProperties(partitionId: string, nowMs: number): PartitionProperties {
    const { log } = this.partition(partitionId);
    log.expire(nowMs);
    const last = log.lastEnqueued;
    return {
      hub: this.name,
      partitionId: log.id,
      beginSequenceNumber: log.firstSequenceNumber,
      lastSequenceNumber: last?.sequenceNumber ?? -1,
      lastOffset: last ? String(last.offset) : '-1',
      lastEnqueuedAtMs: last?.enqueuedAtMs ?? 0,
      isEmpty: log.isEmpty,
    };
  }

  /** Throws `EventHubsError` (`out-of-range`) unless there is such a partition. */
  assertPartition(partitionId: string): void {
    this.partition(partitionId);
  }

  private partition(partitionId: string): Partition {
    const found = this.partitions.find(({ log }) => log.id === partitionId);
    if (found) return found;
    throw new EventHubsError(
      'out-of-range',
      `The specified partition '${partitionId}' is invalid for an EventHub partition sender or receiver. It should be between 0 and ${this.partitions.length - 1}.`,
    );
  }

  private consumerGroup(name: string, partitionId: string): ConsumerGroup {
    const group = this.partition(partitionId).groups.get(name.toLowerCase());
    if (group) return group;
    throw new EventHubsError(
      'not-found',
      `The messaging entity '${this.name}/ConsumerGroups/${name}' could not be found; its consumer groups: ${this.configuration.consumerGroups.join(', ')}.`,
    );
  }
}

export function findHub(hubs: readonly Hub[], name: string): Hub {
  const hub = hubs.find((candidate) => sameName(candidate.name, name));
  if (hub) return hub;
  throw new EventHubsError(
    'not-found',
    `The messaging entity '${name}' could not be found; event hubs here: ${hubs.map((each) => each.name).join(', ')}.`,
  );
}

/** The service refuses a position that no event has reached yet. */
function checkPosition(position: StartPosition, log: PartitionLog): void {
  const last = log.lastEnqueued;
  if (position.from === 'offset' && position.value > (last?.offset ?? -1)) {
    throw new EventHubsError(
      'invalid-argument',
      `The supplied offset '${position.value}' is invalid. The last offset in the system is '${last?.offset ?? -1}'.`,
    );
  }
  if (position.from === 'sequence-number' && position.value > (last?.sequenceNumber ?? -1)) {
    throw new EventHubsError(
      'invalid-argument',
      `The supplied sequence number '${position.value}' is invalid. The last sequence number in the system is '${last?.sequenceNumber ?? -1}'.`,
    );
  }
}
