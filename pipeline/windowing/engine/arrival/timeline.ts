/**
 * What happens at a time rather than at an event: windows that close, sessions that end, outer joins that found
 * nobody. Rows reach every operator in the order of time, so all of it is fired in that order too.
 */

export interface TimedNode {
  /** Event time of the next thing to do, Infinity for none. */
  readonly dueMs: number;
  /** Does what is due at exactly `dueMs`. */
  fire(dueMs: number): void;
}

export class Timeline {
  private readonly nodes: { readonly node: TimedNode; readonly level: number }[] = [];
  private nextMs = Number.POSITIVE_INFINITY;

  /** Nodes of one instant fire by level: what feeds others has the lower one. */
  add(node: TimedNode, level: number): void {
    const at = this.nodes.findIndex((other) => other.level > level);
    this.nodes.splice(at < 0 ? this.nodes.length : at, 0, { node, level });
  }

  /** Looks again at what is due, after nodes were given another state. */
  refresh(): void {
    this.nextMs = Number.POSITIVE_INFINITY;
    for (const { node } of this.nodes) this.wake(node.dueMs);
  }

  /** A node says that it has something to do at `dueMs`. */
  wake(dueMs: number): void {
    if (dueMs < this.nextMs) this.nextMs = dueMs;
  }

  /** No row before `timeMs` can come any more: fires what is due before it. A window's end still takes rows. */
  advance(timeMs: number): void {
    while (this.nextMs < timeMs) this.fireNext(timeMs);
  }

  private fireNext(timeMs: number): void {
    let first: TimedNode | undefined;
    for (const { node } of this.nodes) if (first === undefined || node.dueMs < first.dueMs) first = node;
    if (first !== undefined && first.dueMs < timeMs) first.fire(first.dueMs);
    this.refresh();
  }
}
