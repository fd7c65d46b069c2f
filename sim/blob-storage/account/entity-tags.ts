/** .NET ticks (100 ns) from 0001-01-01 to 1970-01-01, the epoch of the service's entity tags. */
const TICKS_TO_UNIX_EPOCH = 621_355_968_000_000_000n;
const TICKS_PER_MS = 10_000n;

/**
 * Entity tags in the service's form, `"0x8D…"`: the ticks of the write. Writes of one resource within one
 * millisecond count up, so that a tag never names two versions; writes of different resources do not touch each
 * other's tags, so that the order in which one instant's requests are handled changes none.
 */
export class EntityTags {
  private instantMs = Number.NEGATIVE_INFINITY;
  private readonly writesOfInstant = new Map<string, number>();

  next(resource: string, nowMs: number): string {
    if (nowMs !== this.instantMs) {
      this.instantMs = nowMs;
      this.writesOfInstant.clear();
    }
    const earlier = this.writesOfInstant.get(resource) ?? 0;
    this.writesOfInstant.set(resource, earlier + 1);
    const ticks = BigInt(nowMs) * TICKS_PER_MS + TICKS_TO_UNIX_EPOCH + BigInt(earlier);
    return `"0x${ticks.toString(16).toUpperCase()}"`;
  }
}
