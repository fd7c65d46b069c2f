/**
 * One timeline of a job: the inputs that are read together, their watermarks, and the operators behind them. A
 * query that is not partitioned has one; TIMESTAMP BY … OVER has one for each key.
 */
import type { InputPlan } from '../../language/plan.js';
import type { InputEvent, RowSink } from '../event.js';
import type { Graph } from '../graph.js';
import { StateReader, StateWriter } from '../state.js';
import type { ValueRecord } from '../values/values.js';
import { PartitionWatermark, type TimePolicy } from './time-policy.js';
import { TimeQueue } from './time-queue.js';

interface SavedSubstream {
  readonly givenMs: number;
  readonly partitions: readonly (readonly [plan: unknown, id: number, latestMs: number])[];
  readonly pending: unknown;
  readonly operators: readonly unknown[];
}

interface Pending {
  readonly plan: InputPlan;
  readonly row: ValueRecord;
  readonly event: InputEvent;
}

export class Substream {
  private readonly partitions = new Map<InputPlan, Map<number, PartitionWatermark>>();
  private readonly all: { readonly plan: InputPlan; readonly watermark: PartitionWatermark }[] = [];
  private pending = new TimeQueue<Pending>();
  /** What has been given to the operators: no row before it can be given any more. */
  private givenMs = Number.NEGATIVE_INFINITY;

  private lastPlan: InputPlan | undefined;
  private lastSink: RowSink = { row: () => undefined };

  constructor(
    readonly graph: Graph,
    private readonly policy: TimePolicy,
    private readonly onRowError: (error: unknown, event: InputEvent) => void,
  ) {}

  /** Counts a partition in although no event of it has come: the watermark waits for it. */
  expect(plan: InputPlan, partitionId: number): PartitionWatermark {
    let ofInput = this.partitions.get(plan);
    if (ofInput === undefined) {
      ofInput = new Map();
      this.partitions.set(plan, ofInput);
    }
    let watermark = ofInput.get(partitionId);
    if (watermark === undefined) {
      watermark = new PartitionWatermark();
      ofInput.set(partitionId, watermark);
      this.all.push({ plan, watermark });
    }
    return watermark;
  }

  /**
   * The time before which an event is out of order: the watermark of its partition, or what the operators have
   * been told, whichever is later.
   */
  earliestMs(partition: PartitionWatermark, outOfOrderToleranceMs: number): number {
    return Math.max(partition.byEvents(outOfOrderToleranceMs), this.givenMs);
  }

  /** Takes an event whose time is settled. `arrivalClockMs` is the latest arrival seen anywhere. */
  take(
    plan: InputPlan,
    partition: PartitionWatermark,
    timeMs: number,
    row: ValueRecord,
    event: InputEvent,
    arrivalClockMs: number,
  ): void {
    partition.see(timeMs);
    const watermarkMs = this.watermarkMs(arrivalClockMs);
    if (this.pending.size === 0 && timeMs <= watermarkMs) {
      this.give(timeMs, this.sinkOf(plan), row, event);
      this.advance(watermarkMs);
      return;
    }
    this.pending.push(timeMs, { plan, row, event });
    this.advance(watermarkMs);
  }

  private sinkOf(plan: InputPlan): RowSink {
    if (plan !== this.lastPlan) {
      this.lastPlan = plan;
      this.lastSink = this.graph.inputSink(plan);
    }
    return this.lastSink;
  }

  /** Moves time to the watermark that the arrival clock implies, for inputs that are silent. */
  idle(arrivalClockMs: number): void {
    this.advance(this.watermarkMs(arrivalClockMs));
  }

  /** Its memory and that of its operators, as data. `externals` are objects that are there again on restoring. */
  save(externals: readonly unknown[]): unknown {
    const writer = new StateWriter(externals);
    return {
      givenMs: this.givenMs,
      partitions: [...this.partitions].flatMap(([plan, ofInput]) =>
        [...ofInput].map(([id, watermark]) => [writer.write(plan), id, watermark.latest]),
      ),
      pending: writer.write(this.pending),
      operators: this.graph.stateful.map((operator) => writer.fields(operator)),
    };
  }

  restore(data: unknown, externals: readonly unknown[]): void {
    const saved = data as SavedSubstream;
    const reader = new StateReader(externals);
    this.givenMs = saved.givenMs;
    for (const [plan, id, latestMs] of saved.partitions) {
      this.expect(reader.read(plan) as InputPlan, id).see(latestMs);
    }
    this.pending = reader.read(saved.pending) as TimeQueue<Pending>;
    for (const [i, operator] of this.graph.stateful.entries()) reader.fields(operator, saved.operators[i]);
    this.graph.timeline.refresh();
  }

  /** End of input: everything comes out. */
  end(): void {
    this.advance(Number.POSITIVE_INFINITY);
  }

  /** The slowest partition's watermark; a silent one follows the arrivals at the late tolerance's distance. */
  private watermarkMs(arrivalClockMs: number): number {
    const idleMs = arrivalClockMs - this.policy.lateToleranceMs;
    let slowestMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.all.length; i++) {
      const partition = this.all[i];
      if (partition === undefined) break;
      const { plan, watermark } = partition;
      const toleranceMs = plan.timestampBy === undefined ? 0 : this.policy.outOfOrderToleranceMs;
      const ownMs = watermark.byEvents(toleranceMs);
      const reachedMs = Math.max(ownMs, idleMs);
      if (reachedMs < slowestMs) slowestMs = reachedMs;
    }
    return this.all.length === 0 ? Number.NEGATIVE_INFINITY : slowestMs;
  }

  private advance(watermarkMs: number): void {
    while (this.pending.firstMs <= watermarkMs) {
      const next = this.pending.shift();
      if (next === undefined) break;
      this.give(next.timeMs, this.sinkOf(next.item.plan), next.item.row, next.item.event);
    }
    if (watermarkMs > this.givenMs) {
      this.givenMs = watermarkMs;
      this.graph.timeline.advance(watermarkMs);
    }
  }

  private give(timeMs: number, sink: RowSink, row: ValueRecord, event: InputEvent): void {
    if (timeMs > this.givenMs) {
      this.givenMs = timeMs;
      this.graph.timeline.advance(timeMs);
    }
    try {
      sink.row(row, timeMs, event);
    } catch (error) {
      this.onRowError(error, event);
    }
  }
}
