/** The receivers of one consumer group on one partition, and who may displace whom. */
import { EventHubsError } from './errors.js';
import type { PartitionLog, StoredEvent } from './partition-log.js';

/** Event Hubs quota: non-epoch receivers a consumer group and partition. */
const MAX_NON_EPOCH_RECEIVERS = 5;

export interface ReceiverRequest {
  readonly name: string;
  /** Owner level; null for a receiver that shares the partition. */
  readonly epoch: number | null;
}

/** Someone who reads a partition. */
export class EventReceiver {
  readonly name: string;
  readonly epoch: number | null;
  /** Called when there is something new to read. */
  onAvailable: () => void = () => {};
  /** Called once when another receiver takes the partition over; nothing is delivered after that. */
  onStolen: (error: EventHubsError) => void = () => {};
  private readonly log: PartitionLog;
  private readonly release: () => void;
  private nextSequenceNumber: number;
  private open = true;

  constructor(request: ReceiverRequest, log: PartitionLog, nextSequenceNumber: number, release: () => void) {
    this.name = request.name;
    this.epoch = request.epoch;
    this.log = log;
    this.nextSequenceNumber = nextSequenceNumber;
    this.release = release;
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** The next events, at most `limit`; each is read once. */
  read(limit: number): readonly StoredEvent[] {
    if (!this.open) return [];
    const events = this.log.read(this.nextSequenceNumber, limit);
    const last = events.at(-1);
    if (last) this.nextSequenceNumber = last.sequenceNumber + 1;
    return events;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.release();
  }

  steal(error: EventHubsError): void {
    if (!this.open) return;
    this.open = false;
    this.onStolen(error);
  }
}

export class ConsumerGroup {
  private readonly receivers = new Set<EventReceiver>();
  private readonly log: PartitionLog;

  constructor(log: PartitionLog) {
    this.log = log;
  }

  /** Attaches a receiver, displacing those of a lower or equal epoch. Throws `EventHubsError`. */
  attach(request: ReceiverRequest, nextSequenceNumber: number): EventReceiver {
    if (request.epoch === null) this.refuseNonEpoch(request.name);
    else this.displace(request.name, request.epoch);
    const receiver: EventReceiver = new EventReceiver(request, this.log, nextSequenceNumber, () =>
      this.receivers.delete(receiver),
    );
    this.receivers.add(receiver);
    return receiver;
  }

  notify(): void {
    for (const receiver of this.receivers) receiver.onAvailable();
  }

  private refuseNonEpoch(name: string): void {
    const owner = this.owner();
    if (owner) {
      throw new EventHubsError(
        'stolen',
        `At least one receiver for the endpoint is created with epoch of '${owner.epoch}', and so non-epoch receiver "${name}" is not allowed. Either reconnect with a higher epoch, or make sure all receivers use none.`,
      );
    }
    if (this.receivers.size < MAX_NON_EPOCH_RECEIVERS) return;
    throw new EventHubsError(
      'too-many-receivers',
      `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${MAX_NON_EPOCH_RECEIVERS}.`,
    );
  }

  private displace(name: string, epoch: number): void {
    const owner = this.owner();
    if (owner?.epoch != null && owner.epoch > epoch) {
      throw new EventHubsError(
        'stolen',
        `Receiver '${name}' with epoch '${epoch}' cannot be created: a receiver with the higher epoch '${owner.epoch}' exists.`,
      );
    }
    const displaced = [...this.receivers];
    this.receivers.clear();
    for (const receiver of displaced) {
      receiver.steal(
        new EventHubsError(
          'stolen',
          `New receiver '${name}' with higher epoch of '${epoch}' is created hence current receiver '${receiver.name}' with epoch '${receiver.epoch ?? 'none'}' is getting disconnected.`,
        ),
      );
    }
  }

  private owner(): EventReceiver | undefined {
    return [...this.receivers].find(({ epoch }) => epoch !== null);
  }
}
