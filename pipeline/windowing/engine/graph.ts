/**
 * The operators of a job, or of one substream of it, connected: steps are shared by all who read them, and every
 * operator gets its rows in the order of time.
 */
import type {
  InputPlan,
  JobPlan,
  QueryPlan,
  ReferencePlan,
  SelectPlan,
  SourcePlan,
  StepPlan,
  WindowPlan,
} from '../language/plan.js';
import { Timeline } from './arrival/timeline.js';
import type { SelectCode } from './compile/compile-select.js';
import type { TableCode } from './compile/generate-table.js';
import { DistinctRows } from './distinct-rows.js';
import type { InputEvent, Row, RowSink } from './event.js';
import { ApplyNode } from './joins/apply-node.js';
import { ReferenceIndex, ReferenceJoin } from './joins/reference-join.js';
import { StreamJoin } from './joins/stream-join.js';
import { MatchRecognize } from './pattern/match-recognize.js';
import type { Stateful } from './state.js';
import { toOutput, type Value, type ValueRecord } from './values/values.js';
import { HoppingWindow } from './windows/hopping-window.js';
import { SessionWindow } from './windows/session-window.js';
import { SlidingWindow } from './windows/sliding-window.js';
import { SnapshotWindow } from './windows/snapshot-window.js';
import { TumblingTable } from './windows/tumbling-table.js';
import { TumblingWindow } from './windows/tumbling-window.js';
import type { WindowNode, WindowSetting } from './windows/window-node.js';

/** What every graph of a job shares. */
export interface GraphEnvironment {
  readonly codeOf: (select: SelectPlan) => SelectCode;
  readonly references: ReadonlyMap<string, readonly ValueRecord[]>;
  /** JavaScript functions, which the state of their aggregates points to. */
  readonly scripts: readonly unknown[];
  readonly onRow: (
    output: string,
    row: Readonly<Record<string, unknown>>,
    timeMs: number,
    isWindowed: boolean,
  ) => void;
}

/** Takes what went wrong with a row; throws it on when the job has to stop. `event` is null for rows of windows. */
export type OnRowError = (error: unknown, event: InputEvent | null, timeMs: number) => void;

/** Levels of one SELECT: its joins, its pattern, its window. */
const LEVELS_PER_SELECT = 16;

export class Graph {
  readonly timeline = new Timeline();
  /** Operators with a memory, in an order that depends on the plan alone. */
  readonly stateful: Stateful[] = [];
  private readonly inputs = new Map<InputPlan, Fan>();
  private readonly steps = new Map<StepPlan, Fan>();

  constructor(
    outputs: JobPlan['outputs'],
    private readonly environment: GraphEnvironment,
    private readonly onRowError: OnRowError,
  ) {
    for (const { output, query } of outputs) {
      const isWindowed = query.selects.every((select) => select.grouping !== undefined);
      this.connectQuery(query, {
        row: (row, timeMs) => environment.onRow(output, outputRow(row as ValueRecord), timeMs, isWindowed),
      });
    }
  }

  /** Where the events of an input go in. */
  inputSink(plan: InputPlan): RowSink {
    return this.inputs.get(plan) ?? NOWHERE;
  }

  private connectQuery(query: QueryPlan, sink: RowSink): void {
    for (const select of query.selects) this.connectSelect(select, sink);
  }

  private connectSelect(select: SelectPlan, sink: RowSink): void {
    this.attach(select.source, this.entryOf(select, sink));
  }

  /** The operators of a SELECT, one into the next; rows of its source go in at the first. */
  private entryOf(select: SelectPlan, sink: RowSink): RowSink {
    const code = this.environment.codeOf(select);
    const level = levelOf(select) * LEVELS_PER_SELECT;
    let entry: RowSink = this.outputOf(select, code, sink, level + LEVELS_PER_SELECT - 1);
    for (let i = select.combinators.length - 1; i >= 0; i--)
      entry = this.combine(select, code, i, entry, level + i + 1);
    if (code.match !== undefined) {
      const match = new MatchRecognize(code.match, this.guarded(entry), this.timeline);
      this.timeline.add(match, level);
      this.stateful.push(match);
      entry = match;
    }
    return entry;
  }

  /** Reference data as it was given, or as a step over it makes it. */
  private referenceRows(reference: ReferencePlan): readonly ValueRecord[] {
    if (reference.query === undefined) {
      return this.environment.references.get(reference.name.toLowerCase()) ?? [];
    }
    const rows: ValueRecord[] = [];
    for (const select of reference.query.selects) {
      const entry = this.entryOf(select, { row: (row) => void rows.push(row as ValueRecord) });
      const { from } = select.source;
      if (from.kind === 'reference') for (const row of this.referenceRows(from)) entry.row(row, 0, null);
    }
    return rows;
  }

  /** Sends the rows of a source to a sink, building the step that gives them when it is new. */
  private attach(source: SourcePlan, sink: RowSink): void {
    const { from } = source;
    if (from.kind === 'reference') return;
    const fans: Map<unknown, Fan> = from.kind === 'input' ? this.inputs : this.steps;
    const known = fans.get(from);
    if (known !== undefined) {
      known.add(sink);
      return;
    }
    const fan = new Fan(this.onRowError);
    fans.set(from, fan);
    fan.add(sink);
    if (from.kind === 'step') this.connectQuery(from.query, fan);
  }

