/** A running Stream Analytics job: events in, rows out. The engine's one door. */
import { deserialize, serialize } from 'node:v8';
import { componentsOf } from './engine/arrival/components.js';
import { rowReader } from './engine/arrival/read-event.js';
import { type Reader, type ReaderGroup, readerGroup } from './engine/arrival/reader.js';
import {
  DEFAULT_LATE_TOLERANCE_MS,
  DEFAULT_OUT_OF_ORDER_TOLERANCE_MS,
  LATE_LIMIT_MS,
  type TimeFault,
} from './engine/arrival/time-policy.js';
import { compileSelect, type ScriptFunctions, type SelectCode } from './engine/compile/compile-select.js';
import type { InputEvent } from './engine/event.js';
import { EvaluationError, type ValueRecord } from './engine/values/values.js';
import { bindScript } from './language/binder/bind-script.js';
import type { CompatibilityLevel } from './language/binder/environment.js';
import { parseScript } from './language/parser/parse-script.js';
import type { JobPlan, SelectPlan } from './language/plan.js';

export type { TimeFault } from './engine/arrival/time-policy.js';
export type { InputEvent } from './engine/event.js';
export type { CompatibilityLevel } from './language/binder/environment.js';
export { QueryError, renderQueryError } from './language/query-error.js';

/** An event that could not be used, and why. */
export interface BadEvent {
  readonly input: string;
  readonly event: InputEvent;
  readonly code: string;
  readonly reason: string;
}

/** JavaScript functions of a job, by name. */
export interface JobScripts extends ScriptFunctions {
  readonly scalarNames: readonly string[];
  readonly aggregateNames: readonly string[];
}

export interface JobOptions {
  readonly query: string;
  /** Its name in messages. */
  readonly queryFile?: string;
  /** How late an event may arrive: 5,000 when left out, 20 days at most. */
  readonly lateToleranceMs?: number;
  /** How far out of order events may arrive: 0 when left out. */
  readonly outOfOrderToleranceMs?: number;
  /** What is done with events outside a tolerance: `adjust` when left out. */
  readonly policy?: 'adjust' | 'drop';
  /** `1.2` when left out. */
  readonly compatibilityLevel?: CompatibilityLevel;
  /** Names of the stream inputs, so that a misspelt one is an error; any name is one when left out. */
  readonly inputs?: readonly string[];
  /** Reference data by input name. */
  readonly references?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly scripts?: JobScripts;
  /** Functions of the job that are no JavaScript, by name: what each of them is. */
  readonly foreignFunctions?: Readonly<Record<string, string>>;
  /** Functions and reference data that nothing declares: `refused` when left out. Only a plan can assume them. */
  readonly undeclared?: 'refused' | 'assumed';
  /** Partitions of each input; those that have sent nothing yet hold the watermark back. */
  readonly partitions?: Readonly<Record<string, number>>;
  /**
   * `unknown`: events are taken to arrive when they happen, and no policy applies; they wait for the end of the input,
   * to be put in order. `inOrder`: the same of events that are given in the order of their time and need not wait.
   */
  readonly arrivalTimes?: 'given' | 'unknown' | 'inOrder';
  /** What an error in the evaluation of a row does: `stop` (the default, as CAST's page has it) or `drop` the row. */
  readonly errorPolicy?: 'drop' | 'stop';
  /** `windowEndMs` is the end of the window for rows of windowed queries, else null. */
  onRow(output: string, row: Readonly<Record<string, unknown>>, windowEndMs: number | null): void;
  onBadEvent?(bad: BadEvent): void;
  /**
   * Names each event that a time policy adjusted or dropped. `timeMs` is its own time before that, `settledMs` its
   * time in the query from here on, null when it was dropped.
   */
  onLate?(
    input: string,
    event: InputEvent,
    outcome: 'adjusted' | 'dropped',
    fault: TimeFault,
    timeMs: number,
    settledMs: number | null,
  ): void;
}

export interface JobStats {
  eventsIn: number;
  late: number;
  outOfOrder: number;
  early: number;
  /** By a time policy. */
  dropped: number;
  /** Malformed events, and rows dropped by the error policy. */
  bad: number;
  rowsOut: number;
}

