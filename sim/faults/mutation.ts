import type { SolutionParts } from './solution-parts.js';

/** A planted fault of the solution. */
export interface Mutation {
  /** As `--mutate` takes it. */
  readonly id: string;
  readonly stage: 'camera-module' | 'analyze-faces' | 'anonymization' | 'windowing' | 'power-bi';
  /** What is wrong with the solution then. */
  readonly plants: string;
  /** The invariant that breaks, or the expectation that is not met. */
  readonly caughtBy: string;
  readonly plant: (parts: SolutionParts) => SolutionParts;
}
