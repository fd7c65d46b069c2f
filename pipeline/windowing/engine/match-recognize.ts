/**
 * MATCH_RECOGNIZE: one row a match, and after a match at event S the next is tried from S + 1. Quantifiers are
 * greedy, so a match is settled only when no further event can lengthen it: when the next event does not fit, or
 * the limit of the duration has passed since its first event.
 */
import type { PatternSyntax } from '../language/parser/syntax.js';
import type { TimedNode, Timeline } from './arrival/timeline.js';
import {
  extended,
  type MatchBindings,
  type MatchCode,
  type MatchEvent,
  NOTHING_MATCHED,
} from './compile/match-code.js';
import type { InputEvent, Row, RowSink } from './event.js';
import type { Stateful } from './state.js';
import type { ValueRecord } from './values/values.js';
import { KeyedMap } from './windows/groups.js';

interface Partition {
  readonly keys: readonly unknown[];
  /** Events from which a match may still begin, and those after them. */
  events: MatchEvent[];
}

/** What trying the pattern from an event on came to. */
interface Attempt {
  readonly bindings: MatchBindings | undefined;
  /** More events could lengthen the match, or make one. */
  readonly isOpen: boolean;
}

export class MatchRecognize implements TimedNode, RowSink, Stateful {
  readonly stateFields = ['dueMs', 'partitions', 'live'];
  dueMs = Number.POSITIVE_INFINITY;
  private partitions = new KeyedMap<Partition>();
  private live = new Set<Partition>();

  constructor(
    private readonly code: MatchCode,
    private readonly sink: RowSink,
    private readonly timeline: Timeline,
  ) {}

  row(row: Row, timeMs: number, event: InputEvent | null): void {
    const keys = this.code.keys(row, timeMs, event, []);
    let partition = this.partitions.get(keys);
    if (partition === undefined) {
      partition = { keys, events: [] };
      this.partitions.set(keys, partition);
      this.live.add(partition);
    }
    partition.events.push({ row, timeMs, event });
    this.settle(partition, timeMs, false);
    this.schedule();
  }

  fire(timeMs: number): void {
    for (const partition of this.live) {
      const first = partition.events[0];
      if (first !== undefined && first.timeMs + this.code.plan.limitMs <= timeMs)
        this.settle(partition, timeMs, true);
    }
    this.schedule();
  }

  /** Gives every match that is settled, from the oldest event on. */
  private settle(partition: Partition, timeMs: number, timeIsUp: boolean): void {
    const { limitMs } = this.code.plan;
    for (let first = partition.events[0]; first !== undefined; first = partition.events[0]) {
      const endMs = first.timeMs + limitMs;
      const inReach = partition.events.filter((candidate) => candidate.timeMs <= endMs);
      const isComplete = inReach.length < partition.events.length || (timeIsUp && endMs <= timeMs);
      const attempt = this.attempt(inReach);
      if (attempt.isOpen && !isComplete) return;
      if (attempt.bindings !== undefined) this.give(attempt.bindings, first, timeMs);
      partition.events.shift();
    }
    this.partitions.delete(partition.keys);
    this.live.delete(partition);
  }

  private give(bindings: MatchBindings, first: MatchEvent, timeMs: number): void {
    const values = this.code.partition(first.row, first.timeMs, first.event, []);
    const keys = Object.fromEntries(this.code.partitionNames.map((name, i) => [name, values[i] ?? null]));
    const row: ValueRecord = { ...keys, ...this.code.measure(bindings, timeMs) };
    this.sink.row(row, timeMs, null);
  }

  /** Matches greedily from the first event; backtracks where a choice did not lead to a match. */
  private attempt(events: readonly MatchEvent[]): Attempt {
    let isOpen = false;
    const run = (
      pattern: PatternSyntax,
      at: number,
      bindings: MatchBindings,
      then: (at: number, bindings: MatchBindings) => MatchBindings | undefined,
    ): MatchBindings | undefined => {
      switch (pattern.kind) {
        case 'variable': {
          const event = events[at];
          if (event === undefined) {
            isOpen = true;
            return undefined;
          }
          const more = extended(bindings, pattern.name, event);
          return this.code.holds(pattern.name.toLowerCase(), more) ? then(at + 1, more) : undefined;
        }
        case 'sequence': {
          const step = (index: number, from: number, sofar: MatchBindings): MatchBindings | undefined => {
            const item = pattern.items[index];
            return item === undefined
              ? then(from, sofar)
              : run(item, from, sofar, (to, more) => step(index + 1, to, more));
          };
          return step(0, at, bindings);
        }
        case 'choice':
          for (const item of pattern.items) {
            const found = run(item, at, bindings, then);
            if (found !== undefined) return found;
          }
          return undefined;
        case 'repeat': {
          const again = (count: number, from: number, sofar: MatchBindings): MatchBindings | undefined => {
            const more =
              count < pattern.max
                ? run(pattern.item, from, sofar, (to, next) =>
                    to === from ? undefined : again(count + 1, to, next),
                  )
                : undefined;
            return more ?? (count >= pattern.min ? then(from, sofar) : undefined);
          };
          return again(0, at, bindings);
        }
      }
    };
    const bindings = run(this.code.plan.pattern, 0, NOTHING_MATCHED, (at, found) =>
      at > 0 ? found : undefined,
    );
    return { bindings, isOpen };
  }

  private schedule(): void {
    this.dueMs = Number.POSITIVE_INFINITY;
    for (const { events } of this.live) {
      const first = events[0];
      if (first !== undefined) this.dueMs = Math.min(this.dueMs, first.timeMs + this.code.plan.limitMs);
    }
    this.timeline.wake(this.dueMs);
  }
}
