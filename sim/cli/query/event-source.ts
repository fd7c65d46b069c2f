/** A file of a stream input: its events in the order of the file, some at a time. */
import { createReadStream, createWriteStream, mkdtempSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { EventClock } from '../../../pipeline/windowing/engine/arrival/event-clock.js';
import type { InputNeeds } from '../../../pipeline/windowing/engine/compile/input-needs.js';
import { readEventFile } from '../../../pipeline/windowing/formats/event-file.js';
import { type EventFormat, formatOf } from '../../../pipeline/windowing/formats/event-format.js';
import { type ArrivingEvent, arrivingEvent, METADATA_FIELDS } from './arriving-event.js';

export interface EventFile {
  readonly input: string;
  readonly file: string;
  /** What the file is, when its name does not tell. */
  readonly format?: EventFormat | undefined;
  /** Where its bytes are, when it is a pipe: that can be read only once. */
  readonly copy?: string;
}

/** Some events in a row; a stream of them gives way to its reader between two. */
export type EventStream = AsyncGenerator<readonly ArrivingEvent[], void, undefined>;

/** What puts events in order: when they arrived, or when they happened where nothing tells the first. */
export type EventOrder = 'arrival' | 'time';

/** The source itself when its file can be read again and again, else with a copy of it in the folder. */
export async function readableAgain(source: EventFile, folder: string): Promise<EventFile> {
  const found = statSync(source.file);
  if (found.isFile() || found.isDirectory()) return source;
  const copy = join(mkdtempSync(join(folder, 'pipe-')), 'events');
  await pipeline(createReadStream(source.file), createWriteStream(copy));
  return { ...source, copy };
}

/**
 * Reads the fields that a query needs of a file's events. Signals and streams get their turn after every chunk.
 * Rejects with EventFormatError, and with the signal's reason once that is aborted.
 */
export async function* readEvents(
  source: EventFile,
  needs: InputNeeds | undefined,
  signal: AbortSignal | undefined,
  onBadLine: (line: number, reason: string) => void,
): EventStream {
  let batch: ArrivingEvent[] = [];
  const asked = needs?.fields ?? [];
  const metadata = METADATA_FIELDS.filter((field) => !hasField(asked, field));
  const chunks = readEventFile(
    source.copy ?? source.file,
    {
      fields: needs?.fields === undefined ? undefined : [...asked, ...metadata],
      timeFields: [...(needs?.timeFields ?? []), ...metadata.filter((field) => field !== 'PartitionId')],
    },
    {
      onRow: (body, line) => batch.push(arrivingEvent(body, asked, source.file, line)),
      onBadLine,
    },
    formatOf(source.file, source.format),
  );
  for await (const _chunk of chunks) {
    yield batch;
    batch = [];
    await setImmediate();
    signal?.throwIfAborted();
  }
  yield batch;
}

/** A field that the query spells in its own way is not asked for twice. */
function hasField(fields: readonly string[], wanted: string): boolean {
  return fields.some((field) => field.toLowerCase() === wanted.toLowerCase());
}

/** Tells each event what it is put in order by. An event without a time stays behind the one before it. */
export async function* ordered(
  events: EventStream,
  order: EventOrder,
  clock: EventClock | undefined,
): EventStream {
  let lastMs = Number.NEGATIVE_INFINITY;
  for await (const batch of events) {
    for (const event of batch) {
      const ownMs =
        order === 'arrival' || clock === undefined ? event.enqueuedAtMs : clock.timeOfEvent(event);
      if (!Number.isNaN(ownMs)) lastMs = ownMs;
      event.orderMs = lastMs;
    }
    yield batch;
  }
}
