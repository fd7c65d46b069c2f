/** Events that a namespace keeps on disk, read from outside, while it runs or afterwards. Changes nothing. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf } from '../codec/event-message.js';
import { readSegment, segmentsOf } from './segments.js';

export interface JournaledEvent {
  readonly hub: string;
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly offset: number;
  readonly enqueuedAtMs: number;
  readonly partitionKey: string | null;
  /** JSON parsed; a `Buffer` where the event holds none. */
  readonly body: unknown;
}

export interface PartitionOnDisk {
  readonly hub: string;
  readonly partitionId: string;
  readonly folder: string;
}

/** What is kept below `dataFolder`; nothing when there is no such folder. */
export function partitionsOnDisk(dataFolder: string): readonly PartitionOnDisk[] {
  return foldersIn(dataFolder).flatMap((hubFolder) =>
    foldersIn(join(dataFolder, hubFolder))
      .toSorted((a, b) => Number(a) - Number(b))
      .map((partitionId) => ({
        hub: decodeURIComponent(hubFolder),
        partitionId,
        folder: join(dataFolder, hubFolder, partitionId),
      })),
  );
}

/** The events of a partition from `sequenceNumber` on, the oldest first. */
export function* eventsOnDisk(partition: PartitionOnDisk, sequenceNumber = 0): Generator<JournaledEvent> {
  const { hub, partitionId, folder } = partition;
  const segments = segmentsOf(folder);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next && next.firstSequenceNumber <= sequenceNumber) continue;
    for (const { message, payloadBytes: _, ...event } of readSegment(segment).events) {
      if (event.sequenceNumber >= sequenceNumber) yield { hub, partitionId, ...event, body: bodyOf(message) };
    }
  }
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
