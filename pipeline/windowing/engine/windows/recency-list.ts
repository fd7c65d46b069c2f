/** Items in the order in which they were touched last. Each has a slot, by which it is found again, until it is removed. */

/** Stands before the oldest item and after the newest. */
const ENDS = 0;

export class RecencyList<T> {
  private readonly items: (T | undefined)[] = [undefined];
  /** Slots of the item touched next after the one of a slot, and next before it. */
  private readonly newer: number[] = [ENDS];
  private readonly older: number[] = [ENDS];
  private readonly free: number[] = [];

  /** The item that was not touched for longest. */
  get oldest(): T | undefined {
    return this.items[this.newer[ENDS] ?? ENDS];
  }

  /** Puts an item in as the newest and gives its slot. */
  add(item: T): number {
    const slot = this.free.pop() ?? this.items.length;
    this.items[slot] = item;
    this.link(slot);
    return slot;
  }

  /** Makes the item of a slot the newest. */
  touch(slot: number): void {
    if (this.older[ENDS] === slot) return;
    this.unlink(slot);
    this.link(slot);
  }

  remove(slot: number): void {
    this.unlink(slot);
    this.items[slot] = undefined;
    this.free.push(slot);
  }

  /** From the oldest to the newest; the item that was given last may be removed meanwhile. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let slot = this.newer[ENDS] ?? ENDS; slot !== ENDS; ) {
      const next = this.newer[slot] ?? ENDS;
      yield this.items[slot] as T;
      slot = next;
    }
  }

  private link(slot: number): void {
    const newest = this.older[ENDS] ?? ENDS;
    this.newer[newest] = slot;
    this.older[slot] = newest;
    this.newer[slot] = ENDS;
    this.older[ENDS] = slot;
  }

  private unlink(slot: number): void {
    const newer = this.newer[slot] ?? ENDS;
    const older = this.older[slot] ?? ENDS;
    this.newer[older] = newer;
    this.older[newer] = older;
  }
}
