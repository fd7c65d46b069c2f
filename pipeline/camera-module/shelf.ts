/** What a store and forward holds, and what it has counted: the part of it that lies on the device's disk. */

export interface Stored<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly expiresAtMs: number;
}

export interface ShelfCounts {
  in: number;
  out: number;
  dropped: number;
  retried: number;
  peakQueue: number;
}

/**
 * Items in the order in which they came. Whoever gives the same shelf to the next store and forward, as a device does
 * that starts again, loses nothing.
 */
export class Shelf<Item> {
  private waiting: Stored<Item>[] = [];
  private waitingBytes = 0;
  readonly counts: ShelfCounts = { in: 0, out: 0, dropped: 0, retried: 0, peakQueue: 0 };

  get length(): number {
    return this.waiting.length;
  }

  get bytes(): number {
    return this.waitingBytes;
  }

  get first(): Stored<Item> | undefined {
    return this.waiting[0];
  }

  push(stored: Stored<Item>): void {
    this.waiting.push(stored);
    this.waitingBytes += stored.bytes;
    this.counts.peakQueue = Math.max(this.counts.peakQueue, this.waiting.length);
  }

  /** Takes the item at `index` away; undefined when there is none. */
  take(index: number): Stored<Item> | undefined {
    const [taken] = this.waiting.splice(index, 1);
    if (taken !== undefined) this.waitingBytes -= taken.bytes;
    return taken;
  }
}
