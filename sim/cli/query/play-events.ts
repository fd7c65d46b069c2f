/** Plays files of events through a job, in the order of their arrival. */

import { inputNeeds } from '../../../pipeline/windowing/engine/compile/input-needs.js';
import { toDateTime, toNumber } from '../../../pipeline/windowing/engine/values/convert.js';
import { metadataColumn } from '../../../pipeline/windowing/engine/values/metadata.js';
import type { Value, ValueRecord } from '../../../pipeline/windowing/engine/values/values.js';
import {
  type EventFileHandler,
  type EventFileNeeds,
  readEventFile,
} from '../../../pipeline/windowing/formats/event-file.js';
import { type EventFormat, formatOf, readEventRows } from '../../../pipeline/windowing/formats/event-rows.js';
import { fieldOf } from '../../../pipeline/windowing/functions/record-functions.js';
import {
  type BadEvent,
  type InputEvent,
  type Job,
  type JobOptions,
  planQuery,
  startJob,
} from '../../../pipeline/windowing/job.js';

export interface EventFile {
  readonly input: string;
  readonly file: string;
  /** What the file is, when its name does not tell. */
  readonly format?: EventFormat | undefined;
  /** What is in a file that is no text. */
  readonly rows?: readonly ValueRecord[] | undefined;
}

/** Reads the files that are no text. Rejects with EventFormatError. */
export async function loadRows(files: readonly EventFile[]): Promise<readonly EventFile[]> {
  return Promise.all(
    files.map(async (file) => ({
      ...file,
      rows: await readEventRows(file.file, formatOf(file.file, file.format)),
    })),
  );
}

/** Every event of a file, whatever it is. */
function readEvents(source: EventFile, needs: EventFileNeeds, handler: EventFileHandler): void {
  const { file, rows } = source;
  if (rows === undefined) readEventFile(file, needs, handler, formatOf(file, source.format));
  else for (const [i, row] of rows.entries()) handler.onRow(row, i + 1);
}

/** `inputs` and `references` name those that there may be no file for. */
export type QueryJobOptions = Omit<JobOptions, 'arrivalTimes'>;

export interface PlayedJob {
  readonly job: Job;
  /** Lines that were no events, and rows that the error policy dropped. */
  readonly bad: readonly BadEvent[];
}

/** The metadata that a record may carry beside its fields, read whether or not the query asks for it. */
const METADATA_FIELDS = ['EventEnqueuedUtcTime', 'EventProcessedUtcTime', 'PartitionId'];
const METADATA_NAMES = new Set(METADATA_FIELDS.map((field) => field.toLowerCase()));

/**
 * When nothing says when an event arrived and the query goes by arrival, all events are of this one instant; it
 * lies on no window's border.
 */
const UNKNOWN_ARRIVAL_MS = Date.UTC(2000, 0, 1, 0, 0, 0, 500);

interface Arrived {
  readonly input: string;
  readonly event: InputEvent;
}

/** Runs the job over its files to the end of input. Throws QueryError, JobStoppedError. */
export function playEvents(
  options: QueryJobOptions,
  streams: readonly EventFile[],
  references: readonly EventFile[],
): PlayedJob {
  const bad: BadEvent[] = [];
  const onBadEvent = (event: BadEvent): void => {
    bad.push(event);
    options.onBadEvent?.(event);
  };
  const tables = {
    ...options.references,
    ...Object.fromEntries(references.map((source) => [source.input, readWhole(source, onBadEvent)])),
  };
  const inputs = [...new Set([...(options.inputs ?? []), ...streams.map((stream) => stream.input)])];
  const jobOptions = { ...options, inputs, references: tables, onBadEvent };
  const needs = inputNeeds(planQuery(jobOptions));
  const arrived: Arrived[] = [];
  let isArrivalKnown = false;
  for (const source of streams) {
    const { input, file } = source;
    const need = [...needs].find(([name]) => name.toLowerCase() === input.toLowerCase())?.[1];
    const fields = need?.fields === undefined ? undefined : withMetadata(need.fields);
    readEvents(
      source,
      { fields, timeFields: need?.timeFields ?? [] },
      {
        onRow: (body, line) => {
          const enqueuedAt = toDateTime(fieldOf(body, 'EventEnqueuedUtcTime'));
          isArrivalKnown ||= enqueuedAt !== undefined;
          const event = inputEvent(body, enqueuedAt?.ms, `${file}:${line}`);
          fillMetadata(body, need?.fields ?? [], event);
          arrived.push({ input, event });
        },
        onBadLine: (line, reason) => onBadEvent(badLine(input, file, line, reason)),
      },
    );
  }
  // A stable sort: events that arrive at once keep the order of their files.
  if (isArrivalKnown) arrived.sort((a, b) => a.event.enqueuedAtMs - b.event.enqueuedAtMs);
  const job = startJob({ ...jobOptions, arrivalTimes: isArrivalKnown ? 'given' : 'unknown' });
  for (const { input, event } of arrived) job.push(input, event);
  job.end();
  return { job, bad };
}

/** A field that the query spells in its own way is not asked for twice. */
function withMetadata(fields: readonly string[]): readonly string[] {
  const known = new Set(fields.map((field) => field.toLowerCase()));
  return [...fields, ...METADATA_FIELDS.filter((field) => !known.has(field.toLowerCase()))];
}

/** A line that was read for its fields has NULL for those it lacks; columns beside the body come from the event. */
function fillMetadata(body: ValueRecord, fields: readonly string[], event: InputEvent): void {
  for (const field of fields) {
    if (body[field] !== null || !METADATA_NAMES.has(field.toLowerCase())) continue;
    (body as Record<string, Value>)[field] = metadataColumn(field, event);
  }
}

function inputEvent(body: ValueRecord, enqueuedAtMs: number | undefined, origin: string): InputEvent {
  const processedAt = toDateTime(fieldOf(body, 'EventProcessedUtcTime'));
  return {
    body,
    enqueuedAtMs: enqueuedAtMs ?? UNKNOWN_ARRIVAL_MS,
    partitionId: toNumber(fieldOf(body, 'PartitionId')) ?? 0,
    origin,
    ...(processedAt === undefined ? {} : { processedAtMs: processedAt.ms }),
  };
}

function readWhole(source: EventFile, onBad: (bad: BadEvent) => void): readonly ValueRecord[] {
  const { input, file } = source;
  const rows: ValueRecord[] = [];
  readEvents(
    source,
    { fields: undefined, timeFields: [] },
    {
      onRow: (row) => rows.push(row),
      onBadLine: (line, reason) => onBad(badLine(input, file, line, reason)),
    },
  );
  return rows;
}

function badLine(input: string, file: string, line: number, reason: string): BadEvent {
  const event: InputEvent = { body: {}, enqueuedAtMs: 0, partitionId: 0, origin: `${file}:${line}` };
  return { input, event, code: 'FF_EVENT_JSON', reason };
}
