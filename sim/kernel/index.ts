export { type Kernel, type KernelOptions, openKernel, WorldStalledError } from './kernel.js';
export { randomSource } from './random.js';
export { realTimeServices } from './real-time.js';
export type {
  Arbiter,
  Clock,
  KernelServices,
  RandomSource,
  RandomStream,
  Timer,
  Trace,
  TraceDetail,
} from './services.js';
export { StageCounters, type StageFigures } from './stage-counters.js';
export { projectRoot, workerEntry } from './worker-entry.js';
