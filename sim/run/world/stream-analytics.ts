/**
 * The Stream Analytics job of a world: reads the event hub, runs the query, writes its rows to the dashboard.
 *
 * The service reads its inputs in small batches. Here a batch is a whole second of arrival time, taken half a
 * second after it ended: by then everything that was enqueued has been delivered in either fidelity, whatever
 * the consumer's own timers do, so the job sees the same events at the same virtual times.
 */
import type { AnonymousEvent } from '../../../pipeline/boundaries.js';
import { startJob } from '../../../pipeline/windowing/job.js';
import type { EventSource, EventSubscription, ReceivedEvent } from '../../event-hubs/index.js';
import type { KernelServices } from '../../kernel/index.js';

const BATCH_MS = 1_000;
const DELIVERY_GRACE_MS = 500;

export interface StreamJobOptions {
  readonly query: string;
  readonly queryFile: string;
  readonly inputName: string;
  readonly hub: string;
  readonly consumerGroup: string;
  readonly lateToleranceMs: number;
  readonly outOfOrderToleranceMs: number;
  readonly policy: 'adjust' | 'drop';
  readonly onEvent: (event: ArrivedEvent) => void;
  readonly onRows: (rows: readonly WindowOutput[]) => void;
}

export interface WindowOutput {
  readonly row: Readonly<Record<string, unknown>>;
  readonly windowEndMs: number;
}

/** What became of an event by the late policy; its time in the query is `timeMs`. */
export type Punctuality =
  | { readonly kind: 'in-time' }
  | { readonly kind: 'adjusted'; readonly toMs: number }
  | { readonly kind: 'dropped' };

export interface ArrivedEvent {
  readonly event: AnonymousEvent;
  readonly enqueuedAtMs: number;
  readonly punctuality: Punctuality;
}

interface Buffered {
  readonly partitionId: number;
  readonly event: ReceivedEvent;
}

export class StreamAnalyticsJob {
  private readonly services: KernelServices;
  private readonly options: StreamJobOptions;
  private readonly job: ReturnType<typeof startJob>;
  private readonly subscription: EventSubscription;
  private buffered: Buffered[] = [];
  private rows: WindowOutput[] = [];
  private punctuality: Punctuality = { kind: 'in-time' };
  private running = true;

  constructor(services: KernelServices, source: EventSource, options: StreamJobOptions) {
    this.services = services;
    this.options = options;
    this.job = startJob({
      query: options.query,
      queryFile: options.queryFile,
      lateToleranceMs: options.lateToleranceMs,
      outOfOrderToleranceMs: options.outOfOrderToleranceMs,
      policy: options.policy,
      onRow: (_output, row, windowEndMs) => {
        if (windowEndMs !== null) this.rows.push({ row, windowEndMs });
      },
      onLate: (_input, _event, _outcome, _fault, _timeMs, settledMs) => {
        this.punctuality = settledMs === null ? { kind: 'dropped' } : { kind: 'adjusted', toMs: settledMs };
      },
    });
    this.subscription = source.subscribe(options.hub, options.consumerGroup, (partitionId, events) => {
      for (const event of events) this.buffered.push({ partitionId: Number(partitionId), event });
    });
    this.scheduleBatch();
  }

  /** Events read from the hub and not yet given to the query. */
  get waiting(): number {
    return this.buffered.length;
  }

  get stats() {
    return this.job.stats;
  }

  /** Gives the query all that has come and closes every window. */
  async end(): Promise<void> {
    this.running = false;
    this.take(Number.POSITIVE_INFINITY);
    this.job.end();
    this.hand();
    await this.subscription.close();
  }

  private scheduleBatch(): void {
    const now = this.services.clock.now();
    const nextMs = Math.floor((now - DELIVERY_GRACE_MS) / BATCH_MS + 1) * BATCH_MS + DELIVERY_GRACE_MS;
    this.services.clock.after(nextMs - now, () => {
      if (!this.running) return;
      // The batch comes after everything else of its instant, in either fidelity.
      this.services.arbiter.submit('stream-analytics', 'batch', () => {
        this.batch(nextMs - DELIVERY_GRACE_MS);
        this.scheduleBatch();
      });
    });
  }

  private batch(untilMs: number): void {
    this.take(untilMs);
    this.job.advanceTo(untilMs);
    this.hand();
  }

  private take(untilMs: number): void {
    if (this.buffered.length === 0) return;
    const due = this.buffered.filter(({ event }) => event.enqueuedAtMs < untilMs);
    if (due.length === 0) return;
    this.buffered = this.buffered.filter(({ event }) => event.enqueuedAtMs >= untilMs);
    due.sort(
      (one, other) =>
        one.event.enqueuedAtMs - other.event.enqueuedAtMs ||
        one.partitionId - other.partitionId ||
        one.event.sequenceNumber - other.event.sequenceNumber,
    );
    for (const { partitionId, event } of due) {
      const { enqueuedAtMs } = event;
      const body = event.body as AnonymousEvent;
      this.punctuality = { kind: 'in-time' };
      this.job.push(this.options.inputName, { body: { ...body }, enqueuedAtMs, partitionId });
      this.options.onEvent({ event: body, enqueuedAtMs, punctuality: this.punctuality });
    }
  }

  private hand(): void {
    if (this.rows.length === 0) return;
    const rows = this.rows;
    this.rows = [];
    this.options.onRows(rows);
  }
}
