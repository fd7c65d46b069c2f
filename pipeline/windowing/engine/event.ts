/** What a job is given, and what moves inside it. */
import type { ValueRecord } from './values/values.js';

/** An event of a stream input. Metadata columns are read from here when the body has no field of that name. */
export interface InputEvent {
  readonly body: Readonly<Record<string, unknown>>;
  /** Arrival: milliseconds since 1970 when the broker took it. */
  readonly enqueuedAtMs: number;
  readonly partitionId: number;
  /** User properties of the message, for `GetMetadataPropertyValue(input, '[User].[name]')`. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Properties of the adapter, by group: `{ IoTHub: { ConnectionDeviceId: … } }`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** When the job took it; the arrival when left out. */
  readonly processedAtMs?: number;
  /** Where it came from (a line of a file), for messages about bad events. */
  readonly origin?: string;
}

/** Rows of several sources joined: `rows[i]` is null where an outer join found none. */
export class Tuple {
  constructor(
    readonly rows: readonly (ValueRecord | null)[],
    readonly times: readonly number[],
    readonly events: readonly (InputEvent | null)[],
  ) {}
}

export type Row = ValueRecord | Tuple;

/** Takes rows in the order of their time. `event` is the input event a row still is, for its metadata. */
export interface RowSink {
  row(row: Row, timeMs: number, event: InputEvent | null): void;
}
