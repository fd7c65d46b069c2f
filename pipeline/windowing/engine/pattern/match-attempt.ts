/**
 * One attempt to match a pattern from an event on. All ways on which it may still succeed are followed at once,
 * event by event, in the order in which a backtracking search would prefer them.
 */
import type { MatchCode, MatchEvent, MatchMemory, MatchPath } from '../compile/match-code.js';

/** A way through the pattern: the instruction that waits for the next event. */
interface Way {
  readonly at: number;
  readonly memory: MatchMemory;
  /** What it has matched, where that is asked for. */
  readonly path: MatchPath | undefined;
}

export class MatchAttempt {
  /** The preferred way first; none when nothing can come of the attempt, or nothing better. */
  private ways: readonly Way[];
  /** The preferred of the ways that have come to an end. */
  private match: Way | undefined;

  constructor(
    private readonly code: MatchCode,
    private readonly isTraced: boolean,
  ) {
    const ways: Way[] = [];
    this.enter({ at: code.program.entry, memory: code.nothing, path: undefined }, ways, new Set(), true);
    this.ways = ways;
  }

  /** Whether further events could make a match, or a longer one. */
  get isOpen(): boolean {
    return this.ways.length > 0;
  }

  get hasMatched(): boolean {
    return this.match !== undefined;
  }

  /** What matched, in an attempt that is traced. */
  get path(): MatchPath | undefined {
    return this.match?.path;
  }

  /** Takes the next event. */
  step(event: MatchEvent): void {
    const ways: Way[] = [];
    const seen = new Set<number>();
    for (const way of this.ways) {
      const instruction = this.code.program.instructions[way.at];
      if (instruction?.kind !== 'event') continue;
      const memory = this.code.advance(instruction.variable, way.memory, event);
      if (memory === undefined) continue;
      const path = this.isTraced ? { before: way.path, variable: instruction.variable, event } : undefined;
      // With a memory of its own, a way is another one than those that stand at the same place.
      const places = memory === this.code.nothing ? seen : new Set<number>();
      if (this.enter({ at: instruction.next, memory, path }, ways, places, false)) break;
    }
    this.ways = ways;
  }

  /** Follows forks to where the next event is waited for. True when the end was reached: what comes after is worse. */
  private enter(way: Way, ways: Way[], seen: Set<number>, isEmpty: boolean): boolean {
    if (seen.has(way.at)) return false;
    seen.add(way.at);
    const instruction = this.code.program.instructions[way.at];
    switch (instruction?.kind) {
      case 'event':
        ways.push(way);
        return false;
      case 'fork':
        return instruction.to.some((at) => this.enter({ ...way, at }, ways, seen, isEmpty));
      default:
        // A match has at least one event.
        if (isEmpty) return false;
        this.match = way;
        return true;
    }
  }
}
