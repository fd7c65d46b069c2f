/** A Stream Analytics job as users keep it in files: a query, its inputs and settings. */
import type { ScriptSource } from '../engine/compile/scripts.js';
import type { EventFormat } from '../formats/event-format.js';
import type { CompatibilityLevel } from '../language/binder/environment.js';

export interface InputDefinition {
  readonly name: string;
  readonly kind: 'stream' | 'reference';
  /** Events to play, when the artefact names a local file. */
  readonly file: string | undefined;
  /** What the artefact says the file is; undefined when its name tells. */
  readonly format: EventFormat | undefined;
}

export interface JobSettings {
  readonly compatibilityLevel?: CompatibilityLevel;
  readonly lateToleranceMs?: number;
  readonly outOfOrderToleranceMs?: number;
  readonly policy?: 'adjust' | 'drop';
  /** What Azure calls the output error policy; its Retry is our `stop`. */
  readonly errorPolicy?: 'drop' | 'stop';
}

export interface JobDefinition extends JobSettings {
  readonly query: string;
  /** Where the query was read from, for messages. */
  readonly queryFile: string;
  readonly inputs: readonly InputDefinition[];
  readonly outputs: readonly string[];
  readonly functions: readonly ScriptSource[];
  /** Functions that are no JavaScript, by name: what each of them is. */
  readonly foreignFunctions: Readonly<Record<string, string>>;
  /** `testConfig.json` of the project. */
  readonly testConfigFile: string | undefined;
}

/** An artefact that cannot be read. */
export class ArtefactError extends Error {
  constructor(
    readonly code: string,
    readonly file: string,
    message: string,
    readonly expected: string,
  ) {
    super(message);
    this.name = 'ArtefactError';
  }
}
