/** `footfall events`: looks into the log of the event hubs that `footfall up --data` keeps. */
import { createWriteStream } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import {
  eventsOnDisk,
  type JournaledEvent,
  type PartitionOnDisk,
  partitionsOnDisk,
} from '../event-hubs/journal/reader.js';
import { BadInputError } from '../scenario/input-problem.js';

interface EventsOptions {
  readonly data: string;
  readonly hub?: string;
  readonly partition?: string;
}

const POLL_MS = 250;

export function eventsCommand(): Command {
  const events = new Command('events').description('look into the events that are kept in a data directory');
  withSource(events.command('tail'))
    .description('print the last events and those that come, one JSON object a line')
    .option('--last <n>', 'events of each partition to begin with', count, 10)
    .option('--once', 'stop after those that are there')
    .action(tail);
  withSource(events.command('show'))
    .description('print one event, formatted')
    .argument('<sequenceNumber>', 'of the event in its partition', count)
    .action(show);
  withSource(events.command('export'))
    .description('write all events as JSON lines')
    .option('--out <file>', 'instead of standard output')
    .action(exportEvents);
  return events;
}

function withSource(command: Command): Command {
  return command
    .requiredOption('--data <dir>', "the event hubs' folder of a data directory")
    .option('--hub <name>', 'of this event hub only')
    .option('--partition <id>', 'of this partition only');
}

async function tail(
  options: EventsOptions & { readonly last: number; readonly once?: boolean },
): Promise<void> {
  const nextByFolder = new Map<string, number>();
  const printNew = (): void => {
    for (const partition of partitionsOf(options)) {
      const known = nextByFolder.get(partition.folder);
      const fresh = [...eventsOnDisk(partition, known)];
      const printed = known === undefined ? fresh.slice(Math.max(0, fresh.length - options.last)) : fresh;
      for (const event of printed) process.stdout.write(line(event));
      nextByFolder.set(partition.folder, (fresh.at(-1)?.sequenceNumber ?? (known ?? 0) - 1) + 1);
    }
  };
  printNew();
  while (!options.once) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    printNew();
  }
}

function show(sequenceNumber: number, options: EventsOptions): void {
  const found = partitionsOf(options).flatMap((partition) => {
    const first = eventsOnDisk(partition, sequenceNumber).next();
    return !first.done && first.value.sequenceNumber === sequenceNumber ? [first.value] : [];
  });
  if (found.length === 0) throw noSuch(`event ${sequenceNumber}`, 'an event that retention has kept');
  for (const event of found) process.stdout.write(`${JSON.stringify(printable(event), null, 2)}\n`);
}

async function exportEvents(options: EventsOptions & { readonly out?: string }): Promise<void> {
  const output = options.out === undefined ? process.stdout : createWriteStream(options.out);
  for (const partition of partitionsOf(options)) {
    for (const event of eventsOnDisk(partition)) {
      if (!output.write(line(event)))
        await new Promise<void>((resolve) => output.once('drain', () => resolve()));
    }
  }
  if (options.out !== undefined) await new Promise<void>((resolve) => output.end(() => resolve()));
}

function partitionsOf({ data, hub, partition }: EventsOptions): readonly PartitionOnDisk[] {
  const all = partitionsOnDisk(data);
  const chosen = all.filter(
    (each) =>
      (hub === undefined || each.hub === hub.toLowerCase()) &&
      (partition === undefined || each.partitionId === partition),
  );
  if (chosen.length > 0) return chosen;
  const known = all.map((each) => `${each.hub}/${each.partitionId}`).join(', ');
  throw noSuch(
    `'${data}' keeps no events of ${hub ?? 'any event hub'}, partition ${partition ?? 'any'}`,
    known === '' ? "a folder that 'footfall up --data' wrote" : `one of ${known}`,
  );
}

function line(event: JournaledEvent): string {
  return `${JSON.stringify(printable(event))}\n`;
}

/** A body that is not JSON is shown in base 64. */
function printable({ enqueuedAtMs, body, ...event }: JournaledEvent) {
  const shown = Buffer.isBuffer(body) ? { bodyBase64: body.toString('base64') } : { body };
  return { ...event, enqueuedAt: new Date(enqueuedAtMs).toISOString(), ...shown };
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('expected a whole number from 0 on');
  return value;
}

function noSuch(message: string, expected: string): BadInputError {
  return new BadInputError([
    {
      code: 'FF_EVENTS_NOT_FOUND',
      file: '--data',
      line: null,
      column: null,
      message,
      expected,
      suggestion: null,
    },
  ]);
}
