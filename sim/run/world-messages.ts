/** What the command's thread and a world's thread say to each other. */
import type { RunRecord, StageRow } from '../../reports/run-record.js';
import type { InputProblem } from '../scenario/input-problem.js';

export type Fidelity = 'wire' | 'direct';
export type Vision = 'pixels' | 'truth';
export type BlobChoice = 'memory' | 'azurite';

export interface RunSettings {
  readonly scenarioFile: string;
  readonly seed: string | undefined;
  readonly fidelity: Fidelity;
  readonly vision: Vision;
  readonly blob: BlobChoice;
  /** Worker threads that draw and look; null: as many as there are cores. */
  readonly visionWorkers: number | null;
  /** Where the trace goes, line by line; null: nowhere. */
  readonly traceFile: string | null;
}

export type Phase = 'starting' | 'running' | 'draining' | 'writing';

export interface Progress {
  readonly type: 'progress';
  readonly phase: Phase;
  readonly virtualMs: number;
  readonly durationMs: number;
  readonly stages: readonly StageRow[];
}

export type WorldMessage =
  | Progress
  | { readonly type: 'done'; readonly record: RunRecord }
  | { readonly type: 'bad-input'; readonly problems: readonly InputProblem[] }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly stack: string };

export type CommandMessage = { readonly type: 'interrupt' };
