/**
 * Processor time rather than time on the clock: what else the machine does then counts for little. It is that of all
 * threads of this process, the garbage collector's and the compiler's included.
 */

export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The best of some rounds: in the others the compiler was at work, or the caches were somebody else's. */
export async function bestCpuSeconds(rounds: number, run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = cpuSeconds();
    await run();
    best = Math.min(best, cpuSeconds() - before);
  }
  return best;
}
