/** An event of a file, with what its record says about its arrival. */
import { toDateTime, toNumber } from '../../../pipeline/windowing/engine/values/convert.js';
import { metadataColumn } from '../../../pipeline/windowing/engine/values/metadata.js';
import type { Value, ValueRecord } from '../../../pipeline/windowing/engine/values/values.js';
import { fieldOf } from '../../../pipeline/windowing/functions/record-functions.js';
import type { InputEvent } from '../../../pipeline/windowing/job.js';

/** The metadata that a record may carry beside its fields, read whether or not the query asks for it. */
export const METADATA_FIELDS = ['EventEnqueuedUtcTime', 'EventProcessedUtcTime', 'PartitionId'] as const;
const METADATA_NAMES: ReadonlySet<string> = new Set(METADATA_FIELDS.map((field) => field.toLowerCase()));
const METADATA_LENGTHS: ReadonlySet<number> = new Set(METADATA_FIELDS.map((field) => field.length));

/**
 * When nothing says when an event arrived and the query goes by arrival, all events are of this one instant; it
 * lies on no window's border.
 */
const UNKNOWN_ARRIVAL_MS = Date.UTC(2000, 0, 1, 0, 0, 0, 500);

export class ArrivingEvent implements InputEvent {
  /** What it is put in order by, among the events of its file and of others. */
  orderMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly body: ValueRecord,
    readonly enqueuedAtMs: number,
    readonly processedAtMs: number,
    readonly partitionId: number,
    readonly file: string,
    readonly line: number,
  ) {}

  get origin(): string {
    return `${this.file}:${this.line}`;
  }

  get isArrivalKnown(): boolean {
    return this.enqueuedAtMs !== UNKNOWN_ARRIVAL_MS;
  }
}

/** `fields` are those that were asked for: of a line that lacks one that is metadata, it comes from the event. */
export function arrivingEvent(
  body: ValueRecord,
  fields: readonly string[],
  file: string,
  line: number,
): ArrivingEvent {
  const event = hasMetadata(body)
    ? described(body, file, line)
    : new ArrivingEvent(body, UNKNOWN_ARRIVAL_MS, UNKNOWN_ARRIVAL_MS, 0, file, line);
  for (const field of fields) {
    if (body[field] === null && METADATA_NAMES.has(field.toLowerCase()))
      (body as Record<string, Value>)[field] = metadataColumn(field, event);
  }
  return event;
}

function hasMetadata(body: ValueRecord): boolean {
  for (const name in body) {
    if (METADATA_LENGTHS.has(name.length) && body[name] !== null && METADATA_NAMES.has(name.toLowerCase()))
      return true;
  }
  return false;
}

function described(body: ValueRecord, file: string, line: number): ArrivingEvent {
  const enqueuedAtMs = toDateTime(fieldOf(body, 'EventEnqueuedUtcTime'))?.ms ?? UNKNOWN_ARRIVAL_MS;
  const processedAtMs = toDateTime(fieldOf(body, 'EventProcessedUtcTime'))?.ms ?? enqueuedAtMs;
  const partitionId = toNumber(fieldOf(body, 'PartitionId')) ?? 0;
  return new ArrivingEvent(body, enqueuedAtMs, processedAtMs, partitionId, file, line);
}