export interface Job {
  /** Takes an event. Throws JobStoppedError when the error policy stops the job. */
  push(input: string, event: InputEvent): void;
  /** Moves the arrival clock, so that silent inputs let windows close. */
  advanceTo(nowMs: number): void;
  /** End of input: closes every window. */
  end(): void;
  /**
   * Everything the job remembers, to be resumed from by `resumeJob` with the same options: windows that are open,
   * rows that joins and analytic functions keep, watermarks, events that wait for others.
   */
  snapshot(): Uint8Array;
  readonly stats: Readonly<JobStats>;
  readonly plan: JobPlan;
}

/** A row could not be evaluated and the error policy is `stop`. */
export class JobStoppedError extends Error {
  constructor(readonly bad: BadEvent) {
    const where = bad.event.origin === undefined ? bad.input : `${bad.input} (${bad.event.origin})`;
    super(`The job stopped at an event of ${where}: ${bad.reason}`);
    this.name = 'JobStoppedError';
  }
}

const NO_SCRIPTS: JobScripts = {
  scalarNames: [],
  aggregateNames: [],
  externals: [],
  scalar: (name) => {
    throw new EvaluationError(`There is no function udf.${name}`);
  },
  aggregate: (name) => {
    throw new EvaluationError(`There is no aggregate uda.${name}`);
  },
};

/** The plan of a query. Throws QueryError. */
export function planQuery(options: Omit<JobOptions, 'onRow'>): JobPlan {
  const scripts = options.scripts ?? NO_SCRIPTS;
  const foreign = Object.entries(options.foreignFunctions ?? {});
  const assumed = new Set<string>();
  const plan = bindScript(parseScript(options.query), {
    inputs: options.inputs,
    references: Object.keys(options.references ?? {}),
    scalarFunctions: scripts.scalarNames,
    aggregateFunctions: scripts.aggregateNames,
    compatibilityLevel: options.compatibilityLevel ?? '1.2',
    foreignFunctions: new Map(foreign.map(([name, what]) => [name.toLowerCase(), what])),
    assume: options.undeclared === 'assumed' ? (what) => assumed.add(what) : undefined,
  });
  return { ...plan, warnings: [...plan.warnings, ...assumed] };
}

/** Starts a job. Throws QueryError when Azure would refuse the query. */
export function startJob(options: JobOptions): Job {
  return new RunningJob(options, planQuery(options));
}

/** Goes on from a snapshot: gives the rows that the job would have given had it never stopped. */
export function resumeJob(options: JobOptions, snapshot: Uint8Array): Job {
  const job = new RunningJob(options, planQuery(options));
  job.restore(snapshot);
  return job;
}

interface SavedJob {
  readonly query: string;
  readonly stats: JobStats;
  readonly arrivalClockMs: number;
  readonly groups: readonly unknown[];
}

