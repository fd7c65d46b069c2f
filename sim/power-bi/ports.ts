/** How the rest of a world pushes rows, alike in both fidelities. */

export type RetentionPolicyName = 'None' | 'basicFIFO';

export interface RowSink {
  /** Creates a push dataset from its REST definition; resolves to its id. Rejects with `PushError`. */
  createDataset(definition: unknown, retention: RetentionPolicyName): Promise<string>;
  /** Pushes all rows or none; tries once. Rejects with `PushError`. */
  pushRows(datasetId: string, table: string, rows: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

/** Why a push failed. */
export class PushError extends Error {
  readonly code = 'FF_POWER_BI_PUSH';
  /** HTTP status; null when the connection failed. */
  readonly status: number | null;
  /** After how many seconds the service would take it; null when it did not say. */
  readonly retryAfterSeconds: number | null;
  /** Whether the same push may succeed later. */
  readonly retryable: boolean;

  constructor(message: string, status: number | null, retryAfterSeconds: number | null) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.retryable = status === null || status === 429 || status >= 500;
  }
}
