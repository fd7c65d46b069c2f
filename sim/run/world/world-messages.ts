/** What the command's thread and a world's thread say to each other. */

import type { AnyRecord } from '../../../reports/replay-record.js';
import type { StageRow } from '../../../reports/run-record.js';
import type { SessionStart } from '../../camera/footage/session/session-messages.js';
import type { CachePlace } from '../../camera/result-cache/result-cache.js';
import type { InputProblem } from '../../scenario/input-problem.js';
import type { ReplayExpectation } from '../replay/replay-expectation.js';
import type { HandlerMessage } from './handler-watch.js';

export type Fidelity = 'wire' | 'direct';
export type Vision = 'pixels' | 'truth';
export type BlobChoice = 'memory' | 'azurite';

interface WorldSettings {
  readonly seed: string | undefined;
  readonly fidelity: Fidelity;
  readonly vision: Vision;
  readonly blob: BlobChoice;
  /** A planted fault of the solution; null: none. */
  readonly mutation: string | null;
  /** Worker threads that draw and look; null: as many as there are cores. */
  readonly visionWorkers: number | null;
  /** Where the trace goes, line by line; null: nowhere. */
  readonly traceFile: string | null;
}

export interface RunSettings extends WorldSettings {
  readonly scenarioFile: string;
  /** Where what the detector saw is remembered across runs; null: nowhere. The run is the same. */
  readonly cache: CachePlace | null;
}

/** A world whose one camera sees recorded footage. */
export interface ReplaySettings extends WorldSettings {
  readonly footage: FootageSettings;
}

export interface FootageSettings {
  /** The words of the command line. */
  readonly command: readonly string[];
  readonly session: SessionStart;
  readonly cameraId: string;
  /** What the camera watches, in the store's words. */
  readonly section: string;
  /** When the footage begins, epoch, UTC. */
  readonly startMs: number;
  /** A model zip; null: the detector that footfall ships. */
  readonly modelFile: string | null;
  readonly expectations: readonly ReplayExpectation[];
  readonly face: FaceSettings;
}

export type FaceMode = 'replay' | 'local' | 'record';

/** Who answers for the faces on footage. */
export interface FaceSettings {
  readonly mode: FaceMode;
  /** Where recordings are, or go. */
  readonly fixtureFile: string;
  /** True when that file was named, so that it must be there. */
  readonly isFixtureAsked: boolean;
  /** The Face API to record; null: local models. */
  readonly endpoint: string | null;
  readonly key: string | null;
  readonly keepBiometrics: boolean;
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
  | HandlerMessage
  | { readonly type: 'here' }
  | { readonly type: 'done'; readonly record: AnyRecord }
  | { readonly type: 'bad-input'; readonly problems: readonly InputProblem[] }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly stack: string };

/** `are-you-there` is answered by `here`. */
export type CommandMessage = { readonly type: 'interrupt' | 'are-you-there' };