class RunningJob implements Job {
  readonly stats: JobStats = {
    eventsIn: 0,
    late: 0,
    outOfOrder: 0,
    early: 0,
    dropped: 0,
    bad: 0,
    rowsOut: 0,
  };
  private readonly groups: readonly ReaderGroup[];
  private readonly readers = new Map<string, Reader[]>();
  /** Events of one input come in runs, so its readers are kept. */
  private lastInput: string | undefined;
  private lastReaders: readonly Reader[] = [];
  /** The latest arrival seen or told. */
  private arrivalClockMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: JobOptions,
    readonly plan: JobPlan,
  ) {
    const codes = new Map<SelectPlan, SelectCode>();
    const scripts = options.scripts ?? NO_SCRIPTS;
    const codeOf = (select: SelectPlan): SelectCode => {
      const known = codes.get(select);
      if (known !== undefined) return known;
      const code = compileSelect(select, scripts);
      codes.set(select, code);
      return code;
    };
    const references = new Map(
      Object.entries(options.references ?? {}).map(([name, rows]) => [
        name.toLowerCase(),
        this.referenceRows(name, rows),
      ]),
    );
    const onRow = (
      output: string,
      row: Readonly<Record<string, unknown>>,
      timeMs: number,
      isWindowed: boolean,
    ): void => {
      this.stats.rowsOut++;
      options.onRow(output, row, isWindowed ? timeMs : null);
    };
    this.groups = componentsOf(plan).map((component) =>
      readerGroup(component, { codeOf, references, onRow, scripts: scripts.externals }, this.setting()),
    );
    for (const reader of this.groups.flatMap((group) => group.readers)) {
      const key = reader.plan.name.toLowerCase();
      this.readers.set(key, [...(this.readers.get(key) ?? []), reader]);
    }
  }

  /** Reference data as the query sees it; rows that CREATE TABLE does not allow are left out and named. */
  private referenceRows(
    input: string,
    rows: readonly Readonly<Record<string, unknown>>[],
  ): readonly ValueRecord[] {
    const table = this.plan.tables.find(({ name }) => name.toLowerCase() === input.toLowerCase());
    const read = rowReader(this.options.compatibilityLevel ?? '1.2', table);
    return rows.flatMap((body) => {
      try {
        return [read(body)];
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        const event: InputEvent = { body, enqueuedAtMs: 0, partitionId: 0 };
        this.stats.bad++;
        this.options.onBadEvent?.({ input, event, code: error.code, reason: error.message });
        return [];
      }
    });
  }

  private setting() {
    const { options } = this;
    return {
      policy: {
        lateToleranceMs: Math.min(options.lateToleranceMs ?? DEFAULT_LATE_TOLERANCE_MS, LATE_LIMIT_MS),
        outOfOrderToleranceMs: options.outOfOrderToleranceMs ?? DEFAULT_OUT_OF_ORDER_TOLERANCE_MS,
        action: options.policy ?? 'adjust',
      },
      compatibilityLevel: options.compatibilityLevel ?? '1.2',
      arrivalTimes: options.arrivalTimes ?? 'given',
      partitions: options.partitions ?? {},
      onFault: (
        input: string,
        event: InputEvent,
        outcome: 'adjusted' | 'dropped',
        fault: TimeFault,
        timeMs: number,
        settledMs: number | null,
      ): void => {
        this.stats[fault]++;
        if (outcome === 'dropped') this.stats.dropped++;
        options.onLate?.(input, event, outcome, fault, timeMs, settledMs);
      },
      onBadEvent: (bad: BadEvent): void => {
        this.stats.bad++;
        options.onBadEvent?.(bad);
      },
      onError: (input: string, event: InputEvent, error: unknown): void =>
        this.rowFailed(input, event, error),
    } as const;
  }

  push(input: string, event: InputEvent): void {
    this.stats.eventsIn++;
    if (event.enqueuedAtMs > this.arrivalClockMs) this.arrivalClockMs = event.enqueuedAtMs;
    if (input !== this.lastInput) {
      this.lastInput = input;
      this.lastReaders = this.readers.get(input.toLowerCase()) ?? [];
    }
    for (const reader of this.lastReaders) reader.push(event, this.arrivalClockMs);
  }

  advanceTo(nowMs: number): void {
    if (nowMs > this.arrivalClockMs) this.arrivalClockMs = nowMs;
    for (const group of this.groups) group.idle(this.arrivalClockMs);
  }

  end(): void {
    for (const group of this.groups) group.end();
  }

  snapshot(): Uint8Array {
    const saved: SavedJob = {
      query: this.options.query,
      stats: this.stats,
      arrivalClockMs: this.arrivalClockMs,
      groups: this.groups.map((group) => group.save()),
    };
    return serialize(saved);
  }

  restore(snapshot: Uint8Array): void {
    const saved = deserialize(snapshot) as SavedJob;
    if (saved.query !== this.options.query) throw new Error('the snapshot is of another query');
    Object.assign(this.stats, saved.stats);
    this.arrivalClockMs = saved.arrivalClockMs;
    for (const [i, group] of this.groups.entries()) group.restore(saved.groups[i]);
  }

  private rowFailed(input: string, event: InputEvent, error: unknown): void {
    if (!(error instanceof EvaluationError)) throw error;
    const bad: BadEvent = { input, event, code: error.code, reason: error.message };
    this.stats.bad++;
    this.options.onBadEvent?.(bad);
    if (this.options.errorPolicy !== 'drop') throw new JobStoppedError(bad);
  }
}
