/** One thing done many times, some at once. */
import { cpuSeconds } from '../windows/cpu-time.js';

export interface LoadFigures {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Processor time of this process for one. */
  readonly cpuMicroseconds: number;
}

const MS_PER_SECOND = 1000;

/** Does `one` `count` times, `width` at once. */
export async function underLoad(
  count: number,
  width: number,
  one: (index: number) => Promise<unknown>,
): Promise<LoadFigures> {
  const latenciesMs: number[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      const startedMs = performance.now();
      await one(index);
      latenciesMs.push(performance.now() - startedMs);
    }
  };
  const cpuBefore = cpuSeconds();
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: width }, worker));
  const tookMs = performance.now() - beganMs;
  latenciesMs.sort((one, other) => one - other);
  return {
    perSecond: (count * MS_PER_SECOND) / tookMs,
    p99Ms: latenciesMs[Math.floor(count * 0.99)] ?? Number.NaN,
    cpuMicroseconds: ((cpuSeconds() - cpuBefore) * 1e6) / count,
  };
}
