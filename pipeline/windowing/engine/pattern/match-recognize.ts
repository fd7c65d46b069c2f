/**
 * MATCH_RECOGNIZE: one row a match, and after a match at event S the next is tried from S + 1. Quantifiers are
 * greedy, so a match is settled only when no further event can lengthen it: when the next event does not fit, or
 * the limit of the duration has passed since its first event.
 */
import { TimeQueue } from '../arrival/time-queue.js';
import type { TimedNode, Timeline } from '../arrival/timeline.js';
import type { MatchCode, MatchEvent } from '../compile/match-code.js';
import type { InputEvent, Row, RowSink } from '../event.js';
import { Queue } from '../queue.js';
import type { Stateful } from '../state.js';
import type { ValueRecord } from '../values/values.js';
import { KeyedMap } from '../windows/groups.js';
import { MatchAttempt } from './match-attempt.js';

interface Partition {
  readonly keys: readonly unknown[];
  /** Events from which a match may still begin, and those after them. */
  readonly events: Queue<MatchEvent>;
}

export class MatchRecognize implements TimedNode, RowSink, Stateful {
  readonly stateFields = ['partitions', 'due'];
  private partitions = new KeyedMap<Partition>();
  /** Partitions by the end of the limit of their first events; some may have got another first event since. */
  private due = new TimeQueue<Partition>();
  /** An attempt for each event of a partition. Follows from the events, so that it is no state of its own. */
  private readonly attempts = new WeakMap<Partition, Queue<MatchAttempt>>();

  constructor(
    private readonly code: MatchCode,
    private readonly sink: RowSink,
    private readonly timeline: Timeline,
  ) {}

  get dueMs(): number {
    return this.due.firstMs;
  }

  row(row: Row, timeMs: number, event: InputEvent | null): void {
    const keys = this.code.keys(row, timeMs, event, []);
    let partition = this.partitions.get(keys);
    if (partition === undefined) {
      partition = { keys, events: new Queue() };
      this.partitions.set(keys, partition);
    }
    const attempts = this.attemptsOf(partition);
    const known = { row, timeMs, event, verdicts: new Map<string, boolean>() };
    partition.events.push(known);
    if (partition.events.size === 1) this.expect(partition, timeMs);
    this.take(partition, attempts, known);
    this.settle(partition, timeMs, false);
  }

  fire(dueMs: number): void {
    while (this.due.firstMs <= dueMs) {
      const partition = this.due.shift()?.item;
      if (partition !== undefined && partition.events.size > 0) this.settle(partition, dueMs, true);
    }
  }

  /** Of a job that was resumed, the attempts are made again. */
  private attemptsOf(partition: Partition): Queue<MatchAttempt> {
    const known = this.attempts.get(partition);
    if (known !== undefined) return known;
    const attempts = new Queue<MatchAttempt>();
    this.attempts.set(partition, attempts);
    for (const event of partition.events) this.take(partition, attempts, event);
    return attempts;
  }

  /** Begins an attempt at the event, and gives it to those before whose limit it is within. */
  private take(partition: Partition, attempts: Queue<MatchAttempt>, event: MatchEvent): void {
    attempts.push(new MatchAttempt(this.code, false));
    for (let i = attempts.size - 1; i >= 0; i--) {
      const first = partition.events.at(i);
      if (first === undefined || event.timeMs > this.endMs(first)) break;
      const attempt = attempts.at(i);
      if (attempt?.isOpen === true) attempt.step(event);
    }
  }

  /** Gives every match that is settled, from the oldest event on. */
  private settle(partition: Partition, timeMs: number, timeIsUp: boolean): void {
    const { events } = partition;
    const attempts = this.attemptsOf(partition);
    const latestMs = events.at(events.size - 1)?.timeMs ?? Number.NEGATIVE_INFINITY;
    let isFirst = true;
    for (let first = events.peek(); first !== undefined; first = events.peek()) {
      const endMs = this.endMs(first);
      const isComplete = latestMs > endMs || (timeIsUp && endMs <= timeMs);
      const attempt = attempts.peek();
      if (attempt?.isOpen === true && !isComplete) {
        if (!isFirst) this.expect(partition, first.timeMs);
        return;
      }
      if (attempt?.hasMatched === true) this.give(partition, first, timeMs);
      events.shift();
      attempts.shift();
      isFirst = false;
    }
    this.partitions.delete(partition.keys);
  }

  private endMs(first: MatchEvent): number {
    return first.timeMs + this.code.plan.limitMs;
  }

  private expect(partition: Partition, firstMs: number): void {
    this.due.push(firstMs + this.code.plan.limitMs, partition);
    this.timeline.wake(this.due.firstMs);
  }

  /** Gives the match that begins at the partition's first event: it is tried once more to say what matched what. */
  private give(partition: Partition, first: MatchEvent, timeMs: number): void {
    const traced = new MatchAttempt(this.code, true);
    for (const event of partition.events) {
      if (!traced.isOpen || event.timeMs > this.endMs(first)) break;
      traced.step(event);
    }
    const values = this.code.partition(first.row, first.timeMs, first.event, []);
    const keys = Object.fromEntries(this.code.partitionNames.map((name, i) => [name, values[i] ?? null]));
    const row: ValueRecord = { ...keys, ...this.code.measure(traced.path, timeMs) };
    this.sink.row(row, timeMs, null);
  }
}
