/**
 * Events of a hub by whole seconds of arrival time, each second half a second after it ended: by then everything that
 * was enqueued in it has been delivered in either fidelity, whatever the consumer's own timers do. So whoever reads a
 * hub this way sees the same events at the same virtual times.
 */
import type { EventSource, EventSubscription, ReceivedEvent } from '../../event-hubs/index.js';
import type { KernelServices } from '../../kernel/index.js';

const SECOND_MS = 1_000;
const DELIVERY_GRACE_MS = 500;

export interface ArrivedIn {
  readonly partitionId: number;
  readonly event: ReceivedEvent;
}

export interface Reading {
  readonly hub: string;
  readonly consumerGroup: string;
  /** Names the reader among those of an instant. */
  readonly reader: string;
  /** What arrived before `untilMs` and was not handed over yet, in the order of arrival. */
  readonly onSecond: (arrived: readonly ArrivedIn[], untilMs: number) => void;
}

export class SecondsOfEvents {
  private readonly services: KernelServices;
  private readonly reading: Reading;
  private readonly subscription: EventSubscription;
  private buffered: ArrivedIn[] = [];
  private running = true;

  constructor(services: KernelServices, source: EventSource, reading: Reading) {
    this.services = services;
    this.reading = reading;
    this.subscription = source.subscribe(reading.hub, reading.consumerGroup, (partitionId, events) => {
      for (const event of events) this.buffered.push({ partitionId: Number(partitionId), event });
    });
    this.schedule();
  }

  /** Events read from the hub and not yet handed over. */
  get waiting(): number {
    return this.buffered.length;
  }

  /** Hands nothing over any more, and returns what is left. */
  stop(): readonly ArrivedIn[] {
    this.running = false;
    return this.take(Number.POSITIVE_INFINITY);
  }

  async close(): Promise<void> {
    this.running = false;
    await this.subscription.close();
  }

  private schedule(): void {
    const now = this.services.clock.now();
    const nextMs = Math.floor((now - DELIVERY_GRACE_MS) / SECOND_MS + 1) * SECOND_MS + DELIVERY_GRACE_MS;
    this.services.clock.after(nextMs - now, () => {
      if (!this.running) return;
      // It comes after everything else of its instant, in either fidelity.
      this.services.arbiter.submit(this.reading.reader, 'batch', () => {
        if (!this.running) return;
        const untilMs = nextMs - DELIVERY_GRACE_MS;
        this.reading.onSecond(this.take(untilMs), untilMs);
        this.schedule();
      });
    });
  }

  private take(untilMs: number): readonly ArrivedIn[] {
    if (this.buffered.length === 0) return [];
    const due = this.buffered.filter(({ event }) => event.enqueuedAtMs < untilMs);
    if (due.length === 0) return due;
    this.buffered = this.buffered.filter(({ event }) => event.enqueuedAtMs >= untilMs);
    return due.sort(
      (one, other) =>
        one.event.enqueuedAtMs - other.event.enqueuedAtMs ||
        one.partitionId - other.partitionId ||
        one.event.sequenceNumber - other.event.sequenceNumber,
    );
  }
}

/** `source`, read by the second. */
export function bySeconds(services: KernelServices, source: EventSource): EventSource {
  return {
    subscribe(hub, consumerGroup, onEvents) {
      const reader = `by-seconds/${hub}/${consumerGroup}`;
      const seconds = new SecondsOfEvents(services, source, {
        hub,
        consumerGroup,
        reader,
        onSecond(arrived) {
          const partitions = [...new Set(arrived.map(({ partitionId }) => partitionId))].sort(
            (one, other) => one - other,
          );
          for (const partition of partitions) {
            const events = arrived.filter(({ partitionId }) => partitionId === partition);
            onEvents(
              String(partition),
              events.map(({ event }) => event),
            );
          }
        },
      });
      return seconds;
    },
  };
}
