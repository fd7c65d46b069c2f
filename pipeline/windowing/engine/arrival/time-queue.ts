/** Items by time; of equal times, in the order in which they were put in. */
interface Entry<T> {
  readonly timeMs: number;
  readonly sequence: number;
  readonly item: T;
}

export class TimeQueue<T> {
  private readonly heap: Entry<T>[] = [];
  private sequence = 0;

  get size(): number {
    return this.heap.length;
  }

  /** Time of the first item; Infinity when there is none. */
  get firstMs(): number {
    return this.heap[0]?.timeMs ?? Number.POSITIVE_INFINITY;
  }

  push(timeMs: number, item: T): void {
    const entry = { timeMs, sequence: this.sequence++, item };
    const { heap } = this;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || !precedes(entry, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = entry;
  }

  /** Takes the first item out. */
  shift(): { readonly timeMs: number; readonly item: T } | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(entry: Entry<T>): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      const leftAt = at * 2 + 1;
      const left = heap[leftAt];
      if (left === undefined) break;
      const right = heap[leftAt + 1];
      const childAt = right !== undefined && precedes(right, left) ? leftAt + 1 : leftAt;
      const child = heap[childAt] ?? left;
      if (!precedes(child, entry)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = entry;
  }
}

function precedes(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.sequence < b.sequence);
}
