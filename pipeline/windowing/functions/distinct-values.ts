/**
 * The different values of COUNT(DISTINCT …), as keys. Most groups see few, which lie in fields: a Set for each group
 * costs more than the rest of it.
 */
type Key = string | number | boolean | bigint;

export class DistinctValues {
  private count = 0;
  private first: Key | undefined;
  private second: Key | undefined;
  private third: Key | undefined;
  private fourth: Key | undefined;
  /** All of them, once there are more than four. */
  private many: Set<Key> | undefined;

  get size(): number {
    return this.many === undefined ? this.count : this.many.size;
  }

  add(key: Key): void {
    if (this.many !== undefined) this.many.add(key);
    else if (!this.isAmongFew(key)) this.addNew(key);
  }

  merge(later: DistinctValues): void {
    for (const key of later.few()) this.add(key);
    if (later.many !== undefined) for (const key of later.many) this.add(key);
  }

  private isAmongFew(key: Key): boolean {
    return key === this.first || key === this.second || key === this.third || key === this.fourth;
  }

  private addNew(key: Key): void {
    const place = this.count++;
    if (place === 0) this.first = key;
    else if (place === 1) this.second = key;
    else if (place === 2) this.third = key;
    else if (place === 3) this.fourth = key;
    else this.many = new Set([...this.few(), key]);
  }

  private few(): readonly Key[] {
    return [this.first, this.second, this.third, this.fourth].filter((key) => key !== undefined);
  }
}
