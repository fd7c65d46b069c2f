/**
 * Events of a file that are not in order, in streams that are: so many at a time are sorted and, unless they are all,
 * written to disk. Merged, the streams give the events in order, those that are equal in the order of the file.
 */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { StateReader, StateWriter } from '../../../pipeline/windowing/engine/state.js';
import type { Value, ValueRecord } from '../../../pipeline/windowing/engine/values/values.js';
import { ArrivingEvent } from './arriving-event.js';
import type { EventStream } from './event-source.js';

/** Events that are sorted in memory. */
const RUN_EVENTS = 100_000;
/** Events of a run that are read back at once. */
const BLOCK_EVENTS = 1_024;

export class SortedRuns {
  private handle: number | undefined;
  private length = 0;

  /** @param folder for a file of its own, made when it is needed. */
  constructor(
    private readonly folder: string,
    private readonly runEvents = RUN_EVENTS,
  ) {}

  async sort(events: EventStream): Promise<readonly EventStream[]> {
    const runs: EventStream[] = [];
    let run: ArrivingEvent[] = [];
    for await (const batch of events) {
      for (const event of batch) run.push(event);
      if (run.length < this.runEvents) continue;
      runs.push(this.spill(inOrder(run)));
      run = [];
    }
    runs.push(given(inOrder(run)));
    return runs;
  }

  close(): void {
    if (this.handle === undefined) return;
    closeSync(this.handle);
    this.handle = undefined;
  }

  private spill(run: readonly ArrivingEvent[]): EventStream {
    const blocks: Block[] = [];
    for (let at = 0; at < run.length; at += BLOCK_EVENTS)
      blocks.push(this.write(encode(run.slice(at, at + BLOCK_EVENTS))));
    return this.readBack(blocks);
  }

  private write(bytes: Buffer): Block {
    this.handle ??= anonymousFile(this.folder);
    const offset = this.length;
    for (let at = 0; at < bytes.length; )
      at += writeSync(this.handle, bytes, at, bytes.length - at, offset + at);
    this.length += bytes.length;
    return { offset, length: bytes.length };
  }

  private async *readBack(blocks: readonly Block[]): EventStream {
    for (const { offset, length } of blocks) {
      const bytes = Buffer.alloc(length);
      for (let at = 0; at < length && this.handle !== undefined; )
        at += readSync(this.handle, bytes, at, length - at, offset + at);
      yield decode(bytes);
    }
  }
}

interface Block {
  readonly offset: number;
  readonly length: number;
}

/** A file that is gone when it is closed, however the process ends. */
function anonymousFile(folder: string): number {
  const path = join(folder, `events-${process.pid}.sorted`);
  const handle = openSync(path, 'w+');
  unlinkSync(path);
  return handle;
}

function inOrder(run: ArrivingEvent[]): readonly ArrivingEvent[] {
  return run.sort((a, b) => a.orderMs - b.orderMs);
}

async function* given(run: readonly ArrivingEvent[]): EventStream {
  yield run;
}

/** A block, column by column; the values of bodies one after the other. */
interface Saved {
  readonly file: string;
  /** Names of fields: a list for each stretch of bodies that have the same ones, from event number `from` on. */
  readonly shapes: readonly { readonly from: number; readonly fields: readonly string[] }[];
  readonly values: readonly unknown[];
  readonly enqueuedMs: Float64Array;
  readonly processedMs: Float64Array;
  readonly partitions: Float64Array;
  readonly lines: Float64Array;
  readonly ordersMs: Float64Array;
}

function encode(events: readonly ArrivingEvent[]): Buffer {
  const writer = new StateWriter([]);
  const shapes: { readonly from: number; readonly fields: readonly string[] }[] = [];
  const values: unknown[] = [];
  for (const [i, { body }] of events.entries()) {
    const fields = Object.keys(body);
    const last = shapes.at(-1)?.fields;
    if (last === undefined || !areSame(fields, last)) shapes.push({ from: i, fields });
    for (const field of fields) values.push(writer.write(body[field]));
  }
  const saved: Saved = {
    file: events[0]?.file ?? '',
    shapes,
    values,
    enqueuedMs: Float64Array.from(events, (event) => event.enqueuedAtMs),
    processedMs: Float64Array.from(events, (event) => event.processedAtMs),
    partitions: Float64Array.from(events, (event) => event.partitionId),
    lines: Float64Array.from(events, (event) => event.line),
    ordersMs: Float64Array.from(events, (event) => event.orderMs),
  };
  return serialize(saved);
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

function decode(bytes: Buffer): readonly ArrivingEvent[] {
  const saved = deserialize(bytes) as Saved;
  const reader = new StateReader([]);
  const { shapes, values, lines, ordersMs } = saved;
  const events: ArrivingEvent[] = [];
  let at = 0;
  for (const [s, { from, fields }] of shapes.entries()) {
    const makeBody = bodyMaker(fields);
    const end = shapes[s + 1]?.from ?? lines.length;
    for (let i = from; i < end; i++) {
      const body = makeBody(() => reader.read(values[at++]) as Value);
      const event = new ArrivingEvent(
        body,
        saved.enqueuedMs[i] ?? 0,
        saved.processedMs[i] ?? 0,
        saved.partitions[i] ?? 0,
        saved.file,
        lines[i] ?? 0,
      );
      event.orderMs = ordersMs[i] ?? 0;
      events.push(event);
    }
  }
  return events;
}

type BodyMaker = (next: () => Value) => ValueRecord;

function bodyMaker(fields: readonly string[]): BodyMaker {
  // Assigned, that name would be the prototype of the object.
  if (fields.includes('__proto__')) return (next) => Object.fromEntries(fields.map((name) => [name, next()]));
  return (next) => {
    const body: Record<string, Value> = {};
    for (const name of fields) body[name] = next();
    return body;
  };
}
