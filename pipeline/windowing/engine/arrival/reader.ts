/** Reading inputs: each event gets its time, passes the time policies and reaches the substream it belongs to. */
import type { CompatibilityLevel } from '../../language/binder/environment.js';
import type { Bound, InputPlan } from '../../language/plan.js';
import { keysFunction, type RowFunction } from '../compile/row-function.js';
import type { InputEvent } from '../event.js';
import { Graph, type GraphEnvironment, type OnRowError } from '../graph.js';
import { EvaluationError, type Value, type ValueRecord } from '../values/values.js';
import type { ComponentPlan } from './components.js';
import { EventClock } from './event-clock.js';
import { Substream } from './substream.js';
import { arrivalFault, type PartitionWatermark, type TimeFault, type TimePolicy } from './time-policy.js';

export interface ReaderSetting {
  readonly policy: TimePolicy;
  readonly compatibilityLevel: CompatibilityLevel;
  readonly arrivalTimes: 'given' | 'unknown' | 'inOrder';
  readonly partitions: Readonly<Record<string, number>>;
  readonly onFault: (
    input: string,
    event: InputEvent,
    outcome: 'adjusted' | 'dropped',
    fault: TimeFault,
    timeMs: number,
    /** Its time in the query from here on; null when it was dropped. */
    settledMs: number | null,
  ) => void;
  readonly onBadEvent: (bad: { input: string; event: InputEvent; code: string; reason: string }) => void;
  readonly onError: (input: string, event: InputEvent, error: unknown) => void;
}

/** The inputs and outputs of a job that belong together. */
export interface ReaderGroup {
  readonly readers: readonly Reader[];
  idle(arrivalClockMs: number): void;
  end(): void;
  /** Everything it remembers, as data; and back. */
  save(): unknown;
  restore(data: unknown): void;
}

export function readerGroup(
  component: ComponentPlan,
  environment: GraphEnvironment,
  setting: ReaderSetting,
): ReaderGroup {
  const substreams = new Substreams(component, environment, setting);
  const backlog = setting.arrivalTimes === 'unknown' ? new Backlog() : undefined;
  const readers = component.inputs.map((plan) => new Reader(plan, component, substreams, setting, backlog));
  return {
    readers,
    idle: (arrivalClockMs) => {
      for (const substream of substreams.all) substream.idle(arrivalClockMs);
    },
    save: () => {
      if (backlog !== undefined)
        throw new Error('events without arrival times are not a stream to be resumed');
      return substreams.save();
    },
    restore: (data) => substreams.restore(data),
    end: () => {
      backlog?.release();
      for (const substream of substreams.all) substream.end();
    },
  };
}

const NO_ANALYTICS: readonly Value[] = [];
const NO_KEY: readonly unknown[] = [];
const NOT_SCRIPTED = { tuple: false, udf: () => () => null } as const;

/** What splits a component into substreams: TIMESTAMP BY … OVER, or PARTITION BY on every input of it. */
function substreamKey(plan: InputPlan, component: ComponentPlan): readonly Bound[] {
  if (plan.over.length > 0) return plan.over;
  return component.inputs.every((input) => input.partitionBy.length > 0) ? plan.partitionBy : [];
}

/** Events in the order of their time, when nothing is known of their arrival. */
class Backlog {
  private readonly waiting: { readonly timeMs: number; readonly give: () => void }[] = [];

  add(timeMs: number, give: () => void): void {
    this.waiting.push({ timeMs, give });
  }

  release(): void {
    this.waiting.sort((a, b) => a.timeMs - b.timeMs);
    for (const { give } of this.waiting) give();
    this.waiting.length = 0;
  }
}

class Substreams {
  private readonly byKey = new Map<string, Substream>();

  constructor(
    private readonly component: ComponentPlan,
    private readonly environment: GraphEnvironment,
    private readonly setting: ReaderSetting,
  ) {
    const isSplit = component.inputs.some((plan) => substreamKey(plan, component).length > 0);
    if (!isSplit) this.at('');
  }

  at(key: string): Substream {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const onRowError: OnRowError = (error, event, timeMs) =>
      this.setting.onError(this.component.inputs[0]?.name ?? '', event ?? resultAt(timeMs), error);
    const graph = new Graph(this.component.outputs, this.environment, onRowError);
    const substream = new Substream(graph, this.setting.policy, (error, event) =>
      onRowError(error, event, event.enqueuedAtMs),
    );
    this.byKey.set(key, substream);
    for (const plan of this.component.inputs) {
      const count = key === '' ? (this.setting.partitions[plan.name] ?? 0) : 0;
      for (let id = 0; id < count; id++) substream.expect(plan, id);
      // An input that has sent nothing holds the others back, as a silent partition does.
      if (count === 0 && this.component.inputs.length > 1) substream.expect(plan, 0);
    }
    return substream;
  }

  save(): unknown {
    return [...this.byKey].map(([key, substream]) => [key, substream.save(this.externals())]);
  }

