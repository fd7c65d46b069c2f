/**
 * Keeps a few things of many, about evenly spaced over however long they come: when there are too many, every
 * second one goes and the space between them doubles.
 */
export class Spaced<Item> {
  private readonly most: number;
  private spaceMs: number;
  private kept: { readonly atMs: number; readonly item: Item }[] = [];

  /** Keeps more than half of `most` and at most `most`, once there are so many. */
  constructor(most: number, firstSpaceMs: number) {
    this.most = most;
    this.spaceMs = firstSpaceMs;
  }

  get items(): readonly Item[] {
    return this.kept.map(({ item }) => item);
  }

  /** Takes the item of this time if it is due; `make` is called only then. Times must not decrease. */
  offer(atMs: number, make: () => Item): void {
    const last = this.kept.at(-1);
    if (last !== undefined && atMs - last.atMs < this.spaceMs) return;
    if (this.kept.length === this.most) {
      this.kept = this.kept.filter((_, index) => index % 2 === 0);
      this.spaceMs *= 2;
      const before = this.kept.at(-1);
      if (before !== undefined && atMs - before.atMs < this.spaceMs) return;
    }
    this.kept.push({ atMs, item: make() });
  }
}
