/** Who stands in which line. */
import type { Point } from '../plan/floor-plan.js';
import type { Till } from '../plan/premises.js';
import type { Party } from './shopper.js';

export class TillLines {
  private readonly tills: readonly Till[];
  private readonly lines: readonly Party[][];

  constructor(tills: readonly Till[]) {
    this.tills = tills;
    this.lines = tills.map(() => []);
  }

  till(index: number): Till {
    const till = this.tills[index];
    if (till === undefined) throw new RangeError(`no till ${index}`);
    return till;
  }

  /** The index of the shortest line with room, the nearest among equals; -1 when all are full. */
  shortest(metresTo: (head: Point) => number): number {
    let best = -1;
    let least = Infinity;
    for (const [index, { line }] of this.tills.entries()) {
      const waiting = this.lines[index]?.length ?? 0;
      const head = line[0];
      if (head === undefined || waiting >= line.length) continue;
      const cost = waiting * 1_000 + Math.min(metresTo(head), 999);
      if (cost < least) {
        least = cost;
        best = index;
      }
    }
    return best;
  }

  /** How many wait there. */
  length(till: number): number {
    return this.lines[till]?.length ?? 0;
  }

  /** The place of this position in the line; null beyond its end. */
  place(till: number, position: number): Till['line'][number] | null {
    return this.till(till).line[position] ?? null;
  }

  /** Joins the end; the position. */
  join(till: number, party: Party): number {
    const line = this.lines[till];
    if (line === undefined) throw new RangeError(`no till ${till}`);
    return line.push(party) - 1;
  }

  positionOf(till: number, party: Party): number {
    return this.lines[till]?.indexOf(party) ?? -1;
  }

  leave(till: number, party: Party): void {
    const position = this.positionOf(till, party);
    if (position !== -1) this.lines[till]?.splice(position, 1);
  }
}
