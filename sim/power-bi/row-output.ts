/**
 * The Power BI output of a Stream Analytics job: rows of about a second go into one push, one push at a time, in
 * their order, and are pushed again until the service takes them.
 */
import type { Clock } from '../kernel/services.js';
import { PushError, type RowSink } from './ports.js';

export interface RowOutputOptions {
  readonly table: string;
  /** From a first row to the push that carries it. */
  readonly collectMs: number;
  /** After a failure that names no time to wait. */
  readonly retryAfterMs: number;
  /** Told of every push that failed, and of rows that are given up because they can never be taken. */
  readonly onFailure: (error: PushError, rows: number) => void;
}

/** Stream Analytics makes about one call a second. */
export const DEFAULT_COLLECT_MS = 1000;
export const DEFAULT_RETRY_AFTER_MS = 5000;
const MAX_ROWS_A_PUSH = 10_000;
const MS_PER_SECOND = 1000;

export class RowOutput {
  private readonly clock: Clock;
  private readonly sink: RowSink;
  private readonly datasetId: string;
  private readonly options: RowOutputOptions;
  private waiting: object[] = [];
  private pushing: Promise<void> | null = null;

  constructor(clock: Clock, sink: RowSink, datasetId: string, options: RowOutputOptions) {
    this.clock = clock;
    this.sink = sink;
    this.datasetId = datasetId;
    this.options = options;
  }

  /** Rows that have not been taken yet. */
  get queued(): number {
    return this.waiting.length;
  }

  write(rows: readonly object[]): void {
    if (rows.length === 0) return;
    this.waiting.push(...rows);
    this.pushing ??= this.pushAll().finally(() => {
      this.pushing = null;
    });
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.pushing) await this.pushing;
  }

  private async pushAll(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.clock.sleep(this.options.collectMs);
      const rows = this.waiting.slice(0, MAX_ROWS_A_PUSH);
      await this.pushUntilTaken(rows);
      this.waiting = this.waiting.slice(rows.length);
    }
  }

  private async pushUntilTaken(rows: readonly object[]): Promise<void> {
    for (;;) {
      try {
        return await this.sink.pushRows(this.datasetId, this.options.table, rows);
      } catch (error) {
        if (!(error instanceof PushError)) throw error;
        this.options.onFailure(error, rows.length);
        if (!error.retryable) return;
        const { retryAfterSeconds } = error;
        await this.clock.sleep(
          retryAfterSeconds === null ? this.options.retryAfterMs : retryAfterSeconds * MS_PER_SECOND,
        );
      }
    }
  }
}