  private combine(
    select: SelectPlan,
    code: SelectCode,
    index: number,
    sink: RowSink,
    level: number,
  ): RowSink {
    const plan = select.combinators[index];
    const compiled = code.combinators[index];
    if (plan?.kind === 'apply' && compiled?.kind === 'apply') {
      return new ApplyNode(plan.fn, compiled.value, plan.outer, sink);
    }
    if (plan === undefined || plan.kind === 'apply' || compiled?.kind !== 'join') return sink;
    if (plan.kind === 'referenceJoin') {
      const { from } = plan.source;
      const rows = from.kind === 'reference' ? this.referenceRows(from) : [];
      const table = new ReferenceIndex(rows, compiled.functions.rightKeys);
      return new ReferenceJoin(table, compiled.functions, plan.outer, sink);
    }
    const { bound, outer } = plan;
    const join = new StreamJoin({
      bound,
      outer,
      functions: compiled.functions,
      sink,
      timeline: this.timeline,
    });
    this.timeline.add(join, level);
    this.stateful.push(join);
    this.attach(plan.source, join.right);
    return join.left;
  }

  /** A sink whose errors concern the one row alone. */
  private guarded(sink: RowSink): RowSink {
    return {
      row: (row, timeMs, event) => {
        try {
          sink.row(row, timeMs, event);
        } catch (error) {
          this.onRowError(error, event, timeMs);
        }
      },
    };
  }

  private distinct(sink: RowSink): RowSink {
    const rows = new DistinctRows(sink);
    this.stateful.push(rows);
    return rows;
  }

  private outputOf(select: SelectPlan, code: SelectCode, next: RowSink, level: number): RowSink {
    const sink = select.distinct ? this.distinct(next) : next;
    const analytics = code.analytics.map((create) => create());
    this.stateful.push(...analytics);
    const values: Value[] = analytics.map(() => null);
    const evaluate = (row: Row, timeMs: number, event: InputEvent | null): readonly Value[] => {
      for (const [i, analytic] of analytics.entries()) values[i] = analytic.evaluate(row, timeMs, event);
      return values;
    };
    const { output } = code;
    if (output.kind === 'rows') {
      const { project } = output;
      const row = (from: Row, timeMs: number, event: InputEvent | null): void => {
        const projected = project(
          from,
          timeMs,
          event,
          analytics.length === 0 ? values : evaluate(from, timeMs, event),
        );
        if (projected !== null) sink.row(projected, timeMs, event);
      };
      return this.guarded({ row });
    }
    const windows = (select.grouping?.windows ?? []).map((plan, i) => {
      const { timeline, onRowError } = this;
      const setting = { code: output.code, windowId: plan.id, sink, timeline, onRowError };
      const window = windowNode(plan, setting, output.table, output.sessionKeys[i]);
      this.timeline.add(window, level);
      this.stateful.push(window);
      return window;
    });
    const [only] = windows;
    if (windows.length === 1 && only !== undefined && analytics.length === 0) {
      return { row: (row, timeMs, event) => only.accept(row, timeMs, event, values) };
    }
    return {
      row: (row, timeMs, event) => {
        const evaluated = evaluate(row, timeMs, event);
        for (const window of windows) window.accept(row, timeMs, event, evaluated);
      },
    };
  }
}

function windowNode(
  plan: WindowPlan,
  setting: WindowSetting,
  table: TableCode | undefined,
  sessionKey: ConstructorParameters<typeof SessionWindow>[1] | undefined,
): WindowNode {
  switch (plan.kind) {
    case 'hopping':
      return plan.sizeMs === plan.hopMs
        ? tumblingWindow(plan, setting, table)
        : new HoppingWindow(setting, plan.sizeMs, plan.hopMs, plan.offsetMs);
    case 'sliding':
      return new SlidingWindow(setting, plan.sizeMs);
    case 'session':
      return new SessionWindow(setting, sessionKey ?? (() => []), plan.timeoutMs, plan.maxDurationMs);
    case 'snapshot':
      return new SnapshotWindow(setting);
  }
}

function tumblingWindow(
  plan: Extract<WindowPlan, { kind: 'hopping' }>,
  setting: WindowSetting,
  table: TableCode | undefined,
): WindowNode {
  return table === undefined
    ? new TumblingWindow(setting, plan.sizeMs, plan.offsetMs)
    : new TumblingTable(setting, table, plan.sizeMs, plan.offsetMs);
}

/** Steps below a SELECT: what feeds others fires first. */
function levelOf(select: SelectPlan): number {
  const sources = [
    select.source,
    ...select.combinators.flatMap((c) => (c.kind === 'apply' ? [] : [c.source])),
  ];
  const below = sources.map(({ from }) => (from.kind === 'step' ? 1 + queryLevel(from.query) : 0));
  return Math.max(...below);
}

function queryLevel(query: QueryPlan): number {
  return Math.max(...query.selects.map(levelOf));
}

function outputRow(row: ValueRecord): Readonly<Record<string, unknown>> {
  return toOutput(row) as Readonly<Record<string, unknown>>;
}

/** Gives every row to all who read it. */
class Fan implements RowSink {
  private readonly sinks: RowSink[] = [];

  constructor(private readonly onRowError: OnRowError) {}

  add(sink: RowSink): void {
    this.sinks.push(sink);
  }

  row(row: Row, timeMs: number, event: InputEvent | null): void {
    const [only] = this.sinks;
    if (this.sinks.length === 1) only?.row(row, timeMs, event);
    else for (const sink of this.sinks) this.give(sink, row, timeMs, event);
  }

  /** What one reader cannot use is there for the others. */
  private give(sink: RowSink, row: Row, timeMs: number, event: InputEvent | null): void {
    try {
      sink.row(row, timeMs, event);
    } catch (error) {
      this.onRowError(error, event, timeMs);
    }
  }
}

const NOWHERE: RowSink = { row: () => undefined };
