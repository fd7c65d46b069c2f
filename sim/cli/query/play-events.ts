/**
 * Plays files of events through a job, in the order of their arrival; where no event of any file says when it arrived,
 * in the order in which they happened. Files are read twice: for their order, and then some events at a time, so that
 * no file is in memory as a whole. One that is not in order is sorted on disk first.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { componentsOf } from '../../../pipeline/windowing/engine/arrival/components.js';
import { EventClock } from '../../../pipeline/windowing/engine/arrival/event-clock.js';
import { inputNeeds, timeNeeds } from '../../../pipeline/windowing/engine/compile/input-needs.js';
import type { ValueRecord } from '../../../pipeline/windowing/engine/values/values.js';
import { readWholeFile } from '../../../pipeline/windowing/formats/event-file.js';
import {
  type BadEvent,
  type InputEvent,
  type Job,
  type JobOptions,
  planQuery,
  startJob,
} from '../../../pipeline/windowing/job.js';
import type { JobPlan } from '../../../pipeline/windowing/language/plan.js';
import {
  type EventFile,
  type EventOrder,
  type EventStream,
  ordered,
  readableAgain,
  readEvents,
} from './event-source.js';
import { type InputStream, mergeStreams } from './merge-streams.js';
import { SortedRuns } from './sorted-runs.js';
import { type Survey, surveyFile } from './survey.js';

/** `inputs` and `references` name those that there may be no file for. */
export type QueryJobOptions = Omit<JobOptions, 'arrivalTimes'>;

export interface PlayOptions {
  readonly job: QueryJobOptions;
  readonly streams: readonly EventFile[];
  readonly references: readonly EventFile[];
  /** Waited for after some events each, for rows to go out. */
  readonly drained?: () => Promise<void>;
  /** Stops it, without an end of input for the windows that are open. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the job over its files to the end of input. Rejects with QueryError, JobStoppedError, EventFormatError, and
 * with the signal's reason.
 */
export async function playEvents(options: PlayOptions): Promise<Job> {
  const folder = mkdtempSync(join(tmpdir(), 'footfall-query-'));
  try {
    const streams: EventFile[] = [];
    for (const source of options.streams) streams.push(await readableAgain(source, folder));
    return await playFiles({ ...options, streams }, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playFiles(options: PlayOptions, folder: string): Promise<Job> {
  const { streams } = options;
  const inputs = [...new Set([...(options.job.inputs ?? []), ...streams.map((stream) => stream.input)])];
  const tables = await readTables(options.references, options.job.onBadEvent ?? ignore);
  const jobOptions = { ...options.job, inputs, references: { ...options.job.references, ...tables } };
  const reading = new Reading(planQuery(jobOptions), options);
  const surveys: Survey[] = [];
  for (const source of streams) surveys.push(await reading.survey(source));
  const { order, arrivalTimes } = orderOf(surveys);
  const sorting = new SortedRuns(folder);
  try {
    const merged: InputStream[] = [];
    for (const [i, source] of streams.entries()) {
      const events = reading.read(source, order);
      const isSorted = arrivalTimes === 'unknown' || isInOrder(surveys[i], order);
      const runs = isSorted ? [events] : await sorting.sort(events);
      merged.push(...runs.map((run) => ({ input: source.input, events: run })));
    }
    const job = startJob({ ...jobOptions, arrivalTimes });
    await play(job, merged, options.drained ?? nothing);
    return job;
  } finally {
    sorting.close();
  }
}

async function play(job: Job, streams: readonly InputStream[], drained: () => Promise<void>): Promise<void> {
  for await (const stretches of mergeStreams(streams)) {
    for (const { input, events } of stretches) for (const event of events) job.push(input, event);
    await drained();
  }
  job.end();
}

/**
 * Without arrivals, events are taken to arrive when they happen. One that is read by several TIMESTAMP BY happens
 * several times, which is no one order: where files are not in order by all of them, the job itself waits for the end.
 */
function orderOf(surveys: readonly Survey[]): {
  readonly order: EventOrder;
  readonly arrivalTimes: NonNullable<JobOptions['arrivalTimes']>;
} {
  if (surveys.some((survey) => survey.isArrivalKnown)) return { order: 'arrival', arrivalTimes: 'given' };
  const isAsRead = surveys.length === 1 && surveys.every((survey) => survey.isInOrderOfTime);
  const isOneOrder = isAsRead || surveys.every((survey) => survey.isOfOneTime);
  return isOneOrder
    ? { order: 'time', arrivalTimes: 'inOrder' }
    : { order: 'arrival', arrivalTimes: 'unknown' };
}

function isInOrder(survey: Survey | undefined, order: EventOrder): boolean {
  return (order === 'arrival' ? survey?.isInOrderOfArrival : survey?.isInOrderOfTime) === true;
}

/** How the files of a job are read. */
class Reading {
  constructor(
    private readonly plan: JobPlan,
    private readonly options: PlayOptions,
  ) {}

  survey(source: EventFile): Promise<Survey> {
    const needs = named(timeNeeds(this.plan), source.input);
    return surveyFile(source, needs, this.clocks(source.input), this.options.signal);
  }

  read(source: EventFile, order: EventOrder): EventStream {
    const needs = named(inputNeeds(this.plan), source.input);
    const events = readEvents(source, needs, this.options.signal, (line, reason) =>
      this.options.job.onBadEvent?.(badLine(source, line, reason)),
    );
    return ordered(events, order, this.clocks(source.input)[0]);
  }

  private clocks(input: string): readonly EventClock[] {
    return componentsOf(this.plan)
      .flatMap(({ inputs }) => inputs)
      .filter(({ name }) => name.toLowerCase() === input.toLowerCase())
      .map((plan) => new EventClock(plan, this.options.job.compatibilityLevel ?? '1.2'));
  }
}

function named<T>(needs: ReadonlyMap<string, T>, input: string): T | undefined {
  return [...needs].find(([name]) => name.toLowerCase() === input.toLowerCase())?.[1];
}

async function readTables(
  references: readonly EventFile[],
  onBadEvent: (bad: BadEvent) => void,
): Promise<Readonly<Record<string, readonly ValueRecord[]>>> {
  const tables: Record<string, ValueRecord[]> = {};
  for (const source of references) {
    const rows: ValueRecord[] = [];
    tables[source.input] = rows;
    await readWholeFile(
      source.file,
      {
        onRow: (row) => rows.push(row),
        onBadLine: (line, reason) => onBadEvent(badLine(source, line, reason)),
      },
      source.format,
    );
  }
  return tables;
}

function badLine({ input, file }: EventFile, line: number, reason: string): BadEvent {
  const event: InputEvent = { body: {}, enqueuedAtMs: 0, partitionId: 0, origin: `${file}:${line}` };
  return { input, event, code: 'FF_EVENT_JSON', reason };
}

const nothing = (): Promise<void> => Promise.resolve();
const ignore = (): void => undefined;
