/** The Stream Analytics job of a world: reads the event hub by the second, runs the query, writes its rows. */
import type { AnonymousEvent } from '../../../pipeline/boundaries.js';
import { startJob } from '../../../pipeline/windowing/job.js';
import type { EventSource } from '../../event-hubs/index.js';
import type { KernelServices } from '../../kernel/index.js';
import { type ArrivedIn, SecondsOfEvents } from './seconds-of-events.js';

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

export class StreamAnalyticsJob {
  private readonly options: StreamJobOptions;
  private readonly job: ReturnType<typeof startJob>;
  private readonly seconds: SecondsOfEvents;
  private rows: WindowOutput[] = [];
  private punctuality: Punctuality = { kind: 'in-time' };

  constructor(services: KernelServices, source: EventSource, options: StreamJobOptions) {
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
    this.seconds = new SecondsOfEvents(services, source, {
      hub: options.hub,
      consumerGroup: options.consumerGroup,
      reader: 'stream-analytics',
      onSecond: (arrived, untilMs) => {
        this.push(arrived);
        this.job.advanceTo(untilMs);
        this.hand();
      },
    });
  }

  /** Events read from the hub and not yet given to the query. */
  get waiting(): number {
    return this.seconds.waiting;
  }

  get stats() {
    return this.job.stats;
  }

  /** Gives the query all that has come and closes every window. */
  async end(): Promise<void> {
    this.push(this.seconds.stop());
    this.job.end();
    this.hand();
    await this.seconds.close();
  }

  private push(arrived: readonly ArrivedIn[]): void {
    for (const { partitionId, event } of arrived) {
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
