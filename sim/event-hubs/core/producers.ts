/**
 * Idempotent publishing: what each producer of a partition published last, so that a publication that is sent
 * again after a lost acknowledgement is acknowledged again but not kept twice.
 */
import { EventHubsError } from './errors.js';

/** What a producer asks for when it opens its link; null where it leaves the choice to the service. */
export interface ProducerRequest {
  readonly producerId: number | null;
  /** Owner level: the producer with the highest may publish. */
  readonly epoch: number | null;
  readonly lastSequenceNumber: number | null;
}

export interface ProducerState {
  readonly producerId: number;
  readonly epoch: number;
  /** Of the last event published; the next one is published with the number after it. */
  readonly lastSequenceNumber: number;
}

/** What a publication says of itself. */
export interface ProducerStamp {
  readonly producerId: number;
  readonly epoch: number;
  /** Of the first event. */
  readonly sequenceNumber: number;
}

/** The producers of one partition. */
export class Producers {
  private readonly states = new Map<number, ProducerState>();
  private nextId = 1;

  /** Throws `EventHubsError` (`producer-stolen`) when a higher epoch has the producer's id. */
  open({ producerId, epoch, lastSequenceNumber }: ProducerRequest): ProducerState {
    const id = producerId ?? this.nextId;
    this.nextId = Math.max(this.nextId, id + 1);
    const known = this.states.get(id);
    if (known && epoch !== null && epoch < known.epoch) throw stolen(id, epoch, known.epoch);
    const state: ProducerState = {
      producerId: id,
      epoch: epoch ?? (known ? known.epoch + 1 : 0),
      lastSequenceNumber: known?.lastSequenceNumber ?? lastSequenceNumber ?? 0,
    };
    this.states.set(id, state);
    return state;
  }

  /**
   * Whether the `events` that begin with `stamp` are new: false when all of them were published before. Throws
   * `EventHubsError` when they leave a gap or when another producer has taken the id over.
   */
  isNew({ producerId, epoch, sequenceNumber }: ProducerStamp, events: number): boolean {
    const state = this.states.get(producerId);
    if (!state) throw new EventHubsError('invalid-argument', `there is no producer ${producerId}`);
    if (epoch < state.epoch) throw stolen(producerId, epoch, state.epoch);
    const expected = state.lastSequenceNumber + 1;
    if (sequenceNumber + events <= expected) return false;
    if (sequenceNumber === expected) return true;
    throw new EventHubsError(
      'out-of-order',
      `Producer ${producerId} sent sequence number ${sequenceNumber}; expected ${expected}.`,
    );
  }

  /** Notes that the `events` that begin with `stamp` are kept. */
  published({ producerId, epoch, sequenceNumber }: ProducerStamp, events: number): void {
    this.states.set(producerId, { producerId, epoch, lastSequenceNumber: sequenceNumber + events - 1 });
  }
}

function stolen(producerId: number, epoch: number, owner: number): EventHubsError {
  return new EventHubsError(
    'producer-stolen',
    `Producer ${producerId} with epoch ${epoch} was displaced by one with the higher epoch ${owner}.`,
  );
}