  restore(data: unknown): void {
    for (const [key, saved] of data as readonly (readonly [string, unknown])[]) {
      this.at(key).restore(saved, this.externals());
    }
  }

  /** What state may point to without being state. */
  private externals(): readonly unknown[] {
    return [...this.component.inputs, ...this.environment.scripts];
  }

  get all(): Iterable<Substream> {
    return this.byKey.values();
  }
}

export class Reader {
  private readonly clock: EventClock;
  private readonly hasTimestamp: boolean;
  private readonly key: RowFunction<readonly unknown[]> | undefined;
  private substream: Substream | undefined;
  private partition: PartitionWatermark | undefined;
  private partitionId: number | undefined;

  constructor(
    readonly plan: InputPlan,
    component: ComponentPlan,
    private readonly substreams: Substreams,
    private readonly setting: ReaderSetting,
    private readonly backlog: Backlog | undefined,
  ) {
    this.clock = new EventClock(plan, setting.compatibilityLevel);
    this.hasTimestamp = plan.timestampBy !== undefined;
    const key = substreamKey(plan, component);
    this.key = key.length === 0 ? undefined : keysFunction(key, NOT_SCRIPTED);
  }

  push(event: InputEvent, arrivalClockMs: number): void {
    let row: ValueRecord;
    let timeMs: number;
    try {
      row = this.clock.readRow(event.body);
      timeMs = this.clock.timeOf(row, event);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      this.setting.onBadEvent({ input: this.plan.name, event, code: error.code, reason: error.message });
      return;
    }
    if (this.setting.arrivalTimes === 'given') this.admit(row, timeMs, event, arrivalClockMs);
    else if (this.backlog === undefined) this.take(row, timeMs, event, timeMs);
    else this.wait(this.backlog, row, timeMs, event);
  }

  private wait(backlog: Backlog, row: ValueRecord, timeMs: number, event: InputEvent): void {
    backlog.add(timeMs, () => this.take(row, timeMs, event, timeMs));
  }

  private admit(row: ValueRecord, ownMs: number, event: InputEvent, arrivalClockMs: number): void {
    if (!this.hasTimestamp) {
      this.take(row, ownMs, event, arrivalClockMs);
      return;
    }
    const { policy } = this.setting;
    const fault = arrivalFault(policy, ownMs, event.enqueuedAtMs);
    if (fault === undefined) {
      this.take(row, ownMs, event, arrivalClockMs);
      return;
    }
    if (fault === 'early' || policy.action === 'drop') {
      this.setting.onFault(this.plan.name, event, 'dropped', fault, ownMs, null);
      return;
    }
    const settledMs = event.enqueuedAtMs - policy.lateToleranceMs;
    this.setting.onFault(this.plan.name, event, 'adjusted', fault, ownMs, settledMs);
    this.take(row, settledMs, event, arrivalClockMs);
  }

  private take(row: ValueRecord, timeMs: number, event: InputEvent, arrivalClockMs: number): void {
    if (this.key !== undefined) this.choose(this.key(row, timeMs, event, NO_ANALYTICS), 0);
    else if (event.partitionId !== this.partitionId) this.choose(NO_KEY, event.partitionId);
    const { substream, partition, setting } = this;
    if (substream === undefined || partition === undefined) return;
    const toleranceMs = !this.hasTimestamp ? 0 : setting.policy.outOfOrderToleranceMs;
    const earliestMs = substream.earliestMs(partition, toleranceMs);
    if (timeMs >= earliestMs) substream.take(this.plan, partition, timeMs, row, event, arrivalClockMs);
    else this.takeOutOfOrder(substream, partition, timeMs, earliestMs, row, event, arrivalClockMs);
  }

  /** Finds where the next event goes; events of one partition come in runs, so the choice is kept. */
  private choose(key: readonly unknown[], partitionId: number): void {
    this.partitionId = partitionId;
    this.substream = this.substreams.at(key.length === 0 ? '' : JSON.stringify(key));
    this.partition = this.substream.expect(this.plan, partitionId);
  }

  private takeOutOfOrder(
    substream: Substream,
    partition: PartitionWatermark,
    timeMs: number,
    earliestMs: number,
    row: ValueRecord,
    event: InputEvent,
    arrivalClockMs: number,
  ): void {
    const isDropped = this.setting.policy.action === 'drop';
    if (this.hasTimestamp) {
      const outcome = isDropped ? 'dropped' : 'adjusted';
      const settledMs = isDropped ? null : earliestMs;
      this.setting.onFault(this.plan.name, event, outcome, 'outOfOrder', timeMs, settledMs);
      if (isDropped) return;
    }
    substream.take(this.plan, partition, earliestMs, row, event, arrivalClockMs);
  }
}

/** Stands for the events behind a row that none of them alone has made. */
function resultAt(timeMs: number): InputEvent {
  const origin = `the result at ${new Date(timeMs).toISOString()}`;
  return { body: {}, enqueuedAtMs: timeMs, partitionId: 0, origin };
}
